"""What an analyst does to a page: choose, click marks of charts and cells of tables, read them."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.serving import wait_until_drawn, wait_until_idle

_HEADER_PIXELS, _ROW_PIXELS = 35, 35
_CLICK_MILLISECONDS = 120
_ROWS = """
    table => [...table.querySelectorAll('[role=row]')]
        .map(row => [...row.querySelectorAll('[role=gridcell]')].map(cell => cell.textContent))
        .filter(cells => cells.length > 0)
"""


def part(page: Page, key: str) -> Locator:
    """Return the chart or table that a page draws under a key, whatever round of clicks it is in."""
    return page.locator(f'[class*="st-key-{key}"]').first


def choose_segment(page: Page, name: str, parameter: str) -> None:
    """Click one of a row of exclusive buttons; waits until the address has the parameter."""
    page.get_by_role("radio", name=name).or_(page.get_by_text(name, exact=True)).first.click()
    page.wait_for_url(f"**{parameter}**")
    wait_until_idle(page)


def choose(page: Page, name: str, option: str, code: str) -> None:
    """Choose an option of the select box of a parameter by typing; waits until the address has its code."""
    field = page.locator(f".st-key-choice_{name} input").first
    field.click()
    field.press_sequentially(option)
    page.get_by_role("option", name=option, exact=True).click()
    page.wait_for_url(f"**{name}={code}**")
    # the list of a select box for several options stays open
    field.blur()
    wait_until_idle(page)


def follow(page: Page, link: str) -> None:
    """Go to another page by the menu."""
    page.get_by_test_id("stSidebar").get_by_role("link", name=link).click()
    expect(page.locator("h1")).to_have_text(link)
    wait_until_drawn(page)


def mark(page: Page, key: str, *words: str) -> Locator:
    """Return the topmost mark of a chart whose description has all these words."""
    described = "".join(f'[aria-label*="{word}"]' for word in words)
    return part(page, key).locator(f"svg path{described}").last


def click_mark(page: Page, key: str, *words: str) -> None:
    """Click the mark of a chart whose description has all these words."""
    found = mark(page, key, *words)
    found.scroll_into_view_if_needed()
    found.click(force=True)


def members_of(page: Page, key: str) -> list[str]:
    """Return the names along the vertical axis of a chart of rows, from top to bottom."""
    wait_until_drawn(page)
    return part(page, key).locator('svg [aria-label^="Y-axis"] .role-axis-label text').all_text_contents()


def rows_of(table: Locator) -> list[list[str]]:
    """Return the cells of a table, as far as they are scrolled into its frame."""
    table.scroll_into_view_if_needed()
    wait_until_drawn(table.page)
    found: list[list[str]] = table.evaluate(_ROWS)
    return found


def click_cell(page: Page, key: str, row: int, x: float) -> None:
    """Click a row of a table, counted from 0, so many pixels from its left edge."""
    table = part(page, key)
    table.scroll_into_view_if_needed()
    wait_until_drawn(page)
    box = table.bounding_box()
    assert box is not None
    y = box["y"] + _HEADER_PIXELS + (row + 0.5) * _ROW_PIXELS
    # the table takes a click for one only when the pointer was there before and stays for a moment, as a hand does
    page.mouse.move(box["x"] + x, y)
    page.mouse.click(box["x"] + x, y, delay=_CLICK_MILLISECONDS)


def assert_sound(page: Page) -> None:
    """Fail when a part of the page broke."""
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_test_id("stAlertContentError").count() == 0
