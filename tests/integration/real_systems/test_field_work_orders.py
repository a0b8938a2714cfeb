"""A real workbook of work orders, landed through its preset, against a reading of the sheet with pandas."""

import pandas as pd
import pytest

from tests.integration.real_systems.published_alone import DATA, PublishedAlone, assert_same, publish_alone

FOLDER = DATA / "field_work_orders"
WORKBOOK = FOLDER / "sampledataworkorders.xlsx"

if not WORKBOOK.is_file():
    pytest.skip(f"the real extracts are not here: {WORKBOOK}", allow_module_level=True)


@pytest.fixture(scope="session")
def landed(tmp_path_factory: pytest.TempPathFactory) -> PublishedAlone:
    return publish_alone(tmp_path_factory.mktemp("work_orders"), "field_work_orders", FOLDER, zone="UTC")


@pytest.fixture(scope="session")
def orders(landed: PublishedAlone) -> pd.DataFrame:
    """Landed work orders, with the technicians' names instead of their pseudonyms."""
    rows = landed.warehouse("select * from raw.erp__work_orders order by _row_number")
    return rows.assign(technician=rows["employee_id"].map(landed.names))


@pytest.fixture(scope="session")
def sheet() -> pd.DataFrame:
    read = pd.read_excel(WORKBOOK, sheet_name="WOs", engine="calamine")
    # the day that decides about the period of cost: of the work, else of the request
    day = read["WorkDate"].fillna(read["ReqDate"])
    return read.assign(year=day.dt.to_period("Y").dt.start_time, month=day.dt.to_period("M").dt.start_time)


def test_every_order_landed_and_nothing_was_bad(landed: PublishedAlone, orders: pd.DataFrame) -> None:
    work_orders, employees = landed.entries
    assert (work_orders["rows_read"], work_orders["rows_loaded"], work_orders["bad_cells"]) == (1000, 1000, 0)
    assert (employees["rows_read"], employees["rows_loaded"], employees["rows_folded"]) == (1000, 6, 994)
    assert {"ReqDay", "WorkDay", "Rush", "Techs", "Payment"} <= set(work_orders["unmapped_columns"])
    assert orders["work_order_id"].is_unique


def test_orders_are_those_of_the_sheet(orders: pd.DataFrame, sheet: pd.DataFrame) -> None:
    pd.testing.assert_series_equal(orders["work_order_id"], sheet["WO"], check_names=False)
    pd.testing.assert_series_equal(orders["technician"], sheet["LeadTech"], check_names=False, check_dtype=False)
    pd.testing.assert_series_equal(orders["region_id"], sheet["District"], check_names=False)


def test_days_stay_days(orders: pd.DataFrame, sheet: pd.DataFrame) -> None:
    """142 open orders have no work date; no ReqDay or WorkDay (`ddd`) comes through."""
    noon = pd.Timedelta(hours=12)
    assert (orders["requested_at"] == sheet["ReqDate"] + noon).all()
    done = sheet["WorkDate"].notna()
    assert (orders["completed_at"].notna() == done).all()
    assert (orders["completed_at"][done] == (sheet["WorkDate"] + noon)[done]).all()
    assert int((~done).sum()) == 142


def test_waits_from_request_to_work(orders: pd.DataFrame, sheet: pd.DataFrame) -> None:
    waits = (orders["completed_at"] - orders["requested_at"]).dt.total_seconds() / 86_400
    read = (sheet["WorkDate"] - sheet["ReqDate"]).dt.days
    assert waits.count() == 858
    assert waits.mean() == pytest.approx(read.mean()) == pytest.approx(28.016317, abs=1e-6)
    assert waits.median() == read.median() == 21.0
    # the workbook counts the same days
    assert (waits.dropna() == sheet["Wait"].dropna()).all()


@pytest.mark.parametrize(("column", "read"), [("region_id", "District"), ("technician", "LeadTech")])
def test_cost_by_district_and_technician(orders: pd.DataFrame, sheet: pd.DataFrame, column: str, read: str) -> None:
    landed = orders.astype({"labour_cost": float, "parts_cost": float, "revenue": float}).groupby(column)
    expected = sheet.groupby(read)
    assert_same(landed["labour_cost"].sum(), expected["LbrCost"].sum())
    assert_same(landed["parts_cost"].sum(), expected["PartsCost"].sum())
    assert_same(landed["labour_hours"].sum(), expected["LbrHrs"].sum())
    assert_same(landed["revenue"].sum(), expected["TotalFee"].sum())


