"""What a resident changes about a ticket after sending: what becomes of it, who hears of it, who no longer does."""

from dataclasses import replace
from typing import Any

import pytest

from desk.area_rules import Rule, StreetPart
from desk.caretaking import Act, CaretakerDesk
from desk.categories import Categories, Category, Kind
from desk.changing import ChangeDesk
from desk.drafts import Spot
from desk.errors import NotAllowed, NotFound
from desk.notices import NoticeKind
from desk.places import resolved
from desk.reporting import ReportDesk
from desk.tickets import Actor, Entry, Status, Ticket
from desk.workflow import ENDED, OPEN
from storage.redaction import redact
from storage.texts import Texts
from tests.builders import NOW, RESIDENT, finished_draft, small_categories, small_city
from tests.desk_chats import COLLEAGUE, DESK, NORTH, SOUTH, staffed_storage, texts_for, to_chat
from tests.fakes import MemoryStorage, TableLocator

FOLLOWER, STRANGER = "4711005", "4711002"
SMALL = small_city()
# Both areas have teams of their own; noise goes to the middle wherever it is.
CITY = replace(
    SMALL,
    areas=tuple(replace(area, unassigned=False) for area in SMALL.areas),
    rules=(Rule(categories=("music",), recipient="middle", urgent=True, inform=("contact",)),),
)
QUARREL = Category(id="quarrel", kind="conflict", label="QUARREL", example="x")
CATEGORIES = Categories(
    (*small_categories().kinds, Kind(id="conflict", label="Conflict", example="x", categories=(QUARREL,)))
)
IN_NORTH = Spot(label="Nordweg 2", district="Nord", latitude=51.51, longitude=7.01)
IN_MIDDLE = Spot(label="Mittelweg 3", district="Mitte", latitude=51.45, longitude=7.0)
LOCATOR = TableLocator({"Hauptstr. 1": resolved("Nord", street="Hauptstraße")})


@pytest.fixture
def storage() -> MemoryStorage:
    return staffed_storage()


@pytest.fixture
def changing(storage: MemoryStorage) -> ChangeDesk:
    return ChangeDesk(storage=storage, city=CITY, categories=CATEGORIES, locator=LOCATOR)


@pytest.fixture
def ticket(storage: MemoryStorage) -> Ticket:
    """A new ticket in the north that somebody else follows; its cards are on their way."""
    sent = ReportDesk(storage=storage, city=CITY, redact=redact)
    number = sent.send(finished_draft(), reporter=RESIDENT, now=NOW).number
    with storage.work() as work:
        work.tickets.follow(number, [FOLLOWER], at=NOW)
        return work.tickets.get(number)


def change(changing: ChangeDesk, ticket: Ticket, **changes: Any) -> Ticket:
    return changing.change(ticket.number, **{"chat": RESIDENT, "once": "7", "now": NOW, **changes})


def put_in(storage: MemoryStorage, ticket: Ticket, status: Status) -> None:
    with storage.work() as work:
        entry = Entry(at=NOW, what=status.value, actor=Actor.CARETAKER)
        work.tickets.record(ticket.number, entry, status=status)


def test_another_place_of_the_same_area_stays(changing, storage, ticket) -> None:
    """The team hears from where to where, gets the new point and a new card's text; nobody else does."""
    put_in(storage, ticket, Status.ACCEPTED)
    before = len(storage.notices)
    after = change(changing, ticket, spot=IN_NORTH)
    fresh = storage.notices[before:]
    assert (after.status, after.report.area, after.report.place.label) == (
        Status.ACCEPTED,
        "north",
        "Nordweg 2",
    )
    last = after.history[-1]
    assert (last.what, last.actor, last.note) == (
        "changed",
        Actor.RESIDENT,
        "Hauptstr. 1, Nord → Nordweg 2, Nord",
    )
    for chat in (NORTH, COLLEAGUE):
        assert to_chat(fresh, chat) == [NoticeKind.CARD_UPDATE, NoticeKind.MESSAGE, NoticeKind.MAP_POINT]
        assert texts_for(fresh, chat) == ["caretaker.resident_changed_place"]
    assert texts_for(fresh, RESIDENT) == ["resident.changed_place"]
    assert texts_for(fresh, FOLLOWER) == ["resident.changed_by_others"]
    assert not to_chat(fresh, SOUTH)
    (point, _) = [one for one in fresh if one.kind is NoticeKind.MAP_POINT]
    assert point.content == {"latitude": 51.51, "longitude": 7.01}


