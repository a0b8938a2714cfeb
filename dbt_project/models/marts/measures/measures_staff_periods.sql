{{ measures_by_slice_and_period('staff_periods') }} -- noqa: PRS
