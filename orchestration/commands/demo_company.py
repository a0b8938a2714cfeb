"""`aftercare demo`: a company, a refresh, its pages."""

import json

from orchestration.commands.kpi_answers import KpiRequest, run_kpis
from orchestration.commands.output import say
from orchestration.commands.refreshing import run_refresh
from orchestration.commands.serving import run_serve
from orchestration.steps import RefreshRequest
from warehouse.settings import Settings, load_settings

_STAMP = "demo.json"


def run_demo(*, until: str, tickets: int, seed: int, serve: bool, port: int) -> None:
    """Generate the company unless it is there already, refresh, print its last month, serve."""
    settings = load_settings()
    settings.make_folders()
    _generate(settings, until=until, tickets=tickets, seed=seed)
    outcome = run_refresh(RefreshRequest())
    say("")
    run_kpis(
        KpiRequest(
            kpis=(),
            slice_name="total",
            period_kind="month",
            period_from=outcome.current.as_of.date().replace(day=1) if outcome.current else None,
            period_to=None,
            where="",
            tickets=False,
            explain=False,
            build=None,
            table_format="table",
        )
    )
    say(f"\ncurrent build: {outcome.current.build_id if outcome.current else 'none'}")
    if serve:
        run_serve(port=port, dagster_port=None)


def _generate(settings: Settings, *, until: str, tickets: int, seed: int) -> None:
    from demo.company import generate

    wanted = {"until": until, "tickets": tickets, "seed": seed}
    stamp = settings.home / _STAMP
    if stamp.is_file() and json.loads(stamp.read_text(encoding="utf-8")) == wanted:
        say(f"the demo company is in {settings.landing_dir} already")
        return
    summary = generate(settings.landing_dir, until=until, tickets=tickets, seed=seed, seeds_dir=settings.seeds)
    stamp.write_text(json.dumps(wanted), encoding="utf-8")
    say(
        f"made a demo company of {tickets:,} tickets until {until}: "
        f"{len(summary.files)} extracts in {settings.landing_dir}"
    )
