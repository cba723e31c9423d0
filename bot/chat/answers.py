"""What people type, whatever they are asked, to leave it or to agree; always as the whole message."""

from __future__ import annotations

from bot.rules.vietnamese import normalise

# With the marks they may have: "Thới" and "Hữu" are names. So is "Huy", which needs another word of the name beside it.
LEAVE = frozenset({"hủy", "huỷ", "huy", "hủy bỏ", "huy bo", "thôi", "thoi", "thôi khỏi", "thoi khoi", "cancel"})
AGREE = frozenset(
    {"gửi", "gui", "ok", "oke", "okay", "có", "co", "đồng ý", "dong y", "đúng", "đúng rồi", "dung roi"}
    | {"được", "duoc", "lưu", "luu", "yes"}
)
_POLITE = ("dạ", "da"), ("ạ", "a", "nha", "nhé", "nhe", "em", "đi", "di")


def leaves(text: str) -> bool:
    """ "/huy", "Thôi.", "dạ thôi em"."""
    return _bare(text.strip().removeprefix("/")) in LEAVE


def agrees(text: str) -> bool:
    """ "ok", "gửi đi em", "dạ có"."""
    return _bare(text) in AGREE


def _bare(text: str) -> str:
    words = normalise(text).casefold().strip(" .,!…").split()
    if len(words) > 1 and words[0] in _POLITE[0]:
        words = words[1:]
    while len(words) > 1 and words[-1] in _POLITE[1]:
        words = words[:-1]
    return " ".join(words)
