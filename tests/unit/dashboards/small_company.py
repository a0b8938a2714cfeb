"""A published build in miniature: the tables that pages read, with numbers that tests know.

It stands in for a real build, so that tests of pages need neither dbt nor the demo company. Its mart and its stored
SQL are one text, as in a real build, so filters are answered from its facts.
"""

from datetime import date, datetime

import numpy as np
import pandas as pd

from tests.unit.dashboards.small_mart import KPIS, LAST_DAY, MEMBERS, SURVEY_HORIZON, fact_of, mart_statements
from warehouse.builds import Build, description_file, point_to, published_file
from warehouse.connections import writer
from warehouse.settings import Settings

AS_OF = datetime(2025, 10, 31, 15, 59, 59)
FIRST_DAY = date(2024, 8, 1)
BUILD_ID = "20251101T010000-abc123"
TICKETS = 6000

REGIONS = (
    ("R-SH", "Shanghai", "上海", "East China", "华东", 0.34),
    ("R-BJ", "Beijing", "北京", "North China", "华北", 0.25),
    ("R-NM", "Inner Mongolia", "内蒙古", "North China", "华北", 0.20),
    ("R-SC", "Sichuan", "四川", "Southwest China", "西南", 0.161),
    ("R-XZ", "Tibet", "西藏", "Southwest China", "西南", 0.015),
    ("R-HK", "R-HK", "R-HK", "unregistered", "未登记", 0.02),
    ("unknown", "Unknown", "未知", "unknown", "未知", 0.014),
)
TEAMS = (
    ("T-CS-E", "Customer Service East", "华东客服组", "customer_service", "R-SH"),
    ("T-TS-W", "Technical Support West", "西部技术支持组", "technical_support", "R-SC"),
    ("T-MT-N", "Maintenance North", "华北维修组", "maintenance", "R-BJ"),
    ("T-PILOT", "T-PILOT", "T-PILOT", None, None),
    ("unknown", "Unknown", "未知", None, None),
)
CAUSES = (
    ("C-101", "Battery fault", "电池故障", "product_quality", 0.30),
    ("C-102", "Motor fault", "电机故障", "product_quality", 0.22),
    ("C-201", "Late delivery", "物流延迟", "logistics", 0.18),
    ("C-401", "Faulty installation", "安装不当", "installation", 0.15),
    ("C-601", "Operating error", "操作不当", "usage", 0.10),
    ("unknown", "Unknown", "未知", "unknown", 0.05),
)
PRODUCTS = (
    ("P-1", "电动车电池", "electronics"),
    ("P-2", "净水器", "home_appliance"),
    ("unknown", "unknown", "unknown"),
)
STAGES = (("respond", 0.1), ("parts", 0.5), ("repair", 0.4))
SPRING_FESTIVALS = {2024: "2024-02-10", 2025: "2025-01-29"}
CASE_TYPES = ("repair", "consultation", "complaint")


def publish_small_company(settings: Settings, *, tickets_only: bool = False, build_id: str = BUILD_ID) -> Build:
    """Write the build and make it the current one; with `tickets_only` its tickets have an id and a date."""
    settings.published_dir.mkdir(parents=True, exist_ok=True)
    file = published_file(settings, build_id)
    with writer(file, settings) as connection:
        for schema in ("core", "kpi", "measures"):
            connection.execute(f"create schema {schema}")
        for name, frame in _tables(build_id, tickets_only).items():
            connection.register("incoming", frame)
            connection.execute(f"create table {name} as select * from incoming")
            connection.unregister("incoming")
        if tickets_only:  # they state nothing
            connection.execute("delete from core.fct_reconciliation")
        for statement in mart_statements(tickets_only):
            connection.execute(statement)
    build = Build(
        build_id=build_id,
        run_id=f"run-{build_id}",
        built_at=datetime(2025, 11, 1, 1, 0),
        as_of=AS_OF,
        known_at=datetime(2025, 11, 1, 0, 55),
        zone="Asia/Shanghai",
        fingerprint="f",
        sha256=f"{build_id}-{settings.home}-{tickets_only}",
        bytes=file.stat().st_size,
        private_sha256=None,
        checksums={},
        extracts=2,
    )
    description_file(settings, build_id).write_text(build.to_json(), encoding="utf-8")
    point_to(settings, build_id)
    return build


