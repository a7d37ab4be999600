"""Which open tickets are offered as the same: never another kind, an ended one, one out of reach or too old."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.assigning import PRIVATE_KINDS
from desk.categories import Categories, Category, Kind
from desk.drafts import Draft, SimilarTicket, Spot
from desk.places import metres_between
from desk.similar import MOST_OFFERED, MOST_TO_MERGE, SimilarDesk
from desk.tickets import Actor, Entry, Place, Report, Status, Ticket
from desk.vicinity import Vicinity
from desk.workflow import ENDED, OPEN
from tests.builders import NOW, RESIDENT, finished_draft, report
from tests.desk_chats import CITY, COLLEAGUE, DESK, NORTH, SOUTH, staffed_storage
from tests.fakes import MemoryStorage

HERE = (51.5, 7.0)
METRE = 1 / 111_195  # degrees of latitude


def kind(name: str, *, quoted: bool = False, **reaches: tuple[int, int] | None) -> Kind:
    """A kind with categories: name -> (reach, days), None for one that is never offered."""
    found = tuple(
        Category(
            id=one,
            kind=name,
            label=one.upper(),
            example="x",
            reach=reach and reach[0],
            days=reach and reach[1],
        )
        for one, reach in reaches.items()
    )
    return Kind(id=name, label=name, example="x", categories=found, quoted=quoted)


CATEGORIES = Categories(
    (
        kind("dirt", quoted=True, litter=(100, 14), glass=(50, 7), hazard=None),
        kind("noise", music=(200, 30), drills=(100, 7)),
        kind("conflict", quarrel=None),
    )
)
IDS = [category.id for each in CATEGORIES.kinds for category in each.categories]


def similar_desk(storage: MemoryStorage) -> SimilarDesk:
    return SimilarDesk(
        storage=storage,
        city=CITY,
        categories=CATEGORIES,
        redact=lambda text: text.replace("Erika", "[Name]"),
    )


def told(category: str = "litter", **changes: object) -> Report:
    found = CATEGORIES.get(category)
    assert found is not None
    return report(kind=found.kind, category=category, **changes)


def at(metres: float, label: str = "") -> Place:
    """A place so far north of `HERE`."""
    return Place(label=label or "Nord", district="Nord", latitude=HERE[0] + metres * METRE, longitude=HERE[1])


def opened(storage: MemoryStorage, *, ago: timedelta = timedelta(), **changes: object) -> str:
    """Store a ticket of Nord and return its number."""
    draft = f"t{len(storage.kept.tickets)}"
    with storage.work() as work:
        return work.tickets.open(told(**{"draft": draft, **changes}), at=NOW - ago)[0].number


def telling(category: str = "litter", **changes: object) -> Draft:
    """A draft told at `HERE`."""
    spot = Spot(label="", district="Nord", latitude=HERE[0], longitude=HERE[1])
    found = CATEGORIES.get(category)
    assert found is not None
    return finished_draft(**{"spot": spot, "kind": found.kind, "category": category, **changes})


def offered(storage: MemoryStorage, draft: Draft, *, chat: str = "9999") -> list[str]:
    """The numbers that are offered, in their order."""
    return [one.number for one in similar_desk(storage).look_for(draft, chat=chat, now=NOW).similar]


@pytest.fixture
def empty() -> MemoryStorage:
    return staffed_storage()


metres = st.floats(min_value=0, max_value=400)
tickets = st.builds(
    lambda category, status, north, east, age, number: Ticket(
        number=f"QH-2026-{number:05d}",
        created_at=NOW - timedelta(days=age),
        status=status,
        report=told(
            category,
            place=Place(
                label="x",
                district="Nord",
                latitude=HERE[0] + north * METRE,
                longitude=HERE[1] + east * METRE / math.cos(math.radians(HERE[0])),
            ),
        ),
    ),
    st.sampled_from(IDS),
    st.sampled_from(Status),
    metres,
    metres,
    st.floats(min_value=0, max_value=60),
    st.integers(1, 99999),
)


@given(found=st.lists(tickets, max_size=12), category=st.sampled_from(IDS))
def test_only_what_may_be_the_same_is_offered(found: list[Ticket], category: str) -> None:
    """Same kind, open, as near and as young as both categories say; and nothing that is all of this is missing."""
    storage = staffed_storage()
    by_number = {ticket.number: ticket for ticket in found}
    storage.kept.tickets |= by_number
    own = CATEGORIES.get(category)
    assert own is not None

    def may_be(ticket: Ticket) -> bool:
        other = CATEGORIES.get(ticket.report.category)
        assert other is not None
        if own.reach is None or other.reach is None or own.days is None or other.days is None:
            return False
        place = ticket.report.place
        far = metres_between(HERE, (place.latitude or 0, place.longitude or 0))
        young = NOW - ticket.created_at <= timedelta(days=min(own.days, other.days))
        return (
            own.kind == other.kind and ticket.status in OPEN and far <= min(own.reach, other.reach) and young
        )

    fitting = {ticket.number for ticket in by_number.values() if may_be(ticket)}
    shown = offered(storage, telling(category))
    assert set(shown) <= fitting
    assert len(shown) == min(len(fitting), MOST_OFFERED)
    assert own.kind not in PRIVATE_KINDS or not shown


def test_the_same_category_comes_first_then_the_nearest(empty: MemoryStorage) -> None:
    """A near one of another category stands behind those of the own one; at most three are offered."""
    far, near = opened(empty, place=at(90)), opened(empty, place=at(20))
    other = opened(empty, category="glass", place=at(1))
    assert offered(empty, telling()) == [near, far, other]
    nearest = opened(empty, place=at(5))
    assert offered(empty, telling()) == [nearest, near, far]


@pytest.mark.parametrize("status", ENDED)
def test_an_ended_ticket_is_never_offered(empty: MemoryStorage, status: Status) -> None:
    """Whoever tells of it again gets a ticket that somebody still works on."""
    number = opened(empty, place=at(0))
    with empty.work() as work:
        work.tickets.record(number, Entry(at=NOW, what=status.value, actor=Actor.SYSTEM), status=status)
    assert offered(empty, telling()) == []


@pytest.mark.parametrize(
    ("label", "told_as", "same"),
    [
        ("Hauptstr. 1", "hauptstr.1", True),
        ("Ährenweg 2", "ÄHRENWEG  2", True),
        ("Hauptstr. 1", "Hauptstr. 11", False),
        ("Nord", "Nord", False),
        ("", "", False),
    ],
)
def test_without_points_the_same_address_is_the_same_place(
    empty: MemoryStorage, label: str, told_as: str, *, same: bool
) -> None:
    """Capitals and spaces don't matter, a district's name alone says too little."""
    number = opened(empty, place=Place(label=label or "Nord", district="Nord"))
    draft = telling(spot=Spot(label=told_as, district="Nord"))
    assert offered(empty, draft) == ([number] if same else [])
    elsewhere = telling(spot=Spot(label=told_as, district="Mitte"))
    assert offered(empty, elsewhere) == []


def test_with_points_on_both_sides_only_the_distance_counts(empty: MemoryStorage) -> None:
    """The same label 300 m away, as a long street has it, is another place."""
    opened(empty, place=at(300, label="Lange Str."))
    spot = Spot(label="Lange Str.", district="Nord", latitude=HERE[0], longitude=HERE[1])
    assert offered(empty, telling(spot=spot)) == []
    without_point = opened(empty, place=Place(label="Lange Str.", district="Nord"))
    assert offered(empty, telling(spot=spot)) == [without_point]


def test_a_resident_is_shown_no_more_than_needed(empty: MemoryStorage) -> None:
    """Words without names and short, a rounded distance; of noise no words at all."""
    opened(empty, place=at(43.7), words="Erika sagt,\nhier liegt " + "sehr " * 40)
    (shown,) = similar_desk(empty).look_for(telling(), chat="9999", now=NOW).similar
    assert (shown.metres, shown.own, shown.category) == (40, False, "litter")
    assert shown.words is not None
    assert shown.words.startswith("[Name] sagt, hier")
    assert len(shown.words) <= 80
    opened(empty, category="music", place=at(1), words="Erika feiert")
    (shown,) = similar_desk(empty).look_for(telling("music"), chat="9999", now=NOW).similar
    assert (shown.metres, shown.words) == (10, None)


def test_ones_own_ticket_is_marked(empty: MemoryStorage) -> None:
    """Who reports the same twice is told that it is their own."""
    number = opened(empty, place=at(0))
    found = similar_desk(empty).look_for(telling(), chat=RESIDENT, now=NOW)
    assert [(one.number, one.own) for one in found.similar] == [(number, True)]


def test_nothing_is_searched_before_everything_is_settled(empty: MemoryStorage) -> None:
    """Without words, category or district, while something is changed and at the end the draft stays as it is."""
    opened(empty, place=at(0))
    desk, whole = similar_desk(empty), telling()
    for draft in (
        replace(whole, words=()),
        replace(whole, category=None),
        replace(whole, spot=None),
        replace(whole, spot=Spot(label="x", candidates=("Nord",))),
        replace(whole, changing="report_change"),
        replace(whole, outcome="sent"),
        replace(whole, purpose="my_caretaker"),
    ):
        assert desk.look_for(draft, chat="1", now=NOW) == draft
    uncovered = replace(whole, spot=Spot(label="x", district="Wald", latitude=HERE[0], longitude=HERE[1]))
    assert desk.look_for(uncovered, chat="1", now=NOW).similar == ()


def test_what_was_told_apart_is_not_offered_again(empty: MemoryStorage) -> None:
    """Another place is searched anew; back at the first one nothing is asked a second time."""
    here, there = opened(empty, place=at(0)), opened(empty, place=at(5000))
    desk, draft = similar_desk(empty), telling()
    found = desk.look_for(draft, chat="1", now=NOW)
    assert [one.number for one in found.similar] == [here]
    assert desk.look_for(found, chat="1", now=NOW) is found
    apart = replace(found, similar=(), told_apart=(found.similar_to or "",))
    assert desk.look_for(apart, chat="1", now=NOW).similar == ()
    spot = Spot(label="", district="Nord", latitude=at(5000).latitude, longitude=HERE[1])
    moved = desk.look_for(replace(apart, spot=spot), chat="1", now=NOW)
    assert [one.number for one in moved.similar] == [there]
    back = desk.look_for(replace(moved, spot=draft.spot), chat="1", now=NOW)
    assert back.similar == ()


def test_the_draft_keeps_what_it_was_shown() -> None:
    """What was found, answered and chosen is there again after a restart."""
    shown = SimilarTicket(number="QH-2026-00001", category="litter", created_at=NOW.isoformat(), own=True)
    draft = telling(similar=(shown,), similar_to="x", told_apart=("y",), joins="QH-2026-00001")
    assert Draft.from_json(draft.as_json()) == draft


def test_a_caretaker_is_shown_what_it_may_be_merged_into(empty: MemoryStorage) -> None:
    """Every category of the kind within 500 m, nearest first, open, not itself, only what the chat works on."""
    number = opened(empty, place=at(0))
    glass, litter = opened(empty, category="glass", place=at(100)), opened(empty, place=at(400))
    opened(empty, place=at(600))
    opened(empty, category="music", place=at(1))
    opened(empty, place=at(2), ago=timedelta(days=31))
    foreign = opened(empty, place=at(3), area="middle")
    ticket, desk = empty.kept.tickets[number], similar_desk(empty)

    def numbers(chat: str) -> list[str]:
        return [one.number for one in desk.to_merge(ticket, chat=chat)]

    assert numbers(COLLEAGUE) == numbers(NORTH) == [litter, glass]
    assert numbers(DESK) == [foreign, litter, glass]
    assert numbers(SOUTH) == [foreign]
    for _ in range(MOST_TO_MERGE):
        opened(empty, place=at(5))
    assert len(numbers(COLLEAGUE)) == MOST_TO_MERGE


def test_conflicts_are_merged_within_a_team_and_in_private(empty: MemoryStorage) -> None:
    """The team's others, newest first, wherever they are; a group sees none of them."""
    number = opened(empty, category="quarrel", place=at(0))
    older = opened(empty, category="quarrel", place=at(3000), ago=timedelta(days=50))
    newer = opened(empty, category="quarrel", place=at(3000))
    opened(empty, category="quarrel", place=at(0), area="middle")
    opened(empty, place=at(0))
    ticket, desk = empty.kept.tickets[number], similar_desk(empty)
    found = [one.number for one in desk.to_merge(ticket, chat=COLLEAGUE)]
    assert sorted(found) == sorted([older, newer])
    assert desk.to_merge(ticket, chat=NORTH) == []


@given(
    latitude=st.floats(-85, 85),
    longitude=st.floats(-179, 179),
    reach=st.floats(10, 1000),
    turn=st.floats(0, 6.3),
)
def test_nothing_within_reach_lies_outside_the_square(
    latitude: float, longitude: float, reach: float, turn: float
) -> None:
    """The square that is looked up holds every point within reach, wherever on earth."""
    here = Place(label="x", district="Nord", latitude=latitude, longitude=longitude)
    vicinity = Vicinity(kind="dirt", category="litter", place=here, reach=reach, since=NOW)
    north = latitude + 0.99 * reach * METRE * math.sin(turn)
    east = longitude + 0.99 * reach * METRE * math.cos(turn) / math.cos(math.radians(latitude))
    there = Place(label="y", district="Nord", latitude=north, longitude=east)
    away, square = vicinity.metres_to(there), vicinity.square
    assert square is not None
    assert away is not None
    if away <= reach:
        assert square.south <= north <= square.north
        assert square.west <= east <= square.east
