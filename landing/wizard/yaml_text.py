"""A proposal as the text of a mapping: what a person reads and corrects before it is used."""

import json
import re
import textwrap
from collections.abc import Iterator
from typing import Any

import yaml

from landing.wizard.file_pattern import file_pattern
from landing.wizard.forms import ColumnProposal
from landing.wizard.looking import TableLook
from landing.wizard.notes import Kind, Note
from landing.wizard.proposal import EntryProposal, LeftOut, Proposal

_WIDTH = 118
_PLAIN = re.compile(r"[^\W\d_][\w.()/%+-]*( [\w.()/%+-]+)*")
#: What YAML cannot hold as it stands, and what would begin a new line.
_UNPRINTABLE = re.compile("[^\t -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_MARKS: dict[str, dict[Kind, str]] = {
    "en": {"decide": "DECIDE", "guess": "GUESS", "assumption": "ASSUMED", "open": "OPEN", "certain": ""},
    "zh-CN": {"decide": "请选择", "guess": "推测", "assumption": "假定", "open": "待定", "certain": ""},
}
_WORDS = {
    "en": {
        "head": "Proposed by `aftercare map` from {files}. Lines without a mark are certain; the others say why not:",
        "decide": "the mapping does not load before you have put one of the choices in place of CHOOSE",
        "guess": "probably so: look at it",
        "assumption": "nothing in the file tells: change it if you know better",
        "open": "left unknown or out until you say what it means",
        "count": "Here: {decide} to decide, {guess} guessed, {assumption} assumed.",
        "rows": "{name} ({rows:,} rows)",
        "none": "none",
        "left": "Left out of {name}: column, share of filled cells, examples, reason",
        "sheet": "Sheet {name}: {reason}",
        "personal": "personal",
        "columns": "{name}: {columns}",
    },
    "zh-CN": {
        "head": "由 `aftercare map` 根据 {files} 生成。没有标记的行是确定的，其余各行说明了原因：",
        "decide": "请用其中一个选项替换 CHOOSE，否则映射无法加载",
        "guess": "很可能如此，请核对",
        "assumption": "文件中没有依据，如有出入请修改",
        "open": "在您说明含义之前按未知处理或不采用",
        "count": "本文件：待选择 {decide} 处，推测 {guess} 处，假定 {assumption} 处。",
        "rows": "{name}（{rows:,} 行）",
        "none": "无",
        "left": "{name} 中未采用的列：列名、填充率、示例、原因",
        "sheet": "工作表 {name}：{reason}",
        "personal": "个人信息",
        "columns": "{name}：{columns}",
    },
}


def write_mapping(proposal: Proposal, language: str) -> str:
    """Return the mapping as YAML with its doubts as comments in one language; the same proposal gives the same text."""
    lines = [*_head(proposal, language), f"system: {scalar(proposal.system)}"]
    zone = [note for note in proposal.notes if note.kind == "assumption"]
    lines += _with_comment(f"time_zone: {scalar(proposal.time_zone)}", zone, "", language)
    lines.append("tables:")
    if not proposal.entries:
        lines[-1] = "tables: CHOOSE" + "".join(f"  # {_said(note, language)}" for note in proposal.notes)
    anchors: dict[int, str] = {}
    for number, entry in enumerate(proposal.entries):
        is_last = not any(other.look is entry.look for other in proposal.entries[number + 1 :])
        lines += _entry(entry, anchors, proposal, language)
        if is_last:
            lines += _left_out([gone for gone in proposal.left_out if gone.look is entry.look], entry.look, language)
        lines.append("")
    lines += _sheets(proposal, language)
    return "\n".join(lines).rstrip("\n") + "\n"


