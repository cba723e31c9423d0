"""Lists of quite different offices: whatever they look like, the same people come out."""

from __future__ import annotations

from tests.rules.roster.pages import Joined, Table, cells, doubts, lines, read, table


def test_a_province_with_the_commune_written_once() -> None:
    roster = read("""
        UBND TỈNH BẾN TRE
        DANH SÁCH THÀNH VIÊN TỔ CHUYỂN ĐỔI SỐ CỘNG ĐỒNG

        STT | Họ và tên | Năm sinh | Chức vụ trong tổ | Ấp/Khu phố | Xã/Phường/TT | Huyện/TP | Số điện thoại | Ghi chú
        1 | Trần Tấn Hiền | 1998 | Tổ trưởng | | (tổ cấp huyện) | Huyện Ba Tri | 0363647504
        2 | Phạm Quốc Tâm | 1979 | TP | | (tổ cấp huyện) | Huyện Chợ Lách | 0873125643
        3 | Dương Thành Thảo | 1956 | TT | | Xã Vĩnh Hòa | Huyện Ba Tri | 0552.600.757
        4 | Dương Công Oanh | 1955 | TV | | | Huyện Ba Tri | +84979538405
        5 | Đặng Tấn Mười | 1979 | TT | | Xã Vĩnh Hòa | Huyện Chợ Lách | 0547818239
        6 | Phan Đức Út | 2004 | Tổ viên | Ấp 1 | | Huyện Chợ Lách | 742129905
        7 | LÝ QUỐC LAN | 2001 | Trưởng ấp - Tổ trưởng | Ấp 1 | Xã Vĩnh Hòa | Huyện Ba Tri | 0347070073
        Tổng cộng: 7 người
    """)
    assert lines(roster) == [
        "Trần Tấn Hiền 0363647504 head Huyện Ba Tri, Tỉnh Bến Tre",
        "Phạm Quốc Tâm 0873125643 deputy Huyện Chợ Lách, Tỉnh Bến Tre",
        "Dương Thành Thảo 0552600757 head Xã Vĩnh Hòa, Huyện Ba Tri, Tỉnh Bến Tre",
        "Dương Công Oanh 0979538405 member Xã Vĩnh Hòa, Huyện Ba Tri, Tỉnh Bến Tre",
        "Đặng Tấn Mười 0547818239 head Xã Vĩnh Hòa, Huyện Chợ Lách, Tỉnh Bến Tre",
        "Phan Đức Út 0742129905 member Ấp 1, Xã Vĩnh Hòa, Huyện Chợ Lách, Tỉnh Bến Tre",
        "Lý Quốc Lan 0347070073 head Ấp 1, Xã Vĩnh Hòa, Huyện Ba Tri, Tỉnh Bến Tre",
    ]
    assert roster.figures.units == {"province": 1, "district": 2, "commune": 2, "hamlet": 2}


def test_a_commune_alone_known_by_its_title() -> None:
    roster = read("""
        ỦY BAN NHÂN DÂN | | | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
        XÃ TÂN THẠCH | | | Độc lập - Tự do - Hạnh phúc

        | | | Tân Thạch, ngày 5 tháng 6 năm 2024

        DANH SÁCH
        Thành viên tổ công nghệ số cộng đồng các ấp trên địa bàn xã Tân Thạch
        (Kèm theo Quyết định số 45/QĐ-UBND ngày 05/6/2024 của Chủ tịch UBND xã Tân Thạch)

        TT | Họ tên | Chức danh | Điện thoại | Ấp
        1 | Nguyễn Văn An | Tổ trưởng | 0912.345.678 | 1
        2 | Trần Thị Bé | Tổ phó | 0987 654 321 |
        3 | Lê Văn Cò | Thành viên | 0903456789 | 2
        | NGƯỜI LẬP BIỂU | | CHỦ TỊCH
        | Phạm Thị Lập | | Nguyễn Văn Chủ
    """)
    assert lines(roster) == [
        "Nguyễn Văn An 0912345678 head Ấp 1, Xã Tân Thạch",
        "Trần Thị Bé 0987654321 deputy Ấp 1, Xã Tân Thạch",
        "Lê Văn Cò 0903456789 member Ấp 2, Xã Tân Thạch",
    ]


