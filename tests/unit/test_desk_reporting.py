import logging
from dataclasses import replace

import pytest

from desk.area_rules import Rule, Side, StreetPart
from desk.city import Area, Referral
from desk.drafts import Spot
from desk.errors import NotFound
from desk.notices import NoticeKind
from desk.reporting import ReportDesk
from storage.redaction import redact
from tests.builders import NOW, PHOTO, RESIDENT, finished_draft, small_city
from tests.fakes import FakeClock, MemoryStorage

CITY = small_city()


@pytest.fixture
def storage() -> MemoryStorage:
    """Empty, with two caretakers in the north."""
    storage = MemoryStorage(zone=CITY.zone, clock=FakeClock(NOW))
    storage.kept.chats += [("north", "-100"), ("north", "8")]
    return storage


@pytest.fixture
def desk(storage: MemoryStorage) -> ReportDesk:
    return ReportDesk(storage=storage, city=CITY, redact=redact)


def send(desk: ReportDesk, **changes: object):
    return desk.send(finished_draft(**changes), reporter=RESIDENT, now=NOW)


def test_a_draft_becomes_a_ticket_with_everything_it_knows(desk: ReportDesk) -> None:
    """The ticket has the draft's words, place and photos, and the area and carrier of its district."""
    ticket = send(desk, photos=(PHOTO,), since="seit gestern")
    found = ticket.report
    assert ticket.number == "QH-2026-00001"
    assert (found.words, found.kind, found.category) == ("Hier liegt viel herum.", "dirt", "litter")
    assert (found.area, found.carrier, found.place.district) == ("north", "Helfende", "Nord")
    assert (found.photos, found.since) == ((PHOTO,), "seit gestern")


def test_every_registered_chat_gets_a_card(desk: ReportDesk, storage: MemoryStorage) -> None:
    """Each of the area's chats gets one card, and nobody else gets anything."""
    send(desk)
    assert [notice.chat for notice in storage.notices if notice.kind is NoticeKind.CARD] == ["-100", "8"]
    assert {notice.chat for notice in storage.notices} == {"-100", "8"}


@pytest.mark.parametrize(
    ("chats", "states"),
    [([("north", "8")], ["new", "assigned"]), ([("desk", "99")], ["new", "assigned"]), ([], ["new"])],
)
def test_a_ticket_is_assigned_once_a_chat_gets_it(
    desk: ReportDesk, storage: MemoryStorage, chats: list[tuple[str, str]], states: list[str]
) -> None:
    """Only while no chat has its card a ticket is new; the history says so."""
    storage.kept.chats[:] = chats
    ticket = send(desk)
    assert [entry.what for entry in ticket.history] == states
    assert ticket.status.value == states[-1]


def test_sending_twice_is_sending_once(desk: ReportDesk, storage: MemoryStorage) -> None:
    """The same draft again gives the same ticket and no further card."""
    first = send(desk)
    cards = list(storage.notices)
    assert send(desk) == first
    assert storage.notices == cards
    assert len(storage.kept.tickets) == 1


@pytest.mark.parametrize("spot", [Spot(label="x", district="Mitte"), Spot(label="x", district="Nord")])
def test_the_coordination_desk_steps_in(desk: ReportDesk, storage: MemoryStorage, spot: Spot, caplog) -> None:
    """An area nobody is registered for sends its cards to the coordination desk; so does one without a carrier."""
    storage.kept.chats[:] = [("desk", "99")]
    with caplog.at_level(logging.WARNING):
        ticket = send(desk, spot=spot)
    assert {notice.chat for notice in storage.notices} == {"99"}
    assert ticket.report.carrier == ("Helfende" if spot.district == "Nord" else None)
    assert RESIDENT not in caplog.text
    assert "Hier liegt" not in caplog.text


def test_without_any_chat_the_ticket_still_exists(desk: ReportDesk, storage: MemoryStorage) -> None:
    """A report is never refused because nobody has registered yet."""
    storage.kept.chats.clear()
    assert send(desk).number in storage.kept.tickets
    assert storage.notices == []


