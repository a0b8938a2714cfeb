"""The sheets of regions and teams: everybody's part in every target, and changes beyond chance."""

from reviews.judgement import ChangeVerdict
from reviews.model import KpiMoves, Move, Review, SliceMoves
from reviews.numbers import Numbers, excel_format
from reviews.sentences import clear_changes, moves_note, moves_sentence
from reviews.sheets.writer import Book, Number, Table, Text, Value
from reviews.wording import change_text, member_name, unit_name


def add_moves(book: Book, review: Review, moves: SliceMoves, numbers: Numbers) -> None:
    """Add one row per KPI with a target and member; the parts of a KPI add up to its total."""
    say = numbers.say
    period = review.header.period
    columns = [
        say("column.kpi"),
        say("column.unit"),
        say(f"slice.{moves.slice_name}"),
        say("column.code"),
        say("column.value"),
        say("column.before", period=numbers.period(period.moved(-1))),
        *(say(f"column.{name}") for name in ("n", "miss_part", "contribution", "rate_effect", "mix_effect")),
        *(say(f"column.{name}") for name in ("is_ranked", "remark", "kpi_key")),
    ]
    rows = [_row(kpi, move, numbers) for kpi in moves.kpis for move in kpi.moves]
    name = say(f"sheet.{moves.slice_name}")
    note = say.sentences(moves_sentence(moves, numbers) + say("common.stop"), moves_note(moves, review, numbers))
    book.add_sheet(name, name, [Table(note, columns, rows)])


def add_clear_changes(book: Book, review: Review, numbers: Numbers) -> None:
    """Add the changes of regions and teams that are beyond chance."""
    say, period = numbers.say, review.header.period
    columns = [
        *(say(f"column.{name}") for name in ("member", "code", "kpi", "unit")),
        numbers.period(period.moved(-1)),
        numbers.period(period),
        *(say(f"column.{name}") for name in ("change", "z", "kpi_key")),
    ]
    rows: list[list[Value]] = []
    for change in clear_changes(review):
        shown = excel_format(change.definition.unit)
        tone = "good" if change.verdict is ChangeVerdict.BETTER else "bad"
        rows.append(
            [
                member_name(change.member, numbers),
                change.member.code,
                say.word(change.definition.label),
                unit_name(change.definition.unit, numbers),
                Number(change.before.value, shown),
                Number(change.now.value, shown),
                Text(change_text(change.now, change.before, change.definition, numbers), tone),
                Number(change.z, "+0.0;-0.0;0.0"),
                change.definition.key,
            ]
        )
    compared = numbers.count(review.regions.compared + review.teams.compared)
    note = say("clear.note", compared=compared)
    book.add_sheet(say("sheet.clear"), say("sheet.clear"), [Table(note, columns, rows)])


def _row(kpi: KpiMoves, move: Move, numbers: Numbers) -> list[Value]:
    say, definition = numbers.say, kpi.definition
    shown = excel_format(definition.unit)
    part = "0.00%" if definition.unit == "fraction" else "#,##0.00"
    return [
        say.word(definition.label),
        unit_name(definition.unit, numbers),
        member_name(move.member, numbers),
        move.member.code,
        Number(move.now.value if move.now else None, shown),
        Number(move.before.value if move.before else None, shown),
        Number(move.now.n if move.now else None),
        Number(move.miss_part, part),
        Number(move.contribution, part),
        Number(move.rate_effect, part),
        Number(move.mix_effect, part),
        say("common.yes_word" if move.is_ranked else "common.no_word"),
        _remark(move, numbers),
        definition.key,
    ]


def _remark(move: Move, numbers: Numbers) -> str:
    say = numbers.say
    parts = []
    if move.now is None or move.now.value is None:
        reason = move.now.null_reason if move.now else "no_rows"
        parts.append(say.code("null_reason", reason or "unstated"))
    elif move.member.is_unknown:
        parts.append(say("moves.not_ranked_unknown"))
    elif not move.is_ranked:
        parts.append(say("moves.not_ranked_few"))
    if move.miss_part is None:
        parts.append(say("moves.not_split"))
    return say("common.semicolon").join(parts)
