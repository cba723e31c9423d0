"""Reads one workbook from standard input and writes its rows to standard output, inside limits it cannot leave.

It is run as a script of its own (`open.py` starts it), because what is read comes from strangers and the parser is
native code: a file that makes it abort, eat memory or never end takes only this process with it. It imports nothing of
the project.

Lines written, each one JSON value:
    {"sheets": [[name, is_hidden, rows, left, [[top, left, bottom, right], …]], …]}   once; all counted from 0
    {"sheet": 1}               from here on rows of that sheet
    [[cell, …], …]             some of its rows
    {"refused": "zip_bomb"}    and nothing after it
A cell is null, a text, a number, true/false, or {"d": "1970-01-02"} for a day.
"""

from __future__ import annotations

import io
import json
import re
import resource
import signal
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any

MB = 1024 * 1024
MOST_MEMORY = 600 * MB
MOST_ENTRIES = 2000
MOST_UNPACKED = 400 * MB  # half a million rows of nine columns unpack to 200 MB
MOST_RATIO = 100
SMALL_ENTRY = MB  # a little XML of nothing but blanks may well shrink a hundredfold
MOST_COLUMNS = 1000
MOST_ROWS = 1_048_576

# What an office's list never needs and what could act on whoever opens it again.
PARTS = {
    "macros": re.compile(r"vbaproject|macrosheets/|activex|customui|basic/|scripts/", re.I),
    "external_links": re.compile(r"externallinks?/|connections\.xml$|querytables?/|model/item", re.I),
    "embedded": re.compile(r"embeddings/|oleobject", re.I),
}
FORMULA = re.compile(rb"<f\b[^>]*>([^<]{1,8000})")
# DDE (cmd|'/C calc'!A0), another workbook ([1]Sheet1!A1), and functions that reach out of the file.
REACHES_OUT = re.compile(
    rb"\|\s*(?:'|&apos;)|\[\d+\]|\[[^\]]+\.xl\w*\]|\b(?:WEBSERVICE|DDE|CALL|REGISTER(?:\.ID)?|EXEC|RTD|IMPORTDATA|FILTERXML)\s*\(",
    re.I,
)
ODS_FORMULA = re.compile(rb'table:formula="([^"]{1,8000})"')
ODS_OUT = re.compile(rb"file:|https?:|\bDDE\s*\(|\bWEBSERVICE\s*\(", re.I)
OLE_MACROS = tuple(name.encode("utf-16-le") for name in ("_VBA_PROJECT", "Macros"))
OLE_PASSWORD = "EncryptedPackage".encode("utf-16-le")


class Refused(Exception):
    """The file is not read; the argument says why, in one word."""


def limit(unpacked: int, packed: int) -> None:
    """A frame for a file of this many bytes: ten rows may not cost what half a million may."""
    memory = min(150 * MB + 2 * unpacked + 2 * packed, MOST_MEMORY)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # Processor time; the default action of the signal ends even native code.
    signal.setitimer(signal.ITIMER_PROF, 1.5 + unpacked / (20 * MB) + packed / (5 * MB))


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (320 * MB, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_PROF, 1.5)
    packed = sys.stdin.buffer.read()
    try:
        if packed.startswith(b"PK"):
            check_archive(packed)
        else:
            check_ole(packed)
        write(packed)
    except Refused as refused:
        say({"refused": str(refused)})
    except MemoryError:
        say({"refused": "too_big"})
    sys.stdout.flush()


