"""The dashboards: `streamlit run dashboards/app.py`. Registry and title only; pages are files in `views/`."""

from pathlib import Path

import streamlit as st

from dashboards.navigation import current_page
from dashboards.page import page_phrases

#: A file, because Streamlit loads Material icons of a tab from the network.
_ICON = Path(__file__).parent / "assets" / "icon.svg"

phrases = page_phrases()
st.set_page_config(page_title=phrases("app.title"), page_icon=_ICON, layout="wide", initial_sidebar_state=220)
current_page(phrases).run()
