"""The list of one's own tickets: what is said of each, what can be done to it, and where the older ones are."""

from datetime import timedelta

import pytest
from telegram.constants import MessageLimit

from bot.incoming import button_part
from bot.own_tickets_buttons import PRESSED
from desk.notices import RESIDENT_BUTTON
from desk.tickets import Actor, Entry, Photo, Place, Status
from storage.own_tickets_wording import own_tickets_text
from storage.wiring import House
from tests.acting import run, tracker
from tests.builders import NOW, RESIDENT, report

OTHER = "4711005"


def opened(house: House, *entries: Entry, status: Status | None = None, draft: str = "d1", **changes) -> str:
    """Return the number of a ticket of the resident's with this history and state."""
    with house.storage.work() as work:
        number = work.tickets.open(report(draft=draft, **changes), at=NOW)[0].number
        for entry in entries:
            work.tickets.record(number, entry, status=status)
    return number


def entry(what: str, note: str | None = None, *, hours: int = 1, actor: Actor = Actor.CARETAKER) -> Entry:
    return Entry(at=NOW + timedelta(hours=hours), what=what, actor=actor, note=note)


async def listed(house: House, value: str | None = None) -> tuple[str, dict[str, str]]:
    """Return the text of the list and its buttons: data by label."""
    entities = [] if value is None else [{"entity": "value", "value": value}]
    _, (said,) = await run(house, "action_own_tickets", tracker({"entities": entities}))
    return said["lines"], {button["title"]: button["payload"] for button in said["buttons"]}


async def test_each_ticket_tells_what_happened_newest_first(house: House) -> None:
    """State and time of the last change, then one line for each thing that happened."""
    answer = Entry(
        at=NOW + timedelta(hours=3), what="answer", actor=Actor.RESIDENT, photos=(Photo(file_id="x"),)
    )
    number = opened(
        house,
        entry("waiting", "Wo genau?", hours=1),
        entry("answer", "Am Zaun.", hours=2, actor=Actor.RESIDENT),
        answer,
        status=Status.IN_PROGRESS,
    )
    text, _ = await listed(house)
    head, *lines = text.splitlines()
    assert number in head
    assert lines[1] == "Stand: in Arbeit (04.05.2026)"
    assert lines[2:] == [
        "· 04.05.2026 15:00: von Ihnen: Fotos (1)",
        "· 04.05.2026 14:00: von Ihnen: „Am Zaun.“",
        "· 04.05.2026 13:00: Rückfrage: „Wo genau?“",
        "· 04.05.2026 12:00: abgeschickt",
    ]


async def test_what_caretakers_write_for_themselves_is_not_shown(house: House) -> None:
    """Neither an internal note nor the reason of a refusal stands in the list, nor that there was a note."""
    opened(house, entry("declined", "GEHEIM"), entry("note", "GEHEIM", hours=9), status=Status.DECLINED)
    text, _ = await listed(house)
    assert "GEHEIM" not in text
    assert "21:00" not in text
    assert "bei der Koordination (04.05.2026)" in text


async def test_closed_by_us_is_not_withdrawn_by_the_resident(house: House) -> None:
    """A ticket closed for want of an answer says so."""
    opened(house, entry("withdrawn", actor=Actor.SYSTEM), status=Status.WITHDRAWN)
    text, _ = await listed(house)
    assert "keine Antwort" in text
    assert "zurückgezogen" not in text


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        (
            Status.ACCEPTED,
            {"💬 Etwas hinzufügen": "answer", "✏️ Ändern": "change", "🚫 Zurückziehen": "withdraw"},
        ),
        (Status.WAITING, {"💬 Antworten": "answer", "✏️ Ändern": "change", "🚫 Zurückziehen": "withdraw"}),
        (Status.DONE, {"👎 Noch nicht gut": "reopen"}),
        (Status.MERGED, {}),
    ],
)
async def test_what_can_be_done_depends_on_the_state(house: House, status: Status, buttons) -> None:
    """Each button names its ticket, and is one the bot knows."""
    number = opened(house, entry(status.value), status=status)
    _, offered = await listed(house)
    assert offered == {
        f"{label} ({number})": f"{RESIDENT_BUTTON}{number}:{deed}" for label, deed in buttons.items()
    }
    assert {(deed, False) for deed in buttons.values()} <= set(PRESSED)


