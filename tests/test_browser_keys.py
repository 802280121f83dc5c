"""What the bot puts under the text field, what a message can hold, and what the visitor sends along."""

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import CITY, KEYS, Stage, Visit, Visitor

pytest_plugins = ("tests.browsers",)

ASK = {"force_reply": True, "input_field_placeholder": "Your idea"}
PLANS = [CITY / "pictures" / f"plan-{letter}.jpg" for letter in "abc"]


@pytest.fixture
def visitor(stage: Stage, visit: Visit) -> Visitor:
    """Somebody who was greeted."""
    visitor = visit("en", url=stage.url)
    stage.settle_first(visitor)
    return visitor


def choose(visitor: Visitor, name: str) -> None:
    visitor.page.locator("#keys").get_by_role("button", name=name).click()


def test_a_ready_answer_is_sent_as_the_visitors_words(stage: Stage, visitor: Visitor) -> None:
    stage.send(visitor, "Is it clean?", reply_markup={**KEYS, "input_field_placeholder": "Yes or no"})
    expect(visitor.page.locator("#text")).to_have_attribute("placeholder", "Yes or no")
    choose(visitor, "No")
    assert stage.updates(visitor, 1)[0]["message"]["text"] == "No"
    visitor.page.reload()
    expect(visitor.page.locator("#keys .key")).to_have_count(4)
    stage.send(visitor, "Thank you", reply_markup={"remove_keyboard": True})
    expect(visitor.page.locator("#keys")).to_be_hidden()
    expect(visitor.page.locator("#text")).to_have_attribute("placeholder", "Write a message…")


def test_a_keyboard_for_once_goes_with_its_answer(stage: Stage, visitor: Visitor) -> None:
    stage.send(visitor, "Is it clean?", reply_markup={**KEYS, "one_time_keyboard": True})
    choose(visitor, "Yes")
    expect(visitor.page.locator("#keys")).to_be_hidden()
    stage.updates(visitor, 1)
    assert visitor.history()["keyboard"] == {}


def test_a_keyboard_can_be_folded_unless_it_is_persistent(stage: Stage, visitor: Visitor) -> None:
    stage.send(visitor, "Is it clean?", reply_markup=KEYS)
    fold, keys = visitor.page.locator("#fold"), visitor.page.locator("#keys")
    fold.click()
    expect(keys).to_be_hidden()
    expect(fold).to_have_attribute("aria-expanded", "false")
    fold.click()
    expect(keys).to_be_visible()
    stage.send(visitor, "Is it safe?", reply_markup={**KEYS, "is_persistent": True})
    expect(fold).to_be_hidden()
    expect(keys).to_be_visible()


def test_a_place_can_be_asked_for_a_telephone_number_is_never_given(stage: Stage, visitor: Visitor) -> None:
    stage.send(visitor, "Where is it?", reply_markup=KEYS)
    contact = visitor.page.locator("#keys").get_by_role("button", name="Call me")
    expect(contact).to_have_attribute("aria-disabled", "true")
    expect(contact).to_have_accessible_description("This page never shares your telephone number.")
    choose(visitor, "Here it is")
    visitor.page.locator("#place-here").click()
    assert stage.updates(visitor, 1)[0]["message"]["location"] == {"latitude": 51.2304, "longitude": 5.3143}


def test_a_forced_reply_answers_its_question(stage: Stage, visitor: Visitor) -> None:
    asked = stage.send(visitor, "What is your idea?", reply_markup=ASK)
    field = visitor.page.locator("#text")
    expect(field).to_have_attribute("placeholder", "Your idea")
    expect(field).to_be_focused()
    visitor.page.reload()
    expect(visitor.page.locator("#above")).to_contain_text("What is your idea?")
    visitor.write("A fountain")
    answer = stage.updates(visitor, 1)[0]["message"]
    assert answer["reply_to_message"]["message_id"] == asked
    expect(visitor.page.locator("#above")).to_be_hidden()
    expect(visitor.page.locator(".mine .quote").last).to_contain_text("What is your idea?")
    visitor.write("And trees")
    assert "reply_to_message" not in stage.updates(visitor, 1)[0]["message"]


def test_who_does_not_want_to_answer_says_something_else(stage: Stage, visitor: Visitor) -> None:
    stage.send(visitor, "What is your idea?", reply_markup=ASK)
    visitor.page.locator("#above-stop").click()
    expect(visitor.page.locator("#above")).to_be_hidden()
    visitor.write("Something else")
    assert "reply_to_message" not in stage.updates(visitor, 1)[0]["message"]


def test_photos_are_one_album_and_each_opens_large(stage: Stage, visitor: Visitor) -> None:
    visitor.page.locator("#text").fill("Three plans")
    visitor.page.locator("#file").set_input_files(PLANS)
    photos = visitor.page.locator(".mine.album .photo")
    expect(photos).to_have_count(3)
    expect(visitor.page.locator(".mine.album .words")).to_have_text("Three plans")
    expect(visitor.page.locator(".waiting")).to_have_count(0)
    photos.nth(1).click()
    expect(visitor.page.locator("dialog img")).to_have_attribute("alt", "photo 2 of 3")
    visitor.page.keyboard.press("Escape")
    expect(photos.nth(1)).to_be_focused()
    updates = stage.updates(visitor, 3)
    assert len({update["message"]["media_group_id"] for update in updates}) == 1
    visitor.page.reload()
    expect(photos).to_have_count(3)
    visitor.is_well()


