{{ measures_by_slice_and_period('parts_stock') }} -- noqa: PRS
