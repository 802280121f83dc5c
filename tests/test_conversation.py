"""The conversation from a resident's thumb, through the gateway."""

import pytest

from tests.clock import TestClock
from tests.phone import Bot
from tests.towns import IDEAS, VOTE


@pytest.fixture
def engine() -> str:
    """What people see does not depend on the engine; the promises are tested on both."""
    return "sqlite"


async def test_from_start_to_a_counted_vote_in_two_taps(bot: Bot) -> None:
    phone = await bot.phone("en")
    await phone.tap("«en Which plan?»")
    assert await phone.tap("Vote for «en Plan B»") == "Your vote is counted."
    assert "Your choice: «en Plan B». You can change it until 1 June 2026, 18:00." in await phone.text()
    assert await bot.db.turn(lambda store: store.choices.tally(VOTE)) == {1: 1, 2: 3, 3: 2}


async def test_a_vote_can_be_changed_and_withdrawn(bot: Bot) -> None:
    phone = await bot.phone("en", f"activity-{VOTE}")
    await phone.tap("Vote for «en Plan B»")
    await phone.tap("Change to «en Plan C»")
    assert await bot.db.turn(lambda store: store.choices.tally(VOTE)) == {1: 1, 2: 2, 3: 3}
    assert await phone.tap("Withdraw my vote") == "Your vote is withdrawn."
    assert await bot.db.turn(lambda store: store.choices.tally(VOTE)) == {1: 1, 2: 2, 3: 2}
    assert "You can take part until" in await phone.text()


async def test_a_vote_after_the_closing_moment_is_refused_kindly_and_counts_nothing(bot: Bot, clock: TestClock) -> None:
    phone = await bot.phone("en", f"activity-{VOTE}")
    clock.forward(days=21)
    assert await phone.tap("Vote for «en Plan B»") == "This is closed. Taking part is no longer possible."
    assert await bot.db.turn(lambda store: store.choices.tally(VOTE)) == {1: 1, 2: 2, 3: 2}


async def test_first_contact_welcomes_in_two_sentences_and_shows_the_projects_at_once(bot: Bot) -> None:
    phone = await bot.phone("fr")
    welcome = (await phone.text()).split("\n\n")[0]
    assert welcome.count("\n") == 1
    assert "«fr Testdorp»" in welcome
    assert "«fr The square»" in await phone.labels()
    assert [label for label in await phone.labels() if label in ("Nederlands", "Deutsch", "English")] == [
        "Nederlands",
        "Deutsch",
        "English",
    ]


async def test_a_link_opens_its_screen_on_first_contact_and_remembers_the_source(bot: Bot) -> None:
    phone = await bot.phone("en", "project-1-from-station")
    assert "«en Three plans»" in await phone.text()
    visits = await bot.db.turn(lambda store: [(one.address, one.source) for one in store.visits.of(7)])
    assert visits == [("project-1", "station")]
    assert (await bot.db.turn(lambda store: store.residents.get(7))).came_from == "station"  # type: ignore[union-attr]


async def test_a_link_that_would_vote_opens_home_and_votes_nothing(bot: Bot) -> None:
    phone = await bot.phone("en", "choose-1-2")
    assert "That page is no longer there." in await phone.text()
    assert await bot.db.turn(lambda store: store.choices.get(VOTE, 7)) is None


async def test_an_address_that_leads_nowhere_opens_home_with_one_friendly_line(bot: Bot) -> None:
    phone = await bot.phone("en")
    for data in (
        "project-999",
        "nonsense",
        "choose-1",
        "choose-1-2-3",
        "plan-1-99",
        "activity-99999999999999999999",
        "é",
    ):
        assert (await phone.tap_data(data)).startswith("That page is no longer there."), data
        assert "What would you like to do?" in await phone.text()


