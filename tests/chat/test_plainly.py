"""Where the channel shows less: numbered lines, words, and long texts in parts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.message import Button, Span, plain
from bot.chat.plainly import as_lines, meant, split, units, word
from bot.chat.reply import Reply
from bot.chat.texts import Voice, load
from storage.chats import Choice

VOICE = Voice(load(), "vi")
ROWS = ((Button("✅ Gửi", "send"), Button("✏️ Sửa", "fix")), (Button("✖ Bỏ", "drop"),))


def test_buttons_become_numbered_lines() -> None:
    text, choices = as_lines(Reply((Span("Đúng chưa?"),), ROWS), VOICE, 0)
    assert plain(text).startswith("Đúng chưa?\n\n1. ✅ Gửi\n2. ✏️ Sửa\n3. ✖ Bỏ\n")
    assert meant(choices, "2") == "fix"
    assert meant(choices, "2.") == "fix"
    assert meant(choices, "gui") == "send"
    assert meant(choices, "GỬI") == "send"
    assert meant(choices, "4") is None
    assert meant(choices, "gửi cho em") is None


def test_two_messages_never_share_a_number() -> None:
    _, first = as_lines(Reply((Span("a"),), ROWS), VOICE, 0)
    text, second = as_lines(Reply((Span("b"),), ROWS), VOICE, 3)
    assert "4. ✅ Gửi" in plain(text)
    assert meant([*first, *second], "1") == "send"
    assert meant([*first, *second], "6") == "drop"


def test_where_a_number_is_the_answer_choices_are_words() -> None:
    text, choices = as_lines(Reply((Span("Mấy?"),), ROWS, numbered=False), VOICE, 0)
    assert "1." not in plain(text)
    assert meant(choices, "1") is None
    assert meant(choices, "bỏ") == "drop"


def test_while_something_else_is_asked_choices_carry_the_code() -> None:
    text, choices = as_lines(Reply((Span("Việc mới"),), ROWS, code="V-0567"), VOICE, -1)
    assert "• Gửi V-0567" in plain(text)
    assert meant(choices, "gui v-0567") == "send"
    assert meant(choices, "gửi") is None


def test_the_newest_of_equal_words_is_meant() -> None:
    assert meant([Choice(1, "xong", "old"), Choice(2, "xong", "new")], "xong") == "new"


def test_labels_are_typed_without_their_pictures() -> None:
    assert word("◀ Quay lại") == "quay lai"
    assert word("✅ Xong (3)") == "xong 3"


@given(st.lists(st.text("ab \n😀ệ", max_size=60), max_size=8), st.integers(10, 60))
def test_parts_fit_and_lose_nothing_but_breaks(words: list[str], limit: int) -> None:
    text = tuple(Span(part, "b") for part in words if part)
    parts = split(text, limit)
    assert all(sum(units(span.text) for span in part) <= limit for part in parts)
    squeezed = "".join("".join(plain(part) for part in parts).split())
    assert squeezed == "".join(plain(text).split())
