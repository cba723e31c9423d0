"""The first words with a stranger, until the chat belongs to a person of the roster; and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.chat.message import Contact
from storage import invites
from tests.rig import MONDAY, Someone, Village, moment, village

CODE = "K7MQ-2XHB"
OTHER = "ABCD-2345"
MONTH_MS = 30 * 24 * 3600 * 1000
TABLES_OF_PEOPLE = (
    "claims",
    "vouched",
    "join_requests",
    "consents",
    "identities",
    "drafts",
    "files",
    "reports",
    "invite_tries",
    "audit",
    "surprises",
)


@pytest.fixture(params=["buttons", "numbers"])
async def door(request: pytest.FixtureRequest, tmp_path: Path):  # type: ignore[no-untyped-def]
    """The village before anybody joined, and a stranger's phone."""
    plain = request.param == "numbers"
    async with village(tmp_path, plain=plain, joined=False) as found:
        found.phone.set_plain("p9001", plain)
        yield found


async def invite(here: Village, who: Someone, code: str = CODE, lives_ms: int = MONTH_MS) -> None:
    now = here.time[0]
    await here.store.run(lambda db: invites.add(db, code, who.id, now, now + lives_ms))


async def kept(here: Village) -> dict[str, int]:
    """How many rows each table about people has."""
    counts = {}
    for table in TABLES_OF_PEOPLE:
        ((count,),) = await here.look(f"SELECT COUNT(*) FROM {table}")
        assert isinstance(count, int)
        counts[table] = count
    return counts


NOTHING = dict.fromkeys(TABLES_OF_PEOPLE, 0)


async def test_a_stranger_hears_who_this_is_and_nothing_is_kept_before_consent(door: Village) -> None:
    stranger = door.stranger()
    await stranger.says("alo, ai do?")
    await stranger.sees("em chào anh/chị", "Ấp Số", "Em giữ: tên, số điện thoại", "/dung", "có đồng ý không ạ?")
    assert await kept(door) == NOTHING
    assert await door.look("SELECT COUNT(*) FROM outbox WHERE body LIKE '%ai do%'") == [(0,)]


async def test_whatever_a_stranger_sends_comes_to_the_same_question(door: Village) -> None:
    stranger = door.stranger()
    for said in ("bao cao", "/baocao", "/viec", "12", "/khonggico"):
        await stranger.says(said)
        await stranger.sees("có đồng ý không ạ?")
    await stranger.says("", b"\xff\xd8\xff a photo")
    await stranger.sees("có đồng ý không ạ?")
    await stranger.shares_number("0999000005")
    await stranger.sees("có đồng ý không ạ?")
    assert await kept(door) == NOTHING


async def test_a_no_is_kept_as_nothing(door: Village) -> None:
    stranger = door.stranger()
    await stranger.says("chao")
    await stranger.presses("Không")
    await stranger.sees("em không giữ gì của anh/chị")
    assert await kept(door) == NOTHING
    await stranger.says("thoi cho toi vao")
    await stranger.sees("có đồng ý không ạ?")


async def test_consent_is_kept_with_its_version_and_time_then_the_code_links(door: Village) -> None:
    stranger = door.stranger()
    await invite(door, door.an)
    await stranger.says("xin chao")
    await stranger.presses("Đồng ý")
    asked = await stranger.sees("mã cá nhân")
    assert ("Gửi số của tôi" in asked) is not door.phone.is_plain(stranger.chat)
    assert await door.look("SELECT person_id, version, given_at, withdrawn_at FROM consents") == [
        (None, "2026-11", moment(MONDAY), None)
    ]
    await stranger.says("k7mq 2xhb")
    await stranger.sees("em nhận ra rồi", "Nguyễn Văn An", "thành viên Ấp 1")
    assert await door.look("SELECT chat, person_id FROM identities") == [("p9001", door.an.id)]
    assert await door.look("SELECT person_id FROM consents") == [(door.an.id,)]
    assert await door.look("SELECT act FROM audit ORDER BY id") == [("start.agreed",), ("start.linked",)]


