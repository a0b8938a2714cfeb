{{ percentiles_by_slice_and_period('work_orders') }}
