"""The sections of a review as tables and charts on a page; the words of figures are those of deck and workbook."""

import pandas as pd
import streamlit as st

from dashboards.charts import palette
from dashboards.charts.drawing import draw
from dashboards.charts.miss_parts import miss_parts_chart
from dashboards.charts.vital_few import vital_few_chart
from dashboards.clicks import OnCell
from dashboards.drill import Drill, open_drill
from dashboards.formatting import plain
from dashboards.page import Page
from dashboards.tables import Column, show_table
from reviews import findings
from reviews.judgement import TargetVerdict
from reviews.model import Review, SliceMoves
from reviews.numbers import Numbers
from reviews.quality_lines import quality_lines, reach_text
from reviews.root_causes import EARLIER_PERIODS
from reviews.sentences import (
    causes_sentence,
    clear_changes,
    concentration_sentence,
    look_at_lines,
    moves_note,
    moves_sentence,
    quality_sentence,
    summary_sentence,
    what_is_unsure,
)
from reviews.wording import (
    change_text,
    comparison_text,
    interval_text,
    member_name,
    n_text,
    remarks,
    target_text,
    value_text,
)

_BARS, _CAUSES, _MISSES = 10, 12, 20
_MUTED = (TargetVerdict.NO_TARGET, TargetVerdict.NOT_JUDGED)


def show_summary(review: Review, numbers: Numbers) -> None:
    """Say what the review comes to, in the sentences of the deck."""
    st.markdown(f"**{plain(summary_sentence(review, numbers))}**")
    lines = [*look_at_lines(review, numbers), *what_is_unsure(review, numbers)]
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))


def show_achievement(page: Page, review: Review, numbers: Numbers) -> None:
    """Draw every KPI against target, last period and last year."""
    word = numbers.say
    is_year = findings.is_year(review)
    rows, colours = [], []
    for entry in review.achievements:
        definition = entry.definition
        rows.append(
            {
                "kpi": numbers.say.word(definition.label),
                "value": value_text(entry.now, definition, numbers),
                "target": target_text(entry.now, definition, numbers),
                "verdict": word(f"verdict.{entry.target_verdict}"),
                "before": comparison_text(entry.now, entry.before, entry.change, definition, numbers),
                "year_before": comparison_text(entry.now, entry.year_before, entry.year_change, definition, numbers),
                "n": n_text(entry.now, numbers),
                "interval": interval_text(entry.now, definition, numbers),
                "remark": word("common.semicolon").join(remarks(entry, numbers)),
                "family": numbers.say.code("family", definition.family),
            }
        )
        colours.append(palette.MUTED_TEXT if entry.target_verdict in _MUTED else palette.TEXT)
    columns = [name for name in rows[0] if not (is_year and name == "before")]

    def drill(position: int, _: str) -> None:
        open_drill(Drill(review.achievements[position].definition.key))

    _show(page, rows, columns, "review_achievement", colours, drill)
    st.caption(page.phrases("legend.click_row"))


def show_moves(page: Page, review: Review, moves: SliceMoves, numbers: Numbers) -> None:
    """Draw the parts in the miss that is furthest off, and the first members of every miss."""
    word = numbers.say
    st.markdown(f"**{plain(moves_sentence(moves, numbers))}**")
    kpi = findings.focus(moves)
    if kpi is not None:
        shown, rest = findings.pooled(kpi, _BARS)
        bars = [
            (member_name(move.member, numbers), move.miss_part or 0.0, value_text(move.now, kpi.definition, numbers))
            for move in shown
        ]
        if rest is not None:
            bars.append((word("common.others", count=rest.members), rest.miss_part, ""))
        unit = kpi.definition.unit
        frame = pd.DataFrame(
            [
                {"member": name, "part": part, "part_text": numbers.gap(part, unit), "value_text": value}
                for name, part, value in bars
            ]
        )
        say = page.phrases
        titles = {
            "member": say("review.name"),
            "part_text": say("review.miss_part"),
            "value_text": say("review.value"),
        }
        draw(miss_parts_chart, frame, titles, key=f"review_parts_{moves.slice_name}")
    rows = [
        {
            "kpi": numbers.say.word(found.kpi.definition.label),
            "total": value_text(found.kpi.now, found.kpi.definition, numbers),
            "member": member_name(found.move.member, numbers),
            "value": value_text(found.move.now, found.kpi.definition, numbers),
            "n": n_text(found.move.now, numbers),
            "miss_part": numbers.gap(found.move.miss_part, found.kpi.definition.unit),
            "contribution": numbers.gap(found.move.contribution, found.kpi.definition.unit),
        }
        for found in findings.miss_rows(moves, _MISSES)
    ]
    _show(page, rows, list(rows[0]) if rows else [], f"review_misses_{moves.slice_name}")
    notes = [word("moves.table_note")] if kpi is not None else []
    st.caption(plain(numbers.say.sentences(*notes, moves_note(moves, review, numbers))))


