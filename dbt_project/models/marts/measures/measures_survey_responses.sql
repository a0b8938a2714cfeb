{{ measures_by_slice_and_period('survey_responses') }} -- noqa: PRS
