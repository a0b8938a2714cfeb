"""One KPI of the reference: everything that the catalogue says about it."""

from collections.abc import Sequence

import streamlit as st

from dashboards.formatting import UNKNOWN, format_number, format_value, plain
from dashboards.page import Page
from dashboards.panels.member_rows import member_name
from dashboards.queries.members import known_members
from dashboards.queries.reference import KpiEntry, Target
from dashboards.registry import page_file
from dashboards.url_state import shared_parameters

_SIGNS = {"higher": "≥", "lower": "≤", "neutral": "="}


def show_entry(page: Page, entry: KpiEntry, targets: Sequence[Target]) -> None:
    """Draw definition, caveat and the facts of a KPI."""
    say = page.phrases
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**{plain(entry.question)}**")
        st.markdown(plain(entry.definition))
        if entry.caveat:
            st.markdown(say("kpi.caveat", caveat=plain(entry.caveat)))
        st.page_link(
            page_file("overview"),
            label=say("reference.open"),
            icon=":material/monitoring:",
            query_params={**shared_parameters(), "kpi": entry.key},
        )
    facts = {
        "key": f"`{entry.key}`",
        "unit": say.code("unit_name", entry.unit),
        "statistic": say.code("statistic", entry.statistic),
        "direction": say.code("direction", entry.direction),
        "target": say("common.semicolon").join(_target(page, entry, target) for target in targets) or UNKNOWN,
        "cohort": say.code("cohort", entry.cohort_basis),
        "team_rule": plain(entry.team_rule) or UNKNOWN,
        "interval": say.code("interval", entry.interval),
        "minimum_n": _minimum(page, entry),
        "slices": _slices(page, entry),
        "source": plain(say("common.comma").join(say.code("contract", name) for name in entry.contract.split())),
        "owner": plain(say.code("owner", entry.owner)) or UNKNOWN,
        "rulings": say("common.comma").join(entry.rulings) or UNKNOWN,
    }
    lines = [f":gray[{say(f'reference.{name}')}]{say('common.colon')}{text}" for name, text in facts.items()]
    right.markdown("  \n".join(lines))


def _target(page: Page, entry: KpiEntry, target: Target) -> str:
    say = page.phrases
    value = plain(f"{_SIGNS[entry.direction]} {format_value(target.target, entry.unit, say)}")
    if target.slice_name == "total":
        return value
    known = known_members(page.reader, page.scope, say, target.slice_name)
    return say("reference.own_target", target=value, member=plain(member_name(page, target.slice_value, known)))


def _minimum(page: Page, entry: KpiEntry) -> str:
    if entry.statistic == "count":
        return page.phrases("number.counted")
    rest = page.phrases("reference.maturity", hours=format_number(entry.maturity_hours)) if entry.maturity_hours else ""
    return page.phrases.sentences(page.phrases("reference.minimum", n=entry.minimum_n), rest)


def _slices(page: Page, entry: KpiEntry) -> str:
    say = page.phrases
    names = [" × ".join(say.code("slice", part) for part in name.split("__")) for name in entry.slices]
    return say("common.comma").join(names) or say("reference.all_slices")
