"""The chat page and its wire: several visitors at once, connections that break, long histories, forgotten browsers."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import aiohttp
import pytest
from playwright.sync_api import Route, expect

from tests.browsing import VOTE, Program, Stage, Visit, Visitor
from tests.phone import Phone
from tests.test_browser_access import hide

pytest_plugins = ("tests.browsers",)

LONG = 5_000
DRAWN = 260
"""As many messages as are in the page at most: the window, and one page more while the reader scrolls."""


class Far:
    """What a phone of the tests is connected to: the program, which answers by itself."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self.gateway = SimpleNamespace(url=url, calls=[])
        self.http = http

    async def settle(self) -> None:
        """The program answers when it does; a test asks until it sees the answer."""


def beside(url: str, work: Callable[[Phone], Awaitable[None]]) -> None:
    """Let somebody with another client do something, in an event loop of their own."""

    async def go() -> None:
        async with aiohttp.ClientSession() as http:
            phone = Phone(Far(url, http), "fr")  # type: ignore[arg-type]
            await phone.open()
            await work(phone)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(go())).result(60)


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    end = time.monotonic() + 30
    while not await is_so():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


def test_two_browsers_and_another_client_take_part_in_the_same_vote(visit: Visit, program: Program) -> None:
    first, second = visit("nl"), visit("en", "desk")
    for visitor in (first, second):
        visitor.open("/?start=activity-1")
    plans = [option["name"] for option in VOTE["options"]]

    async def votes(phone: Phone) -> None:
        await phone.start("activity-1")
        await until(lambda: told(phone, plans[2]["fr"]))
        label = next(label for label in await phone.labels() if plans[2]["fr"] in label)
        await phone.tap(label)
        await until(lambda: told(phone, "Retirer"))

    async def told(phone: Phone, words: str) -> bool:
        history = await phone.history()
        return bool(history) and not history[-1]["mine"] and words in json.dumps(history[-1], ensure_ascii=False)

    first.tap("Vote for {plan}", plan=plans[0]["nl"])
    beside(program.url, votes)
    second.tap("Vote for {plan}", plan=plans[1]["en"])
    for visitor in (first, second):
        visitor.is_told("Your vote is counted.")
        expect(visitor.key("Withdraw my vote")).to_be_visible()
        visitor.is_well()
    for visitor, plan in ((first, plans[0]["nl"]), (second, plans[1]["en"])):
        expect(visitor.page.locator(".theirs .words").last).to_contain_text(plan)


def test_the_same_person_in_two_windows_sees_the_same(stage: Stage, visit: Visit) -> None:
    visitor = visit("en", url=stage.url)
    stage.settle_first(visitor)
    other = visitor.context.new_page()
    other.goto(stage.url)
    visitor.write("From the first window")
    expect(other.locator(".mine").last).to_contain_text("From the first window")
    stage.send(visitor, "To both", reply_markup={"keyboard": [["Yes"]], "resize_keyboard": True})
    for page in (visitor.page, other):
        expect(page.locator(".theirs").last).to_contain_text("To both")
        expect(page.locator("#keys .key")).to_have_count(1)


def shown(visitor: Visitor) -> list[str]:
    return visitor.page.locator("#log .message:not([hidden]) .words").all_text_contents()


def test_nothing_is_lost_or_doubled_over_a_broken_connection(stage: Stage, visit: Visit) -> None:
    visitor = visit("en", url=stage.url)
    stage.settle_first(visitor)
    visitor.context.set_offline(True)
    expect(visitor.page.locator("#banner")).not_to_be_empty()
    for text in ("One", "Two"):
        visitor.write(text)
    expect(visitor.page.locator(".waiting")).to_have_count(2)
    stage.send(visitor, "Meanwhile")
    stage.send(visitor, "And then")
    visitor.context.set_offline(False)
    expect(visitor.page.locator(".waiting")).to_have_count(0)
    expect(visitor.page.locator("#banner")).to_be_empty()
    wanted = ["Welcome", "Meanwhile", "And then", "One", "Two"]
    expect(visitor.page.locator("#log .message:not([hidden]) .words")).to_have_text(wanted)
    assert [update["message"]["text"] for update in stage.updates(visitor, 2)] == ["One", "Two"]
    visitor.page.reload()
    expect(visitor.page.locator("#log .message:not([hidden]) .words")).to_have_text(wanted)


