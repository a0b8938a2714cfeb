"""The command line `aftercare`. It starts fast: every command imports what it needs when it runs."""

import json
import logging
import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from warehouse.errors import AftercareError

app = typer.Typer(
    name="aftercare",
    help="The warehouse and BI for after-sales service: extracts in, audited KPIs out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class TableFormat(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class Answer(StrEnum):
    TEXT = "text"
    JSON = "json"


#: Exit code of a command that did its work, but could not read a database; its output says which and why.
SOME_UNREAD = 3

PeriodKind = StrEnum("PeriodKind", ["day", "week", "month", "quarter", "year"])

AnswerOption = Annotated[Answer, typer.Option("--format", help="text for people, json for machines")]
DateOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


@app.command()
def demo(
    until: Annotated[str, typer.Option(help="Last month of the company's history, YYYY-MM")] = "2025-10",
    tickets: Annotated[int, typer.Option(min=1, help="Size of the company's history")] = 12_000,
    seed: Annotated[int, typer.Option(help="Same seed, same company")] = 7,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Open the pages at the end")] = True,
    port: Annotated[int, typer.Option(help="Port of the pages on loopback")] = 8501,
) -> None:
    """Make a demo company, refresh, and open its pages.

    Example: aftercare demo --tickets 12000 --until 2025-10
    """
    from orchestration.commands.demo_company import run_demo

    run_demo(until=until, tickets=tickets, seed=seed, serve=serve, port=port)


@app.command()
def refresh(
    sources: Annotated[Path | None, typer.Option(help="Mapping file or folder of mappings")] = None,
    landing: Annotated[Path | None, typer.Option(help="Folder of extracts")] = None,
    full: Annotated[bool, typer.Option("--full", help="Build even if nothing is new")] = False,
    as_of: DateOption = None,
    known_at: DateOption = None,
    make_current: Annotated[bool, typer.Option("--make-current", help="Show a past --as-of build to readers")] = False,
    answer_format: AnswerOption = Answer.TEXT,
) -> None:
    """Land new extracts, check them, build the marts, check them, publish them.

    Exit code 3: it did, but a database could not be read.

    Example: aftercare refresh --sources sources/presets/servicenow_incidents.yml --landing extracts/
    """
    from orchestration.commands.refreshing import run_refresh
    from orchestration.steps import RefreshRequest

    request = RefreshRequest(sources, landing, full, _day(as_of), _day(known_at), make_current)
    if run_refresh(request, as_json=answer_format is Answer.JSON).unread:
        raise typer.Exit(SOME_UNREAD)


@app.command()
def serve(
    dagster: Annotated[bool, typer.Option("--dagster", help="Also open the scheduler's pages")] = False,
    port: Annotated[int, typer.Option(help="Port of the pages on loopback")] = 8501,
    dagster_port: Annotated[int, typer.Option(help="Port of the scheduler's pages on loopback")] = 3000,
) -> None:
    """Open the pages at 127.0.0.1, until interrupted.

    Example: aftercare serve --dagster
    """
    from orchestration.commands.serving import run_serve

    run_serve(port=port, dagster_port=dagster_port if dagster else None)


@app.command()
def kpis(
    kpi: Annotated[
        list[str] | None, typer.Option("--kpi", help="Key of a KPI; repeat for several; default all")
    ] = None,
    slice_name: Annotated[str, typer.Option("--slice", help="total, region, team, region__root_cause, …")] = "total",
    period: Annotated[PeriodKind, typer.Option(help="Length of a period")] = PeriodKind.month,
    start: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First local day")] = None,
    end: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last local day")] = None,
    where: Annotated[str, typer.Option(help="region=R-SH,channel=hotline; several values: region=R-SH|R-JS")] = "",
    tickets: Annotated[bool, typer.Option("--tickets", help="The tickets behind the numbers")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Definition, rulings and inputs instead of numbers")
    ] = False,
    build: Annotated[str | None, typer.Option(help="A published build other than the current one")] = None,
    table_format: Annotated[TableFormat, typer.Option("--format", help="table, csv or json")] = TableFormat.TABLE,
) -> None:
    """Print KPIs of the published build.

    Example: aftercare kpis --kpi csat_score --slice region --period month --from 2025-10-01 --to 2025-10-31
    """
    from orchestration.commands.kpi_answers import KpiRequest, run_kpis

    run_kpis(
        KpiRequest(
            tuple(kpi or ()),
            slice_name,
            str(period),
            _day(start),
            _day(end),
            where,
            tickets,
            explain,
            build,
            str(table_format),
        )
    )


@app.command()
def land(
    extracted_at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="When the extracts were taken, company time"),
    ] = None,
    withdraw: Annotated[str | None, typer.Option(help="Take an accepted extract back")] = None,
    accept: Annotated[str | None, typer.Option(help="Accept an extract that gate 1 refused for its volume")] = None,
    sources: Annotated[Path | None, typer.Option(help="Mapping file or folder of mappings")] = None,
    landing: Annotated[Path | None, typer.Option(help="Folder of extracts")] = None,
    answer_format: AnswerOption = Answer.TEXT,
) -> None:
    """Land new extracts as candidates, without judging or building.

    Example: aftercare land --extracted-at 2025-11-01
    """
    from orchestration.commands.landing_extracts import run_accept, run_land, run_withdraw

    as_json = answer_format is Answer.JSON
    if withdraw:
        run_withdraw(withdraw, as_json=as_json)
    elif accept:
        run_accept(accept, as_json=as_json)
    elif run_land(extracted_at, sources, landing, as_json=as_json).unread:
        raise typer.Exit(SOME_UNREAD)


