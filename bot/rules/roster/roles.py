"""Roles as offices write them: TT, Tổ trưởng, Trưởng ấp - Tổ trưởng, TP, Phó tổ, TV, Tổ viên …"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.rules.roster.records import Role
from bot.rules.vietnamese.text import fold

# A post in the ấp or the commune says nothing of the team: it is taken away before the team's own words are looked for.
_CIVIL = re.compile(
    r"\bto (?:truong|pho) (?:to )?(?:dan pho|tdp|dan cu|nhan dan tu quan|ndtq|an ninh\b[a-z ]*|"
    r"tu quan)(?: (?:so )?\d+)?"
    r"|\bpho (?:truong )?(?:ap|thon|khu pho|khom|ban|kp|bi thu|chu tich|chu nhiem|phong|cong an|"
    r"ban|xom|lang|buon|khu)\b"
    r"|\bpho (?:bi thu|chu tich|truong (?:phong|ban|cong an|ca|khoa|tram))\b[a-z ]*"
    r"|\b(?:chi hoi|hoi|chi doan|doan|phong|ban|tram|doi|chi bo|khoa|don vi|cum|hieu|van phong) (?:truong|pho)\b"
    r"|\b(?:truong|pho) (?:phong|ban|tram|cong an|ca|doan|doi|khoa|chi hoi|hoi|dai|bo phan|diem)\b"
    r"|\b(?:thanh vien|uy vien|uv) (?:uy ban|ubnd|bch|ban chap hanh|btv|bch dang|mttq|uy ban mttq)\b"
)
_WEAK_HEAD = re.compile(
    r"(?<!pho )\btruong (?:ap|thon|khu pho|khom|kp|xom|lang|buon|soc|phum|tdp|khu vuc|khu|tieu khu)\b"
    r"|\bto truong (?:to )?(?:dan pho|tdp|dan cu)(?: (?:so )?\d+)?"
)
_DEPUTY = re.compile(
    r"\bto pho\b|\bpho to\b|\bpho (?:to )?truong\b|\bp(?:ho)? ?(?:tt|to truong|t truong)\b|"
    r"\bptt\b|\bt pho\b|\bpho nhom\b|\bnhom pho\b"
    r"|\bdoi pho\b|\bdeputy\b|\bvice\b|\bto pho thuong truc\b|\bp truong\b|\bpho doi\b"
)
_HEAD = re.compile(
    r"\bto truong\b|\btruong to\b|\bt truong\b|\bttr\b|\bto tr\b|\btruong nhom\b|\bnhom truong\b|"
    r"\bteam (?:lead|leader|head)\b|\bhead\b"
    r"|\bleader\b|\btruong doi\b|\bdoi truong\b|\btotruong\b"
)
_MEMBER = re.compile(
    r"\bthanh vien\b|\bto vien\b|\btv\b|\bt vien\b|\buy vien\b|\buv\b|\bthu ky\b|\bmember\b|\bcong tac vien\b|\bctv\b"
    r"|\btinh nguyen vien\b|\btnv\b|\btv thu ky\b|\bnhan su\b|\bthanhvien\b|\btovien\b|\bsecretary\b"
)
_EXACT: dict[str, Role] = {
    "tt": "head", "truong": "head", "t": "head", "ttruong": "head", "chief": "head",
    "tp": "deputy", "pho": "deputy", "p": "deputy", "t pho": "deputy", "tpho": "deputy",
    "tv": "member", "vien": "member", "v": "member", "th vien": "member", "tvien": "member",
}  # fmt: skip
# Other words that a column of posts holds and that make nobody a lead of the team.
_OCCUPATION = re.compile(
    r"\b(?:bi thu|chu tich|cong an|ca vien|can bo|cong chuc|giao vien|huu tri|uy vien|mat tran|"
    r"mttq|van hoa|nong dan|phu nu|thanh nien|"
    r"cuu chien binh|ccb|y te|dan quan|quan su|dang vien|truong|pho|hoi|doan|chi|nhan vien|vien|"
    r"cb|bt|ct|pct|lhpn|hnd|tu phap|dia chinh|"
    r"ke toan|van phong|thong ke|bac si|ky su|sinh vien|hoc sinh|nong|buon ban|noi tro|vnpt|"
    r"viettel|mobifone|buu dien|nguoi dan|cac)\b"
)


@dataclass(frozen=True, slots=True)
class Said:
    """role: of the team, None when only other posts are named. is_civil_head: "Trưởng ấp". is_known: some post."""

    role: Role | None
    is_civil_head: bool = False
    is_known: bool = True


@lru_cache(maxsize=8192)
def read_role(text: str) -> Said:
    """What a cell says about somebody's role."""
    words = re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()
    if words in _EXACT:
        return Said(_EXACT[words])
    is_civil_head = _WEAK_HEAD.search(words) is not None
    rest = " ".join(_WEAK_HEAD.sub(" ", _CIVIL.sub(" ", words)).split())
    for role, pattern in _PATTERNS:
        if pattern.search(rest):
            return Said(role, is_civil_head)
    parts = [part.strip() for part in re.split(r"[-–—,;/+&()\n]| kiêm ", text)]
    exact = [_EXACT[key] for part in parts if len(key := fold(part).replace(".", "")) > 1 and key in _EXACT]
    if exact:
        return Said(exact[0], is_civil_head)
    is_known = is_civil_head or rest != words or _OCCUPATION.search(words) is not None
    return Said(None, is_civil_head, is_known)


_PATTERNS: tuple[tuple[Role, re.Pattern[str]], ...] = (("deputy", _DEPUTY), ("head", _HEAD), ("member", _MEMBER))


@lru_cache(maxsize=4096)
def only_role(text: str) -> Role | None:
    """The role when the text is nothing but its name, as over a column or a group: "Tổ phó", "Các thành viên:"."""
    words = re.sub(r"[^a-z]+", " ", fold(text)).strip()
    words = re.sub(r"^(?:cac|danh sach|ho (?:va )?ten|ten|ong ba|d c) ", "", words)
    words = re.sub(
        r" (?:ho (?:va )?ten|cnscd|cds|to cnscd|to cds|ho ten sdt|so luong|cua to|"
        r"ho ten so dien thoai|sdt|va sdt|ten)$",
        "",
        words,
    )
    if words in ("tt", "tp", "tv", "t", "p", "v"):
        return None
    for role, pattern in _PATTERNS:
        if (match := pattern.fullmatch(words)) is not None and match:
            return role
    return {"truong": "head", "pho": "deputy"}.get(words)  # type: ignore[return-value]
