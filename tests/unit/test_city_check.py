"""What `kuemmerkasten city check` finds out, on cities made to be wrong."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import numpy as np
import pytest

from desk.area_rules import Rule, Side, StreetPart
from desk.city import Area, Carrier, City, Neighbour, Referral
from desk.city_check import check_city
from desk.facts import Confidence
from desk.matters import MATTERS
from desk.offices import OpenTime, Weekday
from kuemmerkasten.cli import main
from storage.categories import load_categories
from storage.city_files import FOLDER, known_cities, load_city
from storage.places.addresses import reached
from tests.builders import NOW, small_categories, small_city

SOMEBODY = Referral(matter="contact", name="Bürgertelefon", phone="0000 1", covers=MATTERS)


def whole_city() -> City:
    """The small city with everything it needs: Wald is known to have no caretakers."""
    return replace(small_city(), without_caretakers=("Wald",), referrals=(SOMEBODY,))


def serious(city: City) -> list[str]:
    """The keys of what is seriously wrong with a city."""
    return [one.key for one in check_city(city, small_categories(), NOW) if one.serious]


def keys(city: City) -> list[str]:
    """The keys of everything that is said about a city."""
    return [one.key for one in check_city(city, small_categories(), NOW)]


@pytest.mark.parametrize("city", known_cities())
def test_every_city_that_ships_passes(city: str) -> None:
    """In no city somebody would turn to nobody."""
    found = check_city(load_city(city), load_categories(), datetime(2026, 11, 22, tzinfo=UTC))
    assert [one for one in found if one.serious] == []


def test_a_whole_city_has_nothing_serious() -> None:
    """The city the tests below break is in order."""
    assert serious(whole_city()) == []


RING = StreetPart(name="Ring", district="Nord")


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"without_caretakers": ()}, "district_forgotten"),
        ({"referrals": (replace(SOMEBODY, phone=None),)}, "no_contact"),
        ({"referrals": ()}, "no_contact"),
        ({"referrals": (replace(SOMEBODY, covers=MATTERS[1:]),)}, "matter_missing"),
        ({"rules": (Rule(recipient="nowhere"),)}, "no_recipient"),
        ({"rules": (Rule(days=(Weekday.SUNDAY,), start=time(3), recipient="nowhere"),)}, "no_recipient"),
        ({"rules": (Rule(streets=(RING,), recipient="nowhere"),)}, "no_recipient"),
        ({"rules": (Rule(categories=("drills",), inform=("nobody",)),)}, "nobody_to_inform"),
    ],
)
def test_what_would_reach_nobody_is_serious(changes: dict[str, object], found: str) -> None:
    """Forgotten districts, missing contacts and rules into the void are named, and nothing else is."""
    assert set(serious(replace(whole_city(), **changes))) - {"matter_missing"} <= {found}
    assert found in serious(replace(whole_city(), **changes))


def test_an_area_nothing_leads_to_is_serious() -> None:
    """An area whose only street is another one's already gets no report."""
    city = whole_city()
    first = Area(id="first", name="A", streets=(RING,), unassigned=True)
    second = Area(id="second", name="B", streets=(RING,), unassigned=True)
    assert serious(replace(city, areas=(*city.areas, first, second))) == ["area_unreachable"]
    half = replace(second, streets=(replace(RING, first=9, side=Side.EVEN),))
    assert serious(replace(city, areas=(*city.areas, half))) == []


def test_a_carrier_no_area_names_is_serious_unless_it_says_so() -> None:
    """A carrier without areas is a mistake, or known to be open."""
    city, lost = whole_city(), Carrier(id="lost", name="Verein", short="V")
    assert serious(replace(city, carriers=(*city.carriers, lost))) == ["carrier_unused"]
    known = replace(city, carriers=(*city.carriers, replace(lost, areas_unknown=True)))
    assert serious(known) == []
    assert "carrier_somewhere" in keys(known)


def test_offices_have_hours_that_come_or_say_they_do_not_know() -> None:
    """Unknown hours are worth knowing, hours that never come are serious."""
    city = whole_city()
    (office,) = city.offices
    assert "hours_unknown" in keys(city)
    weekly = OpenTime(day=Weekday.FRIDAY, start=time(9), until=time(12))
    assert "hours_unknown" not in keys(replace(city, offices=(replace(office, hours=(weekly,)),)))
    assert serious(replace(city, offices=(replace(office, hours=()),))) == ["never_open"]


