"""Volumes by case type as a table: as they stand, per working day, and aligned by the Spring Festival."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboards.clicks import OnCell
from dashboards.drill import Drill, open_drill
from dashboards.formatting import plain
from dashboards.page import Page
from dashboards.tables import Column, show_table
from reviews.model import ALL_CASE_TYPES, Volumes
from reviews.numbers import Numbers
from reviews.period import ReviewPeriod
from reviews.volume_wording import volume_cells, volume_columns, volume_notes, volume_sentence


def show_volumes(page: Page, found: Sequence[Volumes], period: ReviewPeriod, numbers: Numbers) -> None:
    """Draw one table per volume; a click on a row opens its tickets."""
    names = volume_columns(found, period)
    labels = {"value": "review.value"}
    columns = [Column(name, label=labels.get(name, f"volumes.{name}")) for name in names]
    for volume in found:
        st.markdown(f"**{plain(volume_sentence(volume, period, numbers))}**")
        frame = pd.DataFrame([volume_cells(volume, row, numbers) for row in volume.rows], columns=names)
        show_table(page, frame, columns, f"volumes_{volume.definition.key}", on_cell=_drill_into(volume))
    notes = [*volume_notes(found, numbers), page.phrases("legend.click_row")]
    st.caption(plain(numbers.say.sentences(*notes)))


def volumes_frame(found: Sequence[Volumes]) -> pd.DataFrame:
    """Return what the tables show as numbers; changes are fractions."""
    return pd.DataFrame(
        [
            {
                "kpi_key": volume.definition.key,
                "case_type": row.case_type.code,
                "value": row.now.value if row.now else None,
                "value_before": row.before.value if row.before else None,
                "value_year_before": row.year_before.value if row.year_before else None,
                "working_days": volume.counted.working_days if volume.counted else None,
                "working_days_before": volume.before.working_days if volume.before else None,
                "working_days_year_before": volume.year_before.working_days if volume.year_before else None,
                "change_per_working_day": volume.change_per_day(row),
                "year_change_per_working_day": volume.year_change_per_day(row),
                "counted_from": volume.counted.span.first if volume.counted else None,
                "counted_to": volume.counted.span.last if volume.counted else None,
                "value_counted": row.counted,
                "matched_from": volume.twin.first if volume.twin else None,
                "matched_to": volume.twin.last if volume.twin else None,
                "value_matched": row.twin,
                "change_festival_aligned": volume.festival_change(row),
                "target": row.now.target if row.now else None,
                "target_attainment": volume.attainment(row),
            }
            for volume in found
            for row in volume.rows
        ]
    )


def _drill_into(volume: Volumes) -> OnCell:
    def drill(position: int, _: str) -> None:
        case_type = volume.rows[position].case_type
        is_total = case_type == ALL_CASE_TYPES
        open_drill(Drill(volume.definition.key, "total" if is_total else "case_type", case_type.code))

    return drill
