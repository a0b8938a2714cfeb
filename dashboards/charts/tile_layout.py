"""Where the provinces of China stand on a grid of tiles, by name, so that any company's region codes fit."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("china_tiles.csv")

#: Endings of full names: municipality, province, and the five autonomous and two special regions.
_ENDINGS = re.compile(
    "(\u5e02|\u7701|\u7ef4\u543e\u5c14\u81ea\u6cbb\u533a|\u58ee\u65cf\u81ea\u6cbb\u533a|\u56de\u65cf\u81ea\u6cbb\u533a"
    "|\u81ea\u6cbb\u533a|\u7279\u522b\u884c\u653f\u533a)$"
)
_ENGLISH_ENDINGS = re.compile(
    r"\s(province|municipality|(zhuang\s|hui\s|uyghur\s)?autonomous\sregion|sar)$", re.IGNORECASE
)

#: Rows between the map and the regions that are on no map.
_GAP = 1


@dataclass(frozen=True)
class Tile:
    """A place on the grid; `code` is the company's region there, None where it has none."""

    row: int
    column: int
    short: str
    code: str | None


@cache
def provinces() -> tuple[dict[str, str], ...]:
    """Return the provinces with name_zh, name_en, short_zh, short_en, row and column."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def lay_out(names: Mapping[str, str], short: str) -> list[Tile]:
    """Return a tile for every province and for every region of `names` (name by code, in either language).

    `short` is the column of the short names. Regions that are no province, or the second of a province, follow in rows
    below the map under their own names.
    """
    places = {_plain(row[column]): row for row in provinces() for column in ("name_zh", "name_en")}
    at: dict[str, str] = {}
    spare = []
    for code, name in names.items():
        place = places.get(_plain(name))
        if place is None or place["name_en"] in at:
            spare.append((code, name))
        else:
            at[place["name_en"]] = code
    tiles = [Tile(int(row["row"]), int(row["column"]), row[short], at.get(row["name_en"])) for row in provinces()]
    width = max(tile.column for tile in tiles) + 1
    below = max(tile.row for tile in tiles) + 1 + _GAP
    tiles += [
        Tile(below + position // width, position % width, name, code) for position, (code, name) in enumerate(spare)
    ]
    return tiles


def _plain(name: str) -> str:
    return _ENGLISH_ENDINGS.sub("", _ENDINGS.sub("", name.strip())).casefold()