@app.command()
def check(answer_format: AnswerOption = Answer.TEXT) -> None:
    """Judge the extracts that wait as candidates, and the build that waits for publishing.

    Example: aftercare check
    """
    from orchestration.commands.gates import run_check

    run_check(as_json=answer_format is Answer.JSON)


@app.command()
def publish(answer_format: AnswerOption = Answer.TEXT) -> None:
    """Publish the build that waits, if gate 2 passed on it.

    Example: aftercare publish
    """
    from orchestration.commands.builds import run_publish

    run_publish(as_json=answer_format is Answer.JSON)


@app.command()
def builds(answer_format: AnswerOption = Answer.TEXT) -> None:
    """List the published builds, newest first.

    Example: aftercare builds --format json
    """
    from orchestration.commands.builds import run_builds

    run_builds(as_json=answer_format is Answer.JSON)


@app.command()
def rollback(
    build: Annotated[str, typer.Argument(help="Id of a published build")], answer_format: AnswerOption = Answer.TEXT
) -> None:
    """Make an earlier published build the current one.

    Example: aftercare rollback 20251101T021500-3fa9c1
    """
    from orchestration.commands.builds import run_rollback

    run_rollback(build, as_json=answer_format is Answer.JSON)


@app.command()
def review(
    period: Annotated[str, typer.Argument(help="A month 2025-10, a quarter 2025-Q4 or a year 2025")],
    formats: Annotated[str, typer.Option("--format", help="pptx, xlsx, or both with a comma")] = "pptx,xlsx",
    output: Annotated[Path | None, typer.Option(help="Folder of the files; default reviews/ of the home")] = None,
    language: Annotated[str | None, typer.Option(help="zh-CN or en; default both")] = None,
    build: Annotated[str | None, typer.Option(help="A published build other than the current one")] = None,
) -> None:
    """Write the review of a period: KPIs, movers, root causes, data quality, as deck and workbook.

    Example: aftercare review 2025-10 --format pptx,xlsx --output reviews/ --language en
    """
    from orchestration.commands.review import run_review

    run_review(period, formats, output, language, build)


@app.command()
def quality(
    export: Annotated[Path | None, typer.Option(help="Write quarantined rows as files to correct")] = None,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="Write workbooks instead of CSV")] = False,
    answer_format: AnswerOption = Answer.TEXT,
) -> None:
    """Show the last gates with their reasons, refused extracts, quarantine and bad cells.

    Example: aftercare quality --export corrections/
    """
    from orchestration.commands.gates import run_quality

    run_quality(export, as_xlsx=xlsx, as_json=answer_format is Answer.JSON)


def main() -> None:
    """Run the command line; a failure is one sentence and an exit code other than 0, its story is in the log."""
    try:
        app(standalone_mode=True)
    except AftercareError as error:
        logging.getLogger(__name__).debug("command failed", exc_info=True)
        _complain(str(error))
    except Exception as error:
        from orchestration.logs import write_crash

        _complain(f"something broke that should not: {error}; the whole story is in {write_crash(error)}")


def _complain(sentence: str) -> None:
    wants_json = "json" in sys.argv
    sys.stderr.write(
        (json.dumps({"error": sentence}, ensure_ascii=False) if wants_json else f"Error: {sentence}") + "\n"
    )
    raise SystemExit(1)


if __name__ == "__main__":
    main()
