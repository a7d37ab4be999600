"""A city as the desk sees it: districts, areas, carriers, offices, referrals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

from desk.errors import NotFound
from desk.facts import Fact
from desk.offices import Office


@dataclass(frozen=True, kw_only=True)
class District:
    """A Stadtteil: its official name and a rough centre (degrees, WGS84)."""

    name: str
    latitude: float
    longitude: float
    common_word: bool = False
    """The name is also an everyday word ("Werden"): in a sentence it only counts after "in"."""


@dataclass(frozen=True, kw_only=True)
class Nickname:
    """A name people use that is no district: the districts it may mean, likeliest first."""

    name: str
    districts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """A city next door, and names of its quarters that people mention without naming it."""

    name: str
    places: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    """Districts whose name exists in both cities; they count as over there when the neighbour is named."""


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


@dataclass(frozen=True, kw_only=True)
class Area(Fact):
    """What one team of caretakers looks after; `carrier` is None while it is not known who that is."""

    id: str
    name: str
    districts: tuple[str, ...] = ()
    carrier: str | None = None
    unassigned: bool = False
    """Caretakers exist, but not known whose: its reports go to the coordination desk."""


@dataclass(frozen=True, kw_only=True)
class Referral(Fact):
    """Whom to turn to when it is not the caretakers' matter. `matter` is its id."""

    matter: str
    name: str
    categories: tuple[str, ...] = ()
    phone: str | None = None
    address: str | None = None
    web: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class PlaceDataLayout:
    """What the columns of the city's official place data are called, and whom to name as its source."""

    street: str
    house_number: str
    addition: str | None = None
    """Column of the letter after the house number, where it stands in a column of its own."""
    district: str
    attribution: str


@dataclass(frozen=True, kw_only=True)
class City:
    """Everything a city file says; all names of districts and ids in it exist (the loader has checked)."""

    id: str
    name: str
    land: str
    timezone: str
    reach: int
    """Metres: no point of the city lies further than this from every district's centre."""
    coordination: Area
    districts: tuple[District, ...]
    areas: tuple[Area, ...] = ()
    carriers: tuple[Carrier, ...] = ()
    offices: tuple[Office, ...] = ()
    referrals: tuple[Referral, ...] = ()
    nicknames: tuple[Nickname, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    postcodes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    place_data: PlaceDataLayout | None = None

    @cached_property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.timezone)

    @cached_property
    def district_names(self) -> tuple[str, ...]:
        """Names of all districts, in the file's order."""
        return tuple(district.name for district in self.districts)

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

    def area_of(self, district: str) -> Area | None:
        """Return the area a district belongs to, or None where there are no caretakers."""
        return self._area_of.get(district)

    def recipient_of(self, district: str) -> Area | None:
        """Return the area whose chats get a report from this district.

        That is the coordination desk for an unassigned area, and None where there are no caretakers.
        """
        area = self.area_of(district)
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
        """Return whom to turn to in a matter (`rubbish`, `public_order` …)."""
        return next((referral for referral in self.referrals if referral.matter == matter), None)

    def referrals_for(self, category: str) -> tuple[Referral, ...]:
        """Return whom else to turn to about a category of report, in the file's order."""
        return tuple(referral for referral in self.referrals if category in referral.categories)