async def test_a_code_typed_first_waits_for_consent_and_need_not_be_typed_again(door: Village) -> None:
    stranger = door.stranger()
    await invite(door, door.an)
    await stranger.says(CODE)
    await stranger.sees("có đồng ý không ạ?")
    await stranger.presses("Đồng ý")
    await stranger.sees("em nhận ra rồi", "Nguyễn Văn An")


async def test_a_link_with_the_code_asks_consent_first_and_then_links(door: Village) -> None:
    stranger = door.stranger()
    await invite(door, door.an)
    await stranger.starts(CODE)
    await stranger.sees("có đồng ý không ạ?")
    assert await kept(door) == NOTHING
    await stranger.presses("Đồng ý")
    await stranger.sees("em nhận ra rồi", "Nguyễn Văn An", "thành viên Ấp 1")


async def test_what_is_no_code_is_said_so_kindly_and_costs_no_try(door: Village) -> None:
    stranger = door.stranger()
    await stranger.says("chao")
    await stranger.presses("Đồng ý")
    await stranger.sees("mã cá nhân")
    for _ in range(7):
        await stranger.says("toi ten Ba <b>")
        await stranger.sees("8 chữ và số", "“toi ten Ba <b>”")
    assert await door.look("SELECT COUNT(*) FROM invite_tries") == [(0,)]


async def test_five_wrong_codes_make_a_pause_of_an_hour(door: Village) -> None:
    stranger = door.stranger()
    await invite(door, door.an)
    await stranger.says("chao")
    await stranger.presses("Đồng ý")
    for number, left in enumerate((4, 3, 2, 1), 1):
        await stranger.says(f"AAAA-AAA{number + 1}")
        await stranger.sees("không tìm thấy", f"Còn {left} lần thử")
    await stranger.says("AAAA-AAA7")
    await stranger.sees("tạm dừng một tiếng")
    await stranger.says(CODE)
    await stranger.sees("tạm dừng một tiếng")
    assert await door.look("SELECT COUNT(*) FROM identities") == [(0,)]
    await door.passes(minutes=61)
    await stranger.says(CODE)
    await stranger.sees("em nhận ra rồi", "Nguyễn Văn An")


async def test_a_pause_of_one_stranger_is_not_another_ones(door: Village) -> None:
    one, other = door.stranger(), door.stranger("p9002")
    await invite(door, door.an)
    for stranger in (one, other):
        await stranger.says("chao")
        await stranger.presses("Đồng ý")
    for sign in "23456":
        await one.says(f"AAAA-AAA{sign}")
    await one.sees("tạm dừng một tiếng")
    await other.says(CODE)
    await other.sees("em nhận ra rồi")


async def test_a_code_works_once(door: Village) -> None:
    first, second = door.stranger(), door.stranger("p9002")
    await invite(door, door.an)
    await first.starts(CODE)
    await first.presses("Đồng ý")
    await first.sees("em nhận ra rồi")
    await second.starts(CODE)
    await second.presses("Đồng ý")
    await second.sees("mã này đã dùng rồi", "báo tổ trưởng liền")
    assert await door.look("SELECT chat FROM identities") == [("p9001",)]


async def test_a_code_expires(door: Village) -> None:
    stranger = door.stranger()
    await invite(door, door.an, lives_ms=3_600_000)
    await door.passes(minutes=60)
    await stranger.starts(CODE)
    await stranger.presses("Đồng ý")
    await stranger.sees("mã này hết hạn rồi")
    assert await door.look("SELECT COUNT(*) FROM identities") == [(0,)]


async def test_only_the_hash_of_a_code_is_kept(door: Village) -> None:
    await invite(door, door.an)
    ((kept_hash,),) = await door.look("SELECT hash FROM invites")
    assert isinstance(kept_hash, str)
    assert len(kept_hash) == 64
    assert CODE not in kept_hash


async def test_a_newer_code_makes_the_older_one_void(door: Village) -> None:
    stranger = door.stranger()
    await invite(door, door.an, OTHER)
    await invite(door, door.an, CODE)
    await stranger.starts(OTHER)
    await stranger.presses("Đồng ý")
    await stranger.sees("thay bằng mã mới")
    await stranger.says(CODE)
    await stranger.sees("em nhận ra rồi")