def _contributions(tickets_only: bool) -> pd.DataFrame:
    chance = np.random.default_rng(7)
    regions = [row[0] for row in REGIONS]
    codes = chance.choice(regions, TICKETS, p=[row[5] for row in REGIONS])
    slow = np.where(codes == "R-NM", 1.8, 1.0)
    days = chance.integers(0, (LAST_DAY - FIRST_DAY).days + 1, TICKETS)
    response = chance.gamma(4.0, 3.2, TICKETS) * slow
    hours = chance.gamma(2.0, 15.0, TICKETS) * slow
    teams = chance.choice([row[0] for row in TEAMS], TICKETS, p=[0.4, 0.25, 0.3, 0.03, 0.02])
    types = chance.choice(CASE_TYPES, TICKETS, p=[0.5, 0.3, 0.2])
    macro = {row[0]: row[3] for row in REGIONS}
    frame = pd.DataFrame(
        {
            "ticket_id": [f"K{number:06d}" for number in range(TICKETS)],
            "local_date": pd.to_datetime(FIRST_DAY) + pd.to_timedelta(days, unit="D"),
            "region_id": codes,
            "macro_region": [macro[code] for code in codes],
            "team_id": teams,
            "root_cause_id": "C-101",
            "case_type": types,
            "is_resolved": (chance.random(TICKETS) < 0.95).astype(float),
            "response_minutes": response,
            "is_response_on_time": (response < 22).astype(float),
            "resolution_hours": hours,
            "is_resolved_on_time": (hours < 70).astype(float),
            "is_reopened": (chance.random(TICKETS) < 0.04).astype(float),
            "is_transferred": (chance.random(TICKETS) < 0.12).astype(float),
            "csat": np.where(chance.random(TICKETS) < 0.4, 96 - response / 2, np.nan),
            "is_complaint": (types == "complaint").astype(float),
        }
    )
    frame["local_date"] = frame["local_date"].dt.date
    frame = _described(frame)
    frame.loc[frame["is_resolved"] == 0, ["resolution_hours", "is_resolved_on_time", "is_reopened"]] = np.nan
    if tickets_only:
        known = ["ticket_id", "local_date"]
        members = list(MEMBERS)
        frame = frame.assign(**dict.fromkeys(members, "unknown"))
        frame[[column for column in frame if column not in known + members]] = np.nan
    frame = frame.assign(stage=None, stage_hours=np.nan, cycle_hours=np.nan)
    return pd.concat([frame, *([] if tickets_only else _stage_rows(frame))], ignore_index=True)


def _described(frame: pd.DataFrame) -> pd.DataFrame:
    """Cause, channel, product, employment and cost. In October batteries fail in Shanghai."""
    chance = np.random.default_rng(11)
    codes = chance.choice([row[0] for row in CAUSES], TICKETS, p=[row[4] for row in CAUSES])
    is_batch = (
        (frame["region_id"] == "R-SH") & (frame["local_date"] >= date(2025, 10, 1)) & (chance.random(TICKETS) < 0.6)
    )
    codes = np.where(is_batch, "C-101", codes)
    products = chance.choice([row[0] for row in PRODUCTS], TICKETS, p=[0.6, 0.35, 0.05])
    employment = chance.choice(["in_house", "outsourced", "unknown"], TICKETS, p=[0.72, 0.25, 0.03])
    cost = chance.gamma(6.0, 40.0, TICKETS) * np.where(employment == "outsourced", 1.35, 1.0)
    return frame.assign(
        root_cause_id=codes,
        root_cause_category=[{row[0]: row[3] for row in CAUSES}[code] for code in codes],
        channel=chance.choice(["hotline", "app", "unknown"], TICKETS, p=[0.6, 0.37, 0.03]),
        priority="p2",
        product_id=products,
        product_category=[{row[0]: row[2] for row in PRODUCTS}[code] for code in products],
        employment=employment,
        segment="consumer",
        source_system="crm",
        cost=np.where(frame["is_resolved"] == 1, cost, np.nan),
    )


