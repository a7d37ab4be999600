"""`caretaker list`, `caretaker remove` and `audit`, as operators type them."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from desk.audit import Attempt
from desk.notices import NoticeKind
from kuemmerkasten.cli import main
from storage.settings import Settings
from storage.wiring import House, build
from tests.builders import NOW, report
from tests.fakes import FakeClock

PRIVATE, GROUP, MAIL, DESK = "4711003", "-4711004", "mail:7", "4711005"
CHATS = [("karnap", PRIVATE), ("karnap", GROUP), ("kray", MAIL), ("koordination", DESK)]


@pytest.fixture
def house(ready_sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """Chats of each kind, in the state the commands find by the environment."""
    for name in ("TELEGRAM_TOKEN", "CITY", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", ready_sqlite_url)
    monkeypatch.setenv("STATE_DIR", str(tmp_path))
    house = build(Settings(database_url=ready_sqlite_url, state_dir=tmp_path), clock=FakeClock(NOW))
    for area, chat in CHATS:
        house.caretakers.invite(area, token=chat, now=NOW)
        house.caretakers.redeem(chat, chat=chat, now=NOW)
    yield house
    house.storage.engine.dispose()


def listed(capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, str]]:
    """What `caretaker list --json` prints."""
    assert main(["caretaker", "list", "--json", *options]) == 0
    found: list[dict[str, str]] = json.loads(capsys.readouterr().out)
    return found


def status_of(*arguments: str) -> int | str | None:
    """The status a command ends with, also for wrong use."""
    try:
        return main(arguments)
    except SystemExit as wrong_use:
        return wrong_use.code


def test_the_list_says_who_reads_where(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """Kind of chat, since when and an id, by area; no chat's number and no address."""
    rows = {(one["area"], one["kind"]): one for one in listed(capsys)}
    assert set(rows) == {
        ("karnap", "private"),
        ("karnap", "group"),
        ("kray", "mail"),
        ("koordination", "private"),
    }
    group = rows["karnap", "group"]
    assert group["id"] == house.pseudonyms.of(GROUP)[:8]
    assert group["since"] == "2026-05-04T12:00:00+02:00"
    assert main(["caretaker", "list"]) == 0
    said = capsys.readouterr().out
    assert all(word in said for word in ("Karnap", "privat", "Gruppe", "E-Mail", "04.05.", group["id"]))
    assert not [chat for _, chat in CHATS if chat in said or chat in str(rows)]