def test_nobody_cares_is_an_error_and_stores_nothing(desk: ReportDesk, storage: MemoryStorage) -> None:
    """A district without caretakers can't get a ticket."""
    with pytest.raises(NotFound):
        send(desk, spot=Spot(label="x", district="Wald"))
    assert not storage.kept.tickets


@pytest.mark.parametrize("missing", ["kind", "category", "spot"])
def test_an_unfinished_draft_is_refused(desk: ReportDesk, storage: MemoryStorage, missing: str) -> None:
    """What is not finished becomes no ticket."""
    with pytest.raises(ValueError, match="d1"):
        send(desk, **{missing: None})
    assert not storage.kept.tickets


def test_a_ticket_and_its_cards_are_stored_together(
    desk: ReportDesk, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the cards can't be stored there is no ticket either."""

    def broken(*_: object, **__: object) -> None:
        raise OSError("full")

    monkeypatch.setattr("tests.fakes.MemoryOutbox.put", broken)
    with pytest.raises(OSError, match="full"):
        send(desk)
    assert not storage.kept.tickets


def test_own_tickets_are_ones_own(desk: ReportDesk, storage: MemoryStorage) -> None:
    """Everybody sees what was sent from their own chat, newest first, and nothing else."""
    clock = storage.clock
    numbers = []
    for index in range(3):
        clock.forward(minutes=1)
        draft = finished_draft(id=f"d{index}")
        numbers.append(desk.send(draft, reporter=RESIDENT, now=clock()).number)
    desk.send(finished_draft(id="other"), reporter="5", now=clock())
    assert [ticket.number for ticket in desk.tickets_of(RESIDENT)] == numbers[::-1]


def test_a_spot_without_words_is_named_by_its_district(desk: ReportDesk) -> None:
    """A pin without a label still has something to show."""
    ticket = send(desk, spot=Spot(label="", district="Nord", latitude=51.5, longitude=7.0))
    assert ticket.report.place.label == "Nord"


def with_rules(storage: MemoryStorage, *rules: Rule) -> ReportDesk:
    """A desk of the small city with rules, somebody to inform and a team for one side of a street in Wald."""
    even = StreetPart(name="Ring", district="Wald", side=Side.EVEN)
    team = Area(id="wood", name="W", streets=(even,), carrier="helpers")
    office = Referral(matter="office", name="Amt", covers=("private_land",))
    city = replace(CITY, rules=rules, areas=(*CITY.areas, team), referrals=(*CITY.referrals, office))
    return ReportDesk(storage=storage, city=city, redact=redact)


def test_a_rule_sends_it_to_somebody_else(storage: MemoryStorage) -> None:
    """The ticket and its cards go where the rule says; the carrier is still the one of the place."""
    storage.kept.chats.append(("desk", "99"))
    ticket = send(with_rules(storage, Rule(categories=("litter",), recipient="desk")))
    assert (ticket.report.area, ticket.report.carrier) == ("desk", "Helfende")
    assert {notice.chat for notice in storage.notices} == {"99"}


def test_what_the_rule_says_stays_with_the_ticket(storage: MemoryStorage) -> None:
    """Urgent, and the contacts to inform by their own matter; without a rule neither."""
    desk = with_rules(storage, Rule(categories=("litter",), urgent=True, inform=("private_land", "contact")))
    found = send(desk).report
    assert (found.area, found.urgent, found.informs) == ("north", True, ("office", "contact"))
    other = send(desk, id="d2", category="glass").report
    assert (other.urgent, other.informs) == (False, ())


@pytest.mark.parametrize(
    ("label", "street", "area"),
    [
        ("Ring 4", "Ring", "wood"),
        ("Ring 3", "Ring", None),
        ("Ring", None, "wood"),
        ("Markt 4", "Markt", None),
    ],
)
def test_a_street_with_its_number_decides_where_a_district_does_not(
    storage: MemoryStorage, label: str, street: str | None, area: str | None
) -> None:
    """Of Wald only the even side of one street has caretakers; while no street is known they get it."""
    desk, spot = with_rules(storage), Spot(label=label, district="Wald", street=street)
    if area is None:
        with pytest.raises(NotFound):
            send(desk, spot=spot)
    else:
        assert send(desk, spot=spot).report.area == area