def test_a_file_goes_up_and_comes_down_as_it_is(stage: Stage, visitor: Visitor) -> None:
    page = {"name": "plan é.html", "mimeType": "text/html", "buffer": b"<script>alert(1)</script>"}
    visitor.page.locator("#paper").set_input_files([page])
    link = visitor.page.locator(".mine a.file")
    with visitor.page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "plan é.html"
    assert download.value.path().read_bytes() == page["buffer"]
    assert stage.updates(visitor, 1)[0]["message"]["document"]["file_name"] == "plan é.html"
    visitor.page.locator("#file").set_input_files([{**page, "name": "photo.jpg", "mimeType": "image/jpeg"}])
    expect(visitor.page.locator("#toast")).not_to_be_empty()
    expect(visitor.page.locator("#log .photo")).to_have_count(0)


def test_a_file_that_is_too_big_stays_here(visitor: Visitor) -> None:
    visitor.page.evaluate(
        """() => {
          const files = new DataTransfer();
          files.items.add(new File([new Uint8Array(50 * 1048576 + 1)], "big.bin"));
          paper.files = files.files;
          paper.dispatchEvent(new Event("change"));
        }"""
    )
    expect(visitor.page.locator("#toast")).to_have_text("This file is too big. At most 50 MB is possible.")


def test_a_place_in_a_message_can_be_sent_or_looked_at(stage: Stage, visitor: Visitor) -> None:
    stage.send(visitor, "It is at 51.2304, 5.3143, and not at 95.1234, 5.3143.")
    spots = visitor.page.locator(".spot")
    expect(spots).to_have_count(1)
    spots.click()
    link = visitor.page.get_by_role("link", name="Open on the map")
    expect(link).to_have_attribute("href", re.compile("openstreetmap.*51.2304"))
    visitor.page.get_by_role("button", name="Send this place").click()
    assert stage.updates(visitor, 1)[0]["message"]["location"] == {"latitude": 51.2304, "longitude": 5.3143}
    expect(visitor.page.locator(".mine .card .spot")).to_have_text("51.23040, 5.31430")


def test_a_button_copies_and_another_leads_away(stage: Stage, visitor: Visitor) -> None:
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    row = [{"text": "Copy", "copy_text": {"text": "ABC"}}, {"text": "Out", "url": "https://example.org/"}]
    stage.send(visitor, "Take it", reply_markup={"inline_keyboard": [row]})
    visitor.page.get_by_role("button", name="Copy").click()
    expect(visitor.page.locator("#toast")).to_have_text("Copied")
    assert visitor.page.evaluate("navigator.clipboard.readText()") == "ABC"
    expect(visitor.page.get_by_role("link", name="Out")).to_have_attribute("target", "_blank")


def test_what_people_type_never_becomes_markup(stage: Stage, visitor: Visitor) -> None:
    evil = "<img src=x onerror=alert(1)> <b>51.2304, 5.3143</b>"
    visitor.write(evil)
    expect(visitor.page.locator(".mine .words").last).to_have_text(evil)
    stage.send(visitor, evil, reply_markup={"force_reply": True})
    expect(visitor.page.locator("#above-text")).to_have_text(evil)
    assert visitor.page.locator("#log img, #above img").count() == 0


def test_days_are_named_in_the_readers_own_zone(stage: Stage, visit: Visit) -> None:
    visitor = visit("en", url=stage.url, timezone_id="Pacific/Auckland")
    stage.settle_first(visitor)
    stage.send(visitor, "Long ago")
    with stage.database() as database:
        for days, text in ((1, "Welcome"), (400, "/start")):
            date = "CAST(strftime('%s', 'now') AS INTEGER) - ?"
            database.execute(
                f"UPDATE webchat_messages SET body = json_set(body, '$.date', {date}) "
                "WHERE chat_id = ? AND json_extract(body, '$.text') LIKE ?",
                (86400 * days, visitor.chat_id, f"{text}%"),
            )
    visitor.page.reload()
    days = visitor.page.locator(".day")
    expect(days).to_have_count(3)
    assert days.all_text_contents()[1:] == ["Yesterday", "Today"]
    assert re.fullmatch(r"\w+,? \d+ \w+ \d{4}", days.first.inner_text())


def test_the_page_speaks_the_language_that_was_chosen_in_the_conversation(visit: Visit) -> None:
    visitor = visit("nl")
    visitor.open("/?start=languages")
    visitor.page.locator("#log").get_by_role("button", name="Deutsch").last.click()
    expect(visitor.page.locator("html")).to_have_attribute("lang", "de")
    expect(visitor.page.locator("#text")).to_have_attribute("placeholder", "Nachricht schreiben…")
    visitor.page.reload()
    expect(visitor.page.locator("html")).to_have_attribute("lang", "de")
    visitor.is_well()
