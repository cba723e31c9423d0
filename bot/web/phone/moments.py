"""The demo's clock as people write it: ISO times, "+1h", "tomorrow 07:00", "friday 16:00"."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAMES = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_STEP = re.compile(r"\+\s*(\d{1,5})\s*([mhd])")
_HOUR = re.compile(r"(\w+)\s+(\d{1,2}):(\d{2})")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def iso(ms: int, zone: ZoneInfo) -> str:
    """UTC milliseconds as ISO 8601 with the zone's offset; the milliseconds are shown only when there are some."""
    return _local(ms, zone).isoformat(timespec="milliseconds" if ms % 1000 else "seconds")


def weekday(ms: int, zone: ZoneInfo) -> str:
    """The Vietnamese name of the day."""
    return _NAMES[_local(ms, zone).weekday()]


def at(written: str, zone: ZoneInfo) -> int:
    """An ISO 8601 time in UTC milliseconds; without an offset it is in `zone`. Raises ValueError."""
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return _ms(moment)


def ahead(written: str, now: int, zone: ZoneInfo) -> int:
    """The time that `written` means, seen from `now` (both UTC milliseconds). Raises ValueError.

    "+30m", "+1h", "+2d"; "today 17:00", "tomorrow 07:00"; "friday 16:00" is the next one that is not yet past.
    """
    written = written.strip().lower()
    if step := _STEP.fullmatch(written):
        return now + round(timedelta(**{_UNITS[step[2]]: int(step[1])}).total_seconds() * 1000)
    named = _HOUR.fullmatch(written)
    if named is None:
        raise ValueError(written)
    today = _local(now, zone).date()
    hour = time(int(named[2]), int(named[3]), tzinfo=zone)
    if named[1] in {"today", "tomorrow"}:
        return _ms(datetime.combine(today + timedelta(days=named[1] == "tomorrow"), hour))
    days = (_DAYS.index(named[1]) - today.weekday()) % 7
    moment = _ms(datetime.combine(today + timedelta(days=days), hour))
    return moment if moment > now else _ms(datetime.combine(today + timedelta(days=days + 7), hour))


def _local(ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(ms // 1000, zone) + timedelta(milliseconds=ms % 1000)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
