"""A dialog writes nothing but its own answers (and the files it was sent) before its last question is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.db import Db
from tests.engine import tables
from tests.rig import JPEG, Someone, Village, village

# What keeps the conversation itself going; everything else is an effect.
OF_THE_CONVERSATION = {
    "senders",
    "seen",
    "drafts",
    "outbox",
    "chats",
    "cards",
    "files",
    "photos",
    "identities",
    "pulses",
}

# Who says what, up to the last question and not beyond: ">" presses a button.
SCRIPTS = {
    "a report": ("an", ["báo cáo", ">Nộp hồ sơ", "9999", ">Đúng rồi", "ghi chú", ">Xong"], ">Gửi"),
    "nothing done": ("an", ["/khongcoviec"], ">Gửi"),
    "a task": (
        "lan",
        ["giao việc", "Dán mã QR", ">Chọn từng nơi", "ấp 1", ">Xong", ">Mai 17:00", ">Hình chụp"],
        ">Gửi",
    ),
    "a correction": ("an", ["/dulieu", ">Sửa", ">số điện thoại", "0912345678"], ">Lưu"),
    "a merger": ("quan", ["/gop", "xa2", "đại điền", ">Xong", ">Vào Xã Đại Điền", ">Xã Đại Điền"], ">Thực hiện"),
    "a split": ("quan", ["/tach", "ấp 1", "Ấp 1A", "Nguyễn Văn An", ">Xong"], ">Thực hiện"),
    "another name": ("quan", ["/doiten", "xa2", "Thị trấn Mỹ An"], ">Thực hiện"),
    "another place": ("quan", ["/chuyen", "ấp 3", "xa2"], ">Thực hiện"),
    "a unit less": ("quan", ["/dong", "ấp 3", "đại điền"], ">Thực hiện"),
    "a unit more": ("quan", ["/themdonvi", "xa2", "Ấp 9"], ">Thực hiện"),
    "a handover": ("tam", ["/doiviec", ">tổ trưởng", "phạm thị bảy", ">Hôm nay", ">Rời tổ"], ">Bàn giao"),
    "a handover to somebody new": (
        "lan",
        ["/doiviec", ">Của người khác", "võ văn hai", ">Người mới", "Tân", "0912345678", "1/12", ">Ở lại"],
        ">Bàn giao",
    ),
    "somebody new": ("tam", ["/thanhvien", ">Thêm người", "Mới", "0912345678", ">thành viên"], ">Lưu"),
    "a leaver": ("tam", ["/thanhvien", ">Phạm Thị Bảy", ">Cho rời tổ"], ">Cho rời tổ"),
    "a role": ("lan", ["/thanhvien", ">Lê Thị Út", ">Đổi vai trò", ">tổ trưởng", ">Đúng rồi"], ">Lưu"),
    "a move": ("lan", ["/thanhvien", ">Lê Thị Út", ">Chuyển đơn vị", ">Ấp 3", ">thành viên"], ">Lưu"),
    "an absence": ("hai", ["/vang", "hôm nay đến 30/11", "lê thị út"], ">Lưu"),
    "a category": ("quan", ["/hangmuc", ">Thêm hạng mục", "Trồng cây xanh", "điểm", "trồng cây"], ">Lưu"),
    "a unit of count": ("quan", ["/donvidem", ">Thêm đơn vị đếm", "cây", ">Không có chữ nào"], ">Lưu"),
    "a target": ("quan", ["/chitieu", ">Đặt chỉ tiêu", ">Tháng", ">Tháng 12/2026", "wifi", "4"], ">Lưu"),
    "a form": ("quan", ["/bieumau", ">Thêm", "Của tổ", ">Tháng", ">mọi cấp", "wifi", ">Xong"], ">Lưu"),
    "a period": ("quan", ["/kybaocao", ">Tháng", ">Đổi", ">Ngày 1 đầu tháng", "5"], ">Lưu"),
    "a broadcast": ("quan", ["thông báo", "Xã Đại Điền", "Mời bà con"], ">Gửi"),
}


async def does(person: Someone, step: str) -> None:
    if step.startswith(">"):
        await person.presses(step[1:])
    else:
        await person.says(step)
    await person.village.quiet()


async def counts(here: Village) -> dict[str, object]:
    def count(db: Db) -> dict[str, object]:
        return {t: db.all(f"SELECT * FROM {t}") for t in tables(db) if t not in OF_THE_CONVERSATION}

    return await here.store.run(count)


@pytest.mark.parametrize("name", SCRIPTS)
async def test_nothing_happens_before_the_last_answer_and_something_after(name: str, tmp_path: Path) -> None:
    who, steps, last = SCRIPTS[name]
    async with village(tmp_path) as here:
        person = here.people[who]
        before = await counts(here)
        for step in steps:
            await does(person, step)
            assert await counts(here) == before, f"{name}: {step!r} had an effect"
        if name == "a report":
            await person.says("", JPEG)
            assert await counts(here) == before
        await does(person, last)
        assert await counts(here) != before
