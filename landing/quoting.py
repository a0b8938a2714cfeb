"""Names and values as SQL text, for statements whose parts come from mappings and file headers."""


def identifier(name: str) -> str:
    """Return a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | bool | int | float | None) -> str:
    """Return a value as SQL literal; text stays text."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + value.replace("'", "''") + "'"


def text_list(values: tuple[str, ...]) -> str:
    """Return `'a', 'b'`."""
    return ", ".join(literal(value) for value in values)
