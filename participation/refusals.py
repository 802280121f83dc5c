"""Refused: a rule said no, with the sentence that the person reads."""

from locales import N_


class Refused(Exception):
    """A rule said no. ``sentence`` is translated where it is shown, and filled with ``values``."""

    sentence = N_("That is not possible.")

    def __init__(self, **values: object) -> None:
        super().__init__(self.sentence)
        self.values = values


class Gone(Refused):
    """What an address names is not there, or not public."""

    sentence = N_("That page is no longer there. Here is the start.")