def test_a_place_elsewhere_moves_the_ticket(changing, storage, ticket) -> None:
    """The new team gets card, photos and point, the old one hears that it is elsewhere, residents where it lies."""
    put_in(storage, ticket, Status.IN_PROGRESS)
    with storage.work() as work:
        work.tickets.record(
            ticket.number, Entry(at=NOW, what="substituted", actor=Actor.SYSTEM), stand_in="desk"
        )
    before = len(storage.notices)
    after = change(changing, ticket, spot=IN_MIDDLE)
    fresh = storage.notices[before:]
    assert (after.status, after.report.area, after.stand_in) == (Status.HANDED_OVER, "middle", None)
    assert after.report.carrier is None
    assert after.history[-1].note == "Mitte (Hauptstr. 1, Nord → Mittelweg 3, Mitte)"
    assert to_chat(fresh, SOUTH) == [NoticeKind.CARD, NoticeKind.MAP_POINT]
    for chat in (NORTH, COLLEAGUE):
        assert to_chat(fresh, chat) == [NoticeKind.CARD_UPDATE, NoticeKind.MESSAGE]
        assert texts_for(fresh, chat) == ["caretaker.resident_moved"]
    assert texts_for(fresh, RESIDENT) == ["resident.ticket_rerouted"]
    assert texts_for(fresh, FOLLOWER) == ["resident.moved_by_others"]
    told = [one for one in fresh if one.chat in (RESIDENT, FOLLOWER)]
    assert {one.content["params"]["to"] for one in told} == {"Mitte"}


def test_back_again_is_noticed(changing, storage, ticket) -> None:
    """Chats that have an old card of it are told that it is theirs again."""
    change(changing, ticket, spot=IN_MIDDLE)
    before = len(storage.notices)
    change(changing, ticket, spot=IN_NORTH, once="8")
    fresh = storage.notices[before:]
    assert texts_for(fresh, NORTH) == ["caretaker.again_handed_over"]
    assert NoticeKind.CARD_UPDATE in to_chat(fresh, NORTH)
    assert texts_for(fresh, SOUTH) == ["caretaker.resident_moved"]


def test_a_category_brings_its_own_rules(changing, storage, ticket) -> None:
    """Urgency, who is to be informed and another recipient follow from the new category, as for a new report."""
    after = change(changing, ticket, category="music")
    assert (after.report.kind, after.report.category, after.report.area) == ("noise", "music", "middle")
    assert (after.report.urgent, after.report.informs) == (True, ("contact",))
    assert "LITTER → MUSIC" in (after.history[-1].note or "")
    assert NoticeKind.CARD in to_chat(storage.notices, SOUTH)


def test_a_category_of_the_same_team_only_changes_the_card(changing, storage, ticket) -> None:
    """State and place stay; team and resident read the new category."""
    before = len(storage.notices)
    after = change(changing, ticket, category="glass")
    fresh = storage.notices[before:]
    assert (after.status, after.report.category, after.report.place) == (
        ticket.status,
        "glass",
        ticket.report.place,
    )
    assert texts_for(fresh, RESIDENT) == ["resident.changed_topic"]
    assert to_chat(fresh, NORTH) == [NoticeKind.CARD_UPDATE, NoticeKind.MESSAGE]


def test_a_ticket_that_was_handed_over_stays_there(changing, storage, ticket) -> None:
    """A change that would not have sent it elsewhere does not undo what caretakers decided."""
    desk = CaretakerDesk(storage=storage, city=CITY)
    desk.act(ticket.number, Act(deed="hand_over", area="middle"), chat=COLLEAGUE, now=NOW)
    assert change(changing, ticket, category="glass").report.area == "middle"
    assert change(changing, ticket, spot=IN_NORTH, once="8").report.area == "middle"


def test_a_conflict_leaves_the_groups(changing, storage, ticket) -> None:
    """A group learns that the ticket is elsewhere and nothing of what it is now; private chats go on."""
    before = len(storage.notices)
    after = change(changing, ticket, category="quarrel")
    fresh = storage.notices[before:]
    assert after.report.area == "north"
    assert texts_for(fresh, NORTH) == ["caretaker.resident_moved"]
    assert to_chat(fresh, NORTH) == [NoticeKind.CARD_UPDATE, NoticeKind.MESSAGE]
    assert texts_for(fresh, COLLEAGUE) == ["caretaker.resident_changed_topic"]
    assert "QUARREL" not in str([one.content for one in fresh if one.chat == NORTH])


def test_a_conflict_of_a_team_with_a_group_alone_goes_to_the_coordination(changing, storage, ticket) -> None:
    """Somebody has to read it."""
    storage.kept.chats.remove(("north", COLLEAGUE))
    before = len(storage.notices)
    change(changing, ticket, category="quarrel")
    assert NoticeKind.CARD in to_chat(storage.notices[before:], DESK)


def test_a_conflict_becomes_nothing_else(changing, storage, ticket) -> None:
    """What was told in confidence would be read in groups."""
    change(changing, ticket, category="quarrel")
    before, known = len(storage.notices), storage.kept.tickets[ticket.number]
    with pytest.raises(NotAllowed, match=r"resident\.stays_private"):
        change(changing, ticket, category="litter", once="8")
    assert storage.kept.tickets[ticket.number] == known
    assert len(storage.notices) == before


