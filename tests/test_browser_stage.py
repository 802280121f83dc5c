"""The demo's stage in a real browser: two people side by side, and a strip whose every string can be pulled."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FrameLocator, expect

from tests.browsing import SIZES, VOTE, Visit, Visitor

pytest_plugins = ("tests.browsers",)

PLAN = VOTE["options"][0]["name"]["nl"]


def on_stage(visit: Visit, size: str = "desk", scheme: str = "light") -> Visitor:
    visitor = visit("nl", size, color_scheme=scheme)
    visitor.open("/demo", "iframe")
    return visitor


def pane(visitor: Visitor, name: str) -> FrameLocator:
    return visitor.page.frame_locator(f"section[data-pane={name}] iframe")


def pull(visitor: Visitor, string: str) -> None:
    visitor.page.locator(string).click()


def test_a_resident_and_a_clerk_stand_side_by_side(visit: Visit) -> None:
    visitor = on_stage(visit)
    expect(pane(visitor, "resident").get_by_text(VOTE["label"]["nl"])).to_be_visible()
    expect(pane(visitor, "staff").locator(".words", has_text="Uw rol: eigenaar")).to_be_visible()
    visitor.page.reload()
    expect(pane(visitor, "staff").locator(".words", has_text="Uw rol: eigenaar")).to_have_count(1)


def test_while_telegram_is_down_a_vote_waits_and_counts_once_however_often_it_is_delivered(visit: Visit) -> None:
    visitor = on_stage(visit)
    resident = pane(visitor, "resident")
    resident.get_by_text(VOTE["label"]["nl"]).click()
    vote = resident.get_by_text(f"Stem voor {PLAN}")
    vote.wait_for()
    pull(visitor, "[data-weather=down]")
    expect(visitor.page.locator("#said")).to_contain_text("De bot bereikt niemand.")
    vote.click()
    expect(resident.locator("#banner")).not_to_be_empty(timeout=15_000)
    expect(vote).to_be_visible()
    pull(visitor, "[data-weather=fine]")
    expect(resident.locator(".words", has_text=f"Uw keuze: {PLAN}.")).to_be_visible(timeout=15_000)
    pull(visitor, "#again")
    expect(visitor.page.locator("#said")).to_contain_text("Het telt één keer")
    resident.get_by_role("button", name="Bekijk de uitslag").click()
    expect(resident.locator(".words", has_text="stemmen")).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [("desk", "light"), ("desk", "dark"), ("small", "dark")])
def test_the_stage_is_for_everybody(visit: Visit, size: str, scheme: str) -> None:
    visitor = on_stage(visit, size, scheme)
    pane(visitor, "resident").locator(".key").first.wait_for()
    found = Axe().run(visitor.page, options={"iframes": False}).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]


def test_on_a_phone_a_tap_changes_sides(visit: Visit) -> None:
    visitor = on_stage(visit, "phone")
    staff = visitor.page.locator("section[data-pane=staff]")
    expect(staff).to_be_hidden()
    pull(visitor, "#tabs [data-pane=staff]")
    expect(staff).to_be_visible()
    expect(visitor.page.locator("section[data-pane=resident]")).to_be_hidden()
    expect(visitor.page.locator("#tabs [data-pane=staff]")).to_have_attribute("aria-pressed", "true")
