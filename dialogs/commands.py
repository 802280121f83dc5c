"""Commands: each is a short way to an address."""

from dataclasses import dataclass

from locales import N_


@dataclass(frozen=True, slots=True)
class Command:
    """Where a command leads, and what the menu says about it (at most 256 characters)."""

    address: str
    description: str


COMMANDS = {
    "start": Command("home", N_("Go to the start")),
    "projects": Command("projects", N_("See the projects of the city")),
    "idea": Command("newidea", N_("Share an idea")),
    "mine": Command("mine", N_("See my own ideas")),
    "settings": Command("settings", N_("Language, name and my data")),
    "help": Command("help", N_("How this works")),
    "privacy": Command("privacy", N_("What happens with my data")),
    "stop": Command("stop", N_("No more messages to me")),
}

UNLISTED = {"staff": "staff"}
"""Commands that stand in no menu of residents: where each leads."""
