"""The suite `meta.extract_entries`: the rules of gate 1 that look at a delivered file as a whole."""

from data_quality.check import Check, between
from data_quality.entry_metrics import EntryMetrics
from data_quality.entry_store import METRICS_TABLE
from data_quality.rule import Rule, load_rules
from warehouse.contract import load_contracts
from warehouse.operations import Gate


def entry_rules() -> list[Rule]:
    """Return the rules that measure an entry."""
    return [item for item in load_rules().values() if item.gate is Gate.RAW and item.measure]


def entry_checks() -> list[Check]:
    """Return one check per rule and limit on the metrics table."""
    checks = []
    for item in entry_rules():
        for severity, limit in item.limits.items():
            lowest, highest = (limit, None) if item.bound == "at_least" else (None, limit)
            checks.append(between(item, METRICS_TABLE, str(item.measure), lowest, highest, severity))
    return checks


def words(item: Rule, metrics: EntryMetrics) -> tuple[str, str]:
    """Return the column that a violated rule names and the detail of its sentence."""
    key = ", ".join(load_contracts()[metrics.contract].key)
    return {
        "rows_loaded": ("", f"{metrics.rows_read:,}"),
        "rows_accounted": ("", metrics.accounted_text),
        "rows_arrived": ("", metrics.astray_text),
        "rows_quarantined": (metrics.worst_column or "?", ""),
        "bad_cells": (metrics.worst_column or "?", ""),
        "rows_conflicting": (key, ""),
        "rows_identical": (key, ""),
        "volume": ("", metrics.volume_text),
        "rows_gone": ("", metrics.gone_text),
        "columns_renamed": (metrics.missing_text, metrics.new_text),
        "columns_missing": (metrics.missing_text, ""),
        "columns_new": (metrics.new_text, ""),
    }.get(item.id, ("", ""))
