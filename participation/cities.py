"""The City record that a turn goes by."""

from storage.cities import City
from storage.store import Store

DEFAULT = City(
    key="city",
    name={"en": "Your city", "nl": "Uw stad", "fr": "Votre ville", "de": "Ihre Stadt"},
    summary={},
    notice={},
    contact={},
    default_language="en",
    official_languages=("en",),
    languages=("nl", "fr", "de", "en"),
    time_zone="Europe/Brussels",
    colour="#1d4f5c",
    logo_id=None,
    quiet_from="20:00",
    quiet_until="08:00",
    two_person_rule=True,
    version=0,
)
"""What holds until a city has been seeded."""

_known: dict[int, City] = {}


def city(store: Store, version: int | None = None) -> City:
    """The City as it is now. A version that this process has read before is not read again."""
    if version is not None and version in _known and _known[version].version == version:
        return _known[version]
    found = store.cities.get() or DEFAULT
    _known.clear()
    _known[found.version] = found
    return found
