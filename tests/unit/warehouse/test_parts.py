"""Models that are built part by part."""

import pytest

from warehouse.parts import parts_of

_SQL = """
with measured as materialized (
    select 1 as a
)

-- part month
select a, 'month' as kind from measured

union all
-- part year
select a, 'year' as kind from measured
"""


def test_a_model_falls_into_shared_rows_and_labelled_parts() -> None:
    model = parts_of(_SQL)
    assert model.shared == "measured"
    assert model.rows.split() == ["(", "select", "1", "as", "a", ")"]
    assert [label for label, _ in model.parts] == ["month", "year"]
    assert model.of("month")[0].strip() == "select a, 'month' as kind from measured"
    assert model.of("day") == ()


def test_a_model_without_parts_is_refused() -> None:
    with pytest.raises(ValueError, match="not built in parts"):
        parts_of("select 1")
