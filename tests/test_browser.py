"""The real program in a real browser: what a resident sees and taps on the chat page, in every language."""

import signal
from pathlib import Path

from playwright.sync_api import expect

from tests.browsing import CITY, IDEAS, PROJECT, VOTE, Program, Visit, every_language, every_size

pytest_plugins = ("tests.browsers",)


@every_size
@every_language
def test_from_opening_the_page_to_a_counted_vote_in_at_most_four_taps(visit: Visit, language: str, size: str) -> None:
    visitor = visit(language, size)
    plan = VOTE["options"][1]["name"][language]
    visitor.open()
    visitor.is_well()
    visitor.tap_activity(VOTE)
    visitor.tap("Vote for {plan}", plan=plan)
    visitor.is_told("Your vote is counted.")
    expect(visitor.key("Withdraw my vote")).to_be_visible()
    expect(visitor.page.locator(".theirs .words").last).to_contain_text(plan)
    expect(visitor.page.locator(".key[aria-busy]")).to_have_count(0)
    assert visitor.doings <= 4
    visitor.is_well()


@every_size
@every_language
def test_from_opening_the_page_to_a_sent_idea_in_at_most_five_doings(visit: Visit, language: str, size: str) -> None:
    visitor = visit(language, size)
    visitor.open()
    visitor.tap_activity(IDEAS)
    visitor.tap("Write an idea")
    visitor.sees("Take your time. What you write is kept.")
    visitor.write("Een fontein, une fontaine, ein Brunnen, a fountain")
    visitor.tap("Send my idea")
    visitor.is_told("Thank you. Your idea has arrived.")
    visitor.sees("Een fontein, une fontaine, ein Brunnen, a fountain")
    expect(visitor.page.locator(".waiting")).to_have_count(0)
    assert visitor.doings <= 5
    visitor.is_well()


@every_language
def test_a_link_opens_the_project_with_its_picture_at_first_contact(visit: Visit, language: str) -> None:
    visitor = visit(language)
    visitor.open("/?start=project-1")
    visitor.sees(PROJECT["title"][language])
    picture = visitor.page.locator(".theirs img")
    expect(picture).to_be_in_viewport(ratio=1)
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
    assert visitor.page.evaluate("[document.documentElement.lang, location.search]") == [language, ""]
    visitor.is_well()


@every_language
def test_a_place_is_shared_by_the_button_that_the_bot_names(visit: Visit, language: str) -> None:
    visitor = visit(language)
    visitor.open("/?start=activity-2")
    visitor.tap("Write an idea")
    visitor.sees("Take your time. What you write is kept.")
    visitor.page.locator("#attach").click()
    button = visitor.page.locator("#menu button").last
    assert (button.text_content() or "?") in visitor.tr("Tap + below and then Share place.")
    button.click()
    visitor.page.locator("#place-here").click()
    visitor.sees("A place is added.")
    expect(visitor.page.locator(".mine .card")).to_contain_text("51.23040, 5.31430")
    visitor.is_well()


def test_a_link_to_a_map_is_a_place_and_other_words_are_not(visit: Visit) -> None:
    visitor = visit("en")
    visitor.open("/?start=activity-2")
    visitor.tap("Write an idea")
    visitor.sees("Take your time. What you write is kept.")
    visitor.page.locator("#attach").click()
    visitor.page.locator("#menu button").last.click()
    visitor.page.locator("#place-text").fill("behind the station")
    visitor.page.locator("#place-ok").click()
    expect(visitor.page.locator("#place-wrong")).not_to_be_empty()
    visitor.page.locator("#place-text").fill("https://www.openstreetmap.org/?mlat=51.2309&mlon=5.3138#map=17/51.2/5.3")
    visitor.page.locator("#place-ok").click()
    visitor.sees("A place is added.")
    expect(visitor.page.locator(".mine .card")).to_contain_text("51.23090, 5.31380")


def test_a_photo_in_an_idea_is_shown_in_its_preview_and_in_the_sent_idea(visit: Visit) -> None:
    visitor = visit("fr")
    visitor.open("/?start=activity-2")
    visitor.tap("Write an idea")
    visitor.write("Des bancs à l'ombre")
    visitor.sees("Your message so far")
    visitor.page.locator("#file").set_input_files(CITY / "pictures" / "idea-bench.jpg")
    shown = visitor.page.locator(".theirs").last.locator("img")
    expect(shown).to_be_in_viewport(ratio=1)
    visitor.tap("Send my idea")
    visitor.is_told("Thank you. Your idea has arrived.")
    assert shown.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
    visitor.is_well()