def _stage_rows(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """One row per resolved ticket and stage; parts take thrice as long in Inner Mongolia."""
    resolved = frame[frame["is_resolved"] == 1]
    members = ["ticket_id", "local_date", *MEMBERS]
    rows = []
    for stage, share in STAGES:
        slow = np.where((resolved["region_id"] == "R-NM") & (stage == "parts"), 3.0, 1.0)
        hours = resolved["resolution_hours"] * share * slow
        rows.append(resolved[members].assign(stage=stage, stage_hours=hours, cycle_hours=resolved["resolution_hours"]))
    return rows


def _tables(build_id: str, tickets_only: bool) -> dict[str, pd.DataFrame]:
    contributions = _contributions(tickets_only)
    excluded = pd.DataFrame(
        {
            "ticket_id": [f"X{number}" for number in range(30)],
            "region_id": "R-SH",
            "is_case": False,
            "exclusion_reason": ["merged_away"] * 12 + ["cancelled_before_touch"] * 10 + ["deleted"] * 5 + ["X-01"] * 3,
        }
    )
    facts = ["ticket_id", "region_id", "case_type", "channel", "root_cause_id", "product_id", "priority"]
    cases = contributions.loc[contributions["stage"].isna(), facts]
    # a quarter past eight in the evening, in Shanghai
    opened = pd.to_datetime(contributions.loc[cases.index, "local_date"]) + pd.Timedelta(hours=12, minutes=15)
    cases = cases.assign(is_case=True, exclusion_reason=None, status="closed", case_opened_at=opened)
    return {
        "measures.contributions_tickets": contributions,
        "core.fct_tickets": (cases if tickets_only else pd.concat([cases, excluded], ignore_index=True)).assign(
            opened_date=LAST_DAY, source_system="crm"
        ),
        "core.fct_reconciliation": _reconciliation(cases),
        "core.dim_run": pd.DataFrame(
            [{"build_id": build_id, "run_id": f"run-{build_id}", "as_of": AS_OF, "known_at": AS_OF,
              "company_zone": "Asia/Shanghai"}]
        ),
        "core.dim_dates": _dates(),
        "core.dim_regions": pd.DataFrame(
            [
                {"region_id": code, "name_en": en, "name_zh": zh, "macro_region_en": macro_en,
                 "macro_region_zh": macro_zh, "time_zone": "Asia/Shanghai", "is_remote": False,
                 "is_registered": code != "R-HK"}
                for code, en, zh, macro_en, macro_zh, _ in REGIONS
                if not tickets_only or code == "unknown"
            ]
        ),
        "core.dim_teams": pd.DataFrame(
            [
                {"team_id": code, "name_en": en, "name_zh": zh, "function": function, "region_id": region,
                 "is_registered": code != "T-PILOT"}
                for code, en, zh, function, region in TEAMS
                if not tickets_only or code == "unknown"
            ]
        ),
        "core.dim_root_causes": pd.DataFrame(
            [
                {"root_cause_id": code, "name_en": en, "name_zh": zh, "category": category, "is_registered": True}
                for code, en, zh, category, _ in CAUSES
                if not tickets_only or code == "unknown"
            ]
        ),
        "core.dim_products": pd.DataFrame(
            [
                {"product_id": code, "product_name": name, "category": category, "is_registered": True}
                for code, name, category in PRODUCTS
                if not tickets_only or code == "unknown"
            ]
        ),
        "core.dim_stages": pd.DataFrame(
            [
                {"stage": stage, "position": position}
                for position, (stage, _) in enumerate(STAGES, start=1)
            ]
        ),
        "kpi.kpi_targets_in_force": pd.DataFrame(
            [
                {"kpi_key": "csat_score", "slice_name": "total", "slice_value": "all", "target": 90.0,
                 "valid_from": date(2024, 1, 1), "valid_to": date(9999, 12, 31)},
                {"kpi_key": "csat_score", "slice_name": "region", "slice_value": "R-XZ", "target": 85.0,
                 "valid_from": date(2024, 1, 1), "valid_to": date(9999, 12, 31)},
            ]
        ),
        "kpi.dim_kpis": _catalogue(),
        **_landing_tables(tickets_only),
    }  # fmt: skip


def _dates() -> pd.DataFrame:
    """Every weekday is worked but the first eight days of October and of the Spring Festival."""
    days = pd.date_range(FIRST_DAY, LAST_DAY)
    distance = (days - pd.to_datetime(days.year.map(SPRING_FESTIVALS))).days
    is_off = (days.month == 10) & (days.day <= 8) | (distance >= 0) & (distance < 8)
    return pd.DataFrame(
        {
            "local_date": days.date,
            "is_company_working_day": (days.dayofweek < 5) & ~is_off,
            "spring_festival_day": distance,
        }
    )


def _reconciliation(cases: pd.DataFrame) -> pd.DataFrame:
    """Resolution times and reopenings that the source states for every tenth ticket, and why some of them differ.

    Every 50th resolution is moved by the source by two days; of reopenings 1 in 100 is unexplained.
    """
    stated = cases.iloc[::10].reset_index(drop=True)
    number = np.arange(len(stated))
    moved = number % 50 == 7
    odd = number % 100 == 3
    shared = pd.DataFrame(
        {
            "ticket_id": stated["ticket_id"],
            "case_id": stated["ticket_id"],
            "source_system": "crm",
            "region_id": stated["region_id"],
            "opened_date": stated["case_opened_at"].dt.date,
        }
    )
    resolutions = shared.assign(
        verdict="resolved_at",
        source_value=np.where(moved, "2025-10-12T08:00:00Z", "2025-10-10T08:00:00Z"),
        own_value="2025-10-10T08:00:00Z",
        difference=np.where(moved, -172800.0, 0.0),
        is_equal=~moved,
        cause=np.where(moved, "moved_while_resolved", None),
    )
    reopenings = shared.assign(
        verdict="reopened_count",
        source_value=np.where(odd, "2", "0"),
        own_value=np.where(number % 100 == 5, None, "0"),
        difference=np.where(number % 100 == 5, np.nan, np.where(odd, -2.0, 0.0)),
        is_equal=~odd & (number % 100 != 5),
        cause=np.where(odd, "unexplained", np.where(number % 100 == 5, "no_evidence", None)),
    )
    return pd.concat([resolutions, reopenings], ignore_index=True)


def _catalogue() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "kpi_key": kpi.key,
                "position": position,
                "family": kpi.family,
                "label_en": kpi.label_en,
                "label_zh": kpi.label_zh,
                "question_en": f"How is {kpi.label_en}?",
                "question_zh": f"{kpi.label_zh}如何？",
                "definition_en": f"{kpi.label_en} [as defined]",
                "definition_zh": f"{kpi.label_zh}的定义",
                "fact": fact_of(kpi),
                "statistic": kpi.statistic,
                "unit": kpi.unit,
                "direction": kpi.direction,
                "cohort_basis": "created_in",
                "default_target": kpi.target,
                "minimum_n": 10 if kpi.statistic == "rate" else 5,
                "interval": {"rate": "wilson", "median": "order_statistic", "p90": "order_statistic"}.get(
                    kpi.statistic, "none"
                ),
                "numerator": kpi.numerator,
                "denominator": kpi.denominator,
                "distribution": kpi.distribution,
                "contract": kpi.contract,
                "owner": "service operations",
                "team_rule_en": "first owner",
                "team_rule_zh": "首个责任组",
                "rulings": "A2 B7",
                "maturity_hours": 168 if kpi.matures else 0,
                "slices": kpi.slices,
                "periods": None,
                "caveat_en": "Young cases are left out." if kpi.matures else None,
                "caveat_zh": "未到判定时间的工单不计。" if kpi.matures else None,
            }
            for position, kpi in enumerate(KPIS, start=1)
        ]
    )


