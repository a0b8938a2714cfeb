{{ measures_by_slice_and_period('revenue') }} -- noqa: PRS
