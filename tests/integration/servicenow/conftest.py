"""The real ServiceNow log, landed and published once for all tests of this folder, beside a reading of the raw file."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from tests.built_once import built_once
from tests.reading.incident_log import read_incidents, read_log
from warehouse.kpi_question import KpiQuestion
from warehouse.kpis import answer
from warehouse.reading import BuildReader, reader_of
from warehouse.scope import Scope
from warehouse.settings import CHECKOUT, load_settings

DATA = Path(os.environ.get("AFTERCARE_TEST_DATA", CHECKOUT.parent / "shared" / "data"))
FOLDER = DATA / "servicenow_incidents"
LOG = FOLDER / "incident_events.csv.gz"
PRESET = CHECKOUT / "sources" / "presets" / "servicenow_incidents.yml"


@dataclass
class Landed:
    """The published build and the incidents as the file tells them."""

    reader: BuildReader
    log: pd.DataFrame
    incidents: pd.DataFrame

    def figure(self, kpi_key: str, slice_name: str = "total", period_kind: str = "month") -> pd.DataFrame:
        """Return the answered figures by period and slice member, those of nothing left out."""
        question = KpiQuestion(kpis=(kpi_key,), slice_name=slice_name, period_kind=period_kind)
        answered = answer(self.reader, question, Scope())
        answered = answered.assign(period_start=pd.to_datetime(answered["period_start"]))
        return answered.set_index(["period_start", "slice_value"])[["numerator", "denominator", "value", "n"]]

    def months(self, instant: str) -> pd.Series:
        return pd.to_datetime(self.incidents[instant]).dt.to_period("M").dt.start_time


@pytest.fixture(scope="session")
def landed(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Landed:
    """Return the published log; without the real extracts the test that asks for it is skipped."""
    if not LOG.is_file():
        pytest.skip(f"the real extracts are not here: {LOG}")
    home = built_once(tmp_path_factory, worker_id, "servicenow", _refresh)
    log = read_log(LOG)
    return Landed(reader_of(load_settings(home=home, zone="UTC")), log, read_incidents(log))


def _refresh(home: Path) -> None:
    environment = os.environ | {"AFTERCARE_HOME": str(home), "AFTERCARE_ZONE": "UTC"}
    command = [sys.executable, "-m", "orchestration.cli", "refresh", "--format", "json"]
    command += ["--sources", str(PRESET), "--landing", str(FOLDER)]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert json.loads(done.stdout[done.stdout.index("{") :])["status"] == "published"
