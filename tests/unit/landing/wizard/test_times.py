"""Formats of times: all values are asked, and what no value decides is left to a person."""

import pytest

from landing.mapping import UndecidedError
from landing.wizard.forms import CHOOSE
from tests.unit.landing.wizard.conftest import columns_of


def _opened(wizard, values: list[str], more: str = "") -> object:
    rows = "".join(f'{number},"{value}"{more}\n' for number, value in enumerate(values))
    heads = "ticket id,opened at" + (",closed at" if more else "")
    return columns_of(wizard.of(f"{heads}\n{rows}"), "crm.tickets")["opened_at"]


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["2025-10-31T08:30:00+08:00", "2025-11-01T09:00:00Z"], "opened at"),
        (["2025-10-31 08:30", "2025-11-01 09:00:01"], "opened at"),
        (["2025/10/31 8:30", "2025/1/2 09:00"], {"format": "%Y/%m/%d %H:%M"}),
        (["31.10.2025 08:30", "01.02.2025 09:00"], {"format": "%d.%m.%Y %H:%M"}),
        (["10/31/2025 8:30 AM", "1/2/2025 11:05 PM"], {"format": "%m/%d/%Y %I:%M %p"}),
        (["31-Oct-25 08:30", "01-Feb-25 09:00"], {"format": "%d-%b-%y %H:%M"}),
        (["2025年10月31日 08:30", "2025年1月2日 09:00"], {"format": "%Y年%m月%d日 %H:%M"}),
        (["2025年10月31日 8时30分", "2025年1月2日 9时5分"], {"format": "%Y年%m月%d日 %H时%M分"}),
        (["20251031083000", "20250102090000"], {"format": "%Y%m%d%H%M%S"}),
        (["31/10/2025 08:30 +0800", "01/02/2025 09:00 +0800"], {"format": "%d/%m/%Y %H:%M %z"}),
        (["2025-10-31", "2025-01-02"], {"format": "%Y-%m-%d", "time_of_day": "12:00"}),
        (["31/10/2025", "01/02/2025"], {"format": "%d/%m/%Y", "time_of_day": "12:00"}),
    ],
)
def test_the_format_that_reads_every_value(wizard, values: list[str], form: object) -> None:
    expected = form if isinstance(form, str) else {"from": "opened at"} | form
    assert _opened(wizard, values) == expected


def test_one_thirteenth_among_thousands_decides(wizard) -> None:
    values = ["05/06/2025 08:30"] * 3_000
    assert _opened(wizard, [*values, "13/06/2025 08:30"])["format"] == "%d/%m/%Y %H:%M"
    assert _opened(wizard, [*values, "06/13/2025 08:30"])["format"] == "%m/%d/%Y %H:%M"


def test_an_undecided_order_refuses_to_load_and_says_between_what(wizard) -> None:
    proposal = wizard.of("ticket id,opened at\n1,05/06/2025 08:30\n2,07/08/2025 09:00\n")
    assert columns_of(proposal, "crm.tickets")["opened_at"]["format"] == CHOOSE
    assert proposal.decisions == 1
    with pytest.raises(UndecidedError) as refused:
        wizard.mapping(proposal)
    sentence = str(refused.value)
    assert sentence.startswith("proposed.yml: there is one decision to take, write a choice in place of CHOOSE: line ")
    assert 'opened_at: format (DECIDE: "%d/%m/%Y %H:%M" or "%m/%d/%Y %H:%M": no value tells day from month' in sentence
    assert "请替换 CHOOSE" in refused.value.zh


def test_another_column_of_the_file_decides_and_is_named(wizard) -> None:
    proposal = wizard.of("ticket id,opened at,closed at\n1,05/06/2025 08:30,25/06/2025 08:30\n2,07/08/2025 09:00,\n")
    entry = proposal.entries[0]
    opened = entry.column("opened_at")
    assert opened.form["format"] == "%d/%m/%Y %H:%M"
    assert opened.kind == "guess"
    assert "closed at of the same file" in opened.notes[0].en
    assert wizard.mapping(proposal).tables


def test_columns_that_disagree_decide_nothing(wizard) -> None:
    proposal = wizard.of(
        "ticket id,opened at,closed at,resolved at\n1,05/06/2025 08:30,25/06/2025 08:30,06/25/2025 08:30\n"
    )
    assert proposal.entries[0].column("opened_at").form["format"] == CHOOSE


def test_two_ways_of_writing_in_one_column_are_both_declared(wizard) -> None:
    values = ["31/10/2025 08:30", "2025-10-30 09:00", "30/10/2025 08:31", "2025-10-29 09:01"]
    assert set(_opened(wizard, values)["format"]) == {"%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M"}


def test_few_misfits_are_told_many_make_it_no_time(wizard) -> None:
    good = [f"{day}/10/2025 08:30" for day in range(10, 31)]
    proposal = wizard.of("ticket id,opened at\n" + "".join(f"{n},{v}\n" for n, v in enumerate([*good, "soon"])))
    note = proposal.entries[0].column("opened_at").notes[-1]
    assert note.kind == "guess"
    assert "1 of 22 values are no such time, for example 'soon'" in note.en
    assert not wizard.of("ticket id,opened at\n1,soon\n2,31/10/2025 08:30\n").entries


@pytest.mark.parametrize(
    ("values", "before", "after"),
    [
        (["1761899400", "1761985800"], "1761899400", "2025-10-31 08:30:00Z"),
        (["1761899400000", "1761985800000"], "1761899400000", "2025-10-31 08:30:00Z"),
        (["45961.6875", "45962.5"], "45961.6875", "2025-10-31 08:30:00Z"),
    ],
)
def test_counted_seconds_and_excel_days_become_instants(wizard, values: list[str], before: str, after: str) -> None:
    path = wizard.write("tickets.csv", "ticket id,opened at\n" + "".join(f"T{n},{v}\n" for n, v in enumerate(values)))
    proposal = wizard.propose(path)
    assert proposal.entries[0].column("opened_at").kind == "guess"
    tried = wizard.try_out(path, wizard.mapping(proposal)).entries[0]
    opened = next(column for column in tried.columns if column.column == "opened_at")
    assert (opened.before[0], opened.after[0]) == (before, after)
