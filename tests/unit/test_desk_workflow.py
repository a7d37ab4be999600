import pytest

from desk.errors import NotAllowed
from desk.tickets import Status, ticket_number
from desk.workflow import CHANGES, change_for, deeds_open
from storage.texts import Texts

DEEDS = sorted({deed for _, deed in CHANGES} | {"reopen", ""})


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("status", Status)
def test_every_pair_is_a_row_or_refused(status: Status, deed: str) -> None:
    """A deed does what its row says; without a row it is refused with a sentence that exists."""
    if (status, deed) in CHANGES:
        assert change_for(status, deed) is CHANGES[(status, deed)]
        return
    with pytest.raises(NotAllowed) as refused:
        change_for(status, deed)
    assert refused.value.key in Texts.load().entries


@pytest.mark.parametrize("status", Status)
def test_buttons_are_exactly_the_rows(status: Status) -> None:
    """A caretaker sees a button for every row of the ticket's state and none that would be refused."""
    assert {(status, deed) for deed in deeds_open(status)} == {row for row in CHANGES if row[0] is status}


def test_changes_lead_to_the_end_and_never_back() -> None:
    """Every change moves on, a done ticket stays done, and every open ticket can be finished."""
    order = list(Status)
    assert all(order.index(change.to) > order.index(status) for (status, _), change in CHANGES.items())
    assert not deeds_open(Status.DONE)
    assert all("finish" in deeds_open(status) for status in order if status is not Status.DONE)


@pytest.mark.parametrize("change", CHANGES.values(), ids=lambda change: change.resident_text)
def test_every_change_has_a_sentence_for_the_resident(change) -> None:
    """What the resident hears is in the texts and names the ticket."""
    assert "QH-1" in Texts.load().get(change.resident_text, number="QH-1")


@pytest.mark.parametrize(
    ("year", "sequence", "number"), [(2026, 1, "QH-2026-00001"), (2027, 123456, "QH-2027-123456")]
)
def test_ticket_numbers(year: int, sequence: int, number: str) -> None:
    """Numbers have five digits at least and grow beyond them."""
    assert ticket_number(year, sequence) == number
