"""Mapping wizard: how does my file become tickets? The one page that looks at files instead of the build."""

import streamlit as st

from dashboards.page import Tool, start_tool
from dashboards.wizard.session import show_wizard


def _show_page(tool: Tool) -> None:
    st.caption(tool.phrases("wizard.promise"))
    show_wizard(tool)


if (opened := start_tool("mapping_wizard")) is not None:
    _show_page(opened)
