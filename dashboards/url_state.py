"""The state of a page lives in its address, so that a link shows what its sender saw.

`bind="query-params"` of Streamlit puts the *labels* of options into the address, which would change with the
language; here the address holds codes, checked against the options of the widget. What is not among them is ignored.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

#: Parameters that go along when a reader moves to another page.
SHARED_PARAMETERS = (
    "lang",
    "period_kind",
    "period",
    "compare",
    "region",
    "team",
    "product_category",
    "case_type",
    "root_cause",
    "channel",
    "kpi",
)

_MOST_VALUES = 50


def read_one(name: str, allowed: Collection[str], default: str) -> str:
    """Return the parameter's value when it is an allowed one, else the default."""
    value = st.query_params.get(name)
    return value if value is not None and value in allowed else default


def read_many(name: str, allowed: Collection[str]) -> tuple[str, ...]:
    """Return the parameter's allowed values, each once, in the order of `allowed`."""
    asked = set(st.query_params.get_all(name)[:_MOST_VALUES])
    return tuple(value for value in allowed if value in asked)


def read_text(name: str, most: int = 200) -> str:
    """Return the parameter as it is, shortened; for free text and for codes that are checked where they are used."""
    return st.query_params.get(name, "")[:most]


def write(name: str, value: str | None) -> None:
    """Put a parameter into the address, or take it out."""
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def shared_parameters() -> dict[str, str | list[str]]:
    """Return the parameters that links to other pages carry."""
    found = {name: st.query_params.get_all(name)[:_MOST_VALUES] for name in SHARED_PARAMETERS}
    return {name: values if len(values) > 1 else values[0] for name, values in found.items() if values}


def choose_one(
    place: DeltaGenerator, name: str, label: str, options: Mapping[str, str], default: str, **layout: Any
) -> str:
    """Draw a select box over `{code: label}` that is bound to the address; returns the chosen code."""
    key = f"choice_{name}"
    chosen = read_one(name, options, default)
    st.session_state[key] = chosen
    labels = _unique_labels(options)
    place.selectbox(
        label,
        list(options),
        format_func=labels.__getitem__,
        key=key,
        on_change=_write_one,
        args=(name, default),
        **layout,
    )
    return chosen


def choose_segment(
    place: DeltaGenerator, name: str, label: str, options: Mapping[str, str], default: str, **layout: Any
) -> str:
    """Draw a row of exclusive buttons over `{code: label}` that is bound to the address; returns the chosen code."""
    key = f"choice_{name}"
    chosen = read_one(name, options, default)
    st.session_state[key] = chosen
    place.segmented_control(
        label,
        list(options),
        format_func=_unique_labels(options).__getitem__,
        key=key,
        required=True,
        on_change=_write_one,
        args=(name, default),
        **layout,
    )
    return chosen


def choose_many(
    place: DeltaGenerator, name: str, label: str, options: Mapping[str, str], placeholder: str, **layout: Any
) -> tuple[str, ...]:
    """Draw a multi-select over `{code: label}` that is bound to the address; returns the chosen codes, () for all."""
    key = f"choice_{name}"
    chosen = read_many(name, options)
    st.session_state[key] = list(chosen)
    place.multiselect(
        label,
        list(options),
        format_func=_unique_labels(options).__getitem__,
        key=key,
        placeholder=placeholder,
        select_all=False,
        on_change=_write_many,
        args=(name,),
        **layout,
    )
    return chosen


def enter_text(place: DeltaGenerator, name: str, label: str, placeholder: str, **layout: Any) -> str:
    """Draw a text field that is bound to the address; returns what is in it."""
    key = f"choice_{name}"
    text = read_text(name)
    st.session_state[key] = text
    place.text_input(
        label, key=key, placeholder=placeholder, max_chars=100, on_change=_write_one, args=(name, ""), **layout
    )
    return text


def _write_one(name: str, default: str) -> None:
    value = st.session_state[f"choice_{name}"]
    write(name, None if value == default else value)


def _write_many(name: str) -> None:
    values: Sequence[str] = st.session_state[f"choice_{name}"]
    if values:
        st.query_params[name] = list(values)
    else:
        st.query_params.pop(name, None)


def _unique_labels(options: Mapping[str, str]) -> dict[str, str]:
    """Streamlit tells options apart by label, so members of the same name get their code behind it."""
    labels = list(options.values())
    return {code: label if labels.count(label) == 1 else f"{label} ({code})" for code, label in options.items()}
