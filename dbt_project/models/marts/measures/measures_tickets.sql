{{ measures_by_slice_and_period(ref('contributions_tickets'), ticket_measures()) }} -- noqa: PRS
