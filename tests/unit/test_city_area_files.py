"""Areas, streets and rules in city files: what they mean, and every mistake with its place and advice."""

import re
import shutil
from datetime import time
from pathlib import Path

import pytest

from desk.area_rules import Rule, Side, StreetPart
from desk.city_check import check_city
from desk.errors import CityFileError
from desk.offices import Weekday
from storage.categories import load_categories
from storage.city_files import FOLDER, known_cities, load_city
from tests.builders import NOW

CITY = """
id: klein
name: Kleinstadt
land: NW
timezone: Europe/Berlin
coordination: {id: desk, name: Leitstelle}
districts:
  - {name: Nord}
  - {name: Wald}
  - {name: Feld}
referrals:
  - {matter: contact, name: Rathaus, phone: "1", confidence: H}
  - {matter: office, name: Ordnungsamt, covers: [private_land], confidence: H}
"""
AREAS = """
carriers:
  - {id: helpers, name: Helfende e.V., short: Helfende, confidence: H}
areas:
  - id: north
    name: Nord
    districts: [Nord]
    carrier: helpers
    confidence: H
  - id: wood
    name: Wald
    streets:
      - {name: Birkenstraße, district: Wald}
      - {name: Lange Str., district: Wald, from: 2, to: 40, side: even}
    unassigned: true
    caretakers: Waldteam
    substitute: north
    escalation: contact
    confidence: H
    rules:
      - {categories: [litter], days: [sa, so], from: "08:00", to: "16:00", recipient: north}
rules:
  - {categories: [hazard], urgent: true, inform: [private_land]}
  - {districts: [Nord], hours_night: true, recipient: desk}
  - {streets: [Marktplatz], urgent: true}
without_caretakers: [Feld]
"""


def written(folder: Path, old: str = "", new: str = "") -> Path:
    """Write the city's files, the first `old` in the areas replaced."""
    assert old in AREAS
    (folder / "klein").mkdir()
    (folder / "klein" / "city.yml").write_text(CITY, encoding="utf-8")
    (folder / "klein" / "areas.yml").write_text(AREAS.replace(old, new, 1), encoding="utf-8")
    return folder


def mistakes_of(folder: Path) -> tuple[str, ...]:
    """Load the city and return what is wrong with it."""
    with pytest.raises(CityFileError) as caught:
        load_city("klein", folder=folder)
    return caught.value.mistakes


def test_streets_and_rules_are_read(tmp_path: Path) -> None:
    """Parts of streets, conditions and effects arrive as the desk knows them."""
    city = load_city("klein", folder=written(tmp_path))
    wood = city.area("wood")
    assert wood.streets == (
        StreetPart(name="Birkenstraße", district="Wald"),
        StreetPart(name="Lange Str.", district="Wald", first=2, last=40, side=Side.EVEN),
    )
    assert (wood.caretakers, wood.substitute, wood.escalation) == ("Waldteam", "north", "contact")
    weekend = (Weekday.SATURDAY, Weekday.SUNDAY)
    assert wood.rules == (
        Rule(categories=("litter",), days=weekend, start=time(8), until=time(16), recipient="north"),
    )
    assert city.rules == (
        Rule(categories=("hazard",), urgent=True, inform=("private_land",)),
        Rule(districts=("Nord",), hours_night=True, recipient="desk"),
        Rule(streets=(StreetPart(name="Marktplatz"),), urgent=True),
    )
    assert city.without_caretakers == ("Feld",)
    assert (city.reach, city.districts[0].latitude) == (None, None)


def test_a_street_lies_in_its_areas_only_district(tmp_path: Path) -> None:
    """With one district in the area a street's name is enough."""
    folder = written(tmp_path, "districts: [Nord]", "districts: [Nord]\n    streets: [Ring]")
    assert load_city("klein", folder=folder).area("north").streets == (
        StreetPart(name="Ring", district="Nord"),
    )