def test_the_list_of_one_area(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """Only that area; one nobody reads for is said to be so, and an unknown one is refused."""
    assert [one["kind"] for one in listed(capsys, "--area", "kray")] == ["mail"]
    assert listed(capsys, "--area", "katernberg") == []
    assert main(["caretaker", "list", "--area", "katernberg"]) == 0
    assert "kein Chat angemeldet" in capsys.readouterr().out
    assert main(["caretaker", "list", "--area", "atlantis"]) == 1
    assert "atlantis" in capsys.readouterr().err


def test_a_chat_is_removed_by_its_id(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """Only that one goes; it is told, and the others keep the area's tickets."""
    assert main(["caretaker", "remove", "--area", "karnap", "--id", house.pseudonyms.of(GROUP)[:8]]) == 0
    assert "1 Chat" in capsys.readouterr().out
    with house.storage.look() as work:
        assert list(work.caretakers.chats_of("karnap")) == [PRIVATE]
        (told,) = [letter.notice for letter in work.outbox.open() if letter.notice.chat == GROUP]
    assert told.content["text_key"] == "caretaker.left"


def test_all_chats_of_an_area_are_removed(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """Its open tickets go to the coordination, and the output says that nobody is left."""
    with house.storage.work() as work:
        number = work.tickets.open(report(area="karnap"), at=NOW)[0].number
    assert main(["caretaker", "remove", "--area", "karnap", "--all"]) == 0
    said = capsys.readouterr().out
    assert "2 Chat" in said
    assert "kein Chat mehr" in said
    with house.storage.look() as work:
        assert list(work.caretakers.chats_of("karnap")) == []
        cards = [one.notice for one in work.outbox.open() if one.notice.kind is NoticeKind.CARD]
    assert [(one.chat, one.ticket) for one in cards] == [(DESK, number)]
    assert main(["caretaker", "remove", "--area", "koordination", "--all"]) == 0
    assert "Koordination" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--area", "karnap", "--id", "00000000"], 1, "00000000"),
        (["--area", "karnap", "--id", ""], 1, "Kennung"),
        (["--area", "karnap", "--id", PRIVATE], 1, "Kennung"),
        (["--area", "kray", "--id", "{group}"], 1, "Kennung"),
        (["--area", "karnap", "--id", "{group}", "--id", "00000000"], 1, "00000000"),
        (["--area", "katernberg", "--all"], 1, "katernberg"),
        (["--area", "atlantis", "--all"], 1, "atlantis"),
        (["--area", "karnap"], 2, "--id"),
        (["--all"], 2, "--area"),
    ],
)
def test_a_wrong_removal_removes_nobody(
    house: House, capsys: pytest.CaptureFixture[str], options: list[str], status: int, said: str
) -> None:
    """One sentence on stderr, and every chat stays: also when only one of several ids is wrong."""
    given = [one.replace("{group}", house.pseudonyms.of(GROUP)[:8]) for one in options]
    assert status_of("caretaker", "remove", *given) == status
    assert said in capsys.readouterr().err
    with house.storage.look() as work:
        assert {(one.area, one.chat) for one in work.caretakers.members()} == set(CHATS)


def test_an_area_the_city_has_no_more_can_be_cleared(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    """Chats of an area that is gone from the city's files are listed by its id and can be removed."""
    with house.storage.work() as work:
        work.caretakers.invite("x", area="gone", expires_at=NOW + timedelta(days=1))
        work.caretakers.redeem("x", chat=PRIVATE, at=NOW)
    assert [one["area"] for one in listed(capsys, "--area", "gone")] == ["gone"]
    assert main(["caretaker", "remove", "--area", "gone", "--all"]) == 0
    with house.storage.look() as work:
        assert list(work.caretakers.areas_of(PRIVATE)) == ["karnap"]


def test_the_audit_log_is_json_lines(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """Moment in the city's time, what, a pseudonym, the ticket; its id is the one of the list, only longer."""
    house.audit(Attempt.FOREIGN_TICKET, chat=GROUP, ticket="QH-2026-00001")
    house.audit(Attempt.BAD_INVITATION, chat="4711999")
    assert main(["audit"]) == 0
    said = capsys.readouterr().out
    first, second = map(json.loads, said.splitlines())
    assert first == {
        "at": "2026-05-04T12:00:00+02:00",
        "what": "foreign_ticket",
        "who": house.pseudonyms.of(GROUP),
        "ticket": "QH-2026-00001",
    }
    assert (second["what"], second["ticket"]) == ("bad_invitation", None)
    (group,) = [one for one in listed(capsys, "--area", "karnap") if one["kind"] == "group"]
    assert first["who"].startswith(group["id"])
    assert "4711" not in said


@pytest.mark.parametrize(("since", "lines"), [("2026-05-04", 1), ("2026-05-04T12:00", 1), ("2026-05-05", 0)])
def test_the_audit_log_from_a_moment_on(
    house: House, capsys: pytest.CaptureFixture[str], since: str, lines: int
) -> None:
    """A day or a time in the city's zone."""
    house.audit(Attempt.BAD_INVITATION, chat=GROUP)
    assert main(["audit", "--since", since]) == 0
    assert len(capsys.readouterr().out.splitlines()) == lines


def test_a_wrong_moment_gets_a_sentence(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 1, nothing printed."""
    assert main(["audit", "--since", "gestern"]) == 1
    said = capsys.readouterr()
    assert (said.out, "gestern" in said.err) == ("", True)
