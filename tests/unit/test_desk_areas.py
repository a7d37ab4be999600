"""Areas of districts and streets, and rules: which one decides, and that nothing gets lost."""

from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.area_rules import Rule, Side, StreetPart, Where
from desk.areas import route
from desk.city import Area, City, Referral
from desk.errors import NotFound
from desk.offices import Weekday
from tests.builders import small_city

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY_NOON = datetime(2026, 5, 4, 12, 0, tzinfo=BERLIN)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in the week that starts on Monday, 4 May 2026."""
    return datetime(2026, 5, 4 + day, hour, minute, tzinfo=BERLIN)


def town(*, rules: tuple[Rule, ...] = (), north: tuple[Rule, ...] = ()) -> City:
    """The small city with a third team for some streets of Wald, rules, and somebody to inform."""
    city = small_city()
    streets = (
        StreetPart(name="Birkenstraße", district="Wald"),
        StreetPart(name="Lange Str.", district="Wald", first=1, last=40, side=Side.EVEN),
    )
    areas = tuple(replace(area, rules=north) if area.id == "north" else area for area in city.areas)
    referrals = (*city.referrals, Referral(matter="office", name="Amt", covers=("private_land",)))
    team = Area(id="wood", name="Waldstraßen", streets=streets, carrier="helpers")
    return replace(city, areas=(*areas, team), rules=rules, referrals=referrals)


@pytest.mark.parametrize(
    ("street", "number", "area"),
    [
        ("Birkenstraße", None, "wood"),
        ("birkenstr.", 7, "wood"),
        ("Lange Straße", 2, "wood"),
        ("Lange Straße", 40, "wood"),
        ("Lange Straße", 3, None),
        ("Lange Straße", 42, None),
        ("Lange Straße", None, None),
        ("Eichenweg", 2, None),
        (None, None, "wood"),
    ],
)
def test_some_streets_of_a_district_have_caretakers(
    street: str | None, number: int | None, area: str | None
) -> None:
    """A listed street counts whole or by its numbers; without a street the only team there does."""
    found = town().area_of("Wald", street, number)
    assert (found.id if found else None) == area


def test_a_street_goes_before_its_district() -> None:
    """A street that another team names is not the district's team's; the rest of the district is."""
    city = town()
    team = Area(
        id="one-street", name="x", streets=(StreetPart(name="Ring", district="Nord"),), unassigned=True
    )
    city = replace(city, areas=(*city.areas, team))
    found = [city.area_of("Nord", street) for street in ("Ring", "Markt", None)]
    assert [area.id if area else None for area in found] == ["one-street", "north", "north"]
    elsewhere = city.area_of("Mitte", "Ring")
    assert elsewhere is not None
    assert elsewhere.id == "middle"


def test_two_teams_in_a_district_are_not_guessed() -> None:
    """With streets of two teams in it, a district alone belongs to neither."""
    city = town()
    other = Area(id="other", name="x", streets=(StreetPart(name="Ring", district="Wald"),), unassigned=True)
    assert replace(city, areas=(*city.areas, other)).area_of("Wald") is None


def test_districts_with_some_streets_are_cared_for() -> None:
    """Nord and Mitte are whole areas, Wald has streets of one."""
    assert town().cared_for == ("Nord", "Mitte", "Wald")
    assert small_city().cared_for == ("Nord", "Mitte")


def test_without_a_rule_the_area_gets_it() -> None:
    """The area itself, the coordination desk for an unassigned one, nobody where there are no caretakers."""
    city = small_city()
    found = [route(city, Where(district=name), "litter", MONDAY_NOON) for name in ("Nord", "Mitte", "Wald")]
    assert [one.recipient.id if one.recipient else None for one in found] == ["north", "desk", None]
    assert [one.area.id if one.area else None for one in found] == ["north", "middle", None]
    assert not any(one.urgent or one.informs or one.rule for one in found)


def test_the_first_rule_that_fits_decides_alone() -> None:
    """Of two rules for a category only the first has effects."""
    first = Rule(categories=("glass",), urgent=True)
    second = Rule(categories=("glass", "litter"), inform=("office",))
    city = town(rules=(first, second))
    glass = route(city, Where(district="Nord"), "glass", MONDAY_NOON)
    litter = route(city, Where(district="Nord"), "litter", MONDAY_NOON)
    music = route(city, Where(district="Nord"), "music", MONDAY_NOON)
    assert (glass.rule, glass.urgent, glass.informs) == (first, True, ())
    assert (litter.rule, litter.urgent) == (second, False)
    assert [one.name for one in litter.informs] == ["Amt"]
    assert music.rule is None


def test_an_areas_own_rules_come_first() -> None:
    """What an area says about itself goes before what the city says; elsewhere the city's rule holds."""
    city = town(rules=(Rule(urgent=True),), north=(Rule(categories=("litter",), recipient="desk"),))
    own = route(city, Where(district="Nord"), "litter", MONDAY_NOON)
    assert (own.recipient, own.urgent) == (city.coordination, False)
    assert route(city, Where(district="Nord"), "glass", MONDAY_NOON).urgent
    assert route(city, Where(district="Wald", street="Birkenstr."), "litter", MONDAY_NOON).urgent


