"""How a contract column is filled from a source column: the form that landing is told, and what is doubtful in it."""

from dataclasses import dataclass, field, replace
from typing import Any

from landing.open_decisions import CHOOSE
from landing.quoting import literal
from landing.wizard.fitting import Fit, epoch_unit, is_excel_serial
from landing.wizard.looking import TableLook
from landing.wizard.notes import Note
from landing.wizard.profiles import ColumnProfile
from landing.wizard.sql_names import column_sql
from landing.wizard.time_formats import day_month_order
from landing.wizard.vocabulary import boolean_of, code_of, rating_of
from warehouse.contract import ContractColumn

#: Texts without known meaning that are listed; the others are counted.
_LISTED_UNKNOWN = 12
_SURE_NAME = 0.9
_NOON = "12:00"


@dataclass(frozen=True)
class ColumnProposal:
    """One line of `columns:`; `value_notes` stand beside the values that they are about."""

    column: str
    form: dict[str, Any]
    notes: tuple[Note, ...] = ()
    value_notes: dict[str, Note] = field(default_factory=dict)
    #: Lines that are no part of the mapping but of its comments: texts of unknown meaning that are not listed.
    remarks: tuple[Note, ...] = ()

    @property
    def kind(self) -> str:
        """The strongest of its notes: what a person must decide, then what is guessed, else `certain`."""
        kinds = {note.kind for note in self.notes} | {note.kind for note in self.value_notes.values()}
        return next((kind for kind in ("decide", "guess", "assumption", "open") if kind in kinds), "certain")

    @property
    def sources(self) -> tuple[str, ...]:
        """Source columns that it names by `from`."""
        return (self.form["from"],) if "from" in self.form else ()


def propose_column(fit: Fit, look: TableLook) -> ColumnProposal:
    """Return the form of a pair of columns, with its doubts."""
    column, profile = fit.column, fit.profile
    if column.type in ("instant", "date"):
        proposal = _moment(column, profile, look)
    elif column.type in ("integer", "number", "money"):
        proposal = _number(column, profile)
    elif column.type == "boolean":
        proposal = _boolean(column, profile)
    elif column.type == "code":
        proposal = _code(column, profile)
    else:
        proposal = ColumnProposal(column.name, {"from": profile.name})
    return replace(proposal, notes=(*_name_doubt(fit), *proposal.notes))


def _name_doubt(fit: Fit) -> tuple[Note, ...]:
    if fit.name >= _SURE_NAME:
        return ()
    meaning = fit.column.meaning[0].lower() + fit.column.meaning[1:]
    return (
        Note(
            "guess",
            f"by its name, close to {fit.synonym!r}; we mean: {meaning}",
            f"依据列名（近似“{fit.synonym}”）推测",
        ),
    )


def _moment(column: ContractColumn, profile: ColumnProfile, look: TableLook) -> ColumnProposal:
    source: dict[str, Any] = {"from": profile.name}
    if profile.typed in ("instant", "zoned"):
        return ColumnProposal(column.name, source)
    if profile.typed == "date":
        return _with_noon(column, source, [])
    times = profile.times
    if times is None:
        return _counted(column, profile)
    notes: list[Note] = []
    if times.is_ambiguous:
        formats, note = _settle_order(profile, look)
        source["format"] = formats
        notes.append(note)
    elif times.formats and not (column.type == "date" and times.formats == ("%Y-%m-%d",)):
        source["format"] = times.formats[0] if len(times.formats) == 1 else list(times.formats)
        if times.order:
            first = ("day", "日") if times.order == "dm" else ("month", "月")
            notes.append(
                Note(
                    "certain",
                    f"{first[0]} first: {times.decided} values can only be read so",
                    f"{first[1]}在前：有 {times.decided} 个值只能这样读",
                )
            )
    if times.fitting < times.values:
        examples = ", ".join(map(repr, times.misfits))
        count = times.values - times.fitting
        notes.append(
            Note(
                "guess",
                f"{count} of {times.values} values are no such time, for example {examples}",
                f"{times.values} 个值中有 {count} 个不符合此格式，例如 {examples}",
            )
        )
    if column.type == "instant" and not times.has_clock:
        return _with_noon(column, source, notes)
    return ColumnProposal(column.name, source, tuple(notes))


def _with_noon(column: ContractColumn, source: dict[str, Any], notes: list[Note]) -> ColumnProposal:
    if column.type == "instant":
        source["time_of_day"] = _NOON
        notes.append(
            Note(
                "assumption",
                "days without time: noon is assumed, durations of hours mean nothing here",
                "只有日期没有时间：假定为中午 12 点，以小时计的时长没有意义",
            )
        )
    return ColumnProposal(column.name, source, tuple(notes))


