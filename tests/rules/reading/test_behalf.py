"""Whose report a message says it is, and what is left of the message."""

from __future__ import annotations

import pytest

from bot.rules.reading import behalf

BAY, TAM, NAM, EM = "Phạm Thị Bảy", "Đoàn Văn Tâm", "Lê Văn Năm", "Trần Văn Em"


@pytest.mark.parametrize(
    ("said", "name", "called", "rest"),
    [
        ("báo giúp chị Bảy: 5 hộ", BAY, "báo giúp chị Bảy", "5 hộ"),
        ("báo giùm anh Tâm 5 hộ", TAM, "báo giùm anh Tâm", "5 hộ"),
        ("bao gium chi bay 5 ho cai vneid", BAY, "bao gium chi bay", "5 ho cai vneid"),
        ("Dạ em báo hộ chị Thị Bảy nha, dvc 5", BAY, "Dạ em báo hộ chị Thị Bảy", "dvc 5"),
        ("báo cáo thay cho cô Phạm Thị Bảy\ndvc 5\nvneid 3", BAY, "báo cáo thay cho cô Phạm Thị Bảy", "dvc 5\nvneid 3"),
        ("báo giùm anh Năm năm hộ", NAM, "báo giùm anh Năm", "năm hộ"),
        ("bao gium anh nam 5 hs dvc", NAM, "bao gium anh nam", "5 hs dvc"),
        ("báo giúp đ/c Bảy: 5 hộ", BAY, "báo giúp đc Bảy", "5 hộ"),
        ("b/c giùm a.Tâm 5 hộ", TAM, "bc giùm a.Tâm", "5 hộ"),
        ("báo giúp Bảy 5 hộ", BAY, "báo giúp Bảy", "5 hộ"),
        ("bao gium tam: 5 ho", TAM, "bao gium tam", "5 ho"),
        ("báo giùm anh Em 5 hộ", EM, "báo giùm anh Em", "5 hộ"),
        ("chị Bảy nhờ em báo giùm: dvc 5", BAY, "chị Bảy nhờ em báo giùm", "dvc 5"),
        ("dvc 5 hồ sơ, báo giùm chị Bảy", BAY, "báo giùm chị Bảy", "dvc 5 hồ sơ"),
        ("hôm qua báo giùm chị Bảy nha 5 hộ", BAY, "báo giùm chị Bảy", "hôm qua 5 hộ"),
        ("sửa lại của chị Bảy hôm qua 12", BAY, "của chị Bảy", "sửa lại hôm qua 12"),
        ("sửa lại báo cáo giùm anh Tâm: dvc 12", TAM, "giùm anh Tâm", "sửa lại báo cáo dvc 12"),
        ("report for Tâm: dvc 5", TAM, "report for Tâm", "dvc 5"),
        ("báo giùm chị Bảy", BAY, "báo giùm chị Bảy", ""),
    ],
)
def test_whose(said: str, name: str, called: str, rest: str) -> None:
    found = behalf(said)
    assert found is not None
    count = found.fits(name)
    assert (found.called(count), found.rest(count)) == (called, rest)


@pytest.mark.parametrize(
    "said",
    [
        *(
            "dvc 5",
            "hôm nay nghỉ",
            "báo giúp em 5 hộ",
            "báo giùm anh em 5 hộ",
            "báo giùm bà con 5 hộ",
            "báo hộ nghèo 5",
        ),
        *("nộp giúp chị Bảy 5 hồ sơ", "giúp chị Bảy cài vneid", "báo giùm năm hộ vneid", "báo giúp", "báo giúp: 5 hộ"),
        *("báo cáo của tổ 5 hộ", "chị Bảy báo 5 hộ", "", "báo"),
    ],
)
def test_whose_it_is_is_not_said(said: str) -> None:
    assert behalf(said) is None


@pytest.mark.parametrize("said", ["báo giúp bảy: 5 hộ", "báo giúp chị bày 5 hộ", "báo giúp chị Bảy Thị: 5 hộ"])
def test_marks_that_were_typed_agree_and_so_does_the_order(said: str) -> None:
    found = behalf(said)
    assert found is not None
    assert [name for name in (BAY, TAM, NAM, EM) if found.fits(name) == len(found.words)] == (
        [BAY] if "bảy" in said else []
    )


@pytest.mark.parametrize(
    ("said", "called", "is_sure"),
    [
        ("báo giúp chị Tư Lành 5 hộ", "báo giúp chị Tư Lành", True),
        ("báo giúp chị tư: 5 hộ", "báo giúp chị tư", True),
        ("báo giúp chú hôm nay 5 hộ", "báo giúp chú hôm", False),
        ("báo giúp em Hôm nay 5 hộ", "báo giúp em Hôm", False),
    ],
)
def test_whether_a_name_stands_there(said: str, called: str, is_sure: bool) -> None:
    found = behalf(said)
    assert found is not None
    assert (found.called(found.named), found.is_sure) == (called, is_sure)
