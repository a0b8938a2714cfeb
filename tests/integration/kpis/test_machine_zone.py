"""The time zone of the machine is in no number."""

import pandas as pd

from tests.integration.kpis.published import ZONES, rows_of_mart
from warehouse.reading import BuildReader


def test_marts_are_equal_in_every_zone_of_the_machine(small_builds: dict[str, BuildReader]) -> None:
    keys = [row["kpi_key"] for row in small_builds["UTC"].rows("select kpi_key from kpi.dim_kpis order by position")]
    marts = {zone: rows_of_mart(small_builds[zone], keys).drop(columns="build_id") for zone in ZONES}
    assert len(marts["UTC"]) > 1000
    for zone in ZONES[1:]:
        pd.testing.assert_frame_equal(marts["UTC"], marts[zone], check_exact=True)
