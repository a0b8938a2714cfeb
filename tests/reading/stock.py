"""How often the parts in stock are used up in a year (ruling E8, decision 11)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from tests.reading.contributions import Attributes, Contribution
from tests.reading.owners import NOBODY
from tests.reading.records import Records
from tests.reading.tables import Row, as_date

_MONTHS = 12


def stock_kpis(records: Records) -> Iterator[Contribution]:
    """Yield parts_turnover of each month, warehouse and part."""
    counts: dict[tuple[date, str, str], list[Row]] = defaultdict(list)
    for row in records.rows("erp.parts_stock"):
        counted_on = as_date(row["snapshot_on"])
        is_known = row.get("consumed") is not None and row.get("unit_cost") is not None
        if counted_on is None or not is_known or counted_on > records.local_date(records.as_of, row.get("region_id")):
            continue
        counts[(counted_on.replace(day=1), row["warehouse_id"], row["part_id"])].append(row)
    for (month, _, _), rows in counts.items():
        last = max(rows, key=lambda row: str(row["snapshot_on"]))
        used, stock = _values(rows)
        about = Attributes(last["_source_system"], last.get("region_id"))
        yield Contribution("parts_turnover", month, about, NOBODY, _MONTHS * used, stock, int(stock != 0))


def _values(rows: list[Row]) -> tuple[float, float]:
    """Return the value used, and the mean value in stock, of the counts of one month."""
    used = sum(float(row["consumed"]) * float(row["unit_cost"]) for row in rows)
    stock = sum(float(row["on_hand"]) * float(row["unit_cost"]) for row in rows)
    return used, stock / len(rows)