async def test_a_followed_ticket_shows_nobody_elses_words(house: House) -> None:
    """How many it concerns, and what happened; questions, answers and changes of others without their words."""
    number = opened(
        house,
        entry("waiting", "GEHEIM?", hours=1),
        entry("answer", "GEHEIM!", hours=2, actor=Actor.RESIDENT),
        entry("changed", "GEHEIM → GEHEIM", hours=3, actor=Actor.RESIDENT),
        entry("joined", "GEHEIM", hours=4, actor=Actor.RESIDENT),
        reporter=OTHER,
    )
    with house.storage.work() as work:
        work.tickets.follow(number, [RESIDENT], at=NOW)
    text, buttons = await listed(house)
    assert "GEHEIM" not in text
    assert "👥 2 Personen betroffen" in text
    assert "Rückfrage" not in text
    assert "Angaben ergänzt" in text
    assert list(buttons.values()) == [f"r:{number}:answer", f"r:{number}:quit"]
    with house.storage.work() as work:
        work.tickets.leave(number, OTHER)
        work.tickets.record(number, entry("left", hours=5, actor=Actor.RESIDENT))
    text, buttons = await listed(house)
    assert "GEHEIM" not in text
    assert list(buttons.values()) == [f"r:{number}:{deed}" for deed in ("answer", "change", "withdraw")]


async def test_a_question_to_somebody_else_does_not_wait_for_this_resident(house: House) -> None:
    """Who follows reads that an answer is awaited, not theirs; who reported it reads that it is theirs."""
    number = opened(house, entry("waiting", "Wo?"), status=Status.WAITING)
    with house.storage.work() as work:
        work.tickets.follow(number, [OTHER], at=NOW)
        ticket = work.tickets.get(number)
    theirs = own_tickets_text([ticket], house.wording, chat=OTHER)
    assert "Stand: wartet auf eine Antwort" in theirs
    assert "Stand: wartet auf Ihre Antwort" in own_tickets_text([ticket], house.wording, chat=RESIDENT)


async def test_ones_own_change_is_listed(house: House) -> None:
    """From what to what."""
    opened(house, entry("changed", "A → B", actor=Actor.RESIDENT))
    text, _ = await listed(house)
    assert "von Ihnen geändert: A → B" in text


async def test_a_merged_ticket_points_to_the_one_that_goes_on(house: House) -> None:
    """Through two steps, with the number and state of where it goes on, which has the buttons."""
    first, second, last = (opened(house, draft=f"d{index}") for index in range(3))
    with house.storage.work() as work:
        for number, into in ((first, second), (second, last)):
            merged = entry("merged")
            work.tickets.record(number, merged, status=Status.MERGED, merged_into=into)
        work.tickets.record(last, entry("accepted"), status=Status.ACCEPTED)
    text, buttons = await listed(house)
    assert text.count(f"Weiter geht es unter {last}: angenommen") == 2
    assert all(last in data for data in buttons.values())


async def test_older_ones_are_behind_a_button(house: House) -> None:
    """Five at a time, each ticket once, newest first; the last page has no such button."""
    with house.storage.work() as work:
        numbers = [
            work.tickets.open(report(draft=str(index)), at=NOW + timedelta(minutes=index))[0].number
            for index in range(12)
        ]
    shown, value = [], None
    for _ in range(3):
        text, buttons = await listed(house, value)
        shown += [number for line in text.splitlines() for number in numbers if line.startswith(number)]
        older = buttons.get("Ältere anzeigen")
        value = button_part(older).entities["value"] if older else None
    assert shown == numbers[::-1]
    assert value is None


@pytest.mark.parametrize("value", ["-1", "99", "²", "1e3", "", "9" * 5000, "None"])
async def test_a_forged_page_is_the_first(house: House, value: str) -> None:
    """Whatever stands in a forged button, the list begins at its start."""
    number = opened(house)
    text, _ = await listed(house, value)
    assert number in text


async def test_the_longest_list_fits_into_a_message(house: House) -> None:
    """Five tickets with endless places, questions and histories are not cut off."""
    history = [entry("waiting", "n" * 900, hours=hour) for hour in range(20)]
    for index in range(5):
        place = Place(label="p" * 400, district="d" * 60)
        opened(house, *history, status=Status.WAITING, draft=str(index), place=place)
    text, _ = await listed(house)
    assert len(text) < MessageLimit.MAX_TEXT_LENGTH - 100
    assert text.count("Stand:") == 5


async def test_other_peoples_tickets_are_not_listed(house: House) -> None:
    """Only what this chat has reported is there."""
    opened(house, draft="d1", reporter="4711002")
    mine = opened(house, draft="d2", reporter=RESIDENT)
    text, _ = await listed(house)
    assert mine in text
    assert text.count("QH-") == 1