def check_archive(packed: bytes) -> None:
    """The directory first, which costs nothing; then every part is unpacked once, because directories lie."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(packed))
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Refused("broken") from None
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("password")
    if len(parts) > MOST_ENTRIES or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused("zip_bomb")
    if any(part.file_size > SMALL_ENTRY and part.file_size > MOST_RATIO * part.compress_size for part in parts):
        raise Refused("zip_bomb")
    for reason, pattern in PARTS.items():
        if any(pattern.search(part.filename) for part in parts):
            raise Refused(reason)
    limit(sum(part.file_size for part in parts), len(packed))
    for part in parts:
        if part.filename.lower().endswith((".xml", ".bin", ".rels")):
            look_through(archive, part)


def look_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack a part to its end, keeping nothing, and look for entities and for formulas that reach out of the file."""
    is_sheet, is_ods = "worksheets/" in part.filename, part.filename == "content.xml"
    kept, length, is_first = b"", 0, True
    try:
        with archive.open(part) as unpacked:
            while piece := unpacked.read(MB):
                length += len(piece)
                if length > max(part.file_size, SMALL_ENTRY):
                    raise Refused("zip_bomb")
                if is_first and b"<!DOCTYPE" in piece[:4096]:
                    raise Refused("broken")  # no office program writes one; entities hide in it
                is_first = False
                text = kept + piece
                if is_sheet and b"<f" in text:
                    refuse_formulas(FORMULA, REACHES_OUT, text)
                if is_ods:
                    refuse_formulas(ODS_FORMULA, ODS_OUT, text)
                kept = piece[-8192:] if is_sheet or is_ods else b""
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        raise Refused("broken") from None


def refuse_formulas(formula: re.Pattern[bytes], reaching: re.Pattern[bytes], text: bytes) -> None:
    for match in formula.finditer(text):
        if reaching.search(match[1]):
            raise Refused("reaching_formula")


def check_ole(packed: bytes) -> None:
    """A plain .xls, or a workbook sealed with a password, which looks the same from outside."""
    if OLE_PASSWORD in packed:
        raise Refused("password")
    if any(name in packed for name in OLE_MACROS[:1]):
        raise Refused("macros")
    limit(3 * len(packed), len(packed))


def write(packed: bytes) -> None:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(packed))
        known = {one.name: one for one in book.sheets_metadata}
        sheets = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names if is_table(known.get(name))]
        if any(sheet.width > MOST_COLUMNS or sheet.height > MOST_ROWS for _, sheet in sheets):
            raise Refused("too_many_columns")
        say({"sheets": [described(name, sheet, known.get(name)) for name, sheet in sheets]})
        for place, (_, sheet) in enumerate(sheets):
            say({"sheet": place})
            write_rows(sheet.iter_rows())
    except PasswordError:
        raise Refused("password") from None
    except (CalamineError, OSError, ValueError):
        raise Refused("broken") from None
    except Refused:
        raise
    except MemoryError:
        raise
    except BaseException:  # a panic of the native code is no Exception
        raise Refused("broken") from None


def is_table(about: Any) -> bool:
    return about is None or "WorkSheet" in str(about.typ)


def described(name: str, sheet: Any, about: Any) -> list[Any]:
    merged = sheet.merged_cell_ranges or []
    hidden = about is not None and "Visible" not in str(about.visible).split(".")[-1].replace("VeryHidden", "")
    left = sheet.start[1] if sheet.start else 0
    return [name, hidden, sheet.total_height, left, [[*first, *last] for first, last in merged[:200_000]]]


def write_rows(rows: Iterator[list[Any]]) -> None:
    chunk: list[list[Any]] = []
    for row in rows:
        chunk.append([plain(cell) if type(cell) is not str else cell or None for cell in row])
        if len(chunk) == 200:
            say(chunk)
            chunk = []
    if chunk:
        say(chunk)


def plain(cell: Any) -> Any:
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell if abs(cell) < 1e300 else None
    if isinstance(cell, datetime):
        return {"d": cell.date().isoformat()}
    if isinstance(cell, date):
        return {"d": cell.isoformat()}
    return str(cell) if isinstance(cell, time | timedelta) else cell


def say(value: Any, out: IO[str] = sys.stdout) -> None:
    out.write(json.dumps(value, separators=(",", ":")))
    out.write("\n")


if __name__ == "__main__":
    main()
