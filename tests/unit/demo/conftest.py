"""One demo company for all tests, and its extracts as a warehouse would see them: newest version per key."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from demo.company import DemoSummary, generate
from warehouse.contract import get_contract

SEEDS = Path(__file__).parents[3] / "seeds"


def read_text(path: Path) -> pd.DataFrame:
    """Return a CSV extract as text, empty fields as NaN."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])


def instants(values: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    """Return local instants, NaT where a value is none."""
    return pd.to_datetime(values, format="ISO8601", errors="coerce", utc=True).dt.tz_convert("Asia/Shanghai")


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> DemoSummary:
    return generate(tmp_path_factory.mktemp("company"), tickets=12_000, seeds_dir=SEEDS)


@pytest.fixture(scope="session")
def landed(company: DemoSummary) -> Callable[[str], pd.DataFrame]:
    """All rows of a contract in landing order; `file` is the position of the delivery."""

    def read(contract: str) -> pd.DataFrame:
        names = [name for name in company.files if name.startswith(f"{contract}.") and ".csv" in name]
        frames = [read_text(company.directory / name).assign(file=number) for number, name in enumerate(names)]
        return pd.concat(frames, ignore_index=True)

    return read


@pytest.fixture(scope="session")
def current(landed: Callable[[str], pd.DataFrame]) -> Callable[[str], pd.DataFrame]:
    """The newest version of each key of a contract, rows without a required value left out; instants parsed."""
    cache: dict[str, pd.DataFrame] = {}

    def read(name: str) -> pd.DataFrame:
        if name not in cache:
            contract = get_contract(name)
            frame = landed(name).dropna(subset=list(contract.required_columns))
            for column in contract.columns:
                if column.type == "instant":
                    frame[column.name] = instants(frame[column.name])
                elif column.type in ("number", "money", "integer"):
                    frame[column.name] = pd.to_numeric(frame[column.name], errors="coerce")
            if contract.version_column:
                frame = frame.sort_values(contract.version_column, kind="stable")
            cache[name] = frame.drop_duplicates(list(contract.key), keep="last").reset_index(drop=True)
        return cache[name]

    return read
