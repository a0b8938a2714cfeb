"""Source columns that nothing is made of: each with a reason, its fill and examples that show nobody's name."""

from landing.expressions import check_expression
from landing.wizard.fitting import content_fit
from landing.wizard.looking import TableLook
from landing.wizard.notes import Note
from landing.wizard.profiles import ColumnProfile
from landing.wizard.proposal import EntryProposal, LeftOut
from landing.wizard.vocabulary import match_name
from warehouse.contract import load_contracts

_EXAMPLES = 3
_EXAMPLE_LENGTH = 24


def read_by(entry: EntryProposal) -> set[str]:
    """Return the source columns that an entry reads, in lower case."""
    used = {name for column in entry.columns for name in column.sources}
    texts = [column.form["expr"] for column in entry.columns if "expr" in column.form]
    for text in (*texts, *([entry.where] if entry.where else ())):
        used |= check_expression(text).columns
    return {name.lower() for name in used}


def left_out(tables: list[TableLook], entries: list[EntryProposal]) -> tuple[LeftOut, ...]:
    """Return the columns of each mapped table that no entry reads."""
    found = []
    for table in tables:
        mine = [entry for entry in entries if entry.look is table]
        used = set().union(*(read_by(entry) for entry in mine)) if mine else set()
        for profile in table.columns if mine else ():
            if profile.name.lower() not in used:
                found.append(_left_out(table, profile, mine))
    return tuple(found)


def _left_out(table: TableLook, profile: ColumnProfile, entries: list[EntryProposal]) -> LeftOut:
    personal = profile.personal or ("text" if looks_personal(profile) else None)
    examples = tuple(mask(value) if personal else _short(value) for value, _ in profile.top[:_EXAMPLES])
    return LeftOut(table, profile.name, profile.fill_share, examples, _reason(profile, entries), personal)


def looks_personal(profile: ColumnProfile) -> bool:
    """True when texts may be names, addresses or what somebody wrote: nothing of them is to be shown."""
    if profile.personal:
        return True
    if profile.numbers or profile.is_moment:
        return False
    for contract in load_contracts().values():
        for column in contract.columns:
            match = match_name(profile.name, contract.name, column.name) if column.pii != "none" else None
            if match and match.score >= 0.6:
                return True
    return profile.average_length > 20 or (profile.distinct > 100 and profile.spaces_share > 0.5)


def mask(value: str) -> str:
    """Return a text of which only its first character and its length's order are seen."""
    return value[:1] + "***" if value else ""


def _short(value: str) -> str:
    text = " ".join(value.split())
    return text if len(text) <= _EXAMPLE_LENGTH else text[: _EXAMPLE_LENGTH - 1] + "…"


def _reason(profile: ColumnProfile, entries: list[EntryProposal]) -> Note:
    if not profile.filled:
        return Note("open", "empty", "全部为空")
    if profile.distinct == 1 and profile.fill_share == 1:
        return Note("open", "the same text in every row", "每行内容相同")
    for entry in entries:
        contract = next(c for c in load_contracts().values() if c.name == entry.contract)
        for column in contract.columns:
            match = match_name(profile.name, contract.name, column.name)
            if not match or match.score < 0.6:
                continue
            place = f"{contract.name}.{column.name}"
            taken = entry.column(column.name)
            if taken is not None and content_fit(column, profile):
                return Note(
                    "open",
                    f"would do for {place} as well, which is made of another column",
                    f"也可用于 {place}，但已由其他列填充",
                )
            if not content_fit(column, profile):
                return Note(
                    "open",
                    f"called like {place}, but its values are no {column.type}",
                    f"列名像 {place}，但值不是 {column.type} 类型",
                )
    return Note("open", "no contract column of these tables means this", "这些契约表中没有对应的列")