def test_what_is_uncertain_is_counted_and_named() -> None:
    """Entries to be checked are listed by section; so are neighbours and contacts nobody can reach."""
    city = whole_city()
    unsure = Referral(matter="x", name="Amt", confidence=Confidence.PRESS, check=True)
    city = replace(
        city, referrals=(*city.referrals, unsure), neighbours=(Neighbour(name="A"), Neighbour(name="B"))
    )
    found = {one.key: one.params for one in check_city(city, small_categories(), NOW) if not one.serious}
    assert found["uncertain_referrals"] == {"count": 1, "names": "Amt"}
    assert found["only_by_contact"] == {"names": "Amt"}
    assert found["neighbours_unknown"] == {"names": "A; B"}
    assert "uncertain_areas" not in found


class FewHouses:
    """A place index of three streets, one of them without a house."""

    streets = ("Ring", "Markt", "Neuer Weg")
    keys = ("ring", "markt", "neuerweg")
    districts = ("Nord", "Mitte", "Wald")
    street_start = np.array([0, 4, 6, 7])
    number = np.array([1, 2, 3, 4, 5, 6, 0])
    district = np.array([0, 0, 2, 2, 1, -1, -1])

    def street_districts(self, street: int) -> tuple[int, ...]:
        return () if street == 2 else (0,)


def test_every_address_is_tried() -> None:
    """Houses outside every district reach nobody; a divided street is taken number by number."""
    found = reached(whole_city(), FewHouses())
    assert (found.addresses, found.cared_for, found.nobody) == (6, 3, ("Markt 6",))
    assert found.nowhere == ("Neuer Weg",)
    city = whole_city()
    part = StreetPart(name="Ring", district="Wald", side=Side.EVEN)
    odd = replace(city, areas=(*city.areas, Area(id="w", name="W", streets=(part,), unassigned=True)))
    assert reached(odd, FewHouses()).cared_for == 4


def test_without_a_contact_more_addresses_reach_nobody() -> None:
    """Where there are no caretakers and no contact either, the address is named."""
    found = reached(replace(whole_city(), referrals=()), FewHouses())
    assert found.nobody == ("Ring 3", "Ring 4", "Markt 6")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of a run's own, without place data."""
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("GEO_DATA", raising=False)
    return tmp_path


@pytest.mark.parametrize("city", known_cities())
def test_the_command_reports_in_german(
    settings: Path, city: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The city is an argument or CITY; status 0, with a line for each thing that is open."""
    monkeypatch.setenv("CITY", city)
    assert main(["city", "check"]) == 0
    by_setting = capsys.readouterr().out
    monkeypatch.setenv("CITY", "essen")
    assert main(["city", "check", city]) == 0
    assert capsys.readouterr().out == by_setting
    assert by_setting.startswith(f"{load_city(city).name}: ")
    assert "In Ordnung" in by_setting


def test_the_command_fails_for_a_city_with_a_gap(
    settings: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A district that is neither in an area nor said to have no caretakers: status 1, and its name."""
    folder = settings / "cities"
    shutil.copytree(FOLDER / "eschweiler", folder / "eschweiler")
    path = folder / "eschweiler" / "areas.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Weisweiler]", "]"), encoding="utf-8")
    monkeypatch.setattr("kuemmerkasten.commands.city.load_city", lambda city: load_city(city, folder=folder))
    assert main(["city", "check", "eschweiler"]) == 1
    assert "Weisweiler gehört zu keinem Gebiet" in capsys.readouterr().out


def test_the_command_refuses_an_unknown_city(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A city there are no files of is status 1 with a sentence."""
    assert main(["city", "check", "atlantis"]) == 1
    assert "atlantis" in capsys.readouterr().err


def locate(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], city: str, text: str) -> dict:
    """What `locate` says about one place in a city."""
    monkeypatch.setenv("CITY", city)
    monkeypatch.setattr("sys.stdin", [f"{text}\n"])
    assert main(["locate"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("city", "text", "status", "district", "caretaker"),
    [
        ("eschweiler", "Gutenbergstr. 52", "resolved", "Eschweiler-West", "koordination"),
        ("eschweiler", "gutenberg strasse 52", "resolved", "Eschweiler-West", "koordination"),
        ("eschweiler", "50.8,6.2", "ambiguous", None, None),
        ("essen", "Horst", "resolved", "Horst", "hoersterfeld"),
        ("essen", "Gelsenkirchen-Horst", "outside", None, None),
        ("gelsenkirchen", "Horst", "resolved", "Horst", "koordination"),
        ("gelsenkirchen", "Essen-Horst", "outside", None, None),
        ("gelsenkirchen", "Erle", "resolved", "Erle", None),
    ],
)
def test_places_in_every_city(
    settings: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    city: str,
    text: str,
    status: str,
    district: str | None,
    caretaker: str | None,
) -> None:
    """Each city has its own Horst, and Eschweiler-West is found by its street."""
    found = locate(monkeypatch, capsys, city, text)
    assert (found["status"], found["district"], found["caretaker"]) == (status, district, caretaker)
