"""Reporting a contribution as unsuitable."""

from dialogs.address import Rest, action, parse, screen
from dialogs.here import Here, button
from dialogs.screen import Screen
from participation import reports
from participation.refusals import Gone


@screen("report")
def report(here: Here, address: Rest) -> Screen:
    """Asks before it reports."""
    if parse(address).spot.name not in ("idea", "remark"):
        raise Gone
    return here.screen(
        here.tr("Do you want to report this to the city?"),
        here.tr("Report insults, private data or advertising. The city looks at it."),
        here.tr("Nobody else sees that you reported it."),
        rows=[(button(here.tr("Yes, report it"), "reportnow", address),)],
        back=address,
    )


@action("reportnow")
def report_now(here: Here, address: Rest) -> Screen:
    """Report it; once a person."""
    reports.report(here.store, address, here.resident, here.now)
    return parse(address).visit(here).saying(here.tr("Thank you. The city will look at it."))
