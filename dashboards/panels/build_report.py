"""The builds that can be read, the one on this page marked."""

import pandas as pd
import streamlit as st

from dashboards.exports import show_download
from dashboards.formatting import format_instant, format_number
from dashboards.page import Page
from dashboards.queries import runs
from dashboards.tables import Column, show_table

_MEGABYTE = 1_000_000

_COLUMNS = (
    Column("build_id"),
    Column("is_shown"),
    Column("as_of"),
    Column("built_at"),
    Column("zone"),
    Column("extracts", kind="count"),
    Column("megabytes", kind="number"),
)


def show_builds(page: Page) -> None:
    """Draw the published builds, newest first."""
    say = page.phrases
    builds = runs.published_builds(page.settings, page.scope)
    frame = pd.DataFrame(
        [
            {
                "build_id": build.build_id,
                "is_shown": say("builds.shown") if build.build_id == page.reader.build.build_id else "",
                "as_of": format_instant(build.as_of, build.zone),
                "built_at": format_instant(build.built_at, build.zone),
                "zone": build.zone,
                "extracts": build.extracts,
                "megabytes": build.bytes / _MEGABYTE,
            }
            for build in builds
        ]
    )
    st.markdown(say("builds.count", builds=format_number(len(builds))))
    show_table(page, frame, _COLUMNS, "builds")
    show_download(page, frame.assign(shown_build=page.reader.build.build_id), "builds", say("filter.none"))
