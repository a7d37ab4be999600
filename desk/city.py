"""A city as the desk sees it: districts, areas, carriers, offices, referrals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import cached_property
from zoneinfo import ZoneInfo

from desk.area_rules import Rule, StreetPart, Where
from desk.deadline_rules import Deadlines
from desk.errors import NotFound
from desk.facts import Fact
from desk.offices import Event, Office
from desk.place_data import PlaceDataLayout
from desk.reply_templates import ReplyTemplate

CONTACT = "contact"
"""Matter of the referral that is the city's own contact."""


@dataclass(frozen=True, kw_only=True)
class District:
    """A Stadtteil: its official name and a rough centre (degrees, WGS84), where one is known."""

    name: str
    latitude: float | None = None
    longitude: float | None = None
    common_word: bool = False
    """The name is also an everyday word ("Werden"): in a sentence it only counts after "in"."""


@dataclass(frozen=True, kw_only=True)
class Nickname:
    """A name people use that is no district: the districts it may mean, likeliest first."""

    name: str
    districts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Carrier(Fact):
    """A Träger: the organisation that employs caretakers."""

    id: str
    name: str
    short: str
    address: str | None = None
    phone: str | None = None
    web: str | None = None
    email: str | None = None
    areas_unknown: bool = False
    """It has caretakers, but where is not known: no area names it."""


@dataclass(frozen=True, kw_only=True)
class Area(Fact):
    """What one team of caretakers looks after; `carrier` is None while it is not known who that is.

    `districts` belong to it whole, except for streets that another area names; `streets` are those it has
    elsewhere, or all that is known of it. `rules` come before those of the city.
    """

    id: str
    name: str
    districts: tuple[str, ...] = ()
    streets: tuple[StreetPart, ...] = ()
    carrier: str | None = None
    unassigned: bool = False
    """Caretakers exist, but not known whose: its reports go to the coordination desk."""
    caretakers: str | None = None
    """What the team calls itself; never a person's name."""
    substitute: str | None = None
    """The area whose caretakers step in."""
    escalation: str | None = None
    """Matter of the referral to turn to when the team can't go on; None: the city's contact."""
    rules: tuple[Rule, ...] = ()
    digest_at: time | None = None
    """When its chats get the morning digest; None: when the city says."""


@dataclass(frozen=True, kw_only=True)
class Referral(Fact):
    """Whom to turn to in what is not the caretakers' matter. Its id: `matter`; `covers` are further ones."""

    matter: str
    name: str
    covers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    phone: str | None = None
    address: str | None = None
    web: str | None = None
    note: str | None = None

    @property
    def reachable(self) -> bool:
        """True when it says itself how to get there: a number, an address or a page."""
        return any((self.phone, self.address, self.web))


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """A city next door, and names of its quarters that people mention without naming it."""

    name: str
    places: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    """Districts whose name exists in both cities; they count as over there when the neighbour is named."""
    turn_to: tuple[Referral, ...] = ()
    """Whom to turn to over there, where that is known."""


