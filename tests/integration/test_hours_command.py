"""`kuemmerkasten hours` as operators call it, and an office's map point on its way to Telegram."""

import json
from argparse import Namespace
from typing import Any

import pytest

from bot.sending import Sender
from desk.notices import Notice, NoticeKind
from kuemmerkasten.cli import main


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """What the command prints."""
    assert main(["hours", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def test_christmas_eve_and_the_first_friday_on_new_year(capsys: pytest.CaptureFixture[str]) -> None:
    """Christmas Eve is an ordinary Thursday, New Year's Day is a holiday and has its name."""
    eve = told(capsys, "--at", "2026-12-24T10:00")
    assert eve["frohnhausen"]["open"] is False
    assert eve["frohnhausen"]["next_opening"] == "2026-12-24T14:00+01:00"
    assert eve["karnap"] | {"name": ""} == {
        "name": "",
        "open": None,
        "closes_at": None,
        "next_opening": None,
        "reason": "unknown",
        "purpose": None,
    }
    new_year = told(capsys, "--at", "2027-01-01T11:30", "--office", "kon-takt")
    assert list(new_year) == ["kon-takt"]
    assert (new_year["kon-takt"]["open"], new_year["kon-takt"]["reason"]) == (False, "Neujahr")
    assert new_year["kon-takt"]["next_opening"] == "2027-02-05T11:00+01:00"


def test_a_time_in_another_zone_is_the_same_moment(capsys: pytest.CaptureFixture[str]) -> None:
    """Half past eleven in Essen, said in UTC: open until one."""
    answer = told(capsys, "--at", "2026-12-04T10:30Z", "--office", "kon-takt")["kon-takt"]
    assert (answer["open"], answer["closes_at"]) == (True, "2026-12-04T13:00+01:00")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--at", "heute"], "„heute“"),
        (["--at", "2026-02-30T10:00"], "2026-02-30"),
        (["--at", "0001-01-01"], "0001-01-01"),
        (["--at", ""], "Zeitpunkt"),
        (["--office", "nirgends"], "kon-takt, kraysel"),
    ],
)
def test_mistakes_get_one_german_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    """Status 1, what was wrong, what would be right, and no traceback."""
    assert main(["hours", *arguments]) == 1
    printed = capsys.readouterr()
    assert says in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""


def test_without_a_time_it_is_now(capsys: pytest.CaptureFixture[str]) -> None:
    """Every office has an answer; the one for the present is not refused."""
    assert "kon-takt" in told(capsys)


async def test_an_office_reaches_telegram_as_a_venue() -> None:
    """With title and address; a point without them is a plain location."""
    calls: list[tuple[str, tuple[Any, ...]]] = []

    class Bot:
        async def send_venue(self, *arguments: Any) -> Any:
            calls.append(("venue", arguments))
            return Namespace(message_id=1)

        async def send_location(self, *arguments: Any) -> Any:
            calls.append(("location", arguments))
            return Namespace(message_id=2)

    city = Namespace(deadlines=Namespace(quiet=None))
    sender = Sender(bot=Bot(), house=Namespace(city=city), photos=None)  # type: ignore[arg-type]
    point = {"latitude": 51.4, "longitude": 7.0}
    for content in (point | {"title": "Treff", "address": "Weg 1"}, point):
        await sender.send(Notice(key="k", chat="7", kind=NoticeKind.MAP_POINT, content=content))
    assert calls == [("venue", ("7", 51.4, 7.0, "Treff", "Weg 1")), ("location", ("7", 51.4, 7.0))]
