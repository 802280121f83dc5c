"""Comments under ideas: reading, writing, replying, taking away."""

from markupsafe import Markup

from dialogs.address import action, screen
from dialogs.composing import TEXT, asking, draft_at, preview, start
from dialogs.here import Here, button
from dialogs.quotes import excerpt, quote
from dialogs.screen import Button, Row, Screen, bold, italic, lines
from participation import comments, ideas
from storage.comments import Comment

SHOWN = 6
"""The latest comments that one screen shows."""


@screen("comments")
def listed(here: Here, idea_id: int) -> Screen:
    """The latest comments under an idea, replies marked."""
    idea = ideas.find(here.store, idea_id, here.resident)
    found = here.store.comments.of_idea(idea_id)
    shown = found[-SHOWN:]
    rows: list[Row] = [(button(here.tr("Write a comment"), "discuss", idea_id),)]
    rows += [(button(_label(here, one), "remark", one.id),) for one in shown]
    count = here.ntr("{count} comment", "{count} comments", len(found))
    return here.screen(
        italic(quote(excerpt(idea.text, 100))),
        bold(count),
        *(_said(here, one) for one in shown),
        rows=rows,
        back=f"idea-{idea_id}",
    )


@screen("remark")
def remark(here: Here, comment_id: int) -> Screen:
    """One comment, whole, with reply and report."""
    found = comments.find(here.store, comment_id)
    ideas.find(here.store, found.idea_id, here.resident)
    rows = [(button(here.tr("Reply to this"), "answer", comment_id),)]
    if found.resident_id == here.resident.id:
        rows.append((button(here.tr("Delete my comment"), "takeaway", comment_id),))
    else:
        rows.append((button(here.tr("Report this"), "report", f"remark-{comment_id}"),))
    return here.screen(
        bold(here.author(found.author, found.anonymous)),
        quote(found.text),
        here.texts.day(found.at),
        rows=rows,
        back=f"comments-{found.idea_id}",
    )


@action("discuss", otherwise="comments")
def discuss(here: Here, idea_id: int) -> Screen:
    """Begin a comment."""
    ideas.find(here.store, idea_id, here.resident)
    return start(here, f"comment-{idea_id}")


@action("answer", otherwise="remark")
def answer(here: Here, comment_id: int) -> Screen:
    """Begin a reply."""
    comments.find(here.store, comment_id)
    return start(here, f"reply-{comment_id}")


@screen("comment", limit=comments.LENGTH, accepts=(TEXT,))
def comment(here: Here, idea_id: int) -> Screen:
    """A comment in the making."""
    ideas.find(here.store, idea_id, here.resident)
    begin = button(here.tr("Write a comment"), "discuss", idea_id)
    send = button(here.tr("Send my comment"), "sendcomment", idea_id)
    return _composing(here, f"comment-{idea_id}", begin, send, f"comments-{idea_id}")


@screen("reply", limit=comments.LENGTH, accepts=(TEXT,))
def reply(here: Here, comment_id: int) -> Screen:
    """A reply in the making."""
    comments.find(here.store, comment_id)
    begin = button(here.tr("Reply to this"), "answer", comment_id)
    send = button(here.tr("Send my reply"), "sendreply", comment_id)
    return _composing(here, f"reply-{comment_id}", begin, send, f"remark-{comment_id}")


@action("sendcomment", otherwise="comment")
def send_comment(here: Here, idea_id: int) -> Screen:
    """Publish the comment."""
    comments.comment(here.store, idea_id, here.resident, here.now)
    return listed(here, idea_id).saying(here.tr("Your comment is published."))


@action("sendreply", otherwise="reply")
def send_reply(here: Here, comment_id: int) -> Screen:
    """Publish the reply."""
    idea_id = comments.find(here.store, comment_id).idea_id
    comments.reply(here.store, comment_id, here.resident, here.now)
    return listed(here, idea_id).saying(here.tr("Your reply is published."))


@action("takeaway", otherwise="home")
def take_away(here: Here, comment_id: int) -> Screen:
    """Take my own comment away."""
    found = comments.take_away(here.store, comment_id, here.resident)
    return listed(here, found.idea_id).saying(here.tr("Your comment is deleted."))


def _composing(here: Here, address: str, begin: Button, send: Button, back: str) -> Screen:
    draft = draft_at(here, address)
    if draft.is_empty or draft.replacing:
        return asking(here, draft, here.tr("Write your comment in a message."), back, begin)
    name = here.resident.name
    if draft.anonymous or not name:
        who = here.tr("Everybody can read this, without your name.")
    else:
        who = here.tr("Everybody can read this, with your name: {name}.", name=quote(name))
    return preview(here, draft, comments.LENGTH, send, who, back)


def _said(here: Here, found: Comment) -> Markup:
    author = here.author(found.author, found.anonymous)
    heading = here.tr("{author} replies", author=author) if found.parent_id else author
    return lines(bold(heading), quote(excerpt(found.text, 300)))


def _label(here: Here, found: Comment) -> str:
    return excerpt(quote(found.text), 30)
