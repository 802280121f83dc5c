"""The chat page for everybody: checked by axe in each state, small, dark, from right to left, without a mouse."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browsing import CITY, KEYS, SIZES, VOTE, VOTING, Stage, Visit, Visitor

pytest_plugins = ("tests.browsers",)

ARABIC = "مرحبا بكم في ساحة المحطة، اختاروا خطة من فضلكم."
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LEGIBLE = 24
"""The smallest side of what can be tapped, in CSS pixels; links within words aside."""

SMALL_TARGETS = """(least) => [...document.querySelectorAll("button, a, input, textarea")].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.width && one.checkVisibility() && Math.min(box.width, box.height) < least && !one.closest(".words");
}).map((one) => one.outerHTML)"""

State = Callable[[Stage, Visitor], None]


def welcome(stage: Stage, visitor: Visitor) -> None:
    stage.send(
        visitor, "<b>Which plan?</b>\n\nChoose one. It is at 51.2304, 5.3143.", parse_mode="HTML", reply_markup=VOTING
    )
    expect(visitor.page.locator(".key")).to_have_count(4)


def menu(stage: Stage, visitor: Visitor) -> None:
    visitor.page.locator("#commands").click()


def attach(stage: Stage, visitor: Visitor) -> None:
    visitor.page.locator("#attach").click()


def place(stage: Stage, visitor: Visitor) -> None:
    attach(stage, visitor)
    visitor.page.locator("#menu button").last.click()
    visitor.page.locator("#place-text").fill("behind the station")
    visitor.page.locator("#place-ok").click()
    expect(visitor.page.locator("#place-wrong")).not_to_be_empty()


def coordinates(stage: Stage, visitor: Visitor) -> None:
    stage.send(visitor, "Look at 51.2304, 5.3143")
    visitor.page.locator(".spot").last.click()
    expect(visitor.page.locator("#menu a")).to_be_visible()


def alert(stage: Stage, visitor: Visitor) -> None:
    welcome(stage, visitor)
    visitor.page.locator(".key").first.click()
    [update] = stage.updates(visitor, 1)
    query = update["callback_query"]["id"]
    stage.ask("answerCallbackQuery", callback_query_id=query, text="The vote is closed.", show_alert=True)
    expect(visitor.page.locator("#alert")).to_contain_text("The vote is closed.")


def toast(stage: Stage, visitor: Visitor) -> None:
    welcome(stage, visitor)
    visitor.page.locator(".key").first.click()
    [update] = stage.updates(visitor, 1)
    stage.ask("answerCallbackQuery", callback_query_id=update["callback_query"]["id"], text="Your vote is counted.")
    expect(visitor.page.locator("#toast")).to_have_css("opacity", "1")


def reply_keyboard(stage: Stage, visitor: Visitor) -> None:
    stage.send(visitor, "Is it clean?", reply_markup=KEYS)
    expect(visitor.page.locator("#keys .key")).to_have_count(4)


def force_reply(stage: Stage, visitor: Visitor) -> None:
    stage.send(
        visitor, "What is your idea?", reply_markup={"force_reply": True, "input_field_placeholder": "Your idea"}
    )
    expect(visitor.page.locator("#above-text")).to_have_text("What is your idea?")


def quoted(stage: Stage, visitor: Visitor) -> None:
    force_reply(stage, visitor)
    visitor.write("A fountain")
    expect(visitor.page.locator(".mine .quote")).to_contain_text("What is your idea?")


def editing(stage: Stage, visitor: Visitor) -> None:
    visitor.write("A fontain")
    visitor.page.locator(".edit").click()
    expect(visitor.page.locator("#text")).to_have_value("A fontain")


def offline(stage: Stage, visitor: Visitor) -> None:
    visitor.context.set_offline(True)
    visitor.write("Without a connection")
    expect(visitor.page.locator("#banner")).not_to_be_empty()


def recovery(stage: Stage, visitor: Visitor) -> None:
    menu(stage, visitor)
    visitor.page.locator("#menu button").nth(-3).click()
    expect(visitor.page.locator("#code")).not_to_be_empty()


def recovering(stage: Stage, visitor: Visitor) -> None:
    menu(stage, visitor)
    visitor.page.locator("#menu button").nth(-2).click()
    expect(visitor.page.locator("#recovery")).to_be_focused()


def leaving(stage: Stage, visitor: Visitor) -> None:
    menu(stage, visitor)
    visitor.page.locator("#menu button").last.click()
    expect(visitor.page.locator("#leave-ok")).to_be_visible()


def files(stage: Stage, visitor: Visitor) -> None:
    visitor.page.locator("#file").set_input_files([CITY / "pictures" / f"plan-{letter}.jpg" for letter in "abc"])
    visitor.page.locator("#paper").set_input_files(CITY / "city.toml")
    expect(visitor.page.locator(".mine .file[href]")).to_be_visible()
    expect(visitor.page.locator(".mine .photo")).to_have_count(3)


def large(stage: Stage, visitor: Visitor) -> None:
    files(stage, visitor)
    visitor.page.locator(".mine .photo").last.click()
    expect(visitor.page.locator("dialog.large img")).to_be_visible()


def unread(stage: Stage, visitor: Visitor) -> None:
    hide(visitor, True)
    stage.send(visitor, "Something new")
    expect(visitor.page).to_have_title("(1) Test Village")
    hide(visitor, False)
    expect(visitor.page.locator("#unread")).to_be_visible()


def arabic(stage: Stage, visitor: Visitor) -> None:
    stage.send(
        visitor, ARABIC, reply_markup={"inline_keyboard": [[{"text": "الخطة أ", "callback_data": "choose-1-1"}]]}
    )
    visitor.write("نافورة")
    expect(visitor.page.locator(".mine .words").last).to_have_css("direction", "rtl")


def hide(visitor: Visitor, hidden: bool) -> None:
    """Put the page behind another one, or before it again."""
    visitor.page.evaluate(
        """(hidden) => {
          const state = { hidden, visibilityState: hidden ? "hidden" : "visible" };
          for (const [name, value] of Object.entries(state)) {
            Object.defineProperty(document, name, { value, configurable: true });
          }
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


STATES: tuple[State, ...] = (
    welcome,
    menu,
    attach,
    place,
    coordinates,
    alert,
    toast,
    reply_keyboard,
    force_reply,
    quoted,
    editing,
    offline,
    recovery,
    recovering,
    leaving,
    files,
    large,
    unread,
    arabic,
)


def is_clean(visitor: Visitor) -> None:
    """Axe finds nothing, nothing is wider than the page, and nothing that can be tapped is tiny."""
    found = Axe().run(visitor.page, options={"runOnly": WCAG}).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    for box in ("html", "main"):
        assert visitor.page.locator(box).evaluate("(box) => box.scrollWidth - box.clientWidth") == 0
    assert visitor.page.evaluate(SMALL_TARGETS, LEGIBLE) == []


PHONE_BY_DAY, SMALL_BY_NIGHT = ("phone", "light"), ("small", "dark")
DESK = (("desk", "light"), ("desk", "dark"))


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing_by_day_and_night_and_everything_fits_twice_as_large_from_right_to_left(
    stage: Stage, visit: Visit, state: State
) -> None:
    visitor = visit("en", "phone", stage.url, color_scheme="light")
    stage.settle_first(visitor)
    state(stage, visitor)
    on_desk = DESK if state in (welcome, reply_keyboard, files, recovery) else ()
    for size, scheme in (PHONE_BY_DAY, *on_desk, SMALL_BY_NIGHT):
        width, height = SIZES[size]
        visitor.page.set_viewport_size({"width": width, "height": height})
        visitor.page.emulate_media(color_scheme=scheme)
        is_clean(visitor)
    visitor.page.evaluate("document.documentElement.style.fontSize = '200%'")
    visitor.page.evaluate("document.documentElement.dir = 'rtl'")
    for box in ("html", "main", "form#composer"):
        assert visitor.page.locator(box).evaluate("(box) => box.scrollWidth - box.clientWidth") == 0


def test_an_arabic_reader_gets_english_words_and_arabic_from_right_to_left(stage: Stage, visit: Visit) -> None:
    visitor = visit("ar", url=stage.url)
    stage.settle_first(visitor, ARABIC)
    assert visitor.page.evaluate("[document.documentElement.lang, document.dir]") == ["en", ""]
    words = visitor.page.locator(".theirs .words")
    expect(words).to_have_css("direction", "rtl")
    expect(words).to_have_attribute("lang", "ar")
    expect(visitor.page.locator("#text")).to_have_attribute("placeholder", "Write a message…")


def test_new_words_of_the_bot_are_announced_once_and_old_ones_never(stage: Stage, visit: Visit) -> None:
    visitor = visit("en", url=stage.url)
    stage.settle_first(visitor)
    said = visitor.page.locator("#said")
    expect(said).to_have_text("City: Welcome")
    second = stage.send(visitor, "Second")
    expect(said).to_have_text("City: Second")
    stage.ask("editMessageText", chat_id=visitor.chat_id, message_id=second, text="Better")
    expect(visitor.page.locator(".theirs").last).to_contain_text("Better")
    expect(said).to_have_text("City: Second")
    visitor.page.reload()
    expect(visitor.page.locator(".theirs")).to_have_count(2)
    expect(said).to_be_empty()
    visitor.context.set_offline(True)
    expect(visitor.page.locator("#banner")).not_to_be_empty()
    for number in range(5):
        stage.send(visitor, f"Missed {number}")
    visitor.context.set_offline(False)
    expect(said).to_have_text("5 new messages")


def press(visitor: Visitor, label: str, most: int = 40) -> None:
    """Walk with Tab, one way and then the other, to what is called so; press Enter."""
    for key in ("Shift+Tab", "Tab"):
        for _ in range(most):
            visitor.page.keyboard.press(key)
            focus = "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
            if visitor.page.evaluate(focus) == label:
                visitor.page.keyboard.press("Enter")
                return
    raise AssertionError(f"{label!r} is not reached by Tab")


def test_from_first_contact_to_a_counted_vote_by_keyboard_alone(visit: Visit) -> None:
    visitor = visit("en", "desk")
    plan = VOTE["options"][0]["name"]["en"]
    visitor.open()
    press(visitor, VOTE["label"]["en"])
    vote = visitor.key("Vote for {plan}", plan=plan)
    vote.wait_for()
    press(visitor, vote.inner_text())
    visitor.is_told("Your vote is counted.")
    expect(visitor.key("Withdraw my vote")).to_be_visible()
    assert visitor.page.evaluate("document.activeElement !== document.body")


@pytest.mark.parametrize(
    ("state", "opener"), [(menu, "commands"), (attach, "attach"), (place, "attach"), (recovery, "commands")]
)
def test_escape_closes_and_gives_the_focus_back(stage: Stage, visit: Visit, state: State, opener: str) -> None:
    visitor = visit("en", url=stage.url)
    stage.settle_first(visitor)
    state(stage, visitor)
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator(f"#{opener}")).to_be_focused()
    expect(visitor.page.locator("dialog[open], #menu:visible")).to_have_count(0)