def test_a_sheet_per_commune() -> None:
    rows = """
        HUYỆN CHÂU THÀNH
        STT | Họ và tên | Chức vụ | SĐT | Ấp
        1 | Nguyễn Văn {0} | Tổ trưởng | 091234567{0} | Ấp 1
        2 | Trần Thị {0} | Thành viên | 091234568{0} | Ấp 1
        3 | Lê Văn {0} | Thành viên | 091234569{0} | Ấp 2
    """
    summary = table("STT | Xã | Số tổ | Số thành viên\n1 | Tân Thạch | 2 | 3\n2 | An Hiệp | 2 | 3", "Tổng hợp")
    roster = read(
        summary,
        table(rows.format(1), "Tân Thạch"),
        table(rows.format(2), "X. An Hiệp"),
        table(rows.format(3), "TT Châu Thành"),
    )
    assert [line.split(" head ")[1] for line in lines(roster) if " head " in line] == [
        "Ấp 1, Tân Thạch, Huyện Châu Thành",
        "Ấp 1, Xã An Hiệp, Huyện Châu Thành",
        "Ấp 1, Thị trấn Châu Thành, Huyện Châu Thành",
    ]
    assert roster.figures.people == 9
    assert roster.figures.units == {"province": 0, "district": 1, "commune": 3, "hamlet": 6}


def test_groups_headed_by_rows_of_their_own() -> None:
    roster = read("""
        DANH SÁCH TỔ CNSCĐ HUYỆN CHÂU THÀNH, TỈNH BẾN TRE
        TT | Họ và tên | Chức vụ | Số ĐT
        I | XÃ TÂN THẠCH
        * | Tổ công nghệ số cộng đồng xã
        1 | Nguyễn Văn An | TT | 0912345671
        * Ấp 1 (2 người)
        1 | Trần Văn Bé | Tổ trưởng | 0912345672
        2 | Lê Thị Cúc | TV | 0912345673
        * Ấp 2:
        1 | Phạm Văn Dô | Tổ trưởng | 0912345674
        II | XÃ AN HIỆP
        1 | Võ Văn Em | TT | 0912345675
        * Ấp 1
        1 | Hồ Thị Gái | Tổ trưởng | 0912345676
        Cộng | 6
    """)
    assert lines(roster) == [
        "Nguyễn Văn An 0912345671 head Xã Tân Thạch, Huyện Châu Thành, Tỉnh Bến Tre",
        "Trần Văn Bé 0912345672 head Ấp 1, Xã Tân Thạch, Huyện Châu Thành, Tỉnh Bến Tre",
        "Lê Thị Cúc 0912345673 member Ấp 1, Xã Tân Thạch, Huyện Châu Thành, Tỉnh Bến Tre",
        "Phạm Văn Dô 0912345674 head Ấp 2, Xã Tân Thạch, Huyện Châu Thành, Tỉnh Bến Tre",
        "Võ Văn Em 0912345675 head Xã An Hiệp, Huyện Châu Thành, Tỉnh Bến Tre",
        "Hồ Thị Gái 0912345676 head Ấp 1, Xã An Hiệp, Huyện Châu Thành, Tỉnh Bến Tre",
    ]
    assert doubts(roster) == []


def test_a_team_in_one_row() -> None:
    roster = read("""
        XÃ TÂN THẠCH
        STT | Ấp | Tổ trưởng | SĐT | Tổ phó | SĐT | Thành viên
        1 | Ấp 1 | Nguyễn Văn An | 0912345671 | Trần Văn Bé | 0912345672 | Lê Thị Cúc - 0912345673; Phạm Văn Dô
        2 | Ấp 2 | Võ Văn Em | 0912345674 | | | 1. Hồ Thị Gái\\n2. Đặng Văn Hai - 0912345675
    """)
    assert lines(roster) == [
        "Nguyễn Văn An 0912345671 head Ấp 1, Xã Tân Thạch",
        "Trần Văn Bé 0912345672 deputy Ấp 1, Xã Tân Thạch",
        "Lê Thị Cúc 0912345673 member Ấp 1, Xã Tân Thạch",
        "Phạm Văn Dô member Ấp 1, Xã Tân Thạch",
        "Võ Văn Em 0912345674 head Ấp 2, Xã Tân Thạch",
        "Hồ Thị Gái member Ấp 2, Xã Tân Thạch",
        "Đặng Văn Hai 0912345675 member Ấp 2, Xã Tân Thạch",
    ]


