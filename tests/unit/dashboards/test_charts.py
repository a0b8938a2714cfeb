"""Every chart form is valid Vega-Lite (pages skip that check for speed) and shows what its frame says."""

from typing import Any

import altair as alt
import pandas as pd
import pytest

from dashboards.charts import drawing
from dashboards.charts.ranking import ranking
from dashboards.charts.sparkline import sparkline
from dashboards.charts.trend import trend
from dashboards.language import Phrases

TITLES = {name: name for name in ("period", "value", "period_text", "member", "value_text", "interval_text")}
TITLES |= {name: Phrases("zh-CN")(f"tooltip.{name}") for name in ("target_text", "n_text", "remark")}
TEXTS = {"value_text": "1", "interval_text": "–", "target_text": "–", "n_text": "n = 3", "remark": ""}


def _frame(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame(columns).assign(**TEXTS)


def test_sparkline_marks_the_present_period() -> None:
    frame = _frame(
        period=["2025-09", "2025-10"], value=[0.9, None], target=[0.95, 0.95], is_current=[False, True]
    ).astype({"value": float})
    chart = sparkline(frame, TITLES).to_dict()
    assert len(chart["layer"]) == 3
    data = next(iter(chart["datasets"].values()))
    assert data[1]["size"] > data[0]["size"]
    assert data[1]["value"] is None


def test_trend_has_band_and_target_only_where_there_are_any() -> None:
    base = {"period": ["2025-09", "2025-10"], "period_text": ["Sep", "Oct"], "value": [1.0, 2.0]}
    unknown = [float("nan")] * 2
    bare = _frame(**base, low=unknown, high=unknown, target=unknown, is_complete=[True, False])
    assert len(trend(bare, TITLES, ",~r").to_dict()["layer"]) == 2
    full = _frame(**base, low=[0.5, 1.0], high=[1.5, 2.5], target=[1.0, 1.0], is_complete=[True, False])
    chart = trend(full, TITLES, "~%").to_dict()
    assert len(chart["layer"]) == 4
    fills = {row["period"]: row["fill"] for data in chart["datasets"].values() for row in data if "fill" in row}
    assert fills["2025-09"] != fills["2025-10"]


def test_ranking_keeps_the_order_and_greys_what_is_not_ranked() -> None:
    frame = _frame(
        code=["R-SC", "R-SH", "R-XZ"],
        member=["Sichuan", "Shanghai", "Tibet"],
        value=[0.7, 0.9, 0.2],
        low=[0.6, 0.8, None],
        high=[0.8, 0.95, None],
        target=[0.95] * 3,
        is_ranked=[True, True, False],
    ).astype({"low": float, "high": float})
    chart = ranking(frame, TITLES).to_dict()
    assert len(chart["layer"]) == 5
    assert chart["params"][0]["select"]["fields"] == ["code"]
    bars = chart["layer"][0]
    assert bars["encoding"]["y"]["sort"] == ["Sichuan", "Shanghai", "Tibet"]
    assert bars["encoding"]["x"]["scale"]["domain"][0] == 0
    colours = {row["member"]: row["bar_colour"] for data in chart["datasets"].values() for row in data}
    assert colours["Sichuan"] == colours["Shanghai"] != colours["Tibet"]


def test_the_same_content_is_made_into_a_chart_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def form(frame: pd.DataFrame, titles: dict[str, str]) -> alt.LayerChart:
        made.append(titles["value"])
        return sparkline(frame, titles)

    drawn: list[dict[str, Any]] = []
    monkeypatch.setattr(drawing.st, "vega_lite_chart", lambda spec, width, key: drawn.append(spec))
    frame = pd.DataFrame(
        {"period": ["2025-09", "2025-10"], "value": [0.8, 0.9], "value_text": ["80 %", "90 %"], "target": [None, None],
         "is_current": [False, True]}
    )  # fmt: skip
    for content in (frame, frame.copy(), frame.assign(value=[0.8, 0.95])):
        drawing.draw(form, content, {"period": "Period", "value": "On time"}, key="card")
    drawing.draw(form, frame, {"period": "期间", "value": "及时率"}, key="card")
    assert made == ["On time", "On time", "及时率"]
    assert drawn[0] is drawn[1]
    # as wide as its place, and without the frame that Vega draws by itself
    assert drawn[0]["config"] == {"view": {"stroke": None}}
    # rows stand beside the chart, those of all layers once
    (rows,) = drawn[2]["datasets"].values()
    assert rows["value"].tolist() == [0.8, 0.95]
    assert {layer.get("data", drawn[2].get("data"))["name"] for layer in drawn[2]["layer"]} == {"frame_0"}