async def test_ones_own_number_is_enough(door: Village) -> None:
    stranger = door.stranger()
    await stranger.says("chao")
    await stranger.presses("Đồng ý")
    await stranger.shares_number("+84 999 000 005")
    await stranger.sees("em nhận ra rồi", "Nguyễn Văn An")
    assert await door.look("SELECT person_id FROM identities") == [(door.an.id,)]


async def test_somebody_elses_number_is_refused(door: Village) -> None:
    stranger = door.stranger()
    await stranger.says("chao")
    await stranger.presses("Đồng ý")
    await stranger.does(contact=Contact("0999000005", own=False))
    await stranger.sees("chỉ nhận số của chính anh/chị")
    assert await door.look("SELECT COUNT(*) FROM identities") == [(0,)]


async def test_a_number_that_is_nobodys_asks_for_the_code(door: Village) -> None:
    stranger = door.stranger()
    await stranger.says("chao")
    await stranger.presses("Đồng ý")
    await stranger.shares_number("0911222333")
    await stranger.sees("chưa có trong danh sách", "mã cá nhân")
    assert await door.look("SELECT COUNT(*) FROM identities") == [(0,)]


async def test_a_name_is_never_markup(door: Village) -> None:
    stranger = door.stranger()
    await door.look("UPDATE people SET name = '<b>An</b> & _*[x' WHERE id = :id", id=door.an.id)
    await invite(door, door.an)
    await stranger.starts(CODE)
    await stranger.presses("Đồng ý")
    await stranger.sees("em nhận ra rồi: <b>An</b> & _*[x, thành viên Ấp 1")


def menu_of(here: Village, who: Someone) -> list[str]:
    rows, _ = here.phone.keyboard(who.chat)
    return [label for row in rows for label in row]


async def commands_of(here: Village, who: Someone) -> str:
    """The newest list of commands that was given to the chat, as kept in the outbox."""
    rows = await here.look(
        "SELECT body FROM outbox WHERE chat = :chat AND body LIKE '%\"k\":%' ORDER BY id DESC", chat=who.chat
    )
    return str(rows[0][0])


MEMBERS = ["📝 Báo cáo", "📋 Việc của tôi", "📊 Kết quả", "❓ Trợ giúp"]
LEADS = ["📝 Báo cáo", "📋 Việc của tôi", "📊 Kết quả", "📌 Giao việc", "👥 Đội của tôi", "❓ Trợ giúp"]


@pytest.mark.parametrize(("name", "menu"), [("an", MEMBERS), ("tam", LEADS), ("lan", LEADS)])
async def test_the_menu_has_four_buttons_and_six_for_leads(here: Village, name: str, menu: list[str]) -> None:
    who = here.people[name]
    await who.starts()
    said = await who.sees("Dạ, chào", who.name)
    plain = here.phone.is_plain(who.chat)
    assert menu_of(here, who) == ([] if plain else menu)
    if plain:
        assert said.endswith(" · ".join(label.split(" ", 1)[1] for label in menu))


async def test_english_changes_every_word_the_menu_and_the_commands(here: Village) -> None:
    await here.an.says("/english")
    said = await here.an.sees("I speak English from now on.")
    if here.phone.is_plain(here.an.chat):
        assert "Report · My tasks · Results · Help" in said
    else:
        assert menu_of(here, here.an) == ["📝 Report", "📋 My tasks", "📊 Results", "❓ Help"]
    await here.quiet()
    commands = await commands_of(here, here.an)
    assert "Report what was done" in commands
    assert "Báo" not in commands
    await here.an.says("report")
    await here.an.sees("Question 1 of 3", "What did you do?")
    await here.an.says("/tiengviet")
    await here.an.sees("em nói tiếng Việt")
    await here.quiet()
    assert "Báo cáo việc đã làm" in await commands_of(here, here.an)
    assert await here.look("SELECT language FROM people WHERE id = :id", id=here.an.id) == [("vi",)]


