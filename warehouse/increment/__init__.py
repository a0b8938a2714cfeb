"""A refresh that costs what the day brought (decision 0013).

`touched` finds the tickets that a delivery or the passing of time can change, `workplace` makes a small warehouse of
their rows in which dbt builds as it always does, and `merged` puts what was built there into a copy of the last build.
"""