def scalar(value: Any) -> str:
    """Return a value as a YAML scalar that reads back as exactly this value, also inside braces."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and yaml.safe_load(text) == text:
        return text
    if '"' in text and "\\" not in text and text == _clean(text):
        return "'" + text.replace("'", "''") + "'"
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: json.dumps(found.group())[1:-1], quoted)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {_flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return scalar(value)


def _said(note: Note, language: str) -> str:
    mark = _MARKS[language][note.kind]
    colon = "：" if language == "zh-CN" else ": "
    return _clean(f"{mark}{colon}{note.text(language)}" if mark else note.text(language))


def _clean(text: str) -> str:
    """A comment stays on its line, whatever the file's texts hold."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def _comment(text: str, indent: str) -> Iterator[str]:
    for line in textwrap.wrap(_clean(text), _WIDTH - len(indent) - 2, break_long_words=False, break_on_hyphens=False):
        yield f"{indent}# {line}"


def _with_comment(line: str, notes: list[Note] | tuple[Note, ...], indent: str, language: str) -> list[str]:
    """The line with what is to be said about it behind it, or above it where that would be too long."""
    if not notes:
        return [line]
    decisions = [note for note in notes if note.kind == "decide"]
    others = [note for note in notes if note.kind != "decide"]
    said = "; ".join(_said(note, language) for note in others)
    if decisions:
        above = list(_comment(said, indent)) if said else []
        return [*above, f"{line}  # {'; '.join(_said(note, language) for note in decisions)}"]
    if len(line) + len(said) + 4 <= _WIDTH:
        return [f"{line}  # {said}"]
    return [*_comment(said, indent), line]


def _head(proposal: Proposal, language: str) -> list[str]:
    words, marks = _WORDS[language], _MARKS[language]
    tables = [table for look in proposal.looks for table in look.tables]
    rows: dict[str, int] = {}
    for table in tables:
        rows[table.file_name] = max(rows.get(table.file_name, 0), table.rows)
    files = ", ".join(words["rows"].format(name=name, rows=count) for name, count in rows.items())
    lines = list(_comment(words["head"].format(files=files), ""))
    kinds: tuple[Kind, ...] = ("decide", "guess", "assumption", "open")
    lines += [f"#   {marks[kind]}  {words[kind]}" for kind in kinds]
    lines.append("# " + words["count"].format(**count_kinds(proposal)))
    return lines


def count_kinds(proposal: Proposal) -> dict[str, int]:
    """Return how many lines of a proposal are to be decided, guessed and assumed."""
    counts = {"decide": 0, "guess": 0, "assumption": 0}
    kinds = [column.kind for entry in proposal.entries for column in entry.columns]
    kinds += [note.kind for entry in proposal.entries for note in entry.notes]
    kinds += [note.kind for look in proposal.looks for table in look.tables for note in table.notes]
    kinds += [note.kind for note in proposal.notes]
    for kind in kinds:
        if kind in counts:
            counts[kind] += 1
    return counts


def source_document(look: TableLook) -> dict[str, Any]:
    """Return what stands under `from:` for a table."""
    document: dict[str, Any] = {"files": file_pattern(look.file_name)}
    options = look.options
    if look.kind == "csv":
        if options.encoding != "utf-8":
            document["encoding"] = options.encoding
        if options.delimiter != ",":
            document["delimiter"] = "tab" if options.delimiter == "\t" else options.delimiter
        if options.skip:
            document["skip"] = options.skip
    if options.records:
        document["records"] = options.records[0] if len(options.records) == 1 else list(options.records)
    if options.sheet:
        document["sheet"] = options.sheet
    if options.header_row != 1:
        document["header_row"] = options.header_row
    if options.null_values:
        document["null_values"] = list(options.null_values)
    return document