def test_a_header_of_two_merged_rows() -> None:
    roster = read(
        table(
            """
        Danh sách
        TT | Ấp | Tổ trưởng | | Tổ phó | | Ghi chú
         | | Họ và tên | Điện thoại | Họ và tên | Điện thoại |
        (1) | (2) | (3) | (4) | (5) | (6) | (7)
        1 | Ấp 1 | Nguyễn Văn An | 0912345671 | Trần Văn Bé | 0912345672
        2 | Ấp 2 | Lê Thị Cúc | 0912345673 | Phạm Văn Dô | 0912345674
        """,
            "Xã Tân Thạch",
            [(1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 1, 5), (1, 6, 2, 6)],
        )
    )
    assert lines(roster) == [
        "Nguyễn Văn An 0912345671 head Ấp 1, Xã Tân Thạch",
        "Trần Văn Bé 0912345672 deputy Ấp 1, Xã Tân Thạch",
        "Lê Thị Cúc 0912345673 head Ấp 2, Xã Tân Thạch",
        "Phạm Văn Dô 0912345674 deputy Ấp 2, Xã Tân Thạch",
    ]


def test_units_under_one_wide_heading() -> None:
    roster = read("""
        STT | Họ tên | Đơn vị | | | Năm sinh | | SĐT | Chức vụ trong tổ
         | | Ấp | Xã | Huyện | Nam | Nữ | |
        1 | Nguyễn Văn An | 3 | Tân Thạch | Châu Thành | 1970 | | 0912345671 | Tổ trưởng
        2 | Trần Thị Bé | 3 | Tân Thạch | Châu Thành | | 1980 | 0912345672 | Tổ phó
    """)
    assert lines(roster) == [
        "Nguyễn Văn An 0912345671 head Ấp 3, Xã Tân Thạch, Huyện Châu Thành",
        "Trần Thị Bé 0912345672 deputy Ấp 3, Xã Tân Thạch, Huyện Châu Thành",
    ]
    assert [person.birth for person in roster.people] == [1970, 1980]


def test_the_name_in_two_columns() -> None:
    two = read("""
        DANH SÁCH TỔ CNSCĐ XÃ TÂN THẠCH
        STT | Họ và chữ đệm | Tên | Chức vụ | Ấp | Di động
        1 | Nguyễn Văn | An | Tổ trưởng | Ấp 1 | 0912345671
        2 | TRẦN THỊ MỸ | BÉ | Tổ phó | Ấp 1 | 0912345672
    """)
    one = read("""
        DANH SÁCH TỔ CNSCĐ XÃ TÂN THẠCH
        STT | Họ và tên | | Chức vụ | Ấp | Di động
        1 | Nguyễn Văn | An | Tổ trưởng | Ấp 1 | 0912345671
        2 | TRẦN THỊ MỸ | BÉ | Tổ phó | Ấp 1 | 0912345672
    """)
    assert (
        lines(two)
        == lines(one)
        == ["Nguyễn Văn An 0912345671 head Ấp 1, Xã Tân Thạch", "Trần Thị Mỹ Bé 0912345672 deputy Ấp 1, Xã Tân Thạch"]
    )


def test_everything_in_the_name_s_cell() -> None:
    roster = read("""
        Tổ công nghệ số cộng đồng ấp Phú Hòa, xã An Hiệp, huyện Châu Thành
        TT | Họ tên, số điện thoại | Ghi chú
        1 | Ông Nguyễn Văn An – ĐT: 0912.345.671 | Tổ trưởng
        2 | Bà Trần Thị Bé (0912345672) | Tổ phó
        3 | Đ/c Lê Văn Cò, sinh năm 1975, 0912345673 |
    """)
    unit = "Ấp Phú Hòa, Xã An Hiệp, Huyện Châu Thành"
    assert lines(roster) == [
        f"Nguyễn Văn An 0912345671 head {unit}",
        f"Trần Thị Bé 0912345672 deputy {unit}",
        f"Lê Văn Cò 0912345673 member {unit}",
    ]