def test_an_answer_that_never_comes_back_sends_nothing_twice(stage: Stage, visit: Visit) -> None:
    visitor = visit("en", url=stage.url)
    stage.settle_first(visitor)
    tries: list[str] = []

    def lose_first(route: Route) -> None:
        tries.append(json.loads(route.request.post_data or "{}")["client_id"])
        route.fetch()
        if len(tries) == 1:
            route.abort("connectionreset")
        else:
            route.continue_()

    visitor.page.route("**/api/send", lose_first)
    visitor.write("Only once")
    expect(visitor.page.locator(".mine .words", has_text="Only once")).to_have_count(1)
    expect(visitor.page.locator("#waiting .message")).to_have_count(0)
    visitor.write("And this")
    expect(visitor.page.locator(".mine .words").last).to_have_text("And this")
    assert [update["message"]["text"] for update in stage.updates(visitor, 2)] == ["Only once", "And this"]
    assert len(tries) == 3
    assert tries[0] == tries[1]


def test_who_writes_too_fast_waits_and_loses_nothing(stage: Stage, visit: Visit) -> None:
    visitor = visit("en", url=stage.url)
    stage.settle_first(visitor)
    tries: list[str] = []

    def refuse_first(route: Route) -> None:
        tries.append(json.loads(route.request.post_data or "{}")["client_id"])
        answer = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1}}
        if len(tries) == 1:
            route.fulfill(status=429, json=answer)
        else:
            route.continue_()

    visitor.page.route("**/api/send", refuse_first)
    visitor.write("Patience")
    expect(visitor.page.locator("#banner")).to_contain_text("goes out in 1 seconds")
    expect(visitor.page.locator(".waiting")).to_contain_text("Patience")
    expect(visitor.page.locator(".mine .words").last).to_have_text("Patience")
    assert [update["message"]["text"] for update in stage.updates(visitor, 1)] == ["Patience"]
    expect(visitor.page.locator("#banner")).to_be_empty()
    assert len(set(tries)) == 1


def test_what_the_server_refuses_stands_in_the_field_again(stage: Stage, visit: Visit) -> None:
    visitor = visit("en", url=stage.url)
    stage.settle_first(visitor)
    refusal = {"ok": False, "error_code": 400, "description": "Bad Request"}
    visitor.page.route("**/api/send", lambda route: route.fulfill(status=400, json=refusal))
    visitor.write("Not lost")
    expect(visitor.page.locator("#text")).to_have_value("Not lost")
    expect(visitor.page.locator("#toast")).not_to_be_empty()


def test_words_that_are_not_sent_yet_outlive_a_reload(stage: Stage, visit: Visit) -> None:
    visitor = visit("en", url=stage.url)
    stage.settle_first(visitor)
    visitor.page.locator("#text").fill("Half an idea")
    visitor.page.reload()
    expect(visitor.page.locator("#text")).to_have_value("Half an idea")


