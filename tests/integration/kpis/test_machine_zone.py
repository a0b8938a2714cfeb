"""The time zone of the machine is in no number."""

import pandas as pd

from tests.integration.kpis.published import ZONES
from warehouse.reading import BuildReader


def test_marts_are_equal_in_every_zone_of_the_machine(small_builds: dict[str, BuildReader]) -> None:
    marts = {zone: _mart(small_builds[zone]) for zone in ZONES}
    assert len(marts["UTC"]) > 1000
    for zone in ZONES[1:]:
        pd.testing.assert_frame_equal(marts["UTC"], marts[zone], check_exact=True)


def _mart(reader: BuildReader) -> pd.DataFrame:
    """Return the whole mart, a KPI at a time: all of them at once take more memory than a reader has."""
    keys = [row["kpi_key"] for row in reader.rows("select kpi_key from kpi.dim_kpis order by position")]
    order = "slice_name, period_kind, period_start, slice_value"
    query = f"select * exclude (build_id) from kpi.mart_kpis where kpi_key = ? order by {order}"
    return pd.concat([reader.frame(query, [key]) for key in keys], ignore_index=True)
