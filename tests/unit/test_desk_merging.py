"""Several residents share one ticket: joined before sending, merged later; nobody loses an answer."""

from dataclasses import replace

import pytest

from desk.caretaking import Act
from desk.errors import NotAllowed, NotFound
from desk.own_tickets import OwnTickets
from desk.reporting import ReportDesk
from desk.tickets import Photo, Status, Ticket
from storage.redaction import redact
from tests.builders import NOW, RESIDENT, finished_draft
from tests.desk_chats import (
    CITY,
    COLLEAGUE,
    DESK,
    NORTH,
    SOUTH,
    listed,
    sent_ticket,
    texts_for,
    to_chat,
)
from tests.fakes import MemoryStorage

NEIGHBOUR, THIRD = "4711002", "4711003"


@pytest.fixture
def reports(storage: MemoryStorage) -> ReportDesk:
    return ReportDesk(storage=storage, city=CITY, redact=redact)


@pytest.fixture
def own(storage: MemoryStorage) -> OwnTickets:
    return OwnTickets(storage=storage, city=CITY)


def other(storage: MemoryStorage, *, reporter: str = NEIGHBOUR, **changes: object) -> Ticket:
    """A second ticket of the north, by somebody else."""
    reports = ReportDesk(storage=storage, city=CITY, redact=redact)
    photos = (Photo(file_id="second"),)
    draft = finished_draft(**{"id": "d2", "photos": photos, **changes})
    return reports.send(draft, reporter=reporter, now=NOW)


def test_who_joins_is_told_and_counted(storage, reports, ticket) -> None:
    """The words and photos go to the ticket, its chats hear of it, the resident can add more or leave."""
    draft = finished_draft(id="d2", photos=(Photo(file_id="second"),))
    joined = reports.join(ticket.number, draft, reporter=NEIGHBOUR, now=NOW)
    assert joined.number == ticket.number
    assert joined.residents == (RESIDENT, NEIGHBOUR)
    assert joined.history[-1].what == "joined"
    assert joined.history[-1].photos == draft.photos
    assert texts_for(storage.notices, NEIGHBOUR) == ["resident.joined"]
    assert texts_for(storage.notices, NORTH) == ["caretaker.joined"]
    assert to_chat(storage.notices, NORTH)[-1] == "photos"


def test_a_draft_joins_once(storage, reports, ticket) -> None:
    """The same message again changes nothing and tells nobody anything."""
    draft = finished_draft(id="d2")
    once = reports.join(ticket.number, draft, reporter=NEIGHBOUR, now=NOW)
    notices = list(storage.notices)
    assert reports.join(ticket.number, draft, reporter=NEIGHBOUR, now=NOW) == once
    assert storage.notices == notices


def test_what_was_told_becomes_a_ticket_when_the_other_has_ended(desk, reports, ticket) -> None:
    """Nothing is lost when a caretaker was faster."""
    desk.act(ticket.number, Act(deed="finish"), chat=NORTH, now=NOW)
    opened = reports.join(ticket.number, finished_draft(id="d2"), reporter=NEIGHBOUR, now=NOW)
    assert opened.number != ticket.number
    assert opened.report.reporter == NEIGHBOUR


def test_everybody_concerned_hears_how_it_goes_on(storage, desk, reports, ticket) -> None:
    """News go to all; a question only to the one who reported it."""
    reports.join(ticket.number, finished_draft(id="d2"), reporter=NEIGHBOUR, now=NOW)
    desk.act(ticket.number, Act(deed="accept"), chat=NORTH, now=NOW)
    desk.act(ticket.number, Act(deed="ask", note="Wo?"), chat=NORTH, now=NOW)
    desk.act(ticket.number, Act(deed="finish", note="Weg."), chat=NORTH, now=NOW)
    news = ["resident.ticket_accepted", "resident.ticket_note", "resident.ticket_done"]
    assert texts_for(storage.notices, NEIGHBOUR) == ["resident.joined", *news]
    assert texts_for(storage.notices, RESIDENT) == [news[0], "resident.ticket_asked", *news[1:]]


def test_one_of_several_leaves_and_the_ticket_stays(storage, reports, own, ticket) -> None:
    """Whoever withdraws hears nothing more; the ticket is then the others', also when the first one goes."""
    reports.join(ticket.number, finished_draft(id="d2"), reporter=NEIGHBOUR, now=NOW)
    after = own.act(ticket.number, "withdraw", chat=RESIDENT, now=NOW)
    assert (after.status, after.residents) == (Status.ASSIGNED, (NEIGHBOUR,))
    assert texts_for(storage.notices, RESIDENT) == ["resident.left_to_others"]
    with pytest.raises(NotFound):
        own.act(ticket.number, "withdraw", chat=RESIDENT, now=NOW)
    assert own.act(ticket.number, "withdraw", chat=NEIGHBOUR, now=NOW).status is Status.WITHDRAWN


def test_a_follower_adds_words_but_does_not_answer_for_the_other(desk, reports, own, ticket) -> None:
    """The question still waits for the one it was put to."""
    reports.join(ticket.number, finished_draft(id="d2"), reporter=NEIGHBOUR, now=NOW)
    desk.act(ticket.number, Act(deed="ask", note="Wo?"), chat=NORTH, now=NOW)
    said = own.say(ticket.number, chat=NEIGHBOUR, text="Hier.", photos=(), once="1", now=NOW)
    assert said.status is Status.WAITING
    assert own.say(ticket.number, chat=RESIDENT, text="Da.", photos=(), once="2", now=NOW).status is (
        Status.IN_PROGRESS
    )


