"""Becoming staff by a one-time invitation, and what only staff may do."""

import re

import pytest

from participation import drafts, questions, staff
from participation.drafts import Content
from participation.refusals import Refused
from participation.staff import InvitationOver, NotStaff, NotYourRole
from storage.database import Database
from storage.store import Store
from tests.clock import TestClock
from tests.phone import Bot
from tests.test_command_line import belleman
from tests.towns import IDEAS


async def test_an_invitation_works_once_within_72_hours(town: Database, clock: TestClock) -> None:
    token = await town.turn(lambda store: staff.invite(store, "owner", clock()))
    assert re.fullmatch("[0-9a-f]{32}", token)

    def accept(person: int) -> str:
        return token and str(person)

    one = await town.turn(lambda store: store.residents.get(1))
    two = await town.turn(lambda store: store.residents.get(2))
    assert one is not None
    assert two is not None
    assert await town.turn(lambda store: staff.accept(store, token, one, clock())) == "owner"
    with pytest.raises(InvitationOver):
        await town.turn(lambda store: staff.accept(store, token, two, clock()))
    late = await town.turn(lambda store: staff.invite(store, "editor", clock()))
    clock.forward(hours=72)
    for over in (late, "0" * 32):
        with pytest.raises(InvitationOver):
            await town.turn(lambda store, over=over: staff.accept(store, over, two, clock()))
    roles = await town.turn(lambda store: [store.staff.role(person) for person in (1, 2)])
    assert roles == ["owner", None]


async def test_the_token_itself_is_kept_nowhere(town: Database, clock: TestClock) -> None:
    from storage.staff import invitations

    token = await town.turn(lambda store: staff.invite(store, "owner", clock()))
    rows = await town.turn(lambda store: store.run(invitations.select()).all())
    assert token not in str(rows)


@pytest.mark.parametrize("role", ["owner", "editor", "moderator", "viewer", None])
async def test_only_owners_and_moderators_publish(town: Database, clock: TestClock, role: str | None) -> None:
    person = await town.turn(lambda store: store.residents.get(1))
    assert person is not None
    await town.turn(lambda store: store.ideas.change(1, status="submitted"))
    if role is not None:
        await town.turn(lambda store: store.staff.put(1, role, clock()))
    try:
        await town.turn(lambda store: staff.decide(store, 1, person, "published"))
        done = True
    except (NotStaff, NotYourRole):
        done = False
    assert done is (role in ("owner", "moderator"))
    idea = await town.turn(lambda store: store.ideas.get(1))
    assert idea is not None
    assert idea.status == ("published" if done else "submitted")


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_the_printed_link_makes_an_owner_who_reads_questions_and_publishes_ideas(
    bot: Bot, clock: TestClock
) -> None:
    asker = await bot.phone("en")
    await asker.type("When do you open?")
    await asker.tap("Ask the city a question")
    await asker.tap("Send my question")
    token = await bot.db.turn(lambda store: staff.invite(store, "owner", clock()))
    owner = await bot.phone("en", f"invite-{token}")
    assert "You are invited to join the staff of the city as owner." in await owner.text()
    assert "now staff" in await owner.tap("Accept the invitation")
    await owner.tap("Questions that wait")
    assert "When do you open?" in await owner.text()
    await owner.tap("Answer this question")
    await owner.type("At nine, <b>every</b> day.")
    assert await owner.tap("Send the answer") == "The answer is sent."
    assert "Nothing waits." in await owner.text()
    assert "The city answers your question" in await asker.text()
    assert "At nine, <b>every</b> day." in await asker.text()
    await asker.tap("Back")
    await asker.tap("When do you open?")
    assert "At nine" in await asker.text()
    await bot.db.turn(lambda store: store.ideas.change(2, status="submitted"))
    await owner.tap_data("waiting")
    assert await owner.tap("Publish this idea") == "The idea is published."
    assert len(await bot.db.turn(lambda store: store.ideas.public(IDEAS))) == 2


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_resident_is_told_kindly_that_a_page_is_for_staff(bot: Bot) -> None:
    phone = await bot.phone("en")
    for data in ("staff", "waiting", "asked", "publish-1", "hide-1", "respond-1", "sendresponse-1"):
        assert await phone.tap_data(data) == "This page is for staff of the city."


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_command_line_prints_a_link(url: str, engine: str) -> None:
    done = belleman("invite", "--role", "owner", BELLEMAN_DATABASE_URL=url)
    assert re.fullmatch(r"http://127\.0\.0\.1:8300/\?start=invite-[0-9a-f]{32}\n", done.stdout), done.stderr
    assert issubclass(NotStaff, Refused)


@pytest.mark.parametrize("role", ["owner", "editor", "moderator", "viewer", None])
async def test_all_but_viewers_answer_questions_and_each_once(
    town: Database, clock: TestClock, role: str | None
) -> None:
    def visit(store: Store) -> list[str]:
        asker, colleague = store.residents.get(2), store.residents.get(1)
        assert asker is not None
        assert colleague is not None
        if role is not None:
            store.staff.put(1, role, clock())
        drafts.take(store, asker, "ask", Content(1, "When?"), "telegram", clock())
        question_id = questions.ask(store, asker, clock())
        done = []
        for number in (2, 3):
            drafts.take(store, colleague, f"response-{question_id}", Content(number, "Now."), "telegram", clock())
            try:
                questions.answer(store, question_id, colleague, clock())
                done.append("answered")
            except Refused as refusal:
                done.append(type(refusal).__name__)
        return done

    expected = {"viewer": ["NotYourRole"] * 2, None: ["NotStaff"] * 2}
    assert await town.turn(visit) == expected.get(role, ["answered", "Gone"])