def show_clear_changes(page: Page, review: Review, numbers: Numbers) -> None:
    """Draw the changes of regions and teams that are beyond chance, if there are any."""
    word = numbers.say
    rows = [
        {
            "member": member_name(change.member, numbers),
            "kpi": numbers.say.word(change.definition.label),
            "last_value": value_text(change.before, change.definition, numbers),
            "value": value_text(change.now, change.definition, numbers),
            "change": change_text(change.now, change.before, change.definition, numbers),
        }
        for change in clear_changes(review)
    ]
    compared = numbers.count(review.regions.compared + review.teams.compared)
    _show(page, rows, list(rows[0]) if rows else [], "review_clear")
    st.caption(plain(word("clear.note", compared=compared)))


def show_causes(page: Page, review: Review, numbers: Numbers) -> None:
    """Draw the Pareto of root causes and the concentrations."""
    word = numbers.say
    st.markdown(f"**{plain(causes_sentence(review, numbers))}**")
    known = [share for share in review.causes.shares if not share.cause.is_unknown]
    if known:
        vital = findings.vital_causes(review.causes.shares)
        frame = pd.DataFrame(
            [
                {
                    "member": member_name(share.cause, numbers),
                    "count": share.count,
                    "count_text": numbers.count(share.count),
                    "share_text": numbers.share(share.cumulative_share),
                    "cumulative": share.cumulative_share,
                    "is_vital": share in vital,
                }
                for share in known[:_CAUSES]
            ]
        )
        say = page.phrases
        titles = {
            "member": say("review.name"),
            "count_text": say("review.count"),
            "share_text": say("review.cumulative"),
        }
        draw(vital_few_chart, frame, titles, key="review_causes")
    st.markdown(f"**{plain(concentration_sentence(review, numbers))}**")
    period = review.header.period
    earlier = [period.moved(-back).code for back in range(EARLIER_PERIODS, 0, -1)]
    rows = [
        {
            "cause": member_name(found.cause, numbers),
            "region": member_name(found.region, numbers),
            **{code: numbers.count(count) for code, count in zip(earlier, found.earlier_counts, strict=True)},
            period.code: numbers.count(found.count),
            "expected": numbers.decimal(found.expected),
            "lift": numbers.factor(found.lift),
            "interval": word("number.range", low=numbers.factor(found.low), high=numbers.factor(found.high)),
            "state": word(_STATES[found.is_new]),
        }
        for found in review.causes.concentrations
    ]
    _show(page, rows, list(rows[0]) if rows else [], "review_concentrations")


_STATES = {True: "concentration.is_new", False: "concentration.is_known", None: "concentration.is_unproven"}


def show_quality(page: Page, review: Review, numbers: Numbers) -> None:
    """Say how far the sources reach and what was left out."""
    st.markdown(f"**{plain(quality_sentence(review, numbers))}**")
    st.markdown("\n".join(f"- {plain(line)}" for line in quality_lines(review, numbers)))
    rows = [
        {
            "contract": numbers.say.code("contract", source.contract),
            "source_system": source.source_system,
            "horizon": numbers.day(source.horizon),
            "reaches": reach_text(source, numbers),
        }
        for source in review.quality.sources
    ]
    _show(page, rows, list(rows[0]) if rows else [], "review_sources")


def _show(
    page: Page,
    rows: list[dict[str, str]],
    names: list[str],
    key: str,
    colours: list[str] | None = None,
    on_cell: OnCell | None = None,
) -> None:
    """Draw rows of texts; columns that are periods are called by their code."""
    if not rows:
        return
    frame = pd.DataFrame(rows)
    labelled = {name: name if name[0].isdigit() else page.phrases(f"review.{name}") for name in names}
    columns = [Column(name, label=f"review.{name}") for name in names if not name[0].isdigit()]
    if len(columns) == len(names):
        show_table(page, frame, columns, key, colours, on_cell=on_cell)
    else:
        st.dataframe(frame[names].rename(columns=labelled), hide_index=True, key=key)