def test_reopened_by_one_the_others_hear_of_it(storage, desk, reports, own, ticket) -> None:
    """Each may say that it is not good yet."""
    reports.join(ticket.number, finished_draft(id="d2"), reporter=NEIGHBOUR, now=NOW)
    desk.act(ticket.number, Act(deed="finish"), chat=NORTH, now=NOW)
    assert own.act(ticket.number, "reopen", chat=NEIGHBOUR, now=NOW).status is Status.REOPENED
    assert texts_for(storage.notices, NEIGHBOUR)[-1] == "resident.reopened"
    assert texts_for(storage.notices, RESIDENT)[-1] == "resident.reopened_by_others"


def test_a_merged_ticket_goes_on_in_the_other(storage, desk, own, ticket) -> None:
    """Its residents, words and photos go along; what they say or press later concerns the one that goes on."""
    second = other(storage)
    merged = desk.act(second.number, Act(deed="merge", into=ticket.number), chat=NORTH, now=NOW)
    assert (merged.status, merged.merged_into) == (Status.MERGED, ticket.number)
    into = storage.kept.tickets[ticket.number]
    assert into.residents == (RESIDENT, NEIGHBOUR)
    assert into.history[-1].note == f"{second.number}: {second.report.words}"
    assert into.history[-1].photos == second.report.photos
    assert texts_for(storage.notices, NEIGHBOUR) == ["resident.ticket_merged"]
    desk.act(ticket.number, Act(deed="finish"), chat=NORTH, now=NOW)
    assert texts_for(storage.notices, NEIGHBOUR)[-1] == "resident.ticket_done"
    assert own.act(second.number, "reopen", chat=NEIGHBOUR, now=NOW).number == ticket.number


def test_merging_twice_keeps_everybody(storage, desk, own, ticket) -> None:
    """A ticket others were merged into may be merged itself: all of them follow."""
    second, last = other(storage), other(storage, reporter=THIRD, id="d3")
    desk.act(ticket.number, Act(deed="merge", into=second.number), chat=NORTH, now=NOW)
    desk.act(second.number, Act(deed="merge", into=last.number), chat=NORTH, now=NOW)
    assert set(storage.kept.tickets[last.number].residents) == {RESIDENT, NEIGHBOUR, THIRD}
    said = own.say(ticket.number, chat=RESIDENT, text="Noch da.", photos=(), once="1", now=NOW)
    assert said.number == last.number


@pytest.mark.parametrize(
    ("changes", "chat", "key"),
    [
        ({}, SOUTH, "caretaker.not_yours"),
        ({"kind": "noise", "category": "music"}, NORTH, "caretaker.other_kind"),
        ({"spot": replace(finished_draft().spot, district="Mitte")}, NORTH, "caretaker.not_yours"),
    ],
)
def test_what_does_not_belong_together_stays_apart(
    storage, desk, ticket, changes, chat: str, key: str
) -> None:
    """Another kind and another team's ticket are refused, and nothing changes."""
    second = other(storage, **changes)
    notices = list(storage.notices)
    with pytest.raises(NotAllowed) as error:
        desk.act(ticket.number, Act(deed="merge", into=second.number), chat=chat, now=NOW)
    assert error.value.key == key
    assert storage.kept.tickets[second.number] == second
    assert storage.notices == notices


def test_a_ticket_is_not_merged_into_itself_or_into_an_ended_one(storage, desk, ticket) -> None:
    """Both are refused with a sentence."""
    second = other(storage)
    desk.act(second.number, Act(deed="finish"), chat=COLLEAGUE, now=NOW)
    for into, key in ((ticket.number, "same_ticket"), (second.number, "too_late_done")):
        with pytest.raises(NotAllowed) as error:
            desk.act(ticket.number, Act(deed="merge", into=into), chat=NORTH, now=NOW)
        assert error.value.key == f"caretaker.{key}"


def test_a_conflict_never_reaches_a_group(storage, desk) -> None:
    """A group's chat of the area gets no card and may not act; the private one does."""
    conflict = sent_ticket(storage, id="d9", kind="conflict", category="quarrel")
    assert not to_chat(storage.notices, NORTH)
    assert "card" in to_chat(storage.notices, COLLEAGUE)
    with pytest.raises(NotAllowed):
        desk.ticket(conflict.number, chat=NORTH)
    assert conflict.number not in listed(storage, CITY, NORTH)
    assert desk.act(conflict.number, Act(deed="accept"), chat=DESK, now=NOW).status is Status.ACCEPTED
    assert not to_chat(storage.notices, NORTH)


def test_who_joins_a_merged_ticket_joins_the_one_that_goes_on(storage, desk, reports, ticket) -> None:
    """A caretaker may have merged it while the resident was reading."""
    second = other(storage)
    desk.act(second.number, Act(deed="merge", into=ticket.number), chat=NORTH, now=NOW)
    joined = reports.join(second.number, finished_draft(id="d3"), reporter=THIRD, now=NOW)
    assert (joined.number, joined.residents) == (ticket.number, (RESIDENT, NEIGHBOUR, THIRD))


def test_who_joins_hears_when_somebody_works_on_it(storage, desk, reports, ticket) -> None:
    """The first news may be long in coming then, or none may: it was accepted before."""
    desk.act(ticket.number, Act(deed="accept"), chat=NORTH, now=NOW)
    reports.join(ticket.number, finished_draft(id="d2"), reporter=NEIGHBOUR, now=NOW)
    assert texts_for(storage.notices, NEIGHBOUR) == ["resident.joined_at_work"]
