"""The catalogue of rules: complete, said in both languages, and shown in the docs as it is."""

import pytest
from pydantic import ValidationError

from data_quality.entry_metrics import EntryMetrics
from data_quality.entry_suite import entry_checks, entry_rules
from data_quality.rule import Rule, load_rules, rule, rules_table
from warehouse.operations import Gate
from warehouse.settings import CHECKOUT


def test_docs_show_the_rules_as_they_are():
    assert rules_table() in (CHECKOUT / "docs" / "gates.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("item", load_rules().values(), ids=lambda item: item.id)
def test_rule_is_said_in_both_languages_with_the_same_facts(item):
    assert item.en != item.zh
    values = {"file": "F", "table": "T", "column": "C", "observed": "O", "limit": "L", "detail": "D"}
    for name, mark in values.items():
        assert ("{" + name + "}" in item.en) == ("{" + name + "}" in item.zh), name
        assert mark in item.say("en", **values) or "{" + name + "}" not in item.en


def test_rules_of_gate_1_name_the_file():
    for item in load_rules().values():
        if item.gate is Gate.RAW and item.id != "evaluated":
            assert "{file}" in item.en


def test_every_measure_is_an_entry_metric_and_critical_limits_come_first():
    assert {item.measure for item in entry_rules()} <= set(EntryMetrics.__dataclass_fields__)
    order = [(check.rule.id, check.severity) for check in entry_checks()]
    assert order.index(("volume", "critical")) < order.index(("volume", "warning"))


@pytest.mark.parametrize(
    ("rule_id", "value", "severity", "shown"),
    [
        ("volume", 0.6999, "critical", "69.99 %"),
        ("volume", 0.70, "warning", "70 %"),
        ("volume", 0.90, None, "90 %"),
        ("rows_quarantined", 0.05, "warning", "5 %"),
        ("rows_quarantined", 0.0501, "critical", "5.01 %"),
        ("rows_quarantined", 0.01, None, "1 %"),
        ("rows_accounted", 0, None, "0"),
        ("rows_accounted", 12345, "critical", "12,345"),
        ("snapshot_is_fresh", 7.5, "warning", "7.5 d"),
    ],
)
def test_limits(rule_id, value, severity, shown):
    assert rule(rule_id).exceeded(value) == severity
    assert rule(rule_id).show(value) == shown


def test_actions_follow_from_limits():
    assert rule("rows_quarantined").actions == "quarantine rows, warn, stop"
    assert rule("columns_new").actions == "warn"
    assert rule("volume").expected(0.7) == "at least 70 %"
    assert rule("volume").expected(0.7, "zh") == "至少 70 %"


@pytest.mark.parametrize(
    "wrong", [{}, {"critical": 1, "en": "{colour}"}, {"critical": 1, "unknown": 1}, {"critical": 1, "bound": "near"}]
)
def test_wrong_rule_is_refused(wrong):
    with pytest.raises(ValidationError):
        Rule(**{"id": "r", "gate": "raw", "kind": "k", "en": "a", "zh": "b", **wrong})
