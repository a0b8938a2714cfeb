{{ measures_by_slice_and_period('training_records') }} -- noqa: PRS