def test_without_any_chat_it_waits(changing, storage, ticket) -> None:
    """Nobody is registered where it goes: it lies there and comes to the first chat that is."""
    storage.kept.chats[:] = [("north", COLLEAGUE)]
    after = change(changing, ticket, spot=IN_MIDDLE)
    assert (after.status, after.report.area) == (Status.HANDED_OVER, "middle")
    desk = CaretakerDesk(storage=storage, city=CITY)
    desk.invite("middle", token="t", now=NOW)
    desk.redeem("t", chat=SOUTH, now=NOW)
    assert NoticeKind.CARD in to_chat(storage.notices, SOUTH)


@pytest.mark.parametrize("given", [{"category": "glass"}, {"spot": IN_MIDDLE}])
def test_the_same_update_has_one_effect(changing, storage, ticket, given) -> None:
    """It comes again after a crash, even when the ticket has ended meanwhile: nothing is done or said."""
    after = change(changing, ticket, **given)
    everything = list(storage.notices)
    assert change(changing, ticket, **given) == after
    put_in(storage, ticket, Status.DONE)
    change(changing, ticket, **given)
    assert storage.notices == everything


@pytest.mark.parametrize("status", Status)
def test_only_open_tickets_are_changed(changing, storage, ticket, status: Status) -> None:
    """In every open state both can be changed; in no other, with one sentence and no effect."""
    put_in(storage, ticket, status)
    known = storage.kept.tickets[ticket.number]
    if status in OPEN:
        # What nobody has yet is brought to somebody on that occasion.
        same = Status.ASSIGNED if status is Status.NEW else status
        assert change(changing, ticket, category="glass").status is same
        assert change(changing, ticket, spot=IN_MIDDLE, once="8").status is Status.HANDED_OVER
        return
    assert status in ENDED
    for given in ({"category": "glass"}, {"spot": IN_MIDDLE}):
        with pytest.raises(NotAllowed, match=r"resident\.too_late"):
            change(changing, ticket, **given)
    assert storage.kept.tickets[ticket.number] == known


@pytest.mark.parametrize(
    ("given", "error", "key"),
    [
        ({"category": "litter"}, NotAllowed, "resident.unchanged"),
        (
            {"spot": Spot(label="Hauptstr. 1", district="Nord", latitude=51.5, longitude=7.0)},
            NotAllowed,
            "resident.unchanged",
        ),
        ({"category": "unicorn"}, NotFound, "caretaker.bad_button"),
        ({"spot": Spot(label="Forsthaus", district="Wald")}, NotFound, "resident.nobody_cares"),
        ({"spot": Spot(label="x", candidates=("Nord", "Mitte"))}, NotFound, "resident.place_missing"),
        ({"category": "glass", "chat": FOLLOWER}, NotAllowed, "resident.not_reporter"),
        ({"category": "glass", "chat": STRANGER}, NotFound, "caretaker.no_such_ticket"),
        ({"category": "glass", "chat": COLLEAGUE}, NotFound, "caretaker.no_such_ticket"),
    ],
)
def test_what_can_not_be_changed_says_so(changing, storage, ticket, given, error, key) -> None:
    """One sentence, nothing stored, nobody told."""
    before = len(storage.notices)
    with pytest.raises(error) as refused:
        change(changing, ticket, **given)
    assert refused.value.key == key
    assert key in Texts.load().entries
    assert storage.kept.tickets[ticket.number] == ticket
    assert len(storage.notices) == before


def test_a_merged_ticket_is_changed_where_it_goes_on(changing, storage, ticket) -> None:
    """An old button of it leads to the other one, which only its own reporter may change."""
    sent = ReportDesk(storage=storage, city=CITY, redact=redact)
    other = sent.send(finished_draft(id="d2"), reporter=STRANGER, now=NOW)
    desk = CaretakerDesk(storage=storage, city=CITY)
    desk.act(ticket.number, Act(deed="merge", into=other.number), chat=COLLEAGUE, now=NOW)
    with pytest.raises(NotAllowed, match=r"resident\.not_reporter"):
        changing.check(ticket.number, chat=RESIDENT)
    assert changing.check(other.number, chat=STRANGER).number == other.number


@pytest.mark.parametrize(("label", "area"), [("Hauptstr. 1", "middle"), ("Anderswo 1", "north")])
def test_a_rule_for_a_street_still_holds(storage, label: str, area: str) -> None:
    """The ticket only keeps the street as words: they are looked up again when its category changes."""
    street = StreetPart(name="Hauptstraße", district="Nord")
    rule = Rule(categories=("music",), streets=(street,), recipient="middle")
    city = replace(CITY, rules=(rule,))
    sent = ReportDesk(storage=storage, city=city, redact=redact)
    spot = Spot(label=label, district="Nord")
    ticket = sent.send(finished_draft(spot=spot), reporter=RESIDENT, now=NOW)
    changing = ChangeDesk(storage=storage, city=city, categories=CATEGORIES, locator=LOCATOR)
    assert change(changing, ticket, category="music").report.area == area
