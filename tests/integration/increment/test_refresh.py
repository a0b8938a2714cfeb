"""The refresh of a company with history builds what a delivery changes, and says upon which build."""

import shutil
from pathlib import Path

import pytest

from tests.command_line import aftercare
from tests.integration.increment.building import differences
from warehouse.builds import Build, current_build, private_file, published_file
from warehouse.settings import Settings, load_settings

TICKETS = """ticket_id,opened_at,updated_at,status,case_type,region_id,resolved_at
TK-NEW-1,2025-10-31T22:10:00+08:00,2025-10-31T22:10:00+08:00,new,repair,R-SH,
TK-NEW-2,2025-10-31T21:00:00+08:00,2025-10-31T22:30:00+08:00,resolved,complaint,R-BJ,2025-10-31T22:30:00+08:00
"""


@pytest.fixture
def settings(demo_home: Path, tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    return load_settings(home=home)


def _refresh(settings: Settings, *arguments: str) -> Build:
    done = aftercare(settings.home, "refresh", *arguments, extra={"AFTERCARE_INCREMENT_ROWS": "0"})
    assert done.code == 0, done.err
    build = current_build(settings)
    assert build is not None
    return build


def test_a_delivery_is_built_upon_the_last_build_and_gives_what_a_full_build_gives(settings: Settings) -> None:
    before = current_build(settings)
    assert before is not None
    assert before.base is None
    (settings.landing_dir / "crm.tickets.2025-10-31.csv").write_text(TICKETS, encoding="utf-8")

    upon = _refresh(settings)
    assert upon.base == before.build_id
    assert upon.checksums["core.fct_tickets"]["rows"] == before.checksums["core.fct_tickets"]["rows"] + 2
    # nothing is left in the home that a copy of it would trip over, and nothing of the small warehouse
    assert not settings.dbt_workplace.is_symlink()
    assert list(settings.build_dir.iterdir()) == []

    whole = _refresh(settings, "--full")
    assert whole.base is None
    assert whole.recipe == upon.recipe
    found = differences(published_file(settings, upon.build_id), published_file(settings, whole.build_id))
    # the build's own id
    assert found == {"core.dim_run": (1, 1)}
    assert not differences(private_file(settings, upon.build_id), private_file(settings, whole.build_id))
