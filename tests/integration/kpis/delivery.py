"""A random company as files in a landing folder, and the same rows as frames for the independent reading."""

import shutil
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from tests.integration.kpis.company import Company, Row
from tests.reading.tables import BEGINNING, Context, Evidence, Tables
from warehouse.contract import get_contract
from warehouse.settings import CHECKOUT

CONTRACTS = {
    "tickets": "crm.tickets",
    "ticket_events": "crm.ticket_events",
    "employees": "erp.employees",
    "responses": "survey.responses",
    "work_orders": "erp.work_orders",
    "parts_requests": "erp.parts_requests",
    "quality_inspections": "crm.quality_inspections",
    "collaborations": "crm.collaborations",
    "training_records": "erp.training_records",
    "knowledge_articles": "crm.knowledge_articles",
    "peer_reviews": "survey.peer_reviews",
    "revenue": "erp.revenue",
    "parts_stock": "erp.parts_stock",
    "products": "erp.products",
    "customers": "crm.customers",
}
ALL_EVENTS = frozenset(get_contract("crm.ticket_events").column("event_type").values)
#: What the mapping of a limited system can say: nothing of answers, transfers, reopenings (ruling B21).
LIMITED_EVENTS = frozenset({"created", "assigned", "resolved", "closed", "status_changed"})
#: What the mapping of a quiet system could say but its data never does.
QUIET_LACKS = frozenset({"transferred", "reopened", "first_response", "responded"})
#: Columns of tickets that a limited system does not deliver.
LIMITED_LACKS = frozenset({"first_response_at", "is_escalated", "asset_id", "customer_id"})
#: Columns of events that a limited system does not deliver: it tells neither waits nor people.
LIMITED_UNSTATED = frozenset({"status", "agent_id"})
_CHINA = timezone(timedelta(hours=8))


def restricted(
    company: Company,
    kept: frozenset[str],
    lacking: frozenset[str] = frozenset(),
    unstated: frozenset[str] = frozenset(),
) -> Company:
    """Return a company whose system delivers tickets and some kinds of events without some columns, nothing else."""

    def without(row: Row, names: frozenset[str]) -> Row:
        return {name: value for name, value in row.items() if name not in names}

    rows = [without(row, unstated) for row in company.ticket_events if row["event_type"] in kept]
    return Company(company.system, [without(row, lacking) for row in company.tickets], rows)


def evidence_of(open_systems: list[str], limited: list[str]) -> Evidence:
    columns = frozenset(get_contract("crm.tickets").column_names)
    of_events = frozenset(get_contract("crm.ticket_events").column_names)
    return Evidence(
        dict.fromkeys(open_systems, ALL_EVENTS) | dict.fromkeys(limited, LIMITED_EVENTS),
        dict.fromkeys(open_systems, columns) | dict.fromkeys(limited, columns - LIMITED_LACKS),
        dict.fromkeys(open_systems, of_events) | dict.fromkeys(limited, of_events - LIMITED_UNSTATED),
    )


def write_extracts(company: Company, landing: Path) -> None:
    """Write contract tables below landing/<system>, the instants in two different zones."""
    folder = landing / company.system
    folder.mkdir(parents=True)
    for name, contract in CONTRACTS.items():
        for part, rows in _parts(getattr(company, name)).items():
            texts = [_texts(row, position) for position, row in enumerate(rows)]
            _frame(texts).to_csv(folder / f"{contract}.part{part}.csv", index=False)


