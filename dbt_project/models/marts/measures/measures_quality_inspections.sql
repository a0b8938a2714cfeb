{{ measures_by_slice_and_period('quality_inspections') }} -- noqa: PRS
