"""The wizard as its users have it: look at files, propose, try; everything that touches a file's bytes in the child."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from landing.archive import private_folder
from landing.landing_folder import match_file
from landing.mapping import contract_mapping
from landing.mapping_model import Mapping
from landing.parser_process import Parser
from landing.parsing_job import ParsingJob
from landing.refusal import RefusalError
from landing.wizard.looking import FileLook, LookJob, look_at_file
from landing.wizard.trying import TriedFile, TryJob, try_file
from warehouse.pseudonyms import PseudonymKey
from warehouse.settings import Settings


@dataclass(frozen=True)
class GivenFile:
    """A file that a person gave to the wizard, and the name that landing will know it by."""

    path: Path
    name: str


@contextmanager
def _parser(settings: Settings) -> Iterator[tuple[Parser, Path]]:
    """The parsing process and a private folder that is gone afterwards."""
    working = private_folder(settings.temp_dir)
    try:
        with Parser(settings.parse_memory, settings.parse_seconds) as parser:
            yield parser, working
    finally:
        shutil.rmtree(working, ignore_errors=True)


def look_at(settings: Settings, files: tuple[GivenFile, ...]) -> tuple[FileLook, ...]:
    """Return what the files hold, in their order; raises RefusalError for the first that cannot be read."""
    with _parser(settings) as (parser, working):
        looks = []
        for number, file in enumerate(files):
            folder = working / str(number)
            folder.mkdir()
            looks.append(parser.run(look_at_file, LookJob(file.path.resolve(), file.name, folder, settings.threads)))
        return tuple(looks)


def try_mapping(settings: Settings, files: tuple[GivenFile, ...], mapping: Mapping) -> tuple[TriedFile, ...]:
    """Return what landing would make of the files under a mapping; a file that no entry names has no entries.

    Ids of people become pseudonyms of a key that is thrown away: nothing can be looked up by them.
    """
    with _parser(settings) as (parser, working):
        tried = []
        for number, file in enumerate(files):
            folder = working / str(number)
            folder.mkdir()
            tried.append(_try(parser, settings, file, mapping, folder))
        return tuple(tried)


def _try(parser: Parser, settings: Settings, file: GivenFile, mapping: Mapping, folder: Path) -> TriedFile:
    matches = [m for m in match_file(file.name, (mapping,), contract_mapping(settings.zone)) if m.mapping is mapping]
    if not matches:
        return TriedFile(file.name)
    key = PseudonymKey(secrets.token_hex(64), secrets.token_hex(64))
    job = ParsingJob(
        file.path.resolve(), file.name, mapping, matches[0].entries, settings.zone, folder, key, settings.threads
    )
    try:
        return parser.run(try_file, TryJob(job))
    except RefusalError as refusal:
        return TriedFile(file.name, refusal=(refusal.en, refusal.zh))
