"""Who may see which rows. Every query takes a scope; nothing else decides about access."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """Regions a reader may see; None means all of them. Hashable, because it is part of every cache key."""

    regions: frozenset[str] | None = None

    @classmethod
    def everything(cls) -> "Scope":
        return cls()

    @property
    def is_limited(self) -> bool:
        return self.regions is not None
