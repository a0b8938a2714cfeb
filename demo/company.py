"""The demo company: extracts of every contract, believable, with planted findings and planted dirt."""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo import assurance, customers, demand, events, journey, people, products, stories, surveys, tickets, work_orders
from demo.clock import DAY, window_until
from demo.columns import Columns
from demo.delivery import Delivery
from demo.dirt import Dirt
from demo.reference import Reference, read_reference

#: Streams of chance beside those of the batches, which are numbered from 0.
PLANNED, PEOPLE, BOOKS = 1000, 1001, 1002
#: Tickets of the history's last days are still open in it: their old versions arrive again with the last delivery.
LATE_DAYS = 16


@dataclass(frozen=True)
class DemoSummary:
    """What was written: file names, rows per contract (dirt included), stories with their titles, dirt by kind."""

    directory: Path
    files: tuple[str, ...]
    rows: dict[str, int]
    stories: dict[str, str]
    dirt: dict[str, int]


def _generator(seed: int, *stream: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64([seed, *stream]))


def generate(
    directory: Path,
    until: str = "2025-10",
    tickets: int = 12_000,
    seed: int = 7,
    months: int = 15,
    seeds_dir: Path = Path("seeds"),
) -> DemoSummary:
    """Write the extracts of a company with `tickets` tickets in `months` months up to and including `until` (YYYY-MM).

    The same arguments and seeds give the same bytes. Existing files of the same names are replaced. Raises ValueError
    for fewer than four months or fewer than 100 tickets, FileNotFoundError where a seed is missing.
    """
    if tickets < 100:
        raise ValueError(f"tickets={tickets}: a company needs at least 100 tickets")
    directory.mkdir(parents=True, exist_ok=True)
    window = window_until(until, months)
    reference = read_reference(seeds_dir)
    staff = people.hire(reference, months, tickets, _generator(seed, PEOPLE))
    market = demand.Market(reference, customers.gather(reference, tickets), window)
    dirt = Dirt(window, tickets, _generator(seed, BOOKS, 1))
    with ThreadPoolExecutor(max_workers=1) as writer:
        delivery = Delivery(directory, window, dirt, writer)
        _write_tickets(delivery, market, staff, seeds_dir, tickets, seed)
        _write_books(delivery, market, staff, tickets, seed)
        delivery.close()
    told = {key: title for key, title in stories.TITLES.items() if key != "battery_batch" or market.story_month >= 0}
    return DemoSummary(
        directory,
        tuple(sorted(delivery.files)),
        dict(sorted(delivery.rows.items())),
        told,
        dict(sorted(dirt.counts.items())),
    )


def _write_tickets(
    delivery: Delivery, market: demand.Market, staff: people.People, seeds_dir: Path, tickets_: int, seed: int
) -> None:
    recent: list[Columns] = []
    for index, chunk in enumerate(demand.plan_chunks(market, seeds_dir, tickets_, _generator(seed, PLANNED))):
        if not chunk.counts.sum():
            continue
        random = _generator(seed, index)
        roster = people.roster(staff, chunk.month)
        batch = demand.open_tickets(chunk, market, demand.pool_of(recent) if recent else None, random)
        journey.live(batch, market.reference, staff, roster, random)
        tickets.describe(batch, market.reference, random)
        recent = [*recent[-3:], batch]
        _deliver(delivery, batch, market.reference, staff, roster, random)


def _deliver(
    delivery: Delivery,
    batch: Columns,
    reference: Reference,
    staff: people.People,
    roster: people.Roster,
    random: np.random.Generator,
) -> None:
    """Hand over everything that a batch leads to; a few old versions of its tickets arrive once more at the end."""
    window, dirt = delivery.window, delivery.dirt
    told = events.tell(batch, window.end, random)
    position_of = np.searchsorted(window.cuts, told.instant, side="right")
    orders = work_orders.book_work_orders(batch, reference, staff, roster, random)
    answers = surveys.ask(batch, random)
    requests = assurance.collaborate(batch, reference, random)
    inspections = assurance.inspect(batch, staff, random)
    old: pa.Table | None = None
    for position, (since, until) in enumerate(tickets.deliveries(window)):
        if until <= batch["opened"][0]:
            continue
        rows = tickets.ticket_rows(batch, told, since, until, reference, staff)
        tables = {
            "crm.tickets": rows,
            "crm.ticket_events": events.events_table(batch, told, position_of == position, reference, staff),
            "crm.collaborations": assurance.collaborations_table(requests, batch, since, until, reference),
            "crm.quality_inspections": assurance.inspections_table(inspections, batch, since, until, staff),
            "erp.work_orders": work_orders.work_orders_table(batch, orders, since, until, reference, staff),
            "erp.parts_requests": work_orders.parts_requests_table(batch, since, until),
            "survey.responses": surveys.responses_table(answers, batch, since, until, reference, staff),
        }
        for contract, table in tables.items():
            delivery.add(contract, position, dirt.spoil(contract, table, is_history=position == 0))
        if position == 0 and batch["opened"][-1] >= window.cuts[0] - LATE_DAYS * DAY:
            old = rows.filter(pc.invert(pc.is_in(rows["status"], value_set=pa.array(["closed", "cancelled"]))))
        if old is not None and position == len(window.cuts) - 1:
            delivery.add("crm.tickets", position, dirt.late("crm.tickets", old, rows))


def _write_books(delivery: Delivery, market: demand.Market, staff: people.People, tickets_: int, seed: int) -> None:
    window, reference, dirt = market.window, market.reference, delivery.dirt
    random = _generator(seed, BOOKS)
    base = customers.customers_table(market.customers, window, reference, random)
    delivery.snapshot("crm.customers", dirt.conflict("crm.customers", dirt.spoil("crm.customers", base), "phone"))
    delivery.snapshot("crm.knowledge_articles", assurance.articles_table(staff, window, random))
    delivery.snapshot("erp.employees", people.employees_table(staff, window, reference, random))
    delivery.snapshot("erp.products", products.products_table())
    delivery.snapshot("erp.parts_stock", products.parts_stock_table(window, reference, tickets_, random))
    delivery.snapshot("erp.revenue", products.revenue_table(window, reference, tickets_, random))
    delivery.workbook("erp.training_records", assurance.training_table(staff, window, random))
    delivery.workbook("survey.peer_reviews", assurance.peer_reviews_table(staff, window, random))


def main(arguments: list[str] | None = None) -> None:
    """Write a demo company from the command line and report it as JSON."""
    parser = argparse.ArgumentParser(description="Write the extracts of the demo company.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--until", default="2025-10", help="last month, YYYY-MM")
    parser.add_argument("--tickets", type=int, default=12_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--months", type=int, default=15)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    chosen = parser.parse_args(arguments)
    summary = generate(chosen.directory, chosen.until, chosen.tickets, chosen.seed, chosen.months, chosen.seeds)
    report = {**asdict(summary), "directory": str(summary.directory)}
    sys.stdout.write(json.dumps(report, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