def test_a_rule_may_send_it_to_another_area_or_the_desk_behind_it() -> None:
    """A named area gets it; when that one is unassigned, the coordination desk does; the carrier's area stays."""
    for recipient, reached in (("wood", "wood"), ("middle", "desk"), ("desk", "desk")):
        found = route(town(rules=(Rule(recipient=recipient),)), Where(district="Nord"), "litter", MONDAY_NOON)
        assert found.recipient is not None
        assert found.area is not None
        assert (found.recipient.id, found.area.id) == (reached, "north")
    with pytest.raises(NotFound):
        route(town(rules=(Rule(recipient="nowhere"),)), Where(district="Nord"), "litter", MONDAY_NOON)


def test_no_rule_reaches_where_there_are_no_caretakers() -> None:
    """A rule for everything changes nothing in a district without an area."""
    city = replace(small_city(), rules=(Rule(urgent=True, recipient="desk"),))
    found = route(city, Where(district="Wald"), "litter", MONDAY_NOON)
    assert (found.recipient, found.urgent) == (None, False)


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        (Where(district="Nord"), False),
        (Where(district="Nord", street="Ring", number=3), True),
        (Where(district="Nord", street="Ring", number=4), False),
        (Where(district="Nord", street="Ring"), False),
        (Where(district="Nord", street="Markt", number=3), False),
    ],
)
def test_rules_by_street_need_the_street(where: Where, *, holds: bool) -> None:
    """A rule for the odd side of a street holds for a house there, and for nothing less certain."""
    rule = Rule(streets=(StreetPart(name="Ring", side=Side.ODD),), urgent=True)
    assert rule.holds(where, "litter", MONDAY_NOON) is holds


@pytest.mark.parametrize(
    ("rule", "moment", "holds"),
    [
        (Rule(start=time(8), until=time(16)), at(0, 8), True),
        (Rule(start=time(8), until=time(16)), at(0, 16), False),
        (Rule(start=time(8)), at(0, 23, 59), True),
        (Rule(start=time(8)), at(0, 7, 59), False),
        (Rule(until=time(8)), at(0, 0), True),
        (Rule(until=time(8)), at(0, 8), False),
        (Rule(hours_night=True), at(0, 22), True),
        (Rule(hours_night=True), at(1, 5, 59), True),
        (Rule(hours_night=True), at(1, 6), False),
        (Rule(days=(Weekday.MONDAY,)), at(0, 3), True),
        (Rule(days=(Weekday.MONDAY,)), at(1, 3), False),
        (Rule(days=(Weekday.FRIDAY,), hours_night=True), at(5, 2), True),
        (Rule(days=(Weekday.FRIDAY,), hours_night=True), at(4, 2), False),
        (Rule(days=(Weekday.SUNDAY,), hours_night=True), at(0, 2), True),
    ],
)
def test_rules_by_time(rule: Rule, moment: datetime, *, holds: bool) -> None:
    """Days and hours by the city's clock; the hours after midnight belong to the night that began before."""
    assert rule.holds(Where(district="Nord"), "litter", moment) is holds


def test_the_time_is_the_citys() -> None:
    """Half past eight in the evening UTC is night in a German summer."""
    city = town(rules=(Rule(hours_night=True, urgent=True),))
    evening = datetime(2026, 7, 1, 20, 30, tzinfo=UTC)
    assert route(city, Where(district="Nord"), "music", evening).urgent
    assert not route(city, Where(district="Nord"), "music", evening.replace(month=12)).urgent


NAMES = st.lists(st.sampled_from(["a", "b", "c"]), max_size=2, unique=True).map(tuple)
PARTS = st.builds(
    StreetPart,
    name=st.just("Ring"),
    first=st.none() | st.integers(1, 9),
    last=st.none() | st.integers(9, 20),
    side=st.none() | st.sampled_from(Side),
)
RULES = st.builds(
    Rule,
    categories=NAMES,
    districts=NAMES,
    days=st.lists(st.sampled_from(Weekday), max_size=3, unique=True).map(tuple),
    hours_night=st.booleans(),
)


@given(RULES, RULES, st.sampled_from("abc"), st.sampled_from("abc"), st.integers(0, 6), st.integers(0, 23))
def test_a_rule_that_leaves_nothing_holds_whenever_the_later_one_does(
    first: Rule, second: Rule, category: str, district: str, day: int, hour: int
) -> None:
    """Called unreachable, a rule can never have been the first to fit."""
    where, moment = Where(district=district), at(day, hour)
    if first.leaves_nothing_for(second) and second.holds(where, category, moment):
        assert first.holds(where, category, moment)


@given(PARTS, PARTS, st.integers(1, 30))
def test_a_house_is_never_in_parts_that_do_not_overlap(
    first: StreetPart, second: StreetPart, number: int
) -> None:
    """Two parts that share a house overlap, in either order."""
    assert first.overlaps(second) == second.overlaps(first)
    if first.has_number(number) and second.has_number(number):
        assert first.overlaps(second)


def test_parts_of_streets_with_other_names_or_districts_do_not_overlap() -> None:
    """Another street, and the street of that name in another district, are other houses."""
    ring = StreetPart(name="Ringstraße", district="Nord")
    assert ring.overlaps(StreetPart(name="Ringstr."))
    assert not ring.overlaps(StreetPart(name="Ringstr.", district="Wald"))
    assert not ring.overlaps(StreetPart(name="Ringweg"))


def test_referrals_cover_further_matters() -> None:
    """A matter of its own goes before one that is only covered; unknown ones lead nowhere."""
    city = town()
    found = city.referral("private_land")
    assert found is not None
    assert found.matter == "office"
    own = replace(city, referrals=(*city.referrals, Referral(matter="private_land", name="Hausamt")))
    assert own.referral("private_land") == own.referrals[-1]
    assert city.referral("unknown") is None
