{{ measures_by_slice_and_period('collaborations') }} -- noqa: PRS
