"""The method `choice`: plans on the table, one tap votes."""

from collections.abc import Sequence

from markupsafe import Markup

from dialogs.activities import closing, heading, parent, when
from dialogs.address import action, screen
from dialogs.here import Here, button
from dialogs.screen import Button, Row, Screen, bold, lines
from locales import N_
from participation import choices
from participation.activities import find, phase
from participation.refusals import Gone
from storage.activities import Activity, Option
from storage.choices import Ballot

CHANNELS = {
    "telegram": N_("By Telegram"),
    "web": N_("By the web page alone"),
    "invented": N_("Invented for the demonstration"),
}


@screen("activity", method="choice")
def question(here: Here, activity_id: int) -> Screen:
    """The question, the person's own choice in words, and a button for each plan."""
    activity = find(here.store, activity_id, "choice")
    ballot = here.store.choices.get(activity_id, here.resident.id)
    rows: list[Row] = []
    if phase(activity, here.now) == "open":
        rows += _voting(here, activity, _others(here, activity, ballot), ballot)
        if ballot is not None:
            rows.append((button(here.tr("Withdraw my vote"), "withdraw", activity_id),))
    rows += _looking(here, activity, ballot)
    return here.screen(
        heading(here, activity),
        here.words(activity.text) if ballot is None else None,
        _state(here, activity, ballot),
        here.tr("Your vote is secret. The city shows totals only."),
        rows=rows,
        back=parent(activity),
        photo_id=_photo(here, activity, ballot),
    )


@screen("plan")
def plan(here: Here, activity_id: int, number: int) -> Screen:
    """One plan: its picture, what is different, a vote, and the way to the next one."""
    activity = find(here.store, activity_id, "choice")
    order = choices.order(activity, here.resident.id)
    place = next((index for index, option in enumerate(order) if option.number == number), None)
    if place is None:
        raise Gone
    option = order[place]
    ballot = here.store.choices.get(activity_id, here.resident.id)
    rows: list[Row] = []
    chosen = ballot is not None and ballot.option_number == number
    if phase(activity, here.now) == "open" and not chosen:
        rows += _voting(here, activity, [option], ballot)
    if len(order) > 1:
        before, after = order[place - 1], order[(place + 1) % len(order)]
        rows.append(
            (
                button(here.tr("Previous plan"), "plan", activity_id, before.number),
                button(here.tr("Next plan"), "plan", activity_id, after.number),
            )
        )
    return here.screen(
        bold(here.words(option.name)),
        here.words(option.text),
        here.tr("Plan {place} of {count}.", place=place + 1, count=len(order)),
        _state(here, activity, ballot),
        rows=rows,
        back=f"activity-{activity_id}",
        photo_id=option.photo_id,
    )


@action("choose", otherwise="activity")
def choose(here: Here, activity_id: int, number: int) -> Screen:
    """One tap votes, or changes the vote."""
    choices.choose(here.store, activity_id, here.resident, number, here.account.channel, here.now)
    return question(here, activity_id).saying(here.tr("Your vote is counted."))


@action("withdraw", otherwise="activity")
def withdraw(here: Here, activity_id: int) -> Screen:
    """Take the vote back."""
    choices.withdraw(here.store, activity_id, here.resident, here.now)
    return question(here, activity_id).saying(here.tr("Your vote is withdrawn."))


@screen("results")
def results(here: Here, activity_id: int) -> Screen:
    """The totals, with turnout and the rule of who could vote, beside the person's own choice."""
    activity = find(here.store, activity_id, "choice")
    tally = choices.results(here.store, activity_id, here.resident, here.now)
    ballot = here.store.choices.get(activity_id, here.resident.id)
    counts = sorted(tally.counts, key=lambda counted: -counted[1])
    return here.screen(
        heading(here, activity),
        here.tr("Results so far") if phase(activity, here.now) == "open" else here.tr("Final results"),
        lines(*(_counted(here, option, count, tally.cast) for option, count in counts)),
        _state(here, activity, ballot),
        here.ntr("{count} person voted.", "{count} people voted.", tally.cast),
        lines(*_by_channel(here, activity_id)),
        here.tr("Everybody can vote once, and change it until the end."),
        None if choices.takes_web_votes(activity) else here.tr("On the web page, only who has connected Telegram."),
        back=f"activity-{activity_id}",
    )  # fmt: skip


def _counted(here: Here, option: Option, count: int, cast: int) -> Markup:
    votes = here.ntr("{count} vote", "{count} votes", count)
    share = here.texts.percent(count, cast)
    return here.tr("{plan}: {votes} ({share})", plan=here.words(option.name), votes=votes, share=share)


def _by_channel(here: Here, activity_id: int) -> list[Markup]:
    counted = choices.by_channel(here.store, activity_id)
    return [
        here.tr("{channel}: {count}", channel=here.tr(CHANNELS.get(name, name)), count=here.texts.number(count))
        for name, count in sorted(counted.items())
    ]


def _state(here: Here, activity: Activity, ballot: Ballot | None) -> Markup:
    """The person's own choice and how long it can change, in words."""
    if ballot is None:
        return when(here, activity)
    name = next((here.words(one.name) for one in activity.options if one.number == ballot.option_number), "")
    if phase(activity, here.now) == "closed":
        return here.tr("Your choice was: {choice}.", choice=name)
    if activity.closes_at is None:
        return here.tr("Your choice: {choice}. You can change it at any time.", choice=name)
    until = closing(here, activity.closes_at)
    return here.tr("Your choice: {choice}. You can change it until {moment}.", choice=name, moment=until)


def _others(here: Here, activity: Activity, ballot: Ballot | None) -> list[Option]:
    """The plans that a tap can still choose, in this person's order."""
    chosen = ballot.option_number if ballot is not None else None
    return [one for one in choices.order(activity, here.resident.id) if one.number != chosen]


def _voting(here: Here, activity: Activity, options: Sequence[Option], ballot: Ballot | None) -> list[Row]:
    """A button for each option; or the one that leads to where voting becomes possible."""
    if not choices.may_vote(here.store, activity, here.resident, here.account.channel):
        return [(button(here.tr("Connect Telegram to vote"), "connect"),)]
    return [(_vote(here, activity, option, ballot),) for option in options]


def _vote(here: Here, activity: Activity, option: Option, ballot: Ballot | None) -> Button:
    name = here.words(option.name)
    label = here.tr("Vote for {plan}", plan=name) if ballot is None else here.tr("Change to {plan}", plan=name)
    return button(label.unescape(), "choose", activity.id, option.number)


def _looking(here: Here, activity: Activity, ballot: Ballot | None) -> list[Row]:
    """Buttons that change nothing: the plans one by one, and the results for whom may see them."""
    order = choices.order(activity, here.resident.id)
    row = [button(here.tr("Look at the plans"), "plan", activity.id, order[0].number)] if order else []
    if phase(activity, here.now) != "coming" and choices.may_see_results(activity, ballot, here.now):
        row.append(button(here.tr("See the results"), "results", activity.id))
    return [tuple(row)] if row else []


def _photo(here: Here, activity: Activity, ballot: Ballot | None) -> int | None:
    """The chosen plan's picture; before the vote the project's, which favours no plan."""
    if ballot is not None:
        return next((one.photo_id for one in activity.options if one.number == ballot.option_number), None)
    project = here.store.projects.get(activity.project_id) if activity.project_id is not None else None
    return project.photo_id if project else None
