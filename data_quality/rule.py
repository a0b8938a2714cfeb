"""A rule of a gate, read from `rules.yml`: what it measures, how much is allowed, what people are told.

Rules are data. What computes a rule's measure lives in the suites; its limits and its words live only here.
"""

from functools import cache
from pathlib import Path
from string import Formatter
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from warehouse.operations import Gate

RULES_FILE = Path(__file__).parent / "rules.yml"

Severity = Literal["critical", "warning"]
ShownAs = Literal["count", "percent", "days"]

#: What a message may mention; a template that names anything else is refused when the file is read.
PLACEHOLDERS = frozenset({"file", "table", "column", "observed", "limit", "detail"})

_NO_MORE = {"at_most": ("at most", "至多"), "at_least": ("at least", "至少")}


class Rule(BaseModel):
    """One rule. A measure beyond the `critical` limit stops, one beyond the `warning` limit is told and goes on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    gate: Gate
    kind: str
    bound: Literal["at_most", "at_least"] = "at_most"
    critical: float | None = None
    warning: float | None = None
    shown_as: ShownAs = "count"
    measure: str | None = None
    quarantines_rows: bool = False
    #: A person may accept a file that breaks it: `aftercare land --accept`.
    may_be_waived: bool = False
    en: str
    zh: str

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.critical is None and self.warning is None:
            raise ValueError(f"rule {self.id} has no limit")
        for template in (self.en, self.zh):
            unknown = {name for _, name, _, _ in Formatter().parse(template) if name} - PLACEHOLDERS
            if unknown:
                raise ValueError(f"rule {self.id} mentions {', '.join(sorted(unknown))}, which no message can fill in")
        return self

    @property
    def severity(self) -> Severity:
        """The worst that the rule can lead to."""
        return "warning" if self.critical is None else "critical"

    @property
    def limits(self) -> dict[Severity, float]:
        """The limits there are, the critical one first."""
        limits: dict[Severity, float] = {}
        if self.critical is not None:
            limits["critical"] = self.critical
        if self.warning is not None:
            limits["warning"] = self.warning
        return limits

    @property
    def actions(self) -> str:
        """What happens, mildest first: `quarantine rows`, `warn`, `stop`."""
        parts = ["quarantine rows"] if self.quarantines_rows else []
        parts += ["warn"] if self.warning is not None else []
        parts += ["stop"] if self.critical is not None else []
        return ", ".join(parts)

    def is_beyond(self, value: float, limit: float) -> bool:
        """True when a measured value lies on the wrong side of a limit."""
        return value > limit if self.bound == "at_most" else value < limit

    def exceeded(self, value: float) -> Severity | None:
        """Return the severity of a measured value, or None when it is within all limits."""
        for severity, limit in self.limits.items():
            if self.is_beyond(value, limit):
                return severity
        return None

    def show(self, value: float) -> str:
        """Return a measured value as people read it: `1,204`, `7.3 %`, `2.5 d`."""
        if self.shown_as == "percent":
            return f"{value * 100:.2f}".rstrip("0").rstrip(".") + " %"
        number = f"{value:,.1f}" if value != int(value) else f"{int(value):,}"
        return f"{number} d" if self.shown_as == "days" else number

    def expected(self, limit: float, language: Literal["en", "zh"] = "en") -> str:
        """Return a limit as people read it: `at most 5 %`."""
        return f"{_NO_MORE[self.bound][language == 'zh']} {self.show(limit)}"

    def say(self, language: Literal["en", "zh"], **values: str) -> str:
        """Return the sentence of a violated rule; placeholders without a value stay empty."""
        template = self.en if language == "en" else self.zh
        return template.format(**{name: values.get(name, "") for name in PLACEHOLDERS})


@cache
def load_rules() -> dict[str, Rule]:
    """Return every rule by id, in the order of the file.

    Raises pydantic.ValidationError when the file is wrong: that is a defect of the checkout, not of data.
    """
    document = yaml.safe_load(RULES_FILE.read_text(encoding="utf-8"))
    return {rule_id: Rule(id=rule_id, **body) for rule_id, body in document["rules"].items()}


def rule(rule_id: str) -> Rule:
    """Return one rule; raises KeyError for an id that `rules.yml` does not have."""
    return load_rules()[rule_id]


def waivable_rules() -> list[str]:
    """Return the ids of the rules that a person may waive for a file."""
    return [item.id for item in load_rules().values() if item.may_be_waived]


def rules_table() -> str:
    """Return the rules as the Markdown table of `docs/gates.md`."""
    lines = ["| gate | rule | kind | severity | threshold | action |", "|---|---|---|---|---|---|"]
    for item in load_rules().values():
        limits = ", ".join(f"{severity}: {item.expected(limit)}" for severity, limit in item.limits.items())
        cells = (str(item.gate), f"`{item.id}`", item.kind, item.severity, limits, item.actions)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
