"""How well a column of a file fits a column of a contract: its name, its type, its values."""

from dataclasses import dataclass

from landing.wizard.looking import TableLook
from landing.wizard.profiles import ColumnProfile
from landing.wizard.vocabulary import (
    boolean_of,
    code_of,
    exact_meanings,
    is_bare_key,
    match_name,
    rating_of,
    table_score,
)
from warehouse.contract import Contract, ContractColumn, load_contracts

#: A pair below this is not proposed.
LEAST_SCORE = 0.42
_MAX_CODES = 200
#: A column of codes of which none is known needs one of the usual names.
_USUAL_NAME = 0.985
_LONG_TEXT = 60
_EPOCH_SECONDS = (9e8, 2.3e9)
_EPOCH_MILLISECONDS = (9e11, 2.3e12)
_EXCEL_DAYS = (25_569, 62_000)


@dataclass(frozen=True)
class Fit:
    """A pair of source column and contract column; `name` and `content` are the evidence, 0 to 1."""

    column: ContractColumn
    profile: ColumnProfile
    name: float
    content: float
    synonym: str

    @property
    def score(self) -> float:
        return round(self.name * self.content, 4)


def fit_table(
    look: TableLook, contract: Contract, names: dict[str, str] | None = None, without: frozenset[str] = frozenset()
) -> dict[str, Fit]:
    """Return the best pairs for a contract, each source column used once, by contract column.

    `names` are pairs that are decided: contract column to source column; `without` are source columns to pass over.
    """
    fits = [
        fit
        for profile in look.columns
        if profile.name not in without
        for column in contract.columns
        if (fit := _fit(look, contract, column, profile))
    ]
    decided = names or {}
    fits = [fit for fit in fits if decided.get(fit.column.name, fit.profile.name) == fit.profile.name]
    # equals: the fuller column, then the earlier one
    fits.sort(key=lambda fit: (-fit.score, -round(fit.profile.fill_share, 2), look.columns.index(fit.profile)))
    chosen: dict[str, Fit] = {}
    # the reason of a request may also tell what kind of request it is: codes do not take a column from others
    used: set[tuple[str, bool]] = set()
    for fit in sorted(fits, key=lambda fit: fit.column.name not in decided):
        use = (fit.profile.name, fit.column.type == "code")
        if fit.score >= LEAST_SCORE and fit.column.name not in chosen and use not in used:
            chosen[fit.column.name] = fit
            used.add(use)
    return {column.name: chosen[column.name] for column in contract.columns if column.name in chosen}


def _fit(look: TableLook, contract: Contract, column: ContractColumn, profile: ColumnProfile) -> Fit | None:
    match = match_name(profile.name, contract.name, column.name)
    name, synonym = (match.score, match.synonym) if match else (0.0, "")
    if match and name < 0.9 and exact_meanings(profile.name) - {column.name}:
        # the whole name says something else
        name = 0.0
    if _is_own_key(contract, column) and is_bare_key(profile.name):
        stem = look.options.sheet or look.file_name.split("/")[-1].split(".")[0]
        table = table_score(contract.name, stem)
        if table >= 0.5 and profile.is_unique:
            name, synonym = max(name, 0.9 + 0.09 * table), synonym or profile.name
    if not name:
        return None
    content = content_fit(column, profile, is_key=column.name in contract.key)
    if column.type == "code" and not known_share(column.name, profile) and (name < _USUAL_NAME or column.required):
        content = 0.0
    return Fit(column, profile, name, content, synonym) if content else None


def _is_own_key(contract: Contract, column: ContractColumn) -> bool:
    """True for the id of the contract's own rows: that of a ticket's events is the key of tickets."""
    owners = [other for other in load_contracts().values() if other.key == (column.name,)]
    return column.name == contract.key[0] and column.type == "id" and (not owners or owners == [contract])


