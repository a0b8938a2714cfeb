"""The chart forms of the analysis pages: valid Vega-Lite, in the order of their frames, clickable."""

import pandas as pd

from dashboards.charts.cause_bars import cause_bars
from dashboards.charts.heat_map import heat_map
from dashboards.charts.lifts import lifts
from dashboards.charts.lines import lines
from dashboards.charts.pairs import pairs
from dashboards.charts.pareto import pareto
from dashboards.charts.ranking import ranking
from dashboards.charts.tile_layout import lay_out, provinces
from dashboards.charts.tile_map import tile_map


def _rows(chart: dict) -> list[dict]:
    return [row for data in chart["datasets"].values() for row in data]


def test_heat_map_scales_to_the_largest_cell_and_reports_the_pair() -> None:
    frame = pd.DataFrame(
        {"row": ["A", "A", "B"], "column": ["x", "y", "x"], "value": [2.0, 8.0, None], "text": ["2", "8", "–"],
         "is_judged": [True, True, False], "code": ["a|x", "a|y", "b|x"]}
    )  # fmt: skip
    chart = heat_map(frame, ["B", "A"], ["x", "y"], {"row": "Region", "column": "Stage"}).to_dict()
    assert [row["depth"] for row in _rows(chart)] == [0.25, 1.0, None]
    assert [row["opacity"] for row in _rows(chart)] == [1.0, 1.0, 0.3]
    assert chart["layer"][0]["encoding"]["y"]["sort"] == ["B", "A"]
    assert chart["params"][0]["select"]["fields"] == ["code"]


def test_pareto_has_bars_cumulative_line_and_the_80_percent_rule() -> None:
    frame = pd.DataFrame(
        {"code": ["c1", "c2"], "member": ["Battery", "Motor"], "count": [80.0, 20.0], "cumulative": [0.8, 1.0],
         "count_text": ["80", "20"], "is_vital": [True, False], "is_chosen": [True, False], "position": [0, 1]}
    )  # fmt: skip
    chart = pareto(frame, {"member": "Cause"}).to_dict()
    marks = [layer["mark"]["type"] for part in chart["layer"][:2] for layer in part["layer"]]
    assert marks == ["bar", "bar", "text", "rule", "line"]
    assert {"cumulative": 0.8} in _rows(chart)
    assert chart["resolve"]["scale"]["x"] == "independent"


def test_lines_draw_incomplete_periods_hollow() -> None:
    frame = pd.DataFrame(
        {"period": ["2025-09", "2025-10"], "member": ["Battery"] * 2, "value": [1.0, 2.0], "is_complete": [True, False],
         "value_text": ["1", "2"]}
    )  # fmt: skip
    chart = lines(frame, ["Battery"], {"member": "Cause", "value_text": "Cases"}, ",~r").to_dict()
    assert [layer["mark"]["type"] for layer in chart["layer"]] == ["line", "point", "point"]
    assert chart["layer"][2]["mark"]["fill"] == "#ffffff"


def test_lifts_are_on_a_scale_of_ratios_and_colour_new_ones() -> None:
    frame = pd.DataFrame(
        {"code": ["a|c", "b|c"], "member": ["A · c", "B · c"], "lift": [3.0, 2.0], "low": [2.0, 1.2],
         "high": [4.0, 3.1], "lift_text": ["× 3.0", "× 2.0"], "is_new": [True, False]}
    )  # fmt: skip
    chart = lifts(frame, {"member": "Pair"}).to_dict()
    assert chart["layer"][2]["encoding"]["x"]["scale"]["type"] == "log"
    colours = {row["member"]: row["colour"] for row in _rows(chart) if "colour" in row}
    assert colours["A · c"] != colours["B · c"]


