"""Kind sentences about what is not understood."""

from locales import N_

_NOTICES = {
    "sticker": N_("Nice sticker! Please write your message in words."),
    "voice": N_("We cannot listen to voice messages yet. Please write it in a few words."),
    "video": N_("We cannot take videos yet. A photo and a few words are fine."),
    "contact": N_("Please do not send contacts here. Write your message in words."),
    "poll": N_("We cannot take a poll here. Please write your message in words."),
    "forwarded": N_("This was forwarded. Please write it in your own words."),
    "document": N_("We cannot take files yet. A photo and a few words are fine."),
    "command": N_("We do not know this command. Tap Help to see what is there."),
    "sent": N_("This was sent already. Your change does not reach it."),
    "album": N_("One photo is enough: we took the first one."),
    "not here": N_("That does not fit here. Please follow the message below."),
    "other": N_("We did not understand that. Please write it in words."),
}


def notice(kind: str) -> str:
    """The sentence about a kind of message, still to be translated."""
    return _NOTICES.get(kind, _NOTICES["other"])
