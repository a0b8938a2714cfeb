{{ changes_by_slice('open_cases') }} -- noqa: PRS