def _settle_order(profile: ColumnProfile, look: TableLook) -> tuple[str, Note]:
    """Columns of the same file that are written the same way may decide; nothing else does."""
    assert profile.times is not None  # noqa: S101
    mine = profile.times.formats[0]
    options = (mine, *profile.times.alternatives)
    deciding = [
        other
        for other in look.columns
        if other.times
        and other.times.decided
        and not other.times.is_ambiguous
        and other.times.order
        and _separator(other.times.formats[0]) == _separator(mine)
    ]
    orders = {other.times.order for other in deciding if other.times}
    if len(orders) == 1:
        order = orders.pop()
        chosen = next(option for option in options if day_month_order(option) == order)
        by = deciding[0]
        return chosen, Note(
            "guess",
            f"no value here tells day from month; {by.name} of the same file is written so",
            f"本列的值无法区分日与月；按同一文件中的“{by.name}”推定",
        )
    quoted = " or ".join(f'"{option}"' for option in options)
    quoted_zh = " 或 ".join(f'"{option}"' for option in options)
    return CHOOSE, Note(
        "decide",
        f"{quoted}: no value tells day from month (all are 12 or less)",
        f"{quoted_zh}：没有任何值能区分日与月（均不大于 12）",
        options,
    )


def _separator(pattern: str) -> str:
    return pattern[2:3]


def _counted(column: ContractColumn, profile: ColumnProfile) -> ColumnProposal:
    """Seconds or milliseconds since 1970, or days as Excel counts them."""
    quoted = column_sql(profile.name)
    unit = epoch_unit(profile)
    if unit:
        divisor = "" if unit == "ms" else " * 1000"
        moment = f"epoch_ms(try_cast({quoted} as bigint){divisor})"
        note = Note(
            "guess",
            f"numbers in the range of {'milliseconds' if unit == 'ms' else 'seconds'} since 1970 (UTC)",
            f"数值在 1970 年以来的{'毫秒' if unit == 'ms' else '秒'}数范围内（UTC）",
        )
        if column.type == "date":
            return ColumnProposal(column.name, {"expr": f"cast({moment} as date)"}, (note,))
        return ColumnProposal(column.name, {"expr": moment, "zone": "UTC"}, (note,))
    if is_excel_serial(profile):
        days = f"try_cast({quoted} as double)"
        moment = f"timestamp '1899-12-30' + to_seconds(round({days} * 86400))"
        note = Note("guess", "numbers in the range of Excel's days", "数值在 Excel 日期序号范围内")
        sql = f"cast({moment} as date)" if column.type == "date" else moment
        return ColumnProposal(column.name, {"expr": sql}, (note,))
    return ColumnProposal(column.name, {"from": profile.name})


def _number(column: ContractColumn, profile: ColumnProfile) -> ColumnProposal:
    source: dict[str, Any] = {"from": profile.name}
    is_score = column.name.endswith("_score") or column.name == "score"
    if profile.numbers is None:
        return _rating_words(column, profile)
    numbers = profile.numbers
    notes: list[Note] = []
    if numbers.decimal != "." or numbers.thousands:
        source["number"] = {"decimal": numbers.decimal}
        if numbers.thousands:
            source["number"]["thousands"] = numbers.thousands
    if numbers.misfits:
        examples = ", ".join(map(repr, numbers.misfits))
        notes.append(
            Note("guess", f"not all values are numbers, for example {examples}", f"并非全部为数值，例如 {examples}")
        )
    if is_score and column.max == 100:
        scale = _scale(numbers.low, numbers.high)
        span = f"{numbers.low:g}–{numbers.high:g}"
        if scale:
            source["scale"] = list(scale)
            low, high = scale
            notes.append(
                Note(
                    "guess",
                    f"seen {span}, so {low} to {high} points; if {low} is the best, write [{high}, {low}]",
                    f"实际取值 {span}，推定为 {low} 至 {high} 分；如果 {low} 为最好，请写 [{high}, {low}]",
                )
            )
        else:
            notes.append(Note("guess", f"seen {span}, taken as points of 100", f"实际取值 {span}，按百分制处理"))
    return ColumnProposal(column.name, source, tuple(notes))


def _scale(low: float, high: float) -> tuple[int, int] | None:
    """The usual scale that holds these points; None for points of 100."""
    if high > 10:
        return None
    if high > 7:
        return (1, 10) if low >= 1 else (0, 10)
    if high > 5:
        return (1, 7) if low >= 1 else (0, 10)
    return (1, 5) if low >= 1 else (0, 5)


def _rating_words(column: ContractColumn, profile: ColumnProfile) -> ColumnProposal:
    values: dict[str, Any] = {}
    value_notes: dict[str, Note] = {}
    # good or bad and nothing between: the ends
    low, high = (2, 4) if {rating_of(value) for value, _ in profile.top} - {None} == {2, 4} else (1, 5)
    for value, count in profile.top:
        points = rating_of(value)
        values[value] = None if points is None else (points - low) * (10 if column.max == 10 else 100) / (high - low)
        if points is None:
            value_notes[value] = _unknown_value(count)
        else:
            values[value] = int(values[value]) if float(values[value]).is_integer() else values[value]
    note = Note(
        "guess",
        "words put at equal distances, the worst at 0, the best at 100",
        "文字评价按等距换算，最差为 0，最好为 100",
    )
    return ColumnProposal(column.name, {"from": profile.name, "values": values}, (note,), value_notes)


