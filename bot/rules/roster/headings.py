"""What a column holds, by the many names that offices write over it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.rules.roster import kinds
from bot.rules.roster.records import LEVELS, Role
from bot.rules.roster.roles import only_role
from bot.rules.vietnamese.text import fold

# Field → its names, folded, the surest first. The first that fits counts.
_FIELDS: tuple[tuple[str, str], ...] = (
    ("number", r"(?:so )?(?:t ?t|s ?t ?t|thu tu|so thu tu)|no|order|index|so|tt so|ordinal|item"),
    ("count",
        r"(?:tong )?(?:so|sl)(?: luong)? (?:to|ap|khu pho|thanh vien|to vien|tv|nguoi|ho|ngay|buoi|dang vien|nhan khau)"
        r"(?: (?:cnscd|cds|cns|dan|nu|nam|tham gia|hien co))*"),
    ("code",
        r"ma|code|.*\b(?:ma (?:so )?(?:don vi|dvhc|dv|xa|phuong|xa phuong|huyen|tinh|ap|thon|khu pho|hanh chinh|"
        r"dia ban|dia phuong|to|hc|px)|(?:unit|ward|commune|district|area) code)\b.*"),
    ("identity",
        r".*\b(?:cccd|cmnd|cmt|cmtnd|can cuoc|dinh danh|ho chieu|passport|giay to|so cc|so the)\b.*|cc"),
    ("money",
        r".*\b(?:so tien|thanh tien|don gia|kinh phi|muc chi|dinh muc|tam ung|thuc linh|thuc nhan|phu cap|vnd|"
        r"muc ho tro|muc boi duong|tien cong|tien ho tro|price|amount|du toan|quyet toan|so tien chi)\b.*|"
        r"dong|tien"),
    ("content",
        r"(?!.*\b(?:hien nay|hien tai|dang)\b)"
        r".*\b(?:noi dung(?: cong viec| nhiem vu| thuc hien| hoat dong)?|cong viec|dau viec|hang muc|ten viec|"
        r"nhiem vu cu the|tasks?|activity|hoat dong)\b.*"),
    ("time",
        r".*\b(?:thoi gian|thoi han|han hoan thanh|tien do|ngay hoan thanh|han chot|deadline|due|ngay thuc hien)\b.*|"
        r"han"),
    ("other",
        r".*\b(?:e ?mail|gmail|thu dien tu|dan toc|ton giao|trinh do|hoc van|facebook|chu ky|ky ten|ky nhan|"
        r"ngay vao|dang vien|so ho|nhan khau|tai khoan|bhxh|ma so|id|ky nang|thiet bi|so luong|tong so|"
        r"so quyet dinh|quyet dinh|ngay ban hanh|vssid|chuyen mon|quantity|total|signature|password|ngay cap|"
        r"noi cap|que quan|nguyen quan|xung ho|danh xung)\b.*|dvt|don vi tinh"),
    ("phone",
        r".*\b(?:dien thoai|d thoai|sdt|s dt|so dt|dt|dtdd|dt dd|di dong|phone|mobile|tel|telephone|"
        r"zalo|hotline|lien he|lien lac|contact|cell|cellphone|so may|dienthoai|sodienthoai)\b.*"),
    ("birth",
        r".*\b(?:nam sinh|ngay sinh|thang nam sinh|ngay thang nam|ngay thang sinh|sinh nam|sinh ngay|"
        r"birth|birthday|dob|born|yob|namsinh|n sinh)\b.*|tuoi|age|do tuoi|nsinh"),
    ("gender", r".*\b(?:gioi tinh|gender|sex)\b.*|gioi|phai|nam nu|nu|nam"),
    ("note", r".*\b(?:ghi chu|ghichu|note|notes|remark|remarks|chu thich|luu y|comment|comments)\b.*|gc|g chu"),
    ("family",
        r"ho|ho (?:va )?(?:chu |ten )?(?:dem|lot|lot dem)|ho (?:va )?(?:ten )?(?:dem|lot|chu lot)|"
        r"ho lot|family name|last name|surname|ho va chu dem|middle name|ho ten dem"),
    ("name",
        r".*\b(?:ho va ten|ho ten|hovaten|hoten|ho & ten|full ?name|ten thanh vien|ten nguoi|"
        r"ten can bo|ten to vien|ho va ten to vien|h va ten|ten day du)\b.*|ho ten.*|ten$|name|names?|"
        r"ho (?:ten )?(?:chu )?(?:dem|lot) (?:va )?ten.*|ho ten chu lot|first name|given name|member name|ten goi"),
    ("role_team",
        r".*\b(?:chuc vu|chuc danh|vai tro|nhiem vu|chuc trach|cuong vi|role|position|phan cong|vi tri|"
        r"thanh phan|co cau|tham gia|trach nhiem)\b.*\b(?:to|team|cnscd|cds|cong dong|cns|nhom)\b.*|"
        r"vai tro|role|team role|chuc danh to"),
    ("job",
        r".*\b(?:nghe nghiep|cong tac|co quan|cong viec|chinh quyen|hien nay|dang dam nhiem|"
        r"kiem nhiem|occupation|job|noi lam viec|to chuc|doan the|chuc vu dang)\b.*|nghe"),
    ("role",
        r".*\b(?:chuc vu|chuc danh|vai tro|nhiem vu|role|position|cuong vi|chuc trach|phan cong|title|vi tri|"
        r"thanh phan|co cau|chucvu|trach nhiem|c vu)\b.*"),
)  # fmt: skip
_COMPILED = tuple((field, re.compile(pattern)) for field, pattern in _FIELDS)
_LOOSE_NAME = re.compile(
    r".*\b(?:nguoi phu trach|dau moi|can bo|nguoi dai dien|danh sach|thanh vien|to vien|nhan su|"
    r"member|members|person|people|nguoi|ong ba)\b.*"
)
_LEVEL_WORDS = tuple((level, re.compile(rf"\b(?:{kinds.folded_words(level)})\b")) for level in reversed(LEVELS))
_HAMLET_BUT_BAN = re.compile(rf"\b(?!ban\b)(?:{kinds.folded_words('hamlet')})\b")
_DISTRICT_ALONE = re.compile(r"(?:ten )?(?:thanh pho|tp)")
_ANY_UNIT = re.compile(
    r"\b(?:don vi|dia ban|dia chi|dia phuong|noi o|cu tru|thuong tru|cu ngu|unit|address|location|"
    r"area|cho o|noi sinh song)\b"
    r"|\b(?:ten to|ten doi|team|to cong nghe so|to chuyen doi so|cnscd|to cds|to cns)\b|^to$|^to so$|^doi$|^team name$"
)
_OLD = re.compile(r"\bcũ\b|\btrước\b(?!.*\bsau\b)")
_ADDRESS = re.compile(r"\b(?:dia chi|noi o|cu tru|thuong tru|cu ngu|address|cho o)\b")
_KIND_WORDS = kinds.word_kinds()


@dataclass(frozen=True, slots=True)
class Heading:
    """field: number, name, family, phone, birth, gender, note, role, role_team, job, unit, address, people (all of
    one `role`), loose (perhaps people), code, identity, money, count, content and time (of work) or other.

    level: of a unit's column, the lowest it may hold; kind: when its names all have the same, "" when unknown.
    is_old: of units as they were before a reform.
    """

    field: str
    level: str = ""
    kind: str = ""
    role: Role | None = None
    is_old: bool = False


@lru_cache(maxsize=8192)
def read_heading(text: str) -> Heading | None:
    """What the words over a column say; None when they say nothing known."""
    if not text or len(text) > 90:
        return None
    words = " ".join(re.findall(r"[a-z0-9&]+", fold(text)))
    if not words:
        return None
    role = only_role(text)
    if role and re.search(r"[a-z]{3}", words):
        return Heading("people", role=role)
    if re.search(r"\d", words):
        plain = re.sub(r" ?(?:so )?\d$", "", words)  # "SĐT 2", "Họ tên 1"
        found = read_heading(plain) if plain and not re.search(r"\d", plain) else None
        return found if found and found.field in ("phone", "name", "role", "people") else None
    for field, pattern in _COMPILED:
        if field == "job" and _ADDRESS.search(words):
            break
        if not pattern.fullmatch(words):
            continue
        if not _names_first(words) or field == "family":
            return Heading(field, _code_level(words) if field == "code" else "")
        if field not in ("phone", "birth", "role", "note"):
            return Heading("name")
    if (unit := _unit(words)) is not None:
        return replace(unit, is_old=_OLD.search(text.casefold()) is not None)
    if _LOOSE_NAME.fullmatch(words) and len(words.split()) < 6:
        return Heading("loose")
    return None


def _names_first(words: str) -> bool:
    """ "Họ tên, số điện thoại": one column with all of it."""
    return re.match(r"(?:ho (?:va )?ten|ten|full name)\b", words) is not None and not words.startswith("ten zalo")


def _code_level(words: str) -> str:
    """The level whose codes stand in a column; "" when its name does not say."""
    levels = _levels(re.sub(r"\b(?:ma|so|code|dvhc|don vi|hanh chinh)\b", " ", words).strip())
    return levels[0] if levels else ""


def _unit(words: str) -> Heading | None:
    plain = re.sub(r"\b(?:tp|t p)\b", "thanh pho", re.sub(r"\b(?:tt|t tran)\b", "thi tran", words))
    if re.fullmatch(r"tinh thanh(?: pho)?", plain):
        return Heading("unit", "province")
    levels = _levels(plain)
    is_address = _ADDRESS.search(words) is not None
    if levels:
        named = {kind for word, kind in _KIND_WORDS.items() if re.search(rf"\b{word}\b", plain)}
        named -= {"xã"} if "thi xa" in plain else set()
        named -= {"khu phố"} if "to dan pho" in plain and "khu pho" not in plain else set()
        is_sole = len(named) == 1 and len(levels) == 1 and not re.search(r"thanh pho|\bban\b|\blang\b", plain)
        return Heading("address" if is_address else "unit", levels[0], named.pop() if is_sole else "")
    if is_address:
        return Heading("address", "hamlet")
    if words in ("to", "ten to", "to so", "ten to so"):
        return Heading("unit", "any", "tổ")
    return Heading("unit", "any") if _ANY_UNIT.search(words) else None


def _levels(plain: str) -> list[str]:
    """The levels that folded words name, from below."""
    masked = plain.replace("thi xa", "quan").replace("thi tran", "phuong")
    levels = [level for level, pattern in _LEVEL_WORDS if pattern.search(masked)]
    if "district" not in levels and _DISTRICT_ALONE.fullmatch(plain):
        levels.append("district")
    is_ban = re.search(r"\bban\b", plain) and plain not in ("ban", "ten ban")
    if "hamlet" in levels and is_ban and not _HAMLET_BUT_BAN.search(plain):
        levels.remove("hamlet")  # "Ban chỉ đạo" and the like
    return levels