def test_the_page_works_in_a_browser_that_keeps_nothing(stage: Stage, visit: Visit) -> None:
    visitor = visit("en", url=stage.url)
    visitor.context.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"]) {
          Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });
        }"""
    )
    stage.settle_first(visitor)
    visitor.write("Nothing is kept")
    expect(visitor.page.locator(".mine .words").last).to_have_text("Nothing is kept")
    visitor.page.reload()
    expect(visitor.page.locator(".mine .words").last).to_have_text("Nothing is kept")
    visitor.is_well()


def write_history(stage: Stage, visitor: Visitor, count: int) -> None:
    """Put a long conversation that was read in the database."""
    with stage.database() as database:
        seq, at = database.execute(
            "SELECT seq, at FROM webchat_messages WHERE chat_id = ?", (visitor.chat_id,)
        ).fetchone()
        [(last,)] = database.execute("SELECT last_message_id FROM webchat_bots").fetchall()
        for number in range(count):
            body = {"message_id": last + number + 1, "date": 1_760_000_000 + 600 * number, "text": f"Message {number}"}
            body["from"] = {"id": 1, "is_bot": bool(number % 2)}
            row = (last + number + 1, visitor.chat_id, seq, number % 2, True, False, at, json.dumps(body), "")
            database.execute("INSERT INTO webchat_messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        database.execute("UPDATE webchat_bots SET last_message_id = ?", (last + count,))
        database.execute("UPDATE webchat_chats SET read_id = ? WHERE id = ?", (last + count, visitor.chat_id))


def drawn(visitor: Visitor) -> list[str]:
    """The words that are in the page, and a look whether they are too many, doubled or out of order."""
    texts = [text for text in shown(visitor) if text.startswith("Message ")]
    numbers = [int(text.split()[1]) for text in texts]
    assert len(texts) <= DRAWN
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return texts


def test_a_long_history_is_drawn_in_parts(stage: Stage, visit: Visit) -> None:
    visitor = visit("en", url=stage.url)
    stage.settle_first(visitor)
    write_history(stage, visitor, LONG)
    visitor.page.reload()
    log = visitor.page.locator("#log")
    expect(log).to_contain_text(f"Message {LONG - 1}")
    assert len(drawn(visitor)) == 50
    for wanted in range(LONG - 100, LONG - 800, -50):
        visitor.page.locator("main").evaluate("(box) => { box.scrollTop = 200; }")
        expect(log.get_by_text(f"Message {wanted}", exact=True)).to_be_attached()
        drawn(visitor)
    assert f"Message {LONG - 1}" not in drawn(visitor)
    stage.send(visitor, "A new one")
    expect(visitor.page.locator("#latest-count")).to_have_text("1")
    expect(log).not_to_contain_text("A new one")
    visitor.page.locator("#latest").click()
    expect(log.get_by_text("A new one")).to_be_in_viewport()
    assert drawn(visitor)[-1] == f"Message {LONG - 1}"
    for number in range(60):
        stage.send(visitor, f"More {number}")
    expect(log.get_by_text("More 59")).to_be_in_viewport()
    drawn(visitor)
    assert visitor.page.locator("#log .message").count() <= DRAWN
    visitor.write("And mine")
    expect(log.get_by_text("And mine")).to_be_in_viewport()
    visitor.is_well()


def test_who_scrolls_down_again_meets_every_message(stage: Stage, visit: Visit) -> None:
    visitor = visit("en", url=stage.url)
    stage.settle_first(visitor)
    write_history(stage, visitor, 600)
    visitor.page.reload()
    log, main = visitor.page.locator("#log"), visitor.page.locator("main")
    expect(log).to_contain_text("Message 599")
    met: set[str] = set()
    while "Message 0" not in met:
        main.evaluate("(box) => { box.scrollTop = 100; }")
        met |= set(drawn(visitor))
    met = set()
    while "Message 599" not in met:
        main.evaluate("(box) => { box.scrollTop = box.scrollHeight - box.clientHeight - 100; }")
        met |= set(drawn(visitor))
    assert len(met) >= 550
    visitor.is_well()


def test_what_was_edited_or_deleted_out_of_sight_is_right_when_it_is_seen(stage: Stage, visit: Visit) -> None:
    visitor = visit("en", url=stage.url)
    stage.settle_first(visitor)
    first = stage.send(visitor, "Old words")
    gone = stage.send(visitor, "Goes away")
    write_history(stage, visitor, 120)
    visitor.page.reload()
    expect(visitor.page.locator("#log")).to_contain_text("Message 119")
    stage.ask("editMessageText", chat_id=visitor.chat_id, message_id=first, text="New words")
    stage.ask("deleteMessage", chat_id=visitor.chat_id, message_id=gone)
    stage.send(visitor, "The end")
    expect(visitor.page.locator("#log")).to_contain_text("The end")
    while "New words" not in shown(visitor):
        visitor.page.locator("main").evaluate("(box) => { box.scrollTop = 100; }")
    expect(visitor.page.locator("#log")).not_to_contain_text("Goes away")
    drawn(visitor)


def test_what_came_while_nobody_looked_stands_under_a_line(stage: Stage, visit: Visit) -> None:
    visitor = visit("en", url=stage.url)
    stage.settle_first(visitor)
    hide(visitor, True)
    for text in ("One", "Two", "Three"):
        stage.send(visitor, text)
    expect(visitor.page).to_have_title("(3) Test Village")
    with visitor.page.expect_request("**/api/read"):
        hide(visitor, False)
    expect(visitor.page).to_have_title("Test Village")
    line = visitor.page.locator("#unread")
    expect(line).to_have_text("New messages")
    assert line.evaluate("(line) => line.nextElementSibling.textContent").startswith("One")
    visitor.write("Thank you")
    expect(line).to_have_count(0)


def test_the_server_remembers_what_was_read(stage: Stage, visit: Visit) -> None:
    visitor = visit("en", url=stage.url)
    with visitor.page.expect_response("**/api/read"):
        stage.settle_first(visitor)
    visitor.page.goto("about:blank")
    stage.send(visitor, "While you were away")
    assert visitor.history()["unread"] == 1
    visitor.page.goto(stage.url)
    line = visitor.page.locator("#unread")
    expect(line).to_be_visible()
    assert line.evaluate("(line) => line.nextElementSibling.textContent").startswith("While you were away")


def test_a_recovery_code_opens_the_conversation_in_another_browser(stage: Stage, visit: Visit) -> None:
    visitor, other = visit("en", url=stage.url), visit("en", url=stage.url)
    stage.settle_first(visitor, "Only for you")
    stage.settle_first(other, "Somebody else")
    visitor.page.locator("#commands").click()
    visitor.page.get_by_role("button", name="Keep this conversation").click()
    code = visitor.page.locator("#code").inner_text()
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.page.locator("#copy-code").click()
    expect(visitor.page.get_by_text("Copied")).to_be_visible()
    assert visitor.page.evaluate("navigator.clipboard.readText()") == code
    other.page.locator("#commands").click()
    other.page.get_by_role("button", name="I have a recovery code").click()
    other.page.locator("#recovery").fill("AAAA-BBBB")
    other.page.keyboard.press("Enter")
    expect(other.page.locator("#recovery-wrong")).to_have_text("This code is not right. Please check it.")
    other.page.locator("#recovery").fill(code.lower())
    other.page.keyboard.press("Enter")
    expect(other.page.locator("#log")).to_contain_text("Only for you")
    expect(other.page.locator("#log")).not_to_contain_text("Somebody else")


def test_a_browser_that_is_left_forgets_the_conversation(stage: Stage, visit: Visit) -> None:
    visitor = visit("en", url=stage.url)
    stage.settle_first(visitor, "Private words")
    visitor.page.locator("#text").fill("Not sent yet")
    visitor.page.locator("#commands").click()
    visitor.page.get_by_role("button", name="Leave this browser").click()
    visitor.page.locator("#leave-ok").click()
    expect(visitor.page.locator("#log")).not_to_contain_text("Private words")
    expect(visitor.page.locator("#log .mine")).to_be_attached()
    expect(visitor.page.locator("#text")).to_have_value("")


@pytest.mark.parametrize("pane", ["left"])
def test_a_pane_is_passed_on_everywhere(stage: Stage, visit: Visit, pane: str) -> None:
    visitor = visit("en", url=stage.url)
    asked: list[bool] = []

    def look(route: Route) -> None:
        request = route.request
        asked.append(request.headers.get("x-pane") == pane or f"pane={pane}" in request.url)
        route.continue_()

    visitor.page.route("**/api/**", look)
    visitor.open(f"/?pane={pane}", until="#log .mine")
    visitor.write("Through a pane")
    expect(visitor.page.locator(".mine .words").last).to_have_text("Through a pane")
    assert len(asked) >= 4
    assert all(asked)
