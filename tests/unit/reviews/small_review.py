"""A miniature build to review: that of the pages, which needs several root causes and a battery story in Shanghai."""

from tests.unit.dashboards.small_company import BUILD_ID, publish_small_company
from warehouse.builds import published_file
from warehouse.connections import writer
from warehouse.settings import Settings


def publish_small_review(settings: Settings) -> None:
    """Publish the miniature; in October 2025 six in ten of Shanghai's cases are battery faults (C-101)."""
    publish_small_company(settings)
    with writer(published_file(settings, BUILD_ID), settings) as connection:
        causes = connection.execute(
            "select count(distinct root_cause_id) from measures.contributions_tickets"
        ).fetchone()
        if causes is not None and causes[0] > 1:
            return  # the miniature of the pages tells the story itself
        connection.execute(
            """
            update measures.contributions_tickets
            set root_cause_id = case
                when
                    region_id = 'R-SH' and local_date >= date '2025-10-01'
                    and cast(substr(ticket_id, 2) as integer) % 10 < 6
                    then 'C-101'
                when cast(substr(ticket_id, 2) as integer) % 20 = 19 then 'unknown'
                else 'C-10' || (1 + cast(substr(ticket_id, 2) as integer) % 7)
            end
            """
        )