async def test_an_unpublished_project_is_shown_to_nobody(bot: Bot) -> None:
    phone = await bot.phone("en")
    for data in ("project-3", "about-3", "activity-5", "choose-5-1", "results-5"):
        assert (await phone.tap_data(data)).startswith("That page is no longer there."), data
    assert "Hush" not in " ".join(str(message) for message in await phone.history())


async def test_an_idea_takes_text_photo_and_place_in_any_order_and_is_sent_whole(bot: Bot) -> None:
    phone = await bot.phone("en", f"activity-{IDEAS}")
    await phone.tap("Write an idea")
    await phone.send_place(51.2, 5.3)
    await phone.send_photos()
    await phone.type("A pond with ducks")
    assert "A pond with ducks" in await phone.text()
    assert await phone.tap("Send my idea") == "Thank you. Your idea has arrived."
    idea = await bot.db.turn(lambda store: store.ideas.get(3))
    assert idea is not None
    assert (idea.text, idea.latitude, idea.longitude, idea.status) == ("A pond with ducks", 51.2, 5.3, "published")
    photo_id = idea.photo_id
    assert photo_id is not None
    assert await bot.db.turn(lambda store: store.photos.body(photo_id)) is not None
    assert await bot.db.turn(lambda store: store.drafts.of(7)) == ()


async def test_five_interactions_lead_from_start_to_a_sent_idea(bot: Bot) -> None:
    phone = await bot.phone("en")
    await phone.tap("«en Your idea»")
    await phone.tap("Write an idea")
    await phone.type("More benches")
    await phone.tap("Send my idea")
    assert [one.text for one in await bot.db.turn(lambda store: store.ideas.of(7))] == ["More benches"]


async def test_a_half_written_idea_survives_a_restart_and_waits_for_weeks(bot: Bot, clock: TestClock) -> None:
    phone = await bot.phone("en", f"activity-{IDEAS}")
    await phone.tap("Write an idea")
    await phone.type("First part")
    await bot.restart()
    clock.forward(days=15)
    await phone.start()
    await phone.tap("Continue my message")
    await phone.type("Second part")
    assert "First part\n\nSecond part" in await phone.text()


async def test_an_edited_message_edits_the_draft(bot: Bot) -> None:
    phone = await bot.phone("en", f"activity-{IDEAS}")
    await phone.tap("Write an idea")
    message_id = await phone.type("More benhces")
    await phone.edit(message_id, "More benches")
    assert "More benches" in await phone.text()
    assert "benhces" not in await phone.text()


async def test_editing_what_was_sent_already_is_answered_plainly(bot: Bot) -> None:
    phone = await bot.phone("en", f"activity-{IDEAS}")
    await phone.tap("Write an idea")
    message_id = await phone.type("More benches")
    await phone.tap("Send my idea")
    await phone.edit(message_id, "Fewer benches")
    assert "This was sent already. Your change does not reach it." in await phone.text()
    assert [one.text for one in await bot.db.turn(lambda store: store.ideas.of(7))] == ["More benches"]


async def test_an_album_gets_one_answer(bot: Bot) -> None:
    phone = await bot.phone("en", f"activity-{IDEAS}")
    await phone.tap("Write an idea")
    before = len([one for one in await phone.history() if not one["mine"]])
    await phone.send_photos(3)
    answers = [one for one in await phone.history() if not one["mine"]][before:]
    assert len(answers) == 1
    assert "One photo is enough: we took the first one." in await phone.text()


