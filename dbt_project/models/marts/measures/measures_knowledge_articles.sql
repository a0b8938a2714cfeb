{{ measures_by_slice_and_period('knowledge_articles') }} -- noqa: PRS