def test_labour_of_open_orders_is_unknown_not_free(orders: pd.DataFrame, sheet: pd.DataFrame) -> None:
    """The sheet's formula says 0 where nobody has worked yet; their parts are known."""
    is_open = sheet["WorkDate"].isna()
    assert (sheet["LbrCost"][is_open] == 0).all()
    assert orders["labour_cost"].isna().equals(is_open)
    assert orders["labour_hours"].isna().equals(is_open)
    assert orders["parts_cost"].notna().all()


def test_warranty_share(orders: pd.DataFrame, sheet: pd.DataFrame) -> None:
    """Labour and parts (41 orders) or parts alone (53); blank is no, never unknown."""
    read = (sheet["WtyLbr"] == "Yes") | (sheet["WtyParts"] == "Yes")
    assert orders["is_warranty"].notna().all()
    assert (orders["is_warranty"].astype(bool) == read).all()
    assert orders["is_warranty"].astype(float).mean() == pytest.approx(0.094)
    # what is under warranty is not charged
    assert (sheet["PartsFee"][sheet["WtyParts"] == "Yes"] == 0).all()


def test_services(orders: pd.DataFrame, sheet: pd.DataFrame) -> None:
    assert orders["service_item"].value_counts().to_dict() == {
        "inspection": 407, "repair": 254 + 86, "other": 190, "installation": 63,
    }  # fmt: skip
    repairs = sheet["Service"].isin(["Repair", "Replace"])
    assert ((orders["service_item"] == "repair") == repairs).all()


@pytest.mark.parametrize("column", ["ticket_id", "arrived_at", "outcome", "currency", "has_customer_signature"])
def test_what_the_sheet_does_not_tell_is_unknown(orders: pd.DataFrame, column: str) -> None:
    assert orders[column].isna().all()


def test_a_build_without_tickets_has_no_ticket_figures(landed: PublishedAlone) -> None:
    """Published all the same, and nothing of it is 0."""
    assert landed.build.rows("select count(*) as n from core.fct_tickets") == [{"n": 0}]
    for kpi_key in ("tickets_created", "resolution_hours_customer_calendar", "csat_score", "complaint_rate"):
        assert landed.figures(kpi_key)["value"].isna().all()


@pytest.mark.parametrize(
    "kpi_key", ["cost_per_ticket", "first_time_fix_rate", "onsite_response_hours", "signature_missing_rate"]
)
def test_what_needs_tickets_arrivals_or_outcomes_is_null_with_a_reason(landed: PublishedAlone, kpi_key: str) -> None:
    figures = landed.figures(kpi_key)
    assert figures["value"].isna().all()
    assert figures["null_reason"].notna().all()


@pytest.mark.parametrize("period_kind", ["month", "year"])
@pytest.mark.parametrize(("slice_name", "column"), [("total", None), ("region", "District"), ("team", "team")])
def test_repair_cost_rate(
    landed: PublishedAlone, sheet: pd.DataFrame, slice_name: str, column: str | None, period_kind: str
) -> None:
    """Cost of repairs ÷ what was charged for them, by the day of the work, else of the request (rulings G1, G2)."""
    repairs = sheet[sheet["Service"].isin(["Repair", "Replace"])].assign(all="all", team="unknown")
    read = repairs.groupby([period_kind, column or "all"])[["TotalCost", "TotalFee"]].sum()
    figures = landed.figures("repair_cost_rate", slice_name, period_kind)
    assert_same(figures["numerator"], read["TotalCost"])
    assert_same(figures["denominator"], read["TotalFee"])
    assert_same(figures["value"], (read["TotalCost"] / read["TotalFee"])[read["TotalFee"] > 0])


@pytest.mark.parametrize(("slice_name", "column"), [("total", None), ("region", "District"), ("team", "team")])
def test_cost_without_tickets(landed: PublishedAlone, sheet: pd.DataFrame, slice_name: str, column: str | None) -> None:
    """The cost is there by region and team though no ticket divides it."""
    lines = sheet.assign(all="all", team="unknown")
    read = lines.groupby(["year", column or "all"])["TotalCost"].sum()
    stored = landed.build.frame(
        """
        select period_start, slice_value, cast(cost_amount as double) as cost
        from measures.measures_work_orders where slice_name = $slice_name and period_kind = 'year'
        """,
        {"slice_name": slice_name},
    )
    stored["period_start"] = pd.to_datetime(stored["period_start"])
    assert_same(stored.set_index(["period_start", "slice_value"])["cost"], read)
    figures = landed.figures("cost_per_ticket", slice_name)
    assert figures["value"].isna().all()
    assert set(figures["null_reason"]) == {"not_in_source"}