async def test_a_stranger_may_choose_english_and_keeps_it_when_linked(door: Village) -> None:
    stranger = door.stranger()
    await invite(door, door.an)
    await stranger.says("/english")
    await stranger.sees("Do you agree?", "I keep: your name")
    assert await kept(door) == NOTHING
    await stranger.presses("I agree")
    await stranger.sees("personal code")
    await stranger.says(CODE)
    await stranger.sees("I know you now: Nguyễn Văn An, member, Ấp 1")
    assert await door.look("SELECT language FROM people WHERE id = :id", id=door.an.id) == [("en",)]


async def test_stopping_is_asked_once_and_may_be_thought_over(here: Village) -> None:
    await here.an.says("/dung")
    await here.an.sees("ngưng hẳn phải không ạ?")
    await here.an.presses("Không, tiếp tục")
    await here.an.sees("tiếp tục như cũ")
    assert await here.look("SELECT COUNT(*) FROM identities WHERE chat = :chat", chat=here.an.chat) == [(1,)]


async def test_stopping_withdraws_the_consent_and_unlinks_the_chat(here: Village) -> None:
    await here.an.says("bao cao")
    await here.an.sees("Câu 1/3")
    await here.an.says("/dung")
    await here.an.presses("Ngưng hẳn")
    await here.an.sees("em đã ngưng và gỡ máy này ra")
    chat = here.an.chat
    assert await here.look("SELECT withdrawn_at FROM consents WHERE chat = :chat", chat=chat) == [(here.time[0],)]
    assert await here.look("SELECT COUNT(*) FROM identities WHERE chat = :chat", chat=chat) == [(0,)]
    assert await here.look("SELECT COUNT(*) FROM drafts WHERE chat = :chat", chat=chat) == [(0,)]
    await here.an.says("bao cao")
    await here.an.sees("có đồng ý không ạ?")


async def test_who_stopped_is_told_nothing_any_more(here: Village) -> None:
    await here.turns_to("2026-11-23 22:00")
    await here.lan.says("/giaoviec")
    await here.lan.says("Treo pano")
    await here.lan.presses("Chọn từng người")
    await here.lan.says("van an")
    await here.lan.presses("Xong (1)")
    await here.lan.says("25/11 17h")
    await here.lan.presses("Không cần")
    await here.lan.presses("Gửi")
    await here.lan.sees("em đã giao V-0001")
    await here.an.says("/dung")
    await here.an.presses("Ngưng hẳn")
    await here.an.reads()
    await here.turns_to("2026-11-24 07:00")
    await here.an.sees_nothing_new()


async def test_a_word_before_the_answer_does_not_lose_the_code_of_the_link(tmp_path: Path) -> None:
    async with village(tmp_path, joined=False) as here:
        code = "ABCD-2345"
        await here.store.run(lambda db: invites.add(db, code, here.an.id, here.time[0], here.time[0] + 1000))
        who = here.stranger()
        await who.starts(code)
        await who.sees("đồng ý không")
        await who.says("cái này là gì vậy")
        await who.sees("đồng ý không")
        await who.presses("Đồng ý")
        await who.sees("Nguyễn Văn An")


async def test_who_stops_hears_nothing_that_was_on_its_way(here: Village) -> None:
    """What another turn puts in at that very moment, it puts in after the rest was hushed."""
    await here.an.says("/dung")
    await here.an.presses("Ngưng")
    await here.an.sees("ngưng")
    await here.an.reads()
    late = "INSERT INTO outbox (lane, kind, channel, chat, person_id, body, card, edits, state, epoch, attempts,"
    late += " not_before, created_at, changed_at, message_id, error) VALUES (1, 'REMINDER', 'phone', :chat, :person,"
    late += " '{\"t\":[\"nhắc việc\"]}', '', 0, 'queued', 0, 0, 0, 1, 1, '', '')"
    await here.look(late, chat=here.an.chat, person=here.an.id)
    here.app.sender.ring()
    await here.an.sees_nothing_new()
    assert await here.look("SELECT state, error FROM outbox WHERE kind = 'REMINDER'") == [("failed", "hushed")]
