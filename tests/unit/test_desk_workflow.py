from pathlib import Path

import pytest

from desk.caretaking import RESIDENT_BUTTONS
from desk.errors import NotAllowed
from desk.tickets import Actor, Status, ticket_number
from desk.workflow import (
    CARETAKERS,
    CHANGES,
    DEEDS,
    ENDED,
    ON_THE_CARD,
    OPEN,
    change_for,
    deeds_open,
)
from storage.texts import Texts

TEXTS = Texts.load()
DIAGRAM = Path(__file__).parent.parent.parent / "docs" / "ticket-states.mmd"
GIVEN = {"number": "QH-1", "to": "Amt", "note": "Wo?"}
"""What fills a text for the resident."""


@pytest.mark.parametrize("actor", Actor)
@pytest.mark.parametrize("deed", [*DEEDS, "unicorn", ""])
@pytest.mark.parametrize("status", Status)
def test_every_deed_is_a_row_or_refused(status: Status, deed: str, actor: Actor) -> None:
    """In every state each actor may do what a row says; anything else is refused with a sentence."""
    change = CHANGES.get((status, deed))
    if change is not None and actor in change.who:
        assert change_for(status, deed, actor) is change
        return
    with pytest.raises(NotAllowed) as refused:
        change_for(status, deed, actor)
    assert refused.value.key in TEXTS.entries
    assert "{" not in TEXTS.entries[refused.value.key]
    assert refused.value.key.startswith("resident." if actor is Actor.RESIDENT else "caretaker.")


@pytest.mark.parametrize("status", Status)
def test_buttons_are_exactly_what_is_allowed(status: Status) -> None:
    """A caretaker sees a button for each deed of the card the state allows, and none once it has ended."""
    assert deeds_open(status) == tuple(deed for deed in ON_THE_CARD if (status, deed) in CHANGES)
    assert bool(deeds_open(status)) == (status in OPEN)
    for deed in deeds_open(status):
        assert CHANGES[(status, deed)].who == CARETAKERS
        assert TEXTS.get(f"buttons.{deed}")


def test_every_state_is_open_or_ended() -> None:
    """No state is forgotten and none is both."""
    assert sorted((*OPEN, *ENDED)) == sorted(Status)


@pytest.mark.parametrize("status", OPEN)
def test_caretakers_and_residents_can_end_whatever_is_open(status: Status) -> None:
    """From each open state a caretaker can finish or refer, and the resident can withdraw."""
    for deed, actor in (
        ("finish", Actor.CARETAKER),
        ("refer", Actor.COORDINATION),
        ("withdraw", Actor.RESIDENT),
    ):
        assert change_for(status, deed, actor).to in ENDED


def test_only_the_resident_brings_back_what_has_ended() -> None:
    """Whatever leads out of an ended state into an open one is the resident's own deed."""
    back = [(row, one) for row, one in CHANGES.items() if row[0] in ENDED and one.to in OPEN]
    assert {row[0] for row, _ in back} >= {Status.DONE, Status.REFERRED}
    assert all(one.who == {Actor.RESIDENT} for _, one in back)


def test_every_state_can_be_reached() -> None:
    """A new ticket can come into every other state."""
    reached = {Status.NEW}
    while more := {one.to for (status, _), one in CHANGES.items() if status in reached} - reached:
        reached |= more
    assert reached == set(Status)


@pytest.mark.parametrize("deed", DEEDS)
def test_the_resident_hears_of_what_others_do(deed: str) -> None:
    """What others do has a sentence that names the ticket and is filled; what they did themselves has none."""
    change = DEEDS[deed].change
    if change.resident_text is None:
        assert deed == "assign" or change.who == {Actor.RESIDENT}
        return
    said = TEXTS.get(change.resident_text, **GIVEN)
    assert "QH-1" in said
    assert ("Amt" in said) == (deed in {"hand_over", "decline", "refer", "merge", "reroute"})
    assert ("Wo?" in said) == (deed == "ask")


@pytest.mark.parametrize(("deed", "buttons"), RESIDENT_BUTTONS.items())
def test_what_the_resident_is_offered_is_allowed(deed: str, buttons: tuple[str, ...]) -> None:
    """Each button under the news of a deed has a label and does something in the state it led to."""
    for button in buttons:
        assert TEXTS.get(f"buttons.resident_{button}")
        assert change_for(DEEDS[deed].change.to, button, Actor.RESIDENT)


@pytest.mark.parametrize("status", Status)
def test_every_state_has_its_words(status: Status) -> None:
    """Card, history and the resident's list name every state; a card's refusal too."""
    for key in ("caretaker.icon_", "caretaker.history_", "caretaker.too_late_", "resident.status_"):
        assert TEXTS.get(f"{key}{status.value}")


def test_the_diagram_is_the_table() -> None:
    """The picture of the states has an arrow for every row of the table and no other."""
    drawn = DIAGRAM.read_text(encoding="utf-8").splitlines()
    arrows = [line.strip() for line in drawn if "-->" in line and "[*]" not in line]
    rows = [f"{status.value} --> {one.to.value}: {deed}" for (status, deed), one in CHANGES.items()]
    assert sorted(arrows) == sorted(rows)
    ends = {line.partition("-->")[0].strip() for line in drawn if line.endswith("--> [*]")}
    assert ends == {status.value for status in ENDED}


@pytest.mark.parametrize(
    ("year", "sequence", "number"), [(2026, 1, "QH-2026-00001"), (2027, 123456, "QH-2027-123456")]
)
def test_ticket_numbers(year: int, sequence: int, number: str) -> None:
    """Numbers have five digits at least and grow beyond them."""
    assert ticket_number(year, sequence) == number
