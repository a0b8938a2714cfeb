{{ measures_by_slice_and_period(ref('contributions_survey_responses'), survey_response_measures()) }} -- noqa: PRS