@dataclass(frozen=True, kw_only=True)
class City:
    """Everything a city file says; all names of districts and ids in it exist (the loader has checked)."""

    id: str
    name: str
    land: str
    timezone: str
    reach: int | None = None
    """Metres: no point of the city lies further than this from every district's centre."""
    coordination: Area
    districts: tuple[District, ...]
    without_caretakers: tuple[str, ...] = ()
    """Districts that are known to have no caretakers: people are told whom else to turn to."""
    rules: tuple[Rule, ...] = ()
    """For every area, tried after the area's own; the first that fits counts."""
    areas: tuple[Area, ...] = ()
    carriers: tuple[Carrier, ...] = ()
    offices: tuple[Office, ...] = ()
    events: tuple[Event, ...] = ()
    """What takes place in the city without belonging to one office."""
    referrals: tuple[Referral, ...] = ()
    nicknames: tuple[Nickname, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    postcodes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    place_data: PlaceDataLayout | None = None
    deadlines: Deadlines = field(default_factory=Deadlines)
    templates: tuple[ReplyTemplate, ...] = ()

    @cached_property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.timezone)

    @cached_property
    def district_names(self) -> tuple[str, ...]:
        """Names of all districts, in the file's order."""
        return tuple(district.name for district in self.districts)

    @cached_property
    def postcodes_complete(self) -> bool:
        """True when the list knows a postcode for every district: others are then other cities'."""
        named = {district for districts in self.postcodes.values() for district in districts}
        return named >= set(self.district_names)

    @cached_property
    def cared_for(self) -> tuple[str, ...]:
        """Names of the districts that have caretakers, wholly or in some streets, in the file's order."""
        return tuple(name for name in self.district_names if self.area_of(name))

    @cached_property
    def street_parts(self) -> tuple[tuple[StreetPart, Area], ...]:
        """All streets that areas name, with the area each belongs to."""
        return tuple((part, area) for area in self.areas for part in area.streets)

    @cached_property
    def _area_of(self) -> dict[str, Area]:
        return {district: area for area in self.areas for district in area.districts}

    def area(self, area_id: str) -> Area:
        """Return the area or the coordination desk of that id; NotFound for any other."""
        for area in (*self.areas, self.coordination):
            if area.id == area_id:
                return area
        known = ", ".join(area.id for area in (*self.areas, self.coordination))
        raise NotFound("operator.no_area", area=area_id, known=known)

    def name_of(self, area_id: str) -> str:
        """Return an area's name; the id of one the city's files no longer have."""
        return next((one.name for one in (*self.areas, self.coordination) if one.id == area_id), area_id)

    def escalation_of(self, area_id: str) -> Referral | None:
        """Return whom to turn to when an area's team can't go on: its own contact, else the city's."""
        own = next((area.escalation for area in self.areas if area.id == area_id), None)
        return self.referral(own or CONTACT)

    def substitute_of(self, area_id: str) -> str | None:
        """Return the id of the area that steps in for another; None when none does."""
        return next((area.substitute for area in self.areas if area.id == area_id), None)

    def area_of(self, district: str, street: str | None = None, number: int | None = None) -> Area | None:
        """Return the area a place belongs to, or None where there are no caretakers.

        A street that an area names comes before the district. Without a street, the only area that has
        some in the district counts for it.
        """
        where = Where(district=district, street=street, number=number)
        by_street = (area for part, area in self.street_parts if where.is_in((part,)))
        found = next(by_street, None) or self._area_of.get(district)
        if found or street:
            return found
        there = {area.id: area for part, area in self.street_parts if part.district == district}
        return next(iter(there.values())) if len(there) == 1 else None

    def recipient_of(
        self, district: str, street: str | None = None, number: int | None = None
    ) -> Area | None:
        """Return the area whose chats get a report from this place, before any rule.

        That is the coordination desk for an unassigned area, and None where there are no caretakers.
        """
        area = self.area_of(district, street, number)
        return self.coordination if area and area.unassigned else area

    def carrier_of(self, area: Area) -> Carrier | None:
        """Return who employs the area's caretakers, or None while that is not known."""
        return next((carrier for carrier in self.carriers if carrier.id == area.carrier), None)

    def office(self, office_id: str) -> Office:
        """Return the office of that id; NotFound for any other."""
        for office in self.offices:
            if office.id == office_id:
                return office
        known = ", ".join(office.id for office in self.offices)
        raise NotFound("operator.no_office", office=office_id, known=known)

    def offices_of(self, area_id: str) -> tuple[Office, ...]:
        """Return the offices that serve an area."""
        return tuple(office for office in self.offices if area_id in office.areas)

    def referral(self, matter: str) -> Referral | None:
        """Return whom to turn to in a matter (`rubbish`, `street_light` …), as the file's order has it."""
        own = next((referral for referral in self.referrals if referral.matter == matter), None)
        return own or next((referral for referral in self.referrals if matter in referral.covers), None)

    def known_referral(self, matter: str) -> Referral:
        """Return whom to turn to in a matter; NotFound where the city file names nobody."""
        if (found := self.referral(matter)) is None:
            raise NotFound("caretaker.no_such_body")
        return found

    def turn_to(self, neighbour: str) -> tuple[Referral, ...]:
        """Return whom to turn to in a neighbouring city; empty where that is not known."""
        return next((one.turn_to for one in self.neighbours if one.name == neighbour), ())

    def referrals_for(self, category: str) -> tuple[Referral, ...]:
        """Return whom else to turn to about a category of report, in the file's order."""
        return tuple(referral for referral in self.referrals if category in referral.categories)
