"""Telegram's HTML: what is read out of it, what is refused, and what the page shows."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.webchat.entities import checked_link, detect, parse_html, units
from bot.webchat.errors import ApiError
from bot.webchat.wording import clean, formatted, message_caption, message_text, safe_html, split


def test_tags_become_entities_with_utf16_offsets() -> None:
    text, entities = parse_html("😀 <b>bold <i>both</i></b> &lt;&amp;&#x20AC;")
    assert text == "😀 bold both <&€"
    assert entities == [
        {"type": "bold", "offset": 3, "length": 9},
        {"type": "italic", "offset": 8, "length": 4},
    ]


def test_links_code_quotes_and_spoilers_are_read() -> None:
    source = (
        '<a href="https://lommel.be/a?b=1&amp;c=2">x</a><pre><code class="language-python">y</code></pre>'
        '<blockquote expandable>z</blockquote><span class="tg-spoiler">w</span>'
    )
    assert parse_html(source)[1] == [
        {"type": "text_link", "offset": 0, "length": 1, "url": "https://lommel.be/a?b=1&c=2"},
        {"type": "pre", "offset": 1, "length": 1, "language": "python"},
        {"type": "expandable_blockquote", "offset": 2, "length": 1},
        {"type": "spoiler", "offset": 3, "length": 1},
    ]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://", "", "nohost", "data:text/html,x"])
def test_a_bad_address_is_dropped_and_its_words_stay(url: str) -> None:
    assert parse_html(f'<a href="{url}">words here</a>') == ("words here", [])


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("é<x>", 'Unsupported start tag "x" at byte offset 2'),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("a<b>b", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("a<b", "Unclosed start tag at byte offset 1"),
        ("<b>a</b ", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("1 < 2>", 'Unsupported start tag "" at byte offset 2'),
    ],
)
def test_markup_that_cannot_be_read_is_refused_in_the_servers_words(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_html(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


def test_lengths_are_measured_after_parsing_in_characters() -> None:
    assert message_text("<b>" + "😀" * 4096 + "</b>", "HTML", [])["text"] == "😀" * 4096
    for wrong, reason in ((" ", "text must be non-empty"), ("x" * 4097, "message is too long")):
        with pytest.raises(ApiError, match=reason):
            message_text(wrong, "html", [])
    with pytest.raises(ApiError, match="message text is empty"):
        message_text("", "", [])
    with pytest.raises(ApiError, match="message caption is too long"):
        message_caption("x" * 1025, "", [])


def test_entities_follow_when_a_text_is_trimmed() -> None:
    assert formatted("  <b> a </b>\n", "HTML", []) == ("a", [{"type": "bold", "offset": 0, "length": 1}])


def test_commands_and_addresses_are_found_in_plain_words() -> None:
    assert detect("/start now: https://lommel.be/x.", []) == [
        {"type": "bot_command", "offset": 0, "length": 6},
        {"type": "url", "offset": 12, "length": 19},
    ]


def test_the_page_shows_only_harmless_tags() -> None:
    text, entities = formatted('<b>a<i>b</i></b>\n<a href="https://x.be/?a=&quot;1">&lt;c&gt;</a>', "HTML", [])
    assert safe_html({"text": text, "entities": entities}) == "<b>a<i>b</i></b><br>&lt;c&gt;"
    text, entities = formatted('<a href="https://x.be/?a=1&amp;b=2">c</a>', "HTML", [])
    assert safe_html({"text": text, "entities": entities}) == (
        '<a href="https://x.be/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">c</a>'
    )


ENTITIES = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["bold", "italic", "code", "pre", "spoiler", "text_link", "url"]),
            "offset": st.integers(0, 30),
            "length": st.integers(1, 30),
            "url": st.sampled_from(["https://a.be", 'https://a.be/"><script>', "javascript:x"]),
        }
    ),
    max_size=6,
)


@given(st.text(max_size=40), ENTITIES)
def test_whatever_overlaps_the_html_nests_and_keeps_every_word(text: str, entities: list[dict[str, object]]) -> None:
    text, known = clean(text), entities
    shown = safe_html({"text": text, "entities": known})
    open_tags: list[str] = []
    for closing, tag in re.findall(r"<(/?)([a-z]+)[^>]*>", shown):
        assert tag in ("b", "i", "u", "s", "code", "pre", "a", "br")
        if closing:
            assert open_tags.pop() == tag
        elif tag != "br":
            open_tags.append(tag)
    assert open_tags == []
    words = unescape(re.sub(r"<[^>]*>", "", shown.replace("<br>", "\n")))
    if all(ord(character) < 0x10000 for character in text):
        assert words == text


@given(st.text(max_size=60))
def test_escaped_words_come_back_as_they_were(text: str) -> None:
    text = clean(text)
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(f"<b>{escaped}</b>")[0] == text


@given(st.text(alphabet="<>/ab& ;\"'=#x1\n", max_size=30))
def test_any_markup_is_read_or_refused(source: str) -> None:
    try:
        text, entities = parse_html(source)
    except ApiError:
        return
    assert all(e["offset"] >= 0 < e["length"] and e["offset"] + e["length"] <= units(text) for e in entities)


@given(st.text(alphabet="ab \n😀", max_size=60), st.integers(1, 400))
def test_a_long_text_is_cut_into_messages_that_fit(words: str, times: int) -> None:
    text = words * times
    parts = split(text)
    assert all(1 <= len(part) <= 4096 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_link_without_scheme_gets_one() -> None:
    assert checked_link("lommel.be") == "http://lommel.be"
