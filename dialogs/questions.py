"""Questions to the city."""

from dialogs.address import action, screen
from dialogs.composing import PHOTO, PLACE, TEXT, asking, draft_at, preview, start
from dialogs.here import Here, button
from dialogs.quotes import excerpt, quote
from dialogs.screen import Row, Screen, bold, italic
from participation import questions


@action("question")
def question(here: Here) -> Screen:
    """Begin a question."""
    return start(here, "ask")


@screen("ask", limit=questions.LENGTH, accepts=(TEXT, PHOTO, PLACE))
def ask(here: Here) -> Screen:
    """A question in the making."""
    draft = draft_at(here, "ask")
    begin = button(here.tr("Ask the city a question"), "question")
    if draft.is_empty or draft.replacing:
        return asking(here, draft, here.tr("Write your question in a message."), "help", begin)
    who = here.tr("Only the city reads your question. The answer comes in this chat.")
    return preview(here, draft, questions.LENGTH, button(here.tr("Send my question"), "sendquestion"), who, "help")


@action("sendquestion", otherwise="ask")
def send(here: Here) -> Screen:
    """Send the question."""
    questions.ask(here.store, here.resident, here.now)
    return here.screen(
        here.tr("Your question is with the city."), here.tr("The answer comes in this chat."), back="help"
    ).saying(here.tr("Thank you. Your question has arrived."))


@screen("answered")
def answered(here: Here, question_id: int) -> Screen:
    """A question of one's own, with the city's answer when there is one."""
    question = questions.find_own(here.store, question_id, here.resident)
    waiting = here.tr("The city has not answered yet.")
    return here.screen(
        bold(here.tr("The city answers your question")) if question.answer else bold(here.tr("Your question")),
        italic(quote(excerpt(question.text, 300))),
        question.answer or waiting,
        back="myquestions",
    )


@screen("myquestions")
def mine(here: Here) -> Screen:
    """The questions that one asked, the newest first."""
    found = here.store.questions.of(here.resident.id)[::-1][:8]
    rows: list[Row] = [(button(excerpt(quote(one.text), 30), "answered", one.id),) for one in found]
    nothing = None if found else here.tr("You have not asked a question yet.")
    return here.screen(bold(here.tr("My questions")), nothing, rows=rows, back="help")
