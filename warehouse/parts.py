"""The statements of a model that is built in parts (dbt's materialisation `table_in_parts`)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parts:
    """The rows that all parts share, under the name by which they ask for them, and the parts by label, in order."""

    shared: str
    rows: str
    parts: tuple[tuple[str, str], ...]

    def of(self, label: str) -> tuple[str, ...]:
        """The SELECTs of the parts with a label."""
        return tuple(select for name, select in self.parts if name == label)


def parts_of(sql: str) -> Parts:
    """Split the compiled SELECT of a model; raises ValueError where it has no parts."""
    common, *parts = sql.split("-- part ")
    shared, _, rows = common.strip().removeprefix("with ").partition(" as materialized ")
    if not parts or not rows:
        raise ValueError("the model is not built in parts")
    labelled = (part.partition("\n") for part in parts)
    return Parts(
        shared.strip(),
        rows,
        tuple((label.strip(), body.strip().removesuffix("union all")) for label, _, body in labelled),
    )