def content_fit(column: ContractColumn, profile: ColumnProfile, *, is_key: bool = False) -> float:
    """Return how well the values of a source column fit a contract column, 0 when they cannot."""
    if not profile.filled:
        return 0.0
    if column.type in ("instant", "date"):
        return _moment_fit(profile)
    if column.type in ("integer", "number", "money"):
        return _number_fit(column, profile)
    if column.type == "boolean":
        return _boolean_fit(profile)
    if column.type == "code":
        return _code_fit(column.name, profile)
    if column.type == "id":
        return _id_fit(column, profile, is_key=is_key)
    return _text_fit(column, profile)


def epoch_unit(profile: ColumnProfile) -> str | None:
    """Return `s` or `ms` when a column's numbers are seconds or milliseconds since 1970, else None."""
    if profile.is_moment or profile.numbers is None or not profile.numbers.is_whole:
        return None
    for unit, (low, high) in (("s", _EPOCH_SECONDS), ("ms", _EPOCH_MILLISECONDS)):
        if low <= profile.numbers.low and profile.numbers.high <= high:
            return unit
    return None


def is_excel_serial(profile: ColumnProfile) -> bool:
    """True when a column's numbers can be days as Excel counts them (1970 to 2069)."""
    numbers = profile.numbers
    if profile.is_moment or numbers is None:
        return False
    return _EXCEL_DAYS[0] <= numbers.low and numbers.high <= _EXCEL_DAYS[1]


def _moment_fit(profile: ColumnProfile) -> float:
    if profile.is_moment:
        return 1.0
    return 0.9 if epoch_unit(profile) else 0.8 if is_excel_serial(profile) else 0.0


def known_share(column: str, profile: ColumnProfile) -> float:
    """Return the share of filled cells whose text the vocabulary knows as a code of the column."""
    known = sum(n for value, n in profile.top if code_of(column, value))
    return known / profile.filled if profile.filled else 0.0


def _code_fit(column: str, profile: ColumnProfile) -> float:
    if profile.is_moment or profile.distinct > _MAX_CODES:
        return 0.0
    share = known_share(column, profile)
    if share >= 0.5:
        return 0.9 + 0.1 * share
    if share > 0:
        return 0.7
    return 0.5 if profile.distinct <= 20 and not profile.numbers else 0.0


def _boolean_fit(profile: ColumnProfile) -> float:
    if profile.distinct > 3 or profile.is_moment:
        return 0.0
    known = sum(n for value, n in profile.top if boolean_of(value) is not None)
    return 1.0 if known >= 0.9 * profile.filled else 0.0


def _number_fit(column: ContractColumn, profile: ColumnProfile) -> float:
    if column.name.endswith("_score") or column.name == "score":
        points = sum(n for value, n in profile.top if rating_of(value))
        if points >= 0.6 * profile.filled:
            return 1.0
    if profile.is_moment or profile.numbers is None:
        return 0.0
    if column.max is not None and column.max <= 10 and profile.numbers.high > column.max:
        return 0.0
    if column.type == "integer" and not profile.numbers.is_whole:
        return 0.0
    below = column.min is not None and profile.numbers.low < column.min
    return 0.7 if below else 1.0


def _id_fit(column: ContractColumn, profile: ColumnProfile, *, is_key: bool) -> float:
    if profile.is_moment or profile.average_length > _LONG_TEXT:
        return 0.0
    if profile.numbers and not profile.numbers.is_whole:
        return 0.0
    values = {value.lower() for value, _ in profile.top}
    if not profile.is_unique and profile.distinct <= 3 and values <= {"true", "false", "yes", "no", "y", "n", "0", "1"}:
        return 0.0
    if is_key and column.required:
        # a key that is missing in one row of fifty is none
        return 0.0 if profile.fill_share < 0.98 else 1.0 if profile.is_unique else 0.85
    return 1.0


def _text_fit(column: ContractColumn, profile: ColumnProfile) -> float:
    if profile.is_moment:
        return 0.0
    if column.name == "phone":
        return 1.0 if profile.personal == "phone" else 0.7
    if column.pii == "free_text":
        return 1.0 if profile.longest > 8 and not profile.numbers else 0.6
    if column.name == "currency":
        return 1.0 if profile.longest <= 4 and not profile.numbers else 0.0
    return 0.5 if profile.numbers else 1.0