def _boolean(column: ContractColumn, profile: ColumnProfile) -> ColumnProposal:
    texts = [value for value, _ in profile.top]
    if set(texts) == {"true", "false"}:
        return ColumnProposal(column.name, {"from": profile.name})
    values: dict[str, Any] = {value: boolean_of(value) for value in texts}
    value_notes = {value: _unknown_value(n) for value, n in profile.top if boolean_of(value) is None}
    notes: tuple[Note, ...] = ()
    if profile.fill_share < 1 and len(texts) == 1:
        word = "false" if values[texts[0]] else "true"
        notes = (
            Note(
                "guess",
                f"{profile.rows - profile.filled} cells are empty and count as unknown; if empty means {word}, add "
                f"otherwise: {word}",
                f"有 {profile.rows - profile.filled} 个单元格为空，按未知处理；如果空表示“{word}”，"
                f"请添加 otherwise: {word}",
            ),
        )
    return ColumnProposal(column.name, {"from": profile.name, "values": values}, notes, value_notes)


def _unknown_value(count: int) -> Note:
    return Note(
        "open",
        f"{count} rows: no known meaning, so unknown until you choose",
        f"{count} 行：含义未知，在您选择之前按未知处理",
    )


def _code(column: ContractColumn, profile: ColumnProfile) -> ColumnProposal:
    codes = {value: code_of(column.name, value) for value, _ in profile.top}
    if all(value in column.values for value in codes) and profile.has_all_values:
        return ColumnProposal(column.name, {"from": profile.name})
    unknown = [(value, n) for value, n in profile.top if codes[value] is None]
    values: dict[str, Any] = {value: code for value, code in codes.items() if code}
    form: dict[str, Any] = {"from": profile.name, "values": values}
    known_cells = sum(n for value, n in profile.top if codes[value])
    allowed = ", ".join(column.values)
    if len(unknown) <= _LISTED_UNKNOWN and profile.has_all_values:
        value_notes = {value: _unknown_value(n) for value, n in unknown}
        values |= {value: None for value, _ in unknown}
        remarks = (Note("open", f"possible: {allowed}", f"可选值：{allowed}"),) if unknown else ()
        return ColumnProposal(column.name, form, _code_doubt(column, values), value_notes, remarks)
    form["otherwise"] = None
    others = profile.filled - known_cells
    shown = ", ".join(f"{value!r} ({n})" for value, n in unknown[:_LISTED_UNKNOWN])
    note = Note(
        "guess",
        f"{others} rows have {profile.distinct - len(values)} other texts without known meaning: unknown",
        f"另有 {profile.distinct - len(values)} 种文字（{others} 行）含义未知，按未知处理",
    )
    remark = Note("open", f"without meaning: {shown}; possible: {allowed}", f"含义未知：{shown}；可选值：{allowed}")
    return ColumnProposal(column.name, form, (note,), {}, (remark,))


def _code_doubt(column: ContractColumn, values: dict[str, Any]) -> tuple[Note, ...]:
    """Numbers alone say nothing about their direction."""
    if column.name == "priority" and all(value.strip().isdigit() for value in values):
        return (Note("guess", "numbers: 1 is taken as the most urgent", "数字：假定 1 最紧急"),)
    return ()


def lost_time_of_day(proposal: ColumnProposal, earlier: dict[str, Any], count: int) -> ColumnProposal:
    """Return the form with times unknown that stand at 00:00 before what they follow: their time of day was lost."""
    name, other = column_sql(proposal.form["from"]), column_sql(earlier["from"])
    mine, theirs = _parsed(name, proposal.form), _parsed(other, earlier)
    condition = f"{mine} < {theirs} and cast({mine} as time) = time '00:00:00'"
    form = {"expr": f"case when {condition} then null else {name} end"}
    form |= {key: value for key, value in proposal.form.items() if key != "from"}
    note = Note(
        "guess",
        f"{count} times stand at 00:00 before {earlier['from']}: their time of day was lost, so they are unknown",
        f"有 {count} 个时间为 00:00 且早于“{earlier['from']}”：时刻已丢失，按未知处理",
    )
    return replace(proposal, form=form, notes=(*proposal.notes, note))


def _parsed(name: str, form: dict[str, Any]) -> str:
    formats = form.get("format")
    if not formats:
        return f"try_cast(left(replace({name}, 'T', ' '), 19) as timestamp)"
    listed = ", ".join(map(literal, [formats] if isinstance(formats, str) else formats))
    return f"try_strptime({name}, [{listed}])"
