"""Text of the fonts before Unicode: TCVN3 (.VnTime, .VnArial) and VNI (VNI-Times), whose letters are other signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# TCVN 5712:1993 (VN3), read here as Latin-1. Capitals with a tone are the small letters in another font.
_TCVN3 = dict(
    zip(
        "¸µ¶·¹¨¾»¼½Æ©ÊÇÈÉË®ÐÌÎÏÑªÕÒÓÔÖÝ×ØÜÞãßáâä«èåæçé¬íêëìîóïñòô\xadøõö÷ùýúûüþ¡¢§£¤¥¦",
        "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
_TCVN3_TABLE = str.maketrans(_TCVN3)
# Signs that stand between letters in TCVN3 and never do in Unicode text of any Latin language.
_TCVN3_SIGN = re.compile(r"(?<=[^\W\d_])[¸µ¶·¹¨¾»¼½©ª®«¬\xad§][^\W\d_]*|[®§¡¢£¤¥¦][^\W\d_]|[^\W\d_][¸µ¶·¹¨¾»¼½©ª®«¬]")

# VNI: a letter, then a sign for its tone or hat. ô, ö stand for ơ, ư; ñ for đ.
_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_HATS = {
    "â": "\u0302",
    "á": "\u0302\u0301",
    "à": "\u0302\u0300",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
}
_BREVES = {
    "ê": "\u0306",
    "é": "\u0306\u0301",
    "è": "\u0306\u0300",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
_AFTER = _TONES | _HATS
_VNI_PAIR = re.compile(r"([aeouyôöAEOUYÔÖ])([ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË])")
_VNI_ALONE = str.maketrans({"ñ": "đ", "Ñ": "Đ", "ô": "ơ", "Ô": "Ơ", "ö": "ư", "Ö": "Ư", "æ": "ỉ", "Æ": "Ỉ",
                            "ó": "ĩ", "Ó": "Ĩ", "ò": "ị", "Ò": "Ị", "î": "ỵ", "Î": "Ỵ"})  # fmt: skip
# Unlike "oà", "uý", these pairs stand in no word of Vietnamese.
_VNI_ONLY = re.compile(r"[aeouy](?:[øûïåäëüö]|ñ)|[øûïåäëüö][a-z]|ñ[a-z]|a[êâùéèú]|e[âáàãù]|o[âùõåä]|[ôö][ùøûõï]", re.I)
_UNICODE_ONLY = re.compile(r"[\u1ea0-\u1ef9ăđơưĂĐƠƯ\u0300-\u0323]")


def nfc(text: str) -> str:
    """Text that is Unicode already, its marks joined to their letters."""
    return unicodedata.normalize("NFC", text)


def from_tcvn3(text: str) -> str:
    """TCVN3 read as Latin-1, as Unicode."""
    return text.translate(_TCVN3_TABLE)


def from_vni(text: str) -> str:
    """VNI read as Latin-1 (or Windows-1252), as Unicode."""
    return nfc("".join(_vni_pieces(text)))


def legacy(texts: Iterable[str]) -> str:
    """The old font these texts were typed in: "tcvn3", "vni", or "" when they are Unicode or it cannot be told."""
    tcvn3 = vni = modern = 0
    for text in texts:
        modern += len(_UNICODE_ONLY.findall(text))
        if not text.isascii():
            tcvn3 += bool(_TCVN3_SIGN.search(text))
            vni += bool(_VNI_PAIR.search(text))
    if modern > 2 * max(tcvn3, vni) or max(tcvn3, vni) < 3:
        return ""
    return "tcvn3" if tcvn3 >= vni else "vni"


def legacy_of(text: str) -> str:
    """The old font of one text among others that are Unicode: "tcvn3" or "vni" where no Unicode text could look so."""
    if text.isascii() or is_modern(text):
        return ""
    if _TCVN3_SIGN.search(text):
        return "tcvn3"
    return "vni" if _VNI_ONLY.search(text) else ""


def is_modern(text: str) -> bool:
    """Whether it has letters that only Unicode has: then it is left alone whatever its neighbours are."""
    return _UNICODE_ONLY.search(text) is not None


def _vni_pieces(text: str) -> Iterable[str]:
    at = 0
    for match in _VNI_PAIR.finditer(text):
        letter, sign = match[1], match[2].lower()
        marks = _BREVES.get(sign) if letter in "aA" else None
        marks = marks or _AFTER.get(sign)
        if marks is None or (letter in "uyôöUYÔÖ" and sign in _HATS):
            continue
        yield text[at : match.start()].translate(_VNI_ALONE)
        yield letter.translate(_VNI_ALONE) + marks
        at = match.end()
    yield text[at:].translate(_VNI_ALONE)