def _landing_tables(tickets_only: bool) -> dict[str, pd.DataFrame]:
    loaded = datetime(2025, 11, 1, 0, 50)
    sources = [("crm", "crm.tickets", TICKETS, LAST_DAY), ("survey", "survey.responses", 2400, SURVEY_HORIZON)]
    entries = [
        {"extract_id": f"e{number:03d}", "entry": 0, "source_system": system, "file_name": f"{contract}.2025-10.csv",
         "contract": contract, "delivery": "delta", "extracted_at": loaded, "loaded_at": loaded,
         "rows_read": rows + 7, "rows_loaded": rows, "rows_rejected": 1, "rows_quarantined": 3, "rows_folded": 0,
         "rows_filtered": 0, "rows_identical": 2, "rows_conflicting": 1, "bad_cells": 2,
         "first_instant": datetime(2024, 8, 1), "last_instant": AS_OF,
         "mapped_columns": ["ticket_id"], "unmapped_columns": ["memo"]}
        for number, (system, contract, rows, _) in enumerate(sources[: 1 if tickets_only else 2])
    ]  # fmt: skip
    quarantined = [
        {"extract_id": "e000", "contract": "crm.tickets", "file_name": "crm.tickets.2025-10.csv", "row_number": row,
         "column_name": "opened_at", "value": value, "reason_code": "bad_instant",
         "reason": f"opened_at: '{value}' is not a time written as 2025-10-31T08:30:00+08:00"}
        for row, value in ((17, "31/2/2025"), (403, "=cmd|'/c calc'!A1"), (588, "yesterday"))
    ]  # fmt: skip
    bad_cells = [
        {"extract_id": "e000", "contract": "crm.tickets", "file_name": "crm.tickets.2025-10.csv", "row_number": row,
         "column_name": "priority", "value": "urgent", "reason_code": "not_in_values",
         "reason": "priority: 'urgent' is not one of p1, p2, p3, p4"}
        for row in (5, 9)
    ]  # fmt: skip
    return {
        "core.dim_sources": pd.DataFrame(
            [
                {"source_system": system, "contract": contract, "extracts": 1, "rows_loaded": rows,
                 "last_extracted_at": loaded, "data_horizon": datetime(day.year, day.month, day.day, 12),
                 "horizon_date": day}
                for system, contract, rows, day in sources[: 1 if tickets_only else 2]
            ]
        ),
        "core.dim_extract_entries": pd.DataFrame(entries),
        "core.fct_quarantined_rows": pd.DataFrame(quarantined),
        "core.fct_bad_cells": pd.DataFrame(bad_cells),
        "core.fct_released_rows": pd.DataFrame(
            [{"extract_id": "e000", "entry": 0, "contract": "crm.tickets", "file_name": "crm.tickets.2025-10.csv",
              "row_number": row, "column_name": "opened_at", "reason_code": "bad_instant",
              "released_by_file": "quarantine_1.csv", "released_at": loaded} for row in (3, 4)]
        ),
        "core.fct_gone_rows": pd.DataFrame(
            [{"contract": "crm.tickets", "source_system": "crm", "row_key": '["T-9"]', "row_id": "T-9",
              "last_seen_at": loaded, "gone_since": loaded}]
        ),
    }  # fmt: skip