def test_english_headings() -> None:
    roster = read("""
        No. | Full name | Role | Hamlet | Commune | District | Phone number | Remarks
        1 | Nguyen Van An | Team leader | Ap 1 | Tan Thach | Chau Thanh | +84 912 345 671
        2 | Tran Thi Be | Deputy | Ap 1 | Tan Thach | Chau Thanh | 84912345672
        3 | Le Van Co | Member | Ap 2 | Tan Thach | Chau Thanh | 912345673
    """)
    assert [line.split(" ", 3)[3] for line in lines(roster)] == [
        "0912345671 head Ấp 1, Xã Tan Thach, Huyện Chau Thanh",
        "0912345672 deputy Ấp 1, Xã Tan Thach, Huyện Chau Thanh",
        "0912345673 member Ấp 2, Xã Tan Thach, Huyện Chau Thanh",
    ]


def test_no_header_at_all() -> None:
    roster = read("""
        1 | Nguyễn Văn An | 0912345671 | Tổ trưởng | Ấp 1, xã Tân Thạch
        2 | Trần Thị Bé | 0912345672 | Thành viên | Ấp 1, xã Tân Thạch
        3 | Lê Văn Cò | 0912345673 | Thành viên | Ấp 2, xã Tân Thạch
    """)
    assert lines(roster) == [
        "Nguyễn Văn An 0912345671 head Ấp 1, Xã Tân Thạch",
        "Trần Thị Bé 0912345672 member Ấp 1, Xã Tân Thạch",
        "Lê Văn Cò 0912345673 member Ấp 2, Xã Tân Thạch",
    ]


def test_one_column_typed_like_a_letter() -> None:
    roster = read("""
        TỔ CNSCĐ ẤP 3 XÃ TÂN THẠCH
        1. Tổ trưởng: Nguyễn Văn An, SĐT 0912345671
        2. Tổ phó: Trần Thị Bé, SĐT 0912345672
        3. Thành viên: Lê Văn Cò, SĐT 0912345673
    """)
    assert lines(roster) == [
        "Nguyễn Văn An 0912345671 head Ấp 3, Xã Tân Thạch",
        "Trần Thị Bé 0912345672 deputy Ấp 3, Xã Tân Thạch",
        "Lê Văn Cò 0912345673 member Ấp 3, Xã Tân Thạch",
    ]


def test_tables_one_below_the_other_with_headers_repeated() -> None:
    roster = read("""
        DANH SÁCH TỔ CÔNG NGHỆ SỐ CỘNG ĐỒNG XÃ TÂN THẠCH
        DANH SÁCH TỔ CÔNG NGHỆ SỐ CỘNG ĐỒNG ẤP 1
        STT | Họ và tên | Chức vụ | SĐT
        1 | Nguyễn Văn An | Tổ trưởng | 0912345671
        Tổng cộng: 01 người

        DANH SÁCH TỔ CÔNG NGHỆ SỐ CỘNG ĐỒNG ẤP 2 NĂM 2024
        STT | Họ và tên | SĐT | Chức vụ
        1 | Trần Thị Bé | 0912345672 | Tổ trưởng
        2 | Lê Văn Cò | 0912345673 | Thành viên
        Người lập | | Chủ tịch
    """)
    assert lines(roster) == [
        "Nguyễn Văn An 0912345671 head Ấp 1, Xã Tân Thạch",
        "Trần Thị Bé 0912345672 head Ấp 2, Xã Tân Thạch",
        "Lê Văn Cò 0912345673 member Ấp 2, Xã Tân Thạch",
    ]


def test_blank_hamlets_under_merged_cells() -> None:
    rows = """
        STT | Ấp | Họ và tên | Vai trò | Số điện thoại
        1 | | Nguyễn Văn An | Tổ trưởng | 0912345671
        2 | Ấp 1 | Trần Thị Bé | Tổ trưởng | 0912345672
        3 | | Lê Văn Cò | Thành viên | 0912345673
        4 | Ấp 2 | Phạm Văn Dô | Tổ trưởng | 0912345674
        5 | | Võ Văn Em | | 0912345675
    """
    roster = read(table(rows, "Xã Tân Thạch", [(2, 1, 3, 1), (4, 1, 5, 1)]))
    assert [line.split(" ", 4)[4] for line in lines(roster)] == [
        "head Xã Tân Thạch",
        "head Ấp 1, Xã Tân Thạch",
        "member Ấp 1, Xã Tân Thạch",
        "head Ấp 2, Xã Tân Thạch",
        "member Ấp 2, Xã Tân Thạch",
    ]


