"""Text tables (.csv, .txt, .tsv): the encoding and the separator are found out, not asked."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median_low
from typing import IO

from bot.rules.vietnamese.legacy import from_tcvn3, from_vni, is_modern, nfc
from bot.sheets.sheet import Cell, Sheet, Unreadable

SAMPLE = 256 * 1024
LONGEST_LINE = 1_000_000  # characters
MOST_COLUMNS = 1000
SEPARATORS = (";", "\t", ",", "|")
_OTHER = (
    (b"%PDF", "pdf"),
    (b"\xff\xd8\xff", "picture"),
    (b"\x89PNG", "picture"),
    (b"{\\rtf", "word"),
)
_WEB = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml|meta|head|body|style|div)\b", re.I)
# Words that only come out right in the right encoding.
_EXPECTED = re.compile(
    r"họ|tên|số|điện|thoại|xã|ấp|tổ|trưởng|viên|thành|phố|huyện|nguyễn|trần|lê|phạm|huỳnh|võ|văn|thị|đặng|bùi|"
    r"đỗ|hồ|ngô|dương|lý|chức|vụ|khóm|phường|thôn|ghi|chú|năm",
    re.I,
)


def refuse_other(first: bytes) -> None:
    """Files that are no table, by their first bytes. Raises Unreadable."""
    for begin, reason in _OTHER:
        if first.startswith(begin):
            raise Unreadable(reason)
    if _WEB.match(first):
        raise Unreadable("web_page")
    if b"\x00" in first and not first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and _wide(first) is None:
        raise Unreadable("unknown")


def read(source: Path | bytes) -> Sheet:
    """The one sheet of a text table; its name is empty."""
    with _bytes(source) as file:
        encoding, repair = _encoding(file)
    with _text(source, encoding) as text:
        separator, skip = _separator([repair(line) for line in _some(text)])
    return Sheet("", False, 0, (), _rows(source, encoding, repair, separator, skip))


def _bytes(source: Path | bytes) -> IO[bytes]:
    return source.open("rb") if isinstance(source, Path) else io.BytesIO(source)


def _text(source: Path | bytes, encoding: str) -> IO[str]:
    return io.TextIOWrapper(_bytes(source), encoding, errors="replace", newline="")


def _encoding(file: IO[bytes]) -> tuple[str, Callable[[str], str]]:
    """Python's name of the encoding, and what makes its text Unicode."""
    first = file.read(SAMPLE)
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", nfc
    if (wide := _wide(first)) is not None:
        return wide, nfc
    file.seek(0)
    if _is_utf8(file):
        # Bytes of an old font may have been saved as UTF-8 by a program that did not know better.
        text = first.decode("utf-8-sig", "ignore")
        return "utf-8-sig", nfc if is_modern(text) else _best(text, nfc)
    latin = first.decode("latin-1")
    windows = nfc(first.decode("cp1258", "replace"))
    repair = _best(latin, nfc)
    if len(_EXPECTED.findall(windows)) >= len(_EXPECTED.findall(repair(latin))):
        return "cp1258", nfc
    return "latin-1", repair


def _best(text: str, otherwise: Callable[[str], str]) -> Callable[[str], str]:
    """The reading in which most words are Vietnamese."""
    return max((otherwise, from_tcvn3, from_vni), key=lambda repair: len(_EXPECTED.findall(repair(text))))


def _wide(first: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of plain letters is zero."""
    sample = first[:2000]
    low, high = sample[::2].count(0), sample[1::2].count(0)
    if high > len(sample) // 4 and low < high // 8:
        return "utf-16-le"
    if low > len(sample) // 4 and high < low // 8:
        return "utf-16-be"
    return None


def _is_utf8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(1024 * 1024):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _lines(text: IO[str]) -> Iterator[str]:
    """Lines of bearable length, whichever way they end."""
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise Unreadable("too_many_columns")
        yield line


def _some(text: IO[str]) -> list[str]:
    return [line for line, _ in zip(_lines(text), range(60), strict=False)]


def _separator(lines: list[str]) -> tuple[str, int]:
    """The separator that cuts most lines into most parts, and how many lines only name it (Excel's "sep=;")."""
    if lines and (named := re.fullmatch(r'\ufeff?"?sep=(.)"?\s*', lines[0], re.I)):
        return named[1], 1
    full = [line for line in lines if line.strip()]

    def parts(separator: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(full, delimiter=separator)] or [1]
        wide = [count for count in counts if count > 1]
        return (median_low(wide) if len(wide) * 3 >= len(counts) else 1, len(wide))

    try:
        return max(SEPARATORS, key=parts), 0
    except csv.Error:
        raise Unreadable("too_many_columns") from None


def _rows(
    source: Path | bytes, encoding: str, repair: Callable[[str], str], separator: str, skip: int
) -> Iterator[list[Cell]]:
    with _text(source, encoding) as text:
        lines = (repair(line) for line in _lines(text))
        for _ in range(skip):
            next(lines, None)
        try:
            for row in csv.reader(lines, delimiter=separator):
                if len(row) > MOST_COLUMNS:
                    raise Unreadable("too_many_columns")
                yield [cell if cell.strip() else None for cell in row]
        except csv.Error:
            raise Unreadable("broken") from None
