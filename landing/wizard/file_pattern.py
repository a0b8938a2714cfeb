"""The pattern that the next delivery of a file will fit as well."""

import re

_DATES = re.compile(r"\d[\d._\-T]*\d{2,}|\d{2,}")
_MAGIC = re.compile(r"[*?\[]")


def file_pattern(file_name: str) -> str:
    """Return the name with its dates and numbers as `*`; a name without any stands for itself."""
    name = file_name.split("/")[-1]
    match = re.match(r"(.*?)((?:\.[A-Za-z]\w*){1,2})$", name)
    stem, suffix = match.groups() if match else (name, "")
    quoted = _MAGIC.sub(lambda found: f"[{found.group()}]", stem)
    return re.sub(r"\*+", "*", _DATES.sub("*", quoted)) + suffix
