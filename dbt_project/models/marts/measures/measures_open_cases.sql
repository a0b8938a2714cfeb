{{ stock_by_slice_and_period('open_cases', ref('changes_open_cases')) }} -- noqa: PRS
