"""All KPIs of a company, read from its documents."""

from collections.abc import Iterator

from tests.reading import (
    backlog,
    callbacks,
    contacts,
    costs,
    durations,
    parts,
    process,
    quality,
    response,
    revenue,
    solving,
    staff,
    stages,
    stock,
    surveys,
    visits,
)
from tests.reading.contributions import Contribution
from tests.reading.records import Records, open_records
from tests.reading.tables import Context, Evidence, Seeds, Tables


class Reading:
    """The KPIs of a company."""

    def __init__(self, tables: Tables, seeds: Seeds, context: Context, evidence: Evidence) -> None:
        self.records: Records = open_records(tables, seeds, context, evidence)

    def contributions(self) -> list[Contribution]:
        """Return the contributions of all KPIs."""
        return [*self._cases(), *self._facts()]

    def _cases(self) -> Iterator[Contribution]:
        known_stages = stages.read_stages(self.records.seeds.stages)
        for case in self.records.cases:
            for kpis in (
                response.created,
                response.complaint,
                response.response,
                solving.solved,
                solving.due,
                solving.reopening,
                durations.resolution_hours,
                callbacks.callbacks,
                process.process_kpis,
                backlog.backlog,
            ):
                yield from kpis(self.records, case)
            yield from stages.stage_kpis(self.records, case, known_stages)

    def _facts(self) -> Iterator[Contribution]:
        yield from contacts.contact_kpis(self.records)
        yield from parts.parts_kpis(self.records)
        yield from visits.visit_kpis(self.records)
        yield from costs.cost_kpis(self.records)
        yield from quality.quality_kpis(self.records)
        yield from surveys.survey_kpis(self.records)
        yield from backlog.heads(self.records)
        yield from staff.staff_kpis(self.records)
        yield from revenue.revenue_kpis(self.records)
        yield from stock.stock_kpis(self.records)
