{{ measures_by_slice_and_period('parts_requests') }} -- noqa: PRS