def test_a_blank_hamlet_where_every_row_is_written_out_is_the_commune_s_team() -> None:
    roster = read("""
        Họ và tên | Chức vụ | Xã | Ấp | SĐT
        Nguyễn Văn An | Tổ trưởng | Tân Thạch | | 0912345671
        Trần Thị Bé | Tổ trưởng | Tân Thạch | Ấp 1 | 0912345672
        Lê Văn Cò | Tổ viên | Tân Thạch | Ấp 1 | 0912345673
        Phạm Văn Dô | Tổ viên | Tân Thạch | Ấp 1 | 0912345674
        Võ Văn Em | Tổ viên | Tân Thạch | | 0912345675
        Hồ Thị Gái | Tổ trưởng | An Hiệp | Ấp 1 | 0912345676
        Đặng Văn Hai | Tổ viên | An Hiệp | Ấp 1 | 0912345677
    """)
    assert [line.split(" ", 5)[-1] for line in lines(roster)][4] == "Xã Tân Thạch"
    assert roster.figures.units == {"province": 0, "district": 0, "commune": 2, "hamlet": 2}


def test_roles_marked_with_an_x() -> None:
    roster = read("""
        XÃ TÂN THẠCH
        TT | Họ tên | Ấp | Tổ trưởng | Tổ phó | Thành viên | ĐT
        1 | Nguyễn Văn An | Ấp 1 | x | | | 0912345671
        2 | Trần Thị Bé | Ấp 1 | | x | | 0912345672
        3 | Lê Văn Cò | Ấp 1 | | | x | 0912345673
    """)
    assert [line.split(" ")[4] for line in lines(roster)] == ["head", "deputy", "member"]


def test_two_tables_side_by_side() -> None:
    roster = read("""
        TỔ CNSCĐ ẤP 1, XÃ TÂN THẠCH
        TT | Họ và tên | SĐT | | TT | Họ và tên | SĐT
        1 | Nguyễn Văn An | 0912345671 | | 3 | Lê Văn Cò | 0912345673
        2 | Trần Thị Bé | 0912345672 | | 4 | Phạm Văn Dô | 0912345674
    """)
    assert [(person.name, person.phone) for person in roster.people] == [
        ("Nguyễn Văn An", "0912345671"),
        ("Trần Thị Bé", "0912345672"),
        ("Lê Văn Cò", "0912345673"),
        ("Phạm Văn Dô", "0912345674"),
    ]


def test_wards_and_their_quarters_after_the_reform() -> None:
    roster = read("""
        UBND TỈNH VĨNH LONG
        STT | Tên tổ | Họ và tên | Nhiệm vụ | Liên hệ (Zalo)
        I | PHƯỜNG AN HỘI
        1 | Tổ CNSCĐ Khu phố 1 | Nguyễn Văn An | Tổ trưởng | 0912345671
        2 | nt | Trần Thị Bé | Phó Tổ trưởng | 0912345672
        3 | Tổ CNSCĐ KP 2 | Lê Văn Cò | Tổ trưởng | 0912345673
        II | XÃ GIAO LONG
        4 | Tổ CNSCĐ ấp 1 | Phạm Văn Dô | Tổ trưởng | 0912345674
        5 | Tổ cấp xã | Võ Văn Em | Tổ trưởng | 0912345675
    """)
    assert [line.split(" ", 4)[4] for line in lines(roster)] == [
        "head Khu phố 1, Phường An Hội, Tỉnh Vĩnh Long",
        "deputy Khu phố 1, Phường An Hội, Tỉnh Vĩnh Long",
        "head Khu phố 2, Phường An Hội, Tỉnh Vĩnh Long",
        "head Ấp 1, Xã Giao Long, Tỉnh Vĩnh Long",
        "head Xã Giao Long, Tỉnh Vĩnh Long",
    ]