def test_arrows_walk_in_a_sheet(stage: Stage, visit: Visit) -> None:
    visitor = visit("en", url=stage.url)
    stage.settle_first(visitor)
    visitor.page.locator("#attach").focus()
    visitor.page.keyboard.press("Enter")
    choices = visitor.page.locator("#menu button")
    expect(choices.first).to_be_focused()
    visitor.page.keyboard.press("ArrowUp")
    expect(choices.last).to_be_focused()
    visitor.page.keyboard.press("ArrowDown")
    expect(choices.first).to_be_focused()


def test_an_alert_gives_the_focus_back_to_the_conversation(stage: Stage, visit: Visit) -> None:
    visitor = visit("en", url=stage.url)
    stage.settle_first(visitor)
    alert(stage, visitor)
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("#alert")).to_have_count(0)
    expect(visitor.page.locator(".key").first).to_be_focused()


def test_who_wants_less_motion_sees_nothing_turn(stage: Stage, visit: Visit) -> None:
    visitor = visit("en", url=stage.url, reduced_motion="reduce")
    stage.settle_first(visitor)
    welcome(stage, visitor)
    visitor.page.locator(".key").first.click()
    expect(visitor.page.locator(".key[aria-busy]")).to_have_count(1)
    turning = visitor.page.locator(".key").first.evaluate("(key) => getComputedStyle(key, '::after').animationName")
    assert turning == "none"
