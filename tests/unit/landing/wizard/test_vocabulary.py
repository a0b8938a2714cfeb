"""The synonyms: every entry names something that exists, and says one thing."""

import pytest

from landing.wizard.file_pattern import file_pattern
from landing.wizard.vocabulary import (
    boolean_of,
    code_of,
    match_name,
    normal_name,
    rating_of,
    system_of,
    table_score,
    unknown_words,
)


def test_every_entry_names_a_contract_a_column_or_a_code() -> None:
    assert unknown_words() == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("OpenedAt", "opened at"),
        ("sys_updated_at", "sys updated at"),
        ("Case-Reason__c", "case reason"),
        ("报修时间（北京）", "报修时间 北京"),
    ],
)
def test_names_are_compared_as_words(name: str, words: str) -> None:
    assert normal_name(name) == words


@pytest.mark.parametrize(
    ("name", "contract", "column", "least"),
    [
        ("ticket_id", "crm.tickets", "ticket_id", 1.0), ("Case Number", "crm.tickets", "ticket_id", 0.9),
        ("报修时间", "crm.tickets", "opened_at", 0.9), ("客户报修时间", "crm.tickets", "opened_at", 0.7),
        ("到达时间", "erp.work_orders", "arrived_at", 0.9), ("满意度", "survey.responses", "csat_score", 0.9),
    ],
)  # fmt: skip
def test_known_names_match(name: str, contract: str, column: str, least: float) -> None:
    found = match_name(name, contract, column)
    assert found is not None
    assert found.score >= least


@pytest.mark.parametrize(
    ("name", "column"), [("problem_id", "description"), ("weight", "opened_at"), ("customer count", "customer_id")]
)
def test_other_names_do_not(name: str, column: str) -> None:
    assert match_name(name, "crm.tickets", column) is None


def test_codes_booleans_and_ratings() -> None:
    assert code_of("priority", "1 - Critical") == "p1"
    assert code_of("status", " Awaiting  User_Info ") == "waiting_customer"
    assert code_of("channel", "微信") == "chat"
    assert code_of("status", "Whatever") is None
    assert (boolean_of("是"), boolean_of("NO"), boolean_of("maybe")) == (True, False, None)
    assert (rating_of("非常满意"), rating_of("😡"), rating_of("blue")) == (5, 1, None)


def test_systems_and_tables_are_recognised() -> None:
    assert system_of(("sys_updated_at", "sys_mod_count", "caller_id", "x")) == "servicenow"
    assert system_of(("a", "b")) is None
    assert table_score("crm.tickets", "Case") == 1.0
    assert table_score("crm.ticket_events", "CaseHistory_2025-10") == 1.0
    assert table_score("erp.work_orders", "售后派工单导出") > 0.5
    assert table_score("crm.tickets", "weather") == 0.0


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("Case.csv", "Case.csv"), ("cases_2025-10.csv.gz", "cases_*.csv.gz"), ("工单_20251102.xlsx", "工单_*.xlsx"),
        ("a[1].csv", "a[[]1].csv"), ("export 2025.10.31.csv", "export *.csv"),
    ],
)  # fmt: skip
def test_the_next_delivery_fits_the_pattern(name: str, pattern: str) -> None:
    assert file_pattern(name) == pattern