WOOD_STREETS = """    streets:
      - {name: Birkenstraße, district: Wald}
      - {name: Lange Str., district: Wald, from: 2, to: 40, side: even}
"""
HAZARD = "  - {categories: [hazard], urgent: true"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("substitute: north", "substitute: nord", "Gemeint ist vielleicht „north“"),
        ("substitute: north", "substitute: wood", "nicht selbst vertreten"),
        ("escalation: contact", "escalation: contakt", "Gemeint ist vielleicht „contact“"),
        ("recipient: north", "recipient: nowhere", "„nowhere“ gibt es in areas nicht"),
        ("recipient: desk", "recipient: dask", "Gemeint ist vielleicht „desk“"),
        ("categories: [hazard]", "categories: [hazzard]", "Gemeint ist vielleicht „hazard“"),
        ("categories: [litter]", "categories: [litters]", "Gemeint ist vielleicht „litter“"),
        ("inform: [private_land]", "inform: [privat_land]", "Gemeint ist vielleicht „private_land“"),
        ("districts: [Nord], hours", "districts: [Nort], hours", "Gemeint ist vielleicht „Nord“"),
        ("Birkenstraße, district: Wald", "Birkenstraße, district: Walt", "Gemeint ist vielleicht „Wald“"),
        ("Birkenstraße, district: Wald", "Birkenstraße", "fehlt der Stadtteil"),
        ("[Feld]", "[Fels]", "Gemeint ist vielleicht „Feld“"),
        ("[Feld]", "[Feld, Nord]", "gehört zum Gebiet in Zeile 7"),
        (WOOD_STREETS, "", "weder Stadtteile noch Straßen"),
        ("from: 2, to: 40", "from: 50, to: 40", "größer als"),
        ("from: 2, to: 40", "from: 0, to: 40", "zu klein"),
        ("from: 2, to: 40", 'from: "2", to: 40', "keine ganze Zahl"),
        ("side: even", "side: left", "Erlaubt"),
        ("Birkenstraße,", "Lange Str., from: 40,", "jede Hausnummer nur einmal"),
        (
            "[Nord]\n",
            "[Nord]\n    streets: [{name: Birkenstr., district: Wald}]\n",
            "gehört schon zum Gebiet",
        ),
        ('"16:00"', '"16.00"', "keine Uhrzeit"),
        ('"16:00"', '"08:00"', "gleich"),
        ('to: "16:00"', "hours_night: true", "entweder"),
        ("days: [sa, so]", "days: [Samstag]", "Erlaubt"),
        (", recipient: desk", "", "folgt nichts"),
        (HAZARD, "  - {urgent: true}\n" + HAZARD, "kommt nie zum Zug"),
        (HAZARD, "  - {categories: [litter, hazard], urgent: true}\n" + HAZARD, "die Regel in Zeile"),
        (HAZARD, HAZARD + ", when: always", "when"),
        (
            "    carrier: helpers\n",
            "    carrier: helpers\n    rules: [{districts: [Wald], urgent: true}]\n",
            "Keiner",
        ),
    ],
)
def test_a_mistake_says_what_to_write_instead(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Every kind of mistake about areas and rules is found in its file and line, and explained."""
    folder = written(tmp_path, old, new)
    assert any(one.startswith("areas.yml, Zeile ") and said in one for one in mistakes_of(folder))


def test_rules_that_only_overlap_are_fine(tmp_path: Path) -> None:
    """A rule before it that fits less leaves something for the one behind."""
    narrow = HAZARD.replace("urgent: true", "districts: [Nord], urgent: true}\n") + HAZARD
    assert len(load_city("klein", folder=written(tmp_path, HAZARD, narrow)).rules) == 4


def test_all_mistakes_come_together(tmp_path: Path) -> None:
    """Mistakes between entries are listed although entries themselves are wrong as well."""
    folder = written(tmp_path, "    carrier: helpers\n", "    color: red\n")
    path = folder / "klein" / "areas.yml"
    text = path.read_text(encoding="utf-8").replace("substitute: north", "substitute: wood")
    path.write_text(
        text.replace("short: Helfende, confidence: H", "short: Helfende, confidence: M"), encoding="utf-8"
    )
    found = mistakes_of(folder)
    for said in ("color", "unassigned: true", "nicht selbst vertreten", "check: true"):
        assert [one for one in found if said in one]
    assert len(found) == 4


@pytest.mark.parametrize("city", known_cities())
def test_what_ships_is_certain_or_marked(city: str) -> None:
    """Below H nothing counts as certain, and what a neighbour's file says holds here too."""
    known = load_city(city)
    elsewhere = [entry for one in known.neighbours for entry in one.turn_to]
    facts = (*known.areas, *known.carriers, *known.offices, *known.referrals, *elsewhere)
    assert {one.certain for one in facts if one.confidence in ("M", "L", "S")} <= {False}
    own = {entry.phone: entry.certain for entry in elsewhere if entry.phone}
    for other in map(load_city, known_cities()):
        for entry in other.referrals:
            if entry.phone in own:
                assert entry.certain == own[entry.phone]


@pytest.mark.parametrize("city", known_cities())
def test_hazards_are_urgent_and_commercial_dumping_is_known_to_others(city: str) -> None:
    """In every city that ships the two rules hold in every area."""
    known = load_city(city)
    by_category = {category: rule for rule in known.rules for category in rule.categories}
    assert by_category["hazard"].urgent
    (matter,) = by_category["commercial_dumping"].inform
    found = known.referral(matter)
    assert found is not None
    assert "Ordnung" in found.name


@pytest.mark.parametrize("city", known_cities())
def test_noise_at_night_names_the_police_station_and_110_only_in_danger(city: str) -> None:
    """The order service first, the police station behind it, the emergency number for danger alone."""
    found = load_city(city).referral("night_noise")
    assert found is not None
    assert "Polizeiwache" in found.name
    assert found.note is not None
    assert "110 nur bei Gefahr" in found.note
    assert found.phone != "110"


def test_the_example_of_the_documentation_works(tmp_path: Path) -> None:
    """The files shown to who adds a city load, and with another city's referrals nothing is missing."""
    page = (FOLDER.parent / "docs" / "adding-a-city.md").read_text(encoding="utf-8")
    folder = tmp_path / "musterstadt"
    folder.mkdir()
    for index, block in enumerate(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)):
        name = f"{index}.yml" if index else "city.yml"
        (folder / name).write_text(block, encoding="utf-8")
    shutil.copy(FOLDER / "eschweiler" / "referrals.yml", folder)
    city = load_city("musterstadt", folder=tmp_path)
    remarks = check_city(city, load_categories(), NOW)
    assert [one for one in remarks if one.serious] == []