def test_the_conversation_is_still_there_after_a_reload(visit: Visit) -> None:
    visitor = visit("de")
    visitor.open("/?start=activity-1")
    visitor.tap("Vote for {plan}", plan=VOTE["options"][0]["name"]["de"])
    expect(visitor.key("Withdraw my vote")).to_be_visible()
    before = visitor.page.locator(".words").all_text_contents()
    visitor.page.reload()
    expect(visitor.key("Withdraw my vote")).to_be_visible()
    assert visitor.page.locator(".words").all_text_contents() == before
    visitor.tap("Withdraw my vote")
    visitor.is_told("Your vote is withdrawn.")
    visitor.is_well()


def test_each_screen_is_read_from_its_beginning_and_no_one_who_reads_earlier_words_is_moved(visit: Visit) -> None:
    visitor = visit("nl")
    visitor.open("/?start=project-1")
    last = visitor.page.locator(".theirs").last
    for activity in (VOTE, VOTE):
        expect(last.locator("img")).to_be_in_viewport(ratio=1)
        visitor.tap_activity(activity)
        expect(visitor.key("Look at the plans")).to_be_attached()
        visitor.tap("Back")
        expect(visitor.key("Timeline")).to_be_attached()
    visitor.tap("Timeline")
    visitor.sees("Next")
    for _ in range(3):
        visitor.write("/projects")
        expect(visitor.page.locator(".waiting")).to_have_count(0)
        expect(last.locator(".key").last).to_be_in_viewport(ratio=1)
    visitor.page.locator("main").evaluate("(box) => { box.scrollTop = 40; }")
    visitor.page.wait_for_timeout(100)
    other = visitor.context.new_page()
    other.goto(f"{visitor.page.url}?start=project-2")
    expect(visitor.page.locator(".theirs img").last).to_be_attached()
    other.locator(".theirs img").last.wait_for()
    visitor.page.wait_for_timeout(200)
    assert visitor.page.locator("main").evaluate("(box) => box.scrollTop") == 40
    visitor.is_well()


def test_what_is_written_while_the_bot_wakes_up_is_answered_later(visit: Visit, tmp_path: Path) -> None:
    started = Program(tmp_path)
    try:
        visitor = visit("nl", url=started.url)
        visitor.open(until=".mine")
        expect(visitor.page.locator("#banner")).not_to_be_empty()
        visitor.write("Is er straks nog parking?")
        visitor.sees("What shall we do with it?")
        visitor.sees("Is er straks nog parking?")
        expect(visitor.page.locator("#banner")).to_be_empty()
        visitor.is_well()
    finally:
        assert started.end() == 0


def test_what_waits_to_be_sent_outlives_a_reload_and_arrives_once(visit: Visit) -> None:
    visitor = visit("nl")
    visitor.open()
    visitor.page.context.set_offline(True)
    visitor.write("Zonder verbinding")
    visitor.page.context.set_offline(False)
    visitor.page.reload()
    visitor.sees("What shall we do with it?")
    expect(visitor.page.locator(".mine", has_text="Zonder verbinding")).to_have_count(1)


def test_an_idea_outlives_a_killed_process_and_is_sent_exactly_once(visit: Visit, tmp_path: Path) -> None:
    first = Program(tmp_path)
    visitor = visit("nl", url=first.url)
    try:
        visitor.open("/?start=activity-2")
        visitor.tap("Write an idea")
        visitor.write("Een fietspomp")
        visitor.sees("Your message so far")
    finally:
        first.end(signal.SIGKILL)
    banner = visitor.page.locator("#banner")
    expect(banner).not_to_be_empty()
    visitor.write("En een kaart van de fietsroutes")
    second = Program(tmp_path, first.port)
    try:
        visitor.sees("En een kaart van de fietsroutes")
        visitor.sees("Een fietspomp")
        expect(banner).to_be_empty()
        visitor.key("Send my idea").dblclick()
        visitor.is_told("Thank you. Your idea has arrived.")
        visitor.write("/mine")
        visitor.sees("My ideas")
        visitor.sees("Een fietspomp")
        expect(visitor.page.locator(".theirs").last.locator(".key[data-key^=idea-]")).to_have_count(1)
    finally:
        assert second.end() == 0