def test_the_place_in_one_cell() -> None:
    roster = read("""
        Họ và tên | Điện thoại | Đơn vị | Vai trò
        Nguyễn Văn An | 0912345671 | Ấp 3, xã Tân Thạch, huyện Châu Thành | Tổ trưởng
        Trần Thị Bé | 0912345672 | Ấp 3 - Xã Tân Thạch - Huyện Châu Thành | Thành viên
        Lê Văn Cò | 0912345673 | UBND xã Tân Thạch, huyện Châu Thành | Tổ trưởng
    """)
    assert [line.split(" ", 4)[4] for line in lines(roster)] == [
        "head Ấp 3, Xã Tân Thạch, Huyện Châu Thành",
        "member Ấp 3, Xã Tân Thạch, Huyện Châu Thành",
        "head Xã Tân Thạch, Huyện Châu Thành",
    ]


def test_a_second_number_on_a_line_of_its_own() -> None:
    roster = read("""
        XÃ TÂN THẠCH
        TT | Họ tên | Ấp | Điện thoại
        1 | Nguyễn Văn An | Ấp 1 | 0912345671
         | | | 0987654321
        2 | Trần Thị Bé | Ấp 1 | 0912345672
    """)
    assert [(person.phone, person.other_phones) for person in roster.people] == [
        ("0912345671", ("0987654321",)),
        ("0912345672", ()),
    ]


def test_numbers_as_excel_keeps_them() -> None:
    rows = cells("XÃ TÂN THẠCH\nSTT | Họ và tên | Ấp | SĐT")
    rows += [[1, "Nguyễn Văn An", 1, 912345671], [2, "Trần Thị Bé", 1, 1685123456], [3, "Lê Văn Cò", 2, 2753822123.0]]
    roster = read(Table(rows))
    assert [person.phone for person in roster.people] == ["0912345671", "0385123456", "02753822123"]
    assert roster.figures.units["hamlet"] == 2


def test_a_hidden_sheet_is_not_read_and_said_so() -> None:
    shown = table("XÃ TÂN THẠCH\nHọ và tên | Ấp | SĐT\nNguyễn Văn An | Ấp 1 | 0912345671")
    hidden = Table(shown.rows, "Nháp", is_hidden=True)
    roster = read(shown, hidden)
    assert roster.figures.people == 1
    assert (0, "hidden_sheet") in doubts(roster)


def test_a_sheet_without_people_is_said() -> None:
    roster = read("BÁO CÁO\nNội dung | Kết quả\nSố tổ | 12\nSố thành viên | 60")
    assert roster.figures.people == 0
    assert doubts(roster) == [(0, "no_table")]


def test_merged_title_cells_do_not_matter() -> None:
    roster = read(
        Table(
            cells(
                "DANH SÁCH TỔ CNSCĐ XÃ TÂN THẠCH\n\nTT | Họ và tên | Chức vụ | Ấp | SĐT\n1 | "
                "Nguyễn Văn An | TT | Ấp 1 | 0912345671"
            ),
            merged=[Joined(0, 0, 0, 4)],
        )
    )
    assert lines(roster) == ["Nguyễn Văn An 0912345671 head Ấp 1, Xã Tân Thạch"]


def test_a_column_of_names_called_after_the_members_does_not_say_their_roles() -> None:
    roster = read("""
        DANH SÁCH TỔ CÔNG NGHỆ SỐ CỘNG ĐỒNG XÃ ĐẠI ĐIỀN
        Số TT | Họ và tên thành viên | Chức danh | Năm sinh | SĐT / Zalo | Ấp
        1 | Nguyễn Văn An | Trưởng ấp - TT | 1970 | 0912345678 | Ấp 1
        2 | Trần Thị Bé | TP | 1980 | 0987654321 | Ấp 1
        3 | Lê Văn Cò | TV | 1990 | 0903456789 | Ấp 1
    """)
    assert [line.split(" Ấp")[0] for line in lines(roster)] == [
        "Nguyễn Văn An 0912345678 head",
        "Trần Thị Bé 0987654321 deputy",
        "Lê Văn Cò 0903456789 member",
    ]
