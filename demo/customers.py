"""The company's customers: a fixed number per region, known before the window starts."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from demo.clock import DAY, NEVER, Window
from demo.columns import Ints, codes, counts, ids, instants
from demo.names import people_names, phone_numbers
from demo.reference import Reference, labels

SEGMENTS = labels("crm.customers", "segment")
KEY_SHARE = 0.08
CUSTOMERS_PER_TICKET = 0.7
SMALLEST_BASE = 200
CUSTOMER_PREFIX, FIRST_NUMBER = "CU", 500_001
MISSING_SHARE = 0.025


@dataclass(frozen=True)
class Customers:
    """Customers lie in one block of positions per region."""

    first: Ints
    size: Ints

    def __len__(self) -> int:
        return int(self.size.sum())

    def pick(self, region: Ints, random: np.random.Generator) -> Ints:
        """Return a customer of each region at random; of all customers where the region is not registered."""
        known = region < len(self.size)
        place = np.where(known, region, 0)
        size = np.where(known, self.size[place], len(self))
        return np.where(known, self.first[place], 0) + (random.random(len(region)) * size).astype(np.int64)


def gather(reference: Reference, tickets: int) -> Customers:
    total = max(SMALLEST_BASE, round(tickets * CUSTOMERS_PER_TICKET))
    size = np.maximum(1, np.round(reference.region_weights * total)).astype(np.int64)
    return Customers(np.concatenate([[0], np.cumsum(size)[:-1]]), size)


def customers_table(
    customers: Customers, window: Window, reference: Reference, random: np.random.Generator
) -> pa.Table:
    """Return all customers as the CRM knows them, registered within seven years before the window."""
    count = len(customers)
    region = np.repeat(np.arange(len(customers.size)), customers.size)
    region = np.where(random.random(count) < MISSING_SHARE, -1, region)
    segment = np.where(random.random(count) < KEY_SHARE, SEGMENTS.index("key"), SEGMENTS.index("standard"))
    phones = np.where(random.random(count) < MISSING_SHARE, -1, phone_numbers(count, random))
    registered = window.start - random.integers(DAY, 7 * 365 * DAY, count)
    return pa.table(
        {
            "customer_id": ids(CUSTOMER_PREFIX, np.arange(FIRST_NUMBER, FIRST_NUMBER + count)),
            "customer_name": people_names(count, random),
            "phone": counts(phones),
            "segment": codes(SEGMENTS, segment),
            "region_id": codes(reference.regions, region),
            "registered_at": instants(registered, NEVER),
        }
    )
