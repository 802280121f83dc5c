"""Words: what people type is safe to keep, whatever they type."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.words import NAME_LENGTH, clean, clean_name

EVERY = st.characters(min_codepoint=0, max_codepoint=0x10FFFF, exclude_categories=())
"""Every code point there is, lone surrogates too."""

TRICKY = st.sampled_from(
    "e\u0301\u00ad\u200b\u200c\u200d\u200e\u202e\u2066\u2028\ufeff\ufffe\ue000\n\r\t \x00\x85A\u212b"
)
"""Characters that fall away, join, turn or compose: more of them near each other than chance brings."""

TEXTS = st.text(EVERY | TRICKY, max_size=40) | st.text(TRICKY, max_size=12)


@given(TEXTS)
def test_what_was_cleaned_once_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_name(clean_name(text)) == clean_name(text)


@given(TEXTS)
def test_nothing_that_controls_turns_or_breaks_a_message_is_left(text: str) -> None:
    kept = clean(text).replace("\n", "").replace("\u200c", "").replace("\u200d", "")
    assert [one for one in kept if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co")] == []
    assert [one for one in kept if unicodedata.bidirectional(one) in ("LRO", "RLO", "LRE", "RLE", "PDF", "LRI")] == []
    assert kept.encode().decode() == kept


@given(TEXTS)
def test_ends_are_trimmed_and_at_most_one_line_in_a_row_is_empty(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == cleaned.strip()
    assert all(above.strip() or below.strip() for above, below in zip(*_neighbours(cleaned), strict=True))


def _neighbours(text: str) -> tuple[list[str], list[str]]:
    lines = text.split("\n")
    return lines[:-1], lines[1:]


@given(st.lists(st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd")), min_size=1), min_size=1))
def test_ordinary_words_of_every_script_stay_as_they_were_written(words: list[str]) -> None:
    text = unicodedata.normalize("NFC", " ".join(words))
    assert clean(text) == text


@given(TEXTS)
def test_what_is_left_can_be_seen(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == "" or any(not one.isspace() and one not in "\u200c\u200d" for one in cleaned)


@given(TEXTS)
def test_a_name_is_one_line(text: str) -> None:
    assert clean_name(text).splitlines() in ([], [clean_name(text)])
    assert clean_name(text) == " ".join(clean_name(text).split())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("  Meer banken.\r\n\r\n\r\n\r\nEn bomen.\t! ", "Meer banken.\n\nEn bomen. !"),
        ("one\rtwo", "one\ntwo"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\u2067abc\u2069", "abc"),
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("cafe\u0301", "café"),
        ("cafe\u00ad\u0301", "café"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u200d\u200c", ""),
        ("\ud800x\udfff", "x"),
        ("\ufffex\ue000\ufdd0", "x"),
        ("<b>&amp;</b> *x* [y](z)", "<b>&amp;</b> *x* [y](z)"),
    ],
)
def test_what_becomes_of_a_text(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Jan \n\n de   Bakker\u2028 ", "Jan de Bakker"), ("\u202e\u200b\n", ""), ("\u200d", ""), ("Zoë", "Zoë")],
)
def test_what_becomes_of_a_name(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept
    assert len(kept) <= NAME_LENGTH
