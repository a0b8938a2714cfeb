"""`aftercare map`: a mapping proposed from files, written, tried."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from landing.mapping import UndecidedError, read_mapping
from landing.mapping_model import Mapping
from landing.open_decisions import open_decisions
from landing.wizard.proposing import propose
from landing.wizard.saving import save_mapping
from landing.wizard.session import GivenFile, look_at, try_mapping
from landing.wizard.trying import TriedEntry, TriedFile
from landing.wizard.yaml_text import count_kinds, write_mapping
from orchestration.commands.output import print_json, print_rows, say
from warehouse.errors import MappingError
from warehouse.settings import Settings, load_settings

_WIDEST_CELL = 24
_SHOWN_ROWS = 3


def run_map(
    files: list[Path],
    *,
    output: Path | None,
    check: bool,
    mapping: Path | None,
    system: str | None,
    language: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Propose a mapping for the files, or take the one that is named; write it; try it.

    Raises MappingError when `output` is there already, and RefusalError when a file cannot be read.
    """
    settings = load_settings()
    given = tuple(GivenFile(path, path.name) for path in files)
    for path in files:
        if not path.is_file():
            raise MappingError(f"{path} does not exist")
    if output and mapping:
        raise MappingError("--mapping tries a mapping and --output writes a new one: name one of them")
    if output and output.exists() and not force:
        raise MappingError(f"{output} exists; name another file, or add --force to replace it")
    text, name, report = _text(settings, given, mapping, output, system, language)
    if output:
        save_mapping(output, text, replace=force)
    elif not check and not as_json:
        say(text.rstrip("\n"))
    tried = _tried(settings, given, text, name) if check else None
    if as_json:
        print_json(
            report
            | {"output": str(output) if output else None, "mapping": text}
            | ({"check": [asdict(file) for file in tried]} if tried is not None else {})
        )
        return
    if output:
        say(f"wrote {output}: {report['entries']} entries, {report['decide']} to decide, {report['guess']} guessed, "
            f"{report['assumption']} assumed")  # fmt: skip
        for decision in open_decisions(text):
            say(f"  line {decision.line}: {decision.place}: {decision.reason}")
        if not check:
            say(f"then: aftercare map {' '.join(str(path) for path in files)} --mapping {output} --check")
    if tried is not None:
        _print_tried(tried)


def _text(
    settings: Settings, given: tuple[GivenFile, ...], mapping: Path | None, output: Path | None,
    system: str | None, language: str | None,
) -> tuple[str, Path, dict[str, Any]]:  # fmt: skip
    if mapping:
        if not mapping.is_file():
            raise MappingError(f"mapping {mapping} does not exist")
        text = mapping.read_text(encoding="utf-8")
        return text, mapping, {"system": read_mapping(text, mapping).system}
    proposal = propose(look_at(settings, given), settings.zone, system)
    text = write_mapping(proposal, language or settings.language)
    report = {"system": proposal.system, "entries": len(proposal.entries)} | count_kinds(proposal)
    return text, output or Path(f"{proposal.system}.yml"), report


def _tried(settings: Settings, given: tuple[GivenFile, ...], text: str, path: Path) -> tuple[TriedFile, ...]:
    return try_mapping(settings, given, _decided(text, path))


def _decided(text: str, path: Path) -> Mapping:
    try:
        return read_mapping(text, path)
    except UndecidedError as error:
        raise UndecidedError(path.name, error.decisions) from error


def _print_tried(tried: tuple[TriedFile, ...]) -> None:
    for file in tried:
        say("")
        if file.refusal:
            say(f"{file.file_name} would be refused: {file.refusal[0]}")
        elif not file.entries:
            say(f"{file.file_name}: no entry of the mapping names this file")
        for entry in file.entries:
            _print_entry(file.file_name, entry)
    say("\nnothing was landed")


def _print_entry(file_name: str, entry: TriedEntry) -> None:
    counts = "".join(f", {count} {name}" for name, count in entry.counts.items())
    say(
        f"{file_name} → {entry.contract} (entry {entry.entry + 1}): "
        f"{entry.rows_loaded} of {entry.rows_read} rows{counts}"
    )
    if entry.columns:
        heads = ["column", "made of", *(f"row {number}" for number in entry.row_numbers[:_SHOWN_ROWS])]
        rows = [
            dict(zip(heads, [column.column, _cut(column.made_of), *_pairs(column.before, column.after)], strict=True))
            for column in entry.columns
        ]
        print_rows(rows, heads)
    for problem in entry.problems:
        kind = "rows to quarantine" if problem.is_row else "cells unknown"
        say(f"  {problem.count} {kind}: {problem.code}" + (f" in {problem.column}" if problem.column else ""))
        for number, reason in problem.examples:
            say(f"    row {number}: {reason}")
    for column in entry.absent_columns:
        say(f"  the file has no column {column}")
    say("")


def _pairs(before: tuple[str | None, ...], after: tuple[str | None, ...]) -> list[str]:
    return [
        _cut(new or "–") if old == new or old is None else f"{_cut(old)} → {_cut(new or '–')}"
        for old, new in list(zip(before, after, strict=True))[:_SHOWN_ROWS]
    ]


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDEST_CELL else line[: _WIDEST_CELL - 1] + "…"
