"""`aftercare land`."""

import uuid
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from data_quality.rule import waivable_rules
from landing.delivery import LandingReport, land, withdraw
from landing.mapping import load_mappings
from orchestration.commands.output import print_json, say
from orchestration.lock import hold_refresh_lock, release_refresh_lock
from orchestration.logs import log_to_file
from warehouse.connections import writer
from warehouse.manifest import accept_refused, prepare_warehouse
from warehouse.settings import load_settings


def run_land(
    extracted_at: datetime | None, sources: Path | None, folder: Path | None, *, as_json: bool
) -> LandingReport:
    """Land new files and what is new in databases as candidates, and list them."""
    settings = load_settings()
    log_to_file(settings)
    hold_refresh_lock(settings)
    try:
        settings.make_folders()
        with writer(settings.warehouse_file, settings) as connection:
            prepare_warehouse(connection)
        instant = extracted_at and extracted_at.replace(tzinfo=ZoneInfo(settings.zone)).astimezone(UTC)
        report = land(
            settings,
            run_id=str(uuid.uuid4()),
            landing_dir=folder or settings.landing_dir,
            mappings=load_mappings(sources or settings.sources),
            extracted_at=instant.replace(tzinfo=None) if instant else None,
        )
    finally:
        release_refresh_lock(settings)
    if as_json:
        print_json(
            {
                "landed": [vars(extract) for extract in report.landed],
                "refused": [vars(extract) for extract in report.refused],
                "unchanged": report.unchanged,
                "unmatched_files": report.unmatched_files,
                "unread": [vars(table) for table in report.unread],
            }
        )
        return report
    for extract in report.landed:
        say(f"landed {extract.file_name}: {extract.rows_loaded} of {extract.rows_read} rows ({extract.extract_id})")
    for extract in report.refused:
        say(f"refused {extract.file_name}: {extract.reason_en}")
    for table in report.unread:
        say(f"not read: {table.reason_en}")
    for name in report.unmatched_files:
        say(f"not landed, no mapping fits: {name}")
    say(f"{len(report.landed)} landed, {len(report.refused)} refused, {report.unchanged} unchanged")
    return report


def run_accept(extract_id: str, *, as_json: bool) -> None:
    """Let gate 1 judge a refused extract again, without the rules that a person may waive."""
    settings = load_settings()
    hold_refresh_lock(settings)
    try:
        with writer(settings.warehouse_file, settings) as connection:
            prepare_warehouse(connection)
            accept_refused(connection, extract_id, waivable_rules())
    finally:
        release_refresh_lock(settings)
    if as_json:
        print_json({"extract_id": extract_id, "state": "candidate"})
    else:
        say(f"extract {extract_id} will be judged again with the next refresh, and taken as it is")


def run_withdraw(extract_id: str, *, as_json: bool) -> None:
    """Take an extract back; the next refresh builds without it."""
    settings = load_settings()
    hold_refresh_lock(settings)
    try:
        withdraw(settings, extract_id)
    finally:
        release_refresh_lock(settings)
    if as_json:
        print_json({"extract_id": extract_id, "state": "withdrawn"})
    else:
        say(f"extract {extract_id} is withdrawn; the next refresh builds without it")