def _entry(entry: EntryProposal, anchors: dict[int, str], proposal: Proposal, language: str) -> list[str]:
    look = entry.look
    lines: list[str] = []
    is_first = id(look) not in anchors
    for note in (*(look.notes if is_first else ()), *entry.notes):
        lines += _comment(_said(note, language), "  ")
    lines.append(f"  - contract: {entry.contract}")
    if is_first:
        shared = sum(other.look is look for other in proposal.entries) > 1
        anchors[id(look)] = f"file_{len(anchors) + 1}"
        anchor = f"&{anchors[id(look)]} " if shared else ""
        lines.append(f"    from: {anchor}{_flow(source_document(look))}")
    else:
        lines.append(f"    from: *{anchors[id(look)]}")
    lines.append(f"    delivery: {entry.delivery}")
    if entry.one_row_per:
        lines.append(f"    one_row_per: {_flow(entry.one_row_per)}")
    if entry.where:
        lines += _long("where", entry.where, "    ")
    lines.append("    columns:")
    for column in entry.columns:
        lines += _column(column, language)
    return lines


def _long(key: str, text: str, indent: str) -> list[str]:
    """A long expression over several lines; folding gives back the very text."""
    if len(text) + len(indent) + len(key) < 100 or "  " in text or text != _clean(text):
        return [f"{indent}{key}: {scalar(text)}"]
    parts = re.sub(r" (and|or|then|else|when|order by|end) ", r"\n\1 ", text).split("\n")
    lines = [f"{indent}{key}: >-"]
    current = ""
    for part in parts:
        if current and len(current) + len(part) > 90:
            lines.append(f"{indent}  {current}")
            current = part
        else:
            current = f"{current} {part}" if current else part
    return [*lines, f"{indent}  {current}"]


def _column(column: ColumnProposal, language: str) -> list[str]:
    indent = "      "
    form = column.form
    lines: list[str] = []
    for remark in column.remarks:
        lines += _comment(_said(remark, language), indent)
    if set(form) == {"from"}:
        return [
            *lines,
            *_with_comment(f"{indent}{column.column}: {scalar(form['from'])}", column.notes, indent, language),
        ]
    flow = f"{indent}{column.column}: {_flow(form)}"
    if len(flow) <= 100 and not column.value_notes and ("expr" not in form or len(str(form["expr"])) < 70):
        return [*lines, *_with_comment(flow, column.notes, indent, language)]
    lines += _with_comment(f"{indent}{column.column}:", column.notes, indent, language)
    for key, value in form.items():
        if key == "values":
            lines.append(f"{indent}  values:")
            for text, target in value.items():
                notes = [column.value_notes[text]] if text in column.value_notes else []
                lines += _with_comment(
                    f"{indent}    {scalar(text)}: {scalar(target)}", notes, indent + "    ", language
                )
        elif key == "expr":
            lines += _long("expr", value, indent + "  ")
        else:
            lines.append(f"{indent}  {key}: {_flow(value)}")
    return lines


def _left_out(columns: list[LeftOut], look: TableLook, language: str) -> list[str]:
    if not columns:
        return []
    words = _WORDS[language]
    name = f"{look.file_name} {look.options.sheet}" if look.options.sheet else look.file_name
    lines = list(_comment(words["left"].format(name=name), "    "))
    for column in columns:
        examples = ", ".join(column.examples) or words["none"]
        personal = f" ({words['personal']})" if column.personal else ""
        share = f"{100 * column.fill_share:.0f} %"
        text = f"{column.column}{personal}: {share}; {examples}; {column.reason.text(language)}"
        lines.append(f"    #   {_clean(text)}")
    return lines


def _sheets(proposal: Proposal, language: str) -> list[str]:
    lines: list[str] = []
    mapped = {id(entry.look) for entry in proposal.entries}
    for look in proposal.looks:
        for name, reason in look.other_sheets:
            text = _WORDS[language]["sheet"].format(name=name, reason=reason.text(language))
            lines += _comment(text, "")
        for table in look.tables:
            if id(table) not in mapped:
                reason = Note("open", "no contract table fits its columns", "没有契约表符合其列")
                name = table.options.sheet or table.file_name
                text = _WORDS[language]["sheet"].format(name=name, reason=reason.text(language))
                lines += _comment(text, "")
    return lines
