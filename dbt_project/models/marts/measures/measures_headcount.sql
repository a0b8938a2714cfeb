{{ stock_by_slice_and_period('headcount') }} -- noqa: PRS
