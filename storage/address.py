"""Where a database is: a file, or a server in either of libpq's forms, `postgresql://…` and `host=… dbname=…`.

No piece of an address that is written wrongly may be shown: where a sign of the password is not encoded, the rest of
the password stands where the host would. https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
"""

from __future__ import annotations

import re
from urllib.parse import unquote

LIKE = '"postgresql://user@host/apso"'

_SIGN = r"(?:[^@/?#%\s]|%[0-9A-Fa-f]{2})"
_URI = re.compile(
    rf"(?P<scheme>postgres(?:ql)?://)(?:(?P<user>(?:(?!:){_SIGN})*)(?::(?P<password>{_SIGN}*))?@)?"
    rf"(?P<host>{_SIGN}*)(?P<name>/{_SIGN}*)?(?:\?(?P<query>(?:[?/]|{_SIGN})*))?"
)
_WORD = re.compile(r"(?P<name>\w+)\s*=\s*(?P<value>'(?:[^'\\]|\\.)*'|(?:(?!')(?:[^\s\\]|\\.)+)?)(?:\s+|$)")
_WORDS = re.compile(r"(?:^|\s)(?:host|hostaddr|port|dbname|user|password|passfile|service)\s*=")
_MEANT_FOR_A_SERVER = re.compile(r"postgres[\w+]*:|[^/:]+:.*@", re.IGNORECASE)
_SECRET = ("password", "sslpassword")


def is_server(address: str) -> bool:
    """Whether it names a PostgreSQL database, not a file."""
    return address.startswith(("postgresql://", "postgres://")) or _WORDS.search(address) is not None


def mistake(address: str) -> str:
    """What is wrong with it, and what would be right ("": nothing is); no piece of it is in that sentence."""
    if address.startswith(("postgresql://", "postgres://")):
        if _URI.fullmatch(address):
            return ""
        return (
            "in the address of the database a sign has to be written otherwise, most likely in the password: @ as %40, "
            "/ as %2F, ? as %3F, # as %23, % as %25, a space as %20. Or leave the password out and set PGPASSWORD"
        )
    if _WORDS.search(address):
        if _pairs(address) is not None:
            return ""
        return (
            "in the address of the database a value is not complete: one with a space in it stands in quotes, as "
            r"password='two words', and a ' or a \ in it is written \' and \\. Or leave the password out and set "
            "PGPASSWORD"
        )
    if "://" in address or _MEANT_FOR_A_SERVER.match(address):
        return f"name a file, or a database like {LIKE}"
    return ""


def shown(address: str) -> str:
    """The address without its passwords; of one that is written wrongly, nothing that could be a piece of them."""
    if not is_server(address):
        return address
    if uri := _URI.fullmatch(address):
        user = f"{uri['user']}@" if uri["user"] is not None else ""
        kept = [part for part in (uri["query"] or "").split("&") if part and part.partition("=")[0] not in _SECRET]
        return f"{uri['scheme']}{user}{uri['host']}{uri['name'] or ''}{'?' if kept else ''}{'&'.join(kept)}"
    pairs = _pairs(address) or []
    return " ".join(f"{name}={value}" for name, value in pairs if name not in _SECRET) or "PostgreSQL"


def secrets(address: str) -> list[str]:
    """Its passwords, as they are and as they are written: what no log may show."""
    if uri := _URI.fullmatch(address):
        told = [part.partition("=") for part in (uri["query"] or "").split("&")]
        written = [uri["password"] or "", *(value for name, _, value in told if name in _SECRET)]
        return [one for value in written if value for one in (value, unquote(value))]
    written = [value for name, value in _pairs(address) or [] if name in _SECRET]
    return [one for value in written if value for one in (value, re.sub(r"\\(.)", r"\1", value.strip("'")))]


def _pairs(address: str) -> list[tuple[str, str]] | None:
    """Of `name=value name='a value'`; None when it is not written so."""
    found, at = list[tuple[str, str]](), len(address) - len(address.lstrip())
    while at < len(address):
        word = _WORD.match(address, at)
        if word is None:
            return None
        found.append((word["name"], word["value"]))
        at = word.end()
    return found
