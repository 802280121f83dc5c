"""Reports of contributions that somebody finds unsuitable; staff look at them."""

from datetime import datetime

from participation import comments, ideas
from participation.refusals import Gone
from storage.residents import Resident
from storage.store import Store


def report(store: Store, address: str, resident: Resident, now: datetime) -> None:
    """Report an idea or a comment by its address; one report a person, safe to run twice."""
    subject, _, number = address.partition("-")
    if not number.isascii() or not number.isdigit() or len(number) > 15:
        raise Gone
    match subject:
        case "idea":
            ideas.find(store, int(number), resident)
        case "remark":
            comments.find(store, int(number))
        case _:
            raise Gone
    store.reports.add(address, resident.id, now)