FILE = {"file_id": "x", "file_unique_id": "y"}
ODD = {
    "sticker": {
        "sticker": FILE | {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
    },
    "voice": {"voice": FILE | {"duration": 3}},
    "video": {"video": FILE | {"width": 1, "height": 1, "duration": 3}},
    "video note": {"video_note": FILE | {"length": 1, "duration": 3}},
    "contact": {"contact": {"phone_number": "1", "first_name": "An"}},
    "document": {"document": FILE},
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
    "poll": {
        "poll": {
            "id": "1",
            "question": "?",
            "options": [],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
    },
    "forwarded": {
        "text": "Read this!",
        "forward_origin": {"type": "hidden_user", "date": 1_770_000_000, "sender_user_name": "Bo"},
    },
}


@pytest.mark.parametrize("kind", ODD)
async def test_what_is_not_understood_gets_a_kind_sentence_and_keeps_the_draft(bot: Bot, kind: str) -> None:
    phone = await bot.phone("en", f"activity-{IDEAS}")
    await phone.tap("Write an idea")
    await phone.type("More benches")
    await phone.send_odd(ODD[kind])
    text = await phone.text()
    assert "More benches" in text
    assert "Please" in text or "A photo and a few words are fine." in text
    await phone.tap("Send my idea")
    assert [one.text for one in await bot.db.turn(lambda store: store.ideas.of(7))] == ["More benches"]


async def test_three_messages_of_4096_characters_are_kept_and_the_person_is_told_how_to_go_on(bot: Bot) -> None:
    phone = await bot.phone("en", f"activity-{IDEAS}")
    await phone.tap("Write an idea")
    for letter in "abc":
        await phone.type(letter * 4096)
    assert "Send my idea" not in await phone.labels()
    draft = (await bot.db.turn(lambda store: store.drafts.of(7)))[0]
    assert draft.text == "\n\n".join(letter * 4096 for letter in "abc")
    await phone.tap("Shorten to 1,500 characters")
    await phone.tap("Send my idea")
    assert [one.text for one in await bot.db.turn(lambda store: store.ideas.of(7))] == ["a" * 1500]


async def test_text_that_nothing_waits_for_becomes_an_idea(bot: Bot) -> None:
    phone = await bot.phone("en")
    await phone.type("A pond please")
    assert await phone.labels() == ["«en Your idea»", "Ask the city a question", "Delete my draft", "Home"]
    await phone.tap("«en Your idea»")
    await phone.tap("Send my idea")
    assert [one.text for one in await bot.db.turn(lambda store: store.ideas.of(7))] == ["A pond please"]


async def test_text_that_nothing_waits_for_becomes_a_question_to_the_city(bot: Bot) -> None:
    phone = await bot.phone("en")
    await phone.type("When do you open?")
    await phone.tap("Ask the city a question")
    assert "Only the city reads your question." in await phone.text()
    assert await phone.tap("Send my question") == "Thank you. Your question has arrived."
    assert [one.text for one in await bot.db.turn(lambda store: store.questions.open())] == ["When do you open?"]


async def test_even_the_very_first_message_is_kept_and_welcomed(bot: Bot) -> None:
    phone = await bot.phone("en", start=None)
    await phone.type("Hello, more trees!")
    text = await phone.text()
    assert text.startswith("Welcome!")
    assert "Hello, more trees!" in text


async def test_after_the_first_act_one_question_asks_for_consent_and_never_again(bot: Bot) -> None:
    phone = await bot.phone("en", f"activity-{VOTE}")
    await phone.tap("Vote for «en Plan B»")
    assert "May we write to you here about what happens next?" in await phone.text()
    await phone.tap("Yes, write to me")
    consents = await bot.db.turn(lambda store: store.consents.of(7))
    assert [(one.kind, one.answer, one.text_version, one.language) for one in consents] == [
        ("writing", True, "2026-11", "en")
    ]
    await phone.tap("Change to «en Plan C»")
    assert "May we write" not in await phone.text()


async def test_stop_ends_unasked_messages_and_is_recorded(bot: Bot) -> None:
    phone = await bot.phone("en", f"activity-{VOTE}")
    await phone.tap("Vote for «en Plan B»")
    await phone.tap("Yes, write to me")
    await phone.type("/stop")
    assert (await phone.text()).startswith("We do not write to you any more.")
    answers = [one.answer for one in await bot.db.turn(lambda store: store.consents.of(7))]
    assert answers == [True, False]


async def test_ideas_are_read_supported_commented_and_reported(bot: Bot) -> None:
    phone = await bot.phone("en", "idea-1")
    await phone.tap("Support this idea")
    assert "3 people support this." in await phone.text()
    await phone.tap("Take back my support")
    assert "2 people support this." in await phone.text()
    await phone.tap("Comments (2)")
    await phone.tap("Write a comment")
    await phone.type("I like it")
    await phone.tap("Send my comment")
    assert "I like it" in await phone.text()
    await phone.tap("Goed idee!")
    await phone.tap("Reply to this")
    await phone.type("Me too")
    await phone.tap("Send my reply")
    found = [(one.text, one.parent_id) for one in await bot.db.turn(lambda store: store.comments.of_idea(1))]
    assert found == [("Goed idee!", None), ("Dank u.", 1), ("I like it", None), ("Me too", 1)]
    await phone.tap_data("report-idea-1")
    await phone.tap("Yes, report it")
    assert await bot.db.turn(lambda store: store.reports.count("idea-1")) == 1


async def test_without_my_name_the_public_never_sees_it(bot: Bot) -> None:
    author = await bot.phone("en")
    await author.tap_data("setname")
    await author.type("Zelda Zonderling")
    await author.tap("Save my name")
    await author.tap_data(f"write-{IDEAS}")
    await author.type("A secret garden")
    await author.tap("Do not show my name")
    assert "without your name" in await author.text()
    await author.tap("Send my idea")
    reader = await bot.phone("en", "idea-3")
    assert "A secret garden" in await reader.text()
    assert "Zelda" not in str(await reader.history())


async def test_ideas_near_a_place_come_first_and_words_are_not_swallowed_by_it(bot: Bot) -> None:
    phone = await bot.phone("en", f"ideas-{IDEAS}-new-1")
    await phone.tap("Nearest first")
    await phone.send_place(51.231, 5.311)
    assert "0 m away" in await phone.text()
    await phone.type("By the way, a fountain")
    assert "By the way, a fountain" in await phone.text()
    assert "Ask the city a question" in await phone.labels()


async def test_language_is_changed_with_one_tap_and_kept(bot: Bot) -> None:
    phone = await bot.phone("nl")
    assert await phone.tap("English") == "From now on you read English."
    await phone.start()
    assert "What would you like to do?" in await phone.text()


async def test_a_client_in_a_language_the_city_does_not_have_reads_the_citys_own(bot: Bot) -> None:
    phone = await bot.phone("pt-BR")
    assert "«nl Testdorp»" in await phone.text()


async def test_erasing_leaves_nothing_and_a_later_message_is_a_first_contact(bot: Bot) -> None:
    phone = await bot.phone("en", f"activity-{VOTE}")
    await phone.tap("Vote for «en Plan B»")
    await phone.tap_data("erase")
    await phone.tap("Remove what I wrote")
    assert "Everything about you is erased." in await phone.text()
    assert await bot.db.turn(lambda store: store.residents.get(7)) is None
    assert await bot.db.turn(lambda store: store.choices.tally(VOTE)) == {1: 1, 2: 2, 3: 2}
    await phone.start()
    assert (await phone.text()).startswith("Welcome!")


async def test_my_data_comes_as_json_and_as_a_page(bot: Bot) -> None:
    phone = await bot.phone("en", f"activity-{VOTE}")
    await phone.tap("Vote for «en Plan B»")
    await phone.tap_data("mydata")
    await phone.tap("Download as data file")
    assert (await phone.screen())["document"]["file_name"] == "belleman.json"
    await phone.tap_data("export-html")
    assert (await phone.screen())["document"]["file_name"] == "belleman.html"


async def test_a_document_of_the_project_is_handed_over(bot: Bot) -> None:
    phone = await bot.phone("en", "documents-1")
    await phone.tap("«en The plan»")
    assert (await phone.screen())["document"]["file_name"] == "plan.pdf"
    await phone.tap("Back")
    assert "Tap a document to open it." in await phone.text()


async def test_the_living_message_is_edited_in_place(bot: Bot) -> None:
    phone = await bot.phone("en")
    first = (await phone.screen())["message_id"]
    await phone.tap_data("settings")
    await phone.tap("Language")
    await phone.tap("Home")
    assert (await phone.screen())["message_id"] == first


async def test_a_picture_that_becomes_text_is_answered_anew_and_the_old_keyboard_goes(bot: Bot) -> None:
    phone = await bot.phone("en", "project-1")
    picture = await phone.screen()
    assert "photo" in picture
    await phone.tap("Home")
    found = {one["message_id"]: one for one in await phone.history()}
    assert (await phone.screen())["message_id"] != picture["message_id"]
    assert not found[picture["message_id"]].get("reply_markup", {}).get("inline_keyboard")


async def test_old_buttons_still_work_after_a_restart_and_months(bot: Bot, clock: TestClock) -> None:
    phone = await bot.phone("en")
    old = (await phone.screen())["message_id"]
    await phone.type("/help")
    await bot.restart()
    clock.forward(days=200)
    await phone.tap_data("project-1", old)
    assert "«en Three plans»" in await phone.text()


async def test_a_command_that_nobody_knows_is_said_and_never_becomes_part_of_an_idea(bot: Bot) -> None:
    phone = await bot.phone("en", f"activity-{IDEAS}")
    await phone.tap("Write an idea")
    await phone.type("/dance")
    assert "We do not know this command." in await phone.text()
    assert (await bot.db.turn(lambda store: store.drafts.of(7)))[0].is_empty


async def test_whoever_goes_elsewhere_by_a_command_has_stopped_writing_and_the_draft_waits(bot: Bot) -> None:
    phone = await bot.phone("en", f"activity-{IDEAS}")
    await phone.tap("Write an idea")
    await phone.type("Half an idea")
    await phone.type("/help")
    await phone.type("When do you open?")
    assert "You wrote:" in await phone.text()
    await phone.type("/start")
    await phone.tap("Continue my message")
    assert "Half an idea" in await phone.text()
    assert "When" not in await phone.text()


async def test_a_new_name_takes_the_place_of_the_one_before(bot: Bot) -> None:
    phone = await bot.phone("en")
    await phone.tap_data("setname")
    await phone.type("Jan")
    await phone.type("Piet")
    await phone.tap("Save my name")
    assert (await bot.db.turn(lambda store: store.residents.get(7))).name == "Piet"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("/projects", "«en The square»"),
        ("/idea", "Write your idea in a message."),
        ("/mine", "You have not shared an idea yet."),
        ("/settings", "Settings"),
        ("/help", "Help"),
        ("/privacy", "Your votes are secret."),
        ("/start", "What would you like to do?"),
    ],
)
async def test_every_command_opens_its_screen(bot: Bot, command: str, sentence: str) -> None:
    phone = await bot.phone("en")
    await phone.type(command)
    assert sentence in await phone.text()


async def test_blocking_makes_unreachable_and_coming_back_makes_reachable(bot: Bot) -> None:
    phone = await bot.phone("en")
    person = {"id": phone.chat_id, "is_bot": False, "first_name": "An"}
    me = {"id": 1, "is_bot": True, "first_name": "Bot"}
    for status, reachable in (("kicked", False), ("member", True)):
        changed = {
            "chat": {"id": phone.chat_id, "type": "private"},
            "from": person,
            "date": 1_770_000_000,
            "old_chat_member": {"status": "member", "user": me},
            "new_chat_member": {"status": status, "user": me} | ({"until_date": 0} if status == "kicked" else {}),
        }
        await phone.send_odd({"update": {"my_chat_member": changed}})
        accounts = await bot.db.turn(lambda store: store.residents.accounts_of(7))
        assert [one.reachable for one in accounts] == [reachable]