def write_mapped(company: Company, landing: Path, sources: Path, event_types: frozenset[str]) -> None:
    """Write the tickets and events of a system that has a mapping of its own, and the mapping."""
    landing.mkdir(parents=True, exist_ok=True)
    sources.mkdir(parents=True, exist_ok=True)
    entries = []
    for name in ("tickets", "ticket_events"):
        contract = get_contract(CONTRACTS[name])
        rows = getattr(company, name)
        for part, part_rows in _parts(rows).items():
            frame = _frame([_texts(row, 0) for row in part_rows])
            frame.to_csv(landing / f"{company.system}_{name}_{part}.csv", index=False)
        present = {key for row in rows for key in row} & set(contract.column_names)
        columns: dict[str, Any] = {
            key: {"from": key, "format": "%Y-%m-%dT%H:%M:%SZ"} if contract.column(key).type == "instant" else key
            for key in contract.column_names
            if key in present
        }
        if name == "ticket_events":
            columns["event_type"] = {"from": "event_type", "values": {kind: kind for kind in sorted(event_types)}}
        pattern = {"files": f"{company.system}_{name}_*.csv"}
        entries.append({"contract": contract.name, "from": pattern, "delivery": "delta", "columns": columns})
    document = {"system": company.system, "time_zone": "UTC", "tables": entries}
    (sources / f"{company.system}.yml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


def tables_of(companies: list[Company]) -> Tables:
    """Return what lands, as frames; parts land one after the other, rows in their order."""
    frames = {}
    for name, contract in CONTRACTS.items():
        rows = [
            _typed(row, company.system, part, number)
            for company in companies
            for part, part_rows in _parts(getattr(company, name)).items()
            for number, row in enumerate(part_rows, start=1)
        ]
        columns = [*get_contract(contract).column_names, "_source_system", "_extracted_at", "_row_number"]
        frames[contract] = pd.DataFrame(rows, columns=columns).astype(object)
    return Tables(frames)


def newest_instant(tables: Tables) -> datetime:
    """Return the newest instant that is no plan (ruling A1), of the rows that have what is required."""
    newest = BEGINNING
    for name, frame in tables.frames.items():
        contract = get_contract(name)
        usable = frame.dropna(subset=list(contract.required_columns))
        for column in contract.business_instants:
            values = [value for value in usable[column] if isinstance(value, datetime) and value is not pd.NaT]
            newest = max([newest, *values])
    return newest


def context_of(tables: Tables) -> Context:
    return Context(newest_instant(tables))


def write_seeds(folder: Path) -> None:
    """Write reference data with four calendars, three zones, versions of policies, few rates and gaps."""
    shutil.copytree(CHECKOUT / "seeds", folder)
    (folder / "regions.csv").write_text(
        "region_id,name_en,name_zh,macro_region_en,macro_region_zh,time_zone,calendar_id,is_remote\n"
        "R-SH,Shanghai,上海,East China,华东,Asia/Shanghai,CN,false\n"
        "R-BJ,Beijing,北京,North China,华北,Asia/Shanghai,CN,false\n"
        "R-XJ,Xinjiang,新疆,Northwest China,西北,Asia/Urumqi,CN,true\n"
        "R-NY,New York,纽约,Abroad,海外,America/New_York,US,false\n"
        "R-NIGHT,Night,夜班,Abroad,海外,America/New_York,NIGHT,false\n"
        "R-DAILY,Daily,每日,East China,华东,Asia/Shanghai,DAILY,false\n"
        "R-NOZONE,Nowhere,无,East China,华东,,,false\n",
        encoding="utf-8",
    )
    (folder / "sla_policies.csv").write_text(_policies(), encoding="utf-8")
    (folder / "exchange_rates.csv").write_text(
        "month,currency,rate_to_company_currency\n2025-08-01,EUR,8.25\n2025-09-01,EUR,8.3\n2025-10-01,EUR,8.1\n",
        encoding="utf-8",
    )
    with (folder / "working_hours.csv").open("a", encoding="utf-8") as hours:
        hours.write("US,America/New_York,09:00,12:00\nUS,America/New_York,12:45,17:30\n")
        hours.write("NIGHT,America/New_York,22:00,06:00\nDAILY,Asia/Shanghai,08:00,20:00\n")
    with (folder / "working_days.csv").open("a", encoding="utf-8") as days:
        days.writelines(_calendar("US", date(2025, 8, 1), 120, 5, ("2025-09-01", "2025-10-13")))
        # the night from 1 to 2 November has an hour more; both calendars end before the company's life does
        days.writelines(_calendar("NIGHT", date(2025, 9, 1), 65, 6, ("2025-10-13",)))
        days.writelines(_calendar("DAILY", date(2025, 8, 25), 72, 7, ("2025-10-01", "2025-10-02")))


def _calendar(calendar_id: str, first: date, length: int, weekdays: int, holidays: tuple[str, ...]) -> list[str]:
    """Return the lines of a calendar that works on the first weekdays of each week but on holidays."""
    listed = (first + timedelta(days=number) for number in range(length))
    return [
        f"{calendar_id},{day},{'holiday' if day.isoformat() in holidays else 'regular'},test\n"
        for day in listed
        if day.weekday() < weekdays
    ]


def _policies() -> str:
    head = "case_type,priority,valid_from,response_minutes,onsite_hours,resolution_hours,clock,pauses_for_customer"
    rows = [head]
    for priority, minutes, hours in (("p1", 15, 4), ("p2", 30, 9), ("p3", 600, 36)):
        rows.append(f"complaint,{priority},2020-01-01,{minutes},24,{hours},calendar,false")
        rows.append(f"repair,{priority},2020-01-01,{minutes},24,{hours},working,true")
        rows.append(f"repair,{priority},2025-09-16,{minutes * 2},24,{hours * 2},calendar,true")
        rows.append(f"consultation,{priority},2025-09-01,{minutes},24,{hours},calendar,false")
        rows.append(f"consultation,{priority},2025-10-01,{minutes},24,{hours},working,false")
        rows.append(f"return_exchange,{priority},2020-01-01,{minutes},24,{hours},working,false")
    return "\n".join(rows) + "\n"


def _parts(rows: list[Row]) -> dict[int, list[Row]]:
    return {part: [row for row in rows if row["part"] == part] for part in sorted({row["part"] for row in rows})}


def _frame(texts: list[Row]) -> pd.DataFrame:
    return pd.DataFrame(texts).drop(columns="part")


def _texts(row: Row, position: int) -> Row:
    def text(value: Any) -> Any:
        if isinstance(value, datetime):
            zoned = value.astimezone(_CHINA) if position % 2 else value
            return zoned.isoformat().replace("+00:00", "Z")
        return str(value).lower() if isinstance(value, bool) else None if value is None else str(value)

    return {key: text(value) for key, value in row.items()}


def _typed(row: Row, system: str, part: int, number: int) -> Row:
    values = {key: value.replace(tzinfo=None) if isinstance(value, datetime) else value for key, value in row.items()}
    landed = {"_source_system": system, "_extracted_at": datetime(2026, 1, part), "_row_number": number}
    return values | landed