def test_pairs_draw_the_gap_only_where_both_sides_are_known() -> None:
    frame = pd.DataFrame(
        {"code": ["r1", "r1", "r2"], "member": ["R1", "R1", "R2"], "side": ["in", "out", "in"],
         "side_code": ["i", "o", "i"], "value": [1.0, 2.0, 3.0], "is_judged": [True, True, False]}
    )  # fmt: skip
    chart = pairs(frame, ["in", "out"], {"member": "Region"}, ",~r").to_dict()
    gaps = [row for row in _rows(chart) if "one" in row]
    assert gaps == [{"member": "R1", "one": 1.0, "other": 2.0}]
    assert chart["params"][0]["select"]["fields"] == ["code", "side_code"]


def test_cause_bars_keep_their_order_and_colour_what_nothing_explains() -> None:
    frame = pd.DataFrame(
        {"code": ["unexplained", "not_stable"], "name": ["Unexplained", "Reopened"], "tickets": [9, 4],
         "text": ["9 · 2%", "4 · 1%"], "is_unexplained": [True, False], "is_chosen": [False, True]}
    )  # fmt: skip
    chart = cause_bars(frame, {"name": "Cause", "text": "Tickets"}).to_dict()
    assert chart["layer"][0]["encoding"]["y"]["sort"] == ["Unexplained", "Reopened"]
    colours = {row["code"]: (row["colour"], row["edge"]) for row in _rows(chart)}
    assert colours == {"unexplained": ("#b85c00", "#b85c00"), "not_stable": ("#5f92c9", "#1d2733")}
    assert chart["params"][0]["select"]["fields"] == ["code"]


def test_ranking_shows_values_below_zero() -> None:
    texts = dict.fromkeys(("value_text", "interval_text", "target_text", "n_text", "remark"), "")
    frame = pd.DataFrame(
        [
            {
                "code": "a",
                "member": "A",
                "value": -40.0,
                "low": None,
                "high": None,
                "target": None,
                "is_ranked": True,
                **texts,
            }
        ]
    ).astype({"low": float, "high": float, "target": float})
    chart = ranking(frame, {"member": "Name", **texts}).to_dict()
    lowest, highest = chart["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert (lowest, highest) == (-40.0, 12.0)


def test_every_province_has_a_tile_of_its_own() -> None:
    places = {(row["row"], row["column"]) for row in provinces()}
    assert len(provinces()) == len(places) == 34


def test_regions_find_their_tile_by_either_name_and_others_a_spare_one() -> None:
    names = {
        "1": "上海市",
        "2": "Inner Mongolia",
        "3": "新疆维吾尔自治区",
        "4": "Shanghai",
        "5": "Overseas",
        "6": "西藏自治区",
    }
    tiles = {tile.code: tile for tile in lay_out(names, "short_zh") if tile.code}
    assert {code: tile.short for code, tile in tiles.items()} == {
        "1": "上海", "2": "内蒙古", "3": "新疆", "4": "Shanghai", "5": "Overseas", "6": "西藏"
    }  # fmt: skip
    below = max(tile.row for tile in lay_out({}, "short_zh"))
    assert tiles["1"].row <= below < tiles["4"].row == tiles["5"].row
    assert tiles["4"].column != tiles["5"].column


def test_tile_map_greys_regions_without_a_judged_value() -> None:
    tiles = lay_out({"R-SH": "Shanghai", "R-BJ": "Beijing"}, "short_en")
    depths = {"R-SH": 1.0}
    frame = pd.DataFrame(
        [
            {"row": tile.row, "column": tile.column, "short": tile.short, "code": tile.code, "tile_text": "",
             "depth": depths.get(tile.code or ""), "is_chosen": tile.code == "R-SH", "member": tile.short}
            for tile in tiles
        ]
    ).astype({"depth": float})  # fmt: skip
    chart = tile_map(frame, {"member": "Region"}).to_dict()
    empty, grey, coloured, chosen = (chart["datasets"][layer["data"]["name"]] for layer in chart["layer"][:4])
    assert (len(empty), len(grey), len(coloured), len(chosen)) == (32, 1, 1, 1)
    assert grey[0]["code"] == "R-BJ"
