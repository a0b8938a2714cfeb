{{ measures_by_slice_and_period('peer_reviews') }} -- noqa: PRS
