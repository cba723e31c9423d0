"""Message → what the Bot API takes."""

from __future__ import annotations

import pytest

from bot.channels.telegram import render
from bot.chat.message import Button, Message, Span


def test_entities_count_utf16_units() -> None:
    text, entities = render.words((Span("😀 "), Span("đậm👍🏽", "b"), Span(""), Span(" <b>", "code"), Span("!")), 4096)
    assert text == "😀 đậm👍🏽 <b>!"
    units = text.encode("utf-16-le")
    styled = [
        (e["type"], units[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le")) for e in entities
    ]
    assert styled == [("bold", "đậm👍🏽"), ("code", " <b>")]


def test_limits_are_in_utf16_units() -> None:
    assert render.words((Span("😀" * 512),), 1024)
    with pytest.raises(ValueError, match="1026 UTF-16 units, Telegram takes 1024"):
        render.words((Span("😀" * 513),), 1024)


@pytest.mark.parametrize(("action", "fits"), [("", False), ("a" * 64, True), ("a" * 65, False), ("đ" * 33, False)])
def test_action_has_1_to_64_bytes(action: str, fits: bool) -> None:
    if fits:
        assert render.buttons(((Button("Gửi", action),),))
    else:
        with pytest.raises(ValueError, match="Telegram takes 1 to 64"):
            render.buttons(((Button("Gửi", action),),))


def test_button_needs_a_label_and_there_are_at_most_100() -> None:
    with pytest.raises(ValueError, match="no label"):
        render.buttons(((Button(" ", "x"),),))
    with pytest.raises(ValueError, match="at most 100"):
        render.buttons(((Button("x", "x"),) * 101,))


def test_menu() -> None:
    keyboard = render.markup(Message(menu=(("Báo cáo", "Việc"), ("Trợ giúp",))))
    assert keyboard == {
        "keyboard": [[{"text": "Báo cáo"}, {"text": "Việc"}], [{"text": "Trợ giúp"}]],
        "is_persistent": True,
        "resize_keyboard": True,
    }


@pytest.mark.parametrize("menu", [None, (("Gửi số",), ("Thôi",)), (("Thôi",),)])
def test_contact_button(menu: tuple[tuple[str, ...], ...] | None) -> None:
    keyboard = render.markup(Message(menu=menu, contact="Gửi số"))
    assert keyboard is not None
    keys = [key for row in keyboard["keyboard"] for key in row]
    assert [key["text"] for key in keys if key.get("request_contact")] == ["Gửi số"]
    assert len(keys) == (2 if menu else 1)


def test_menu_is_left_removed_or_refused_beside_buttons() -> None:
    assert render.markup(Message()) is None
    assert render.markup(Message(menu=())) == {"remove_keyboard": True}
    row = ((Button("Gửi", "1"),),)
    shown = {"inline_keyboard": [[{"text": "Gửi", "callback_data": "1"}]]}
    assert render.markup(Message(buttons=row)) == shown
    with pytest.raises(ValueError, match="not both"):
        render.markup(Message(buttons=row, menu=(("x",),)))


@pytest.mark.parametrize("pair", [("Báo", "x"), ("a" * 33, "x"), ("a", ""), ("a", "x" * 257)])
def test_commands_that_telegram_refuses(pair: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r"must have|cannot be"):
        render.commands([pair])
