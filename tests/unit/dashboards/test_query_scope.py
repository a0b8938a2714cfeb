"""Access is part of every query and of every cache key."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest

from dashboards import queries
from dashboards.language import Phrases
from dashboards.periods import PeriodKind
from dashboards.queries import health, members, reconciliation
from dashboards.queries.kpis import kpi_frame
from tests.unit.dashboards.small_mart import LAST_DAY
from warehouse.reading import BuildReader, reader_of
from warehouse.scope import Scope
from warehouse.settings import Settings, load_settings

SHANGHAI = Scope(frozenset({"R-SH"}))


def _query_functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    for module_info in pkgutil.iter_modules(queries.__path__, f"{queries.__name__}."):
        module = importlib.import_module(module_info.name)
        for name, member in vars(module).items():
            function = inspect.unwrap(member) if callable(member) else None
            if function is None or name.startswith("_") or getattr(function, "__module__", "") != module.__name__:
                continue
            parameters = inspect.signature(function).parameters.values()
            if any(parameter.annotation in (BuildReader, Settings) for parameter in parameters):
                yield f"{module.__name__}.{name}", function


QUERIES = dict(_query_functions())


def test_there_are_queries() -> None:
    assert len(QUERIES) > 10


@pytest.mark.parametrize("name", [name for name in QUERIES if not name.endswith("identity_of")])
def test_every_query_takes_a_scope_that_the_cache_sees(name: str) -> None:
    parameters = inspect.signature(QUERIES[name]).parameters
    assert "scope" in parameters
    assert parameters["scope"].annotation is Scope
    assert parameters["scope"].default is inspect.Parameter.empty
    assert not [parameter for parameter in parameters if parameter.startswith("_")]


@pytest.fixture(scope="module")
def reader(homes) -> BuildReader:
    return reader_of(load_settings(home=homes["full"]))


def _created(reader: BuildReader, scope: Scope, slice_name: str) -> dict[str, float]:
    month = LAST_DAY.replace(day=1)
    frame = kpi_frame(reader, scope, ("tickets_created",), slice_name, PeriodKind.MONTH, month, month, ())
    return dict(zip(frame["slice_value"], frame["value"], strict=True))


def test_a_limited_scope_is_answered_with_its_own_rows_also_after_others_asked(reader: BuildReader) -> None:
    everything = _created(reader, Scope.everything(), "region")
    limited = _created(reader, SHANGHAI, "region")
    assert set(limited) == {"R-SH"}
    assert limited["R-SH"] == everything["R-SH"]
    assert _created(reader, SHANGHAI, "total") == {"all": everything["R-SH"]}
    assert sum(everything.values()) == _created(reader, Scope.everything(), "total")["all"]


def test_a_limited_scope_sees_no_foreign_members_values_or_cases(reader: BuildReader) -> None:
    say = Phrases("en")
    assert set(members.known_members(reader, SHANGHAI, say, "region")) == {"R-SH"}
    assert set(members.known_members(reader, SHANGHAI, say, "team")) == {"T-CS-E"}
    assert set(members.known_members(reader, SHANGHAI, say, "macro_region")) == {"East China"}
    assert members.unregistered(reader, SHANGHAI) == []
    assert health.case_count(reader, SHANGHAI) < health.case_count(reader, Scope.everything())
    examples = health.quarantine_examples(reader, SHANGHAI, "crm.tickets", "bad_instant")
    assert examples["value"].isna().all()


def test_a_limited_scope_reconciles_its_own_tickets_only(reader: BuildReader) -> None:
    chosen = reconciliation.Chosen()
    everything = reconciliation.verdicts(reader, Scope.everything(), chosen).set_index("verdict")
    limited = reconciliation.verdicts(reader, SHANGHAI, chosen).set_index("verdict")
    assert (limited["compared"] < everything["compared"]).all()
    asked = reconciliation.Chosen(regions=("R-SH",))
    pd.testing.assert_frame_equal(
        limited, reconciliation.verdicts(reader, Scope.everything(), asked).set_index("verdict")
    )
    tickets = reconciliation.differing_tickets(reader, SHANGHAI, chosen, "resolved_at", "moved_while_resolved")
    assert set(tickets["region_id"]) == {"R-SH"}
    assert len(tickets) == limited.loc["resolved_at", "differing"]
    foreign = reconciliation.Chosen(regions=("R-BJ",))
    assert reconciliation.verdicts(reader, SHANGHAI, foreign).empty
    assert reconciliation.ticket_count(reader, SHANGHAI, foreign) == 0
