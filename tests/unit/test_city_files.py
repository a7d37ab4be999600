import shutil
from pathlib import Path

import pytest

from desk.errors import CityFileError, NotFound, SettingError
from storage.city_files import FOLDER, known_cities, load_city


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder with a copy of Essen's files, free to be broken."""
    shutil.copytree(FOLDER / "essen", tmp_path / "essen")
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Replace the first `old` in a file of the copy."""
    path = folder / "essen" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def mistakes_of(folder: Path) -> tuple[str, ...]:
    """Load the copy and return what is wrong with it."""
    with pytest.raises(CityFileError) as caught:
        load_city("essen", folder=folder)
    return caught.value.mistakes


def test_essen_has_fifty_districts_and_every_area_consists_of_them() -> None:
    """All 50 Stadtteile are there, once each, and areas name no others."""
    city = load_city("essen")
    assert len(set(city.district_names)) == 50
    assert {one for area in city.areas for one in area.districts} <= set(city.district_names)


@pytest.mark.parametrize(
    ("district", "area", "carrier", "recipient"),
    [
        ("Katernberg", "katernberg", "awo", "katernberg"),
        ("Altenessen-Süd", "altenessen-sued", "cse", "altenessen-sued"),
        ("Horst", "hoersterfeld", "cse", "hoersterfeld"),
        ("Freisenbruch", "bergmannsfeld", "cse", "bergmannsfeld"),
        ("Bochold", "bochold", "diakoniewerk", "bochold"),
        ("Kray", "kray", None, "koordination"),
        ("Stadtkern", "noerdliche-innenstadt", None, "koordination"),
    ],
)
def test_districts_reach_their_area(district: str, area: str, carrier: str | None, recipient: str) -> None:
    """A district leads to its area and carrier; an unassigned one to the coordination desk."""
    city = load_city("essen")
    found, reached = city.area_of(district), city.recipient_of(district)
    assert found is not None
    assert reached is not None
    assert (found.id, found.carrier, reached.id) == (area, carrier, recipient)


def test_a_district_without_caretakers_reaches_nobody() -> None:
    """Werden has no caretakers: no area and no recipient."""
    city = load_city("essen")
    assert city.area_of("Werden") is None
    assert city.recipient_of("Werden") is None


def test_what_is_not_official_is_marked_to_be_checked() -> None:
    """No area, carrier, office or referral below confidence H counts as certain."""
    city = load_city("essen")
    facts = (*city.areas, *city.carriers, *city.offices, *city.referrals)
    assert {one.certain for one in facts if one.confidence in ("M", "L", "S")} == {False}
    assert all(one.certain for one in facts if one.confidence in ("H", "G"))


def test_unknown_ids_name_the_known_ones() -> None:
    """An unknown area or office is refused with the ids that exist."""
    city = load_city("essen")
    with pytest.raises(NotFound) as caught:
        city.area("nirgendwo")
    assert "katernberg" in str(caught.value.params["known"])
    with pytest.raises(NotFound) as caught:
        city.office("nirgendwo")
    assert "kon-takt" in str(caught.value.params["known"])


def test_a_city_without_files_names_those_that_have_some() -> None:
    """An unknown CITY is refused with the list of cities."""
    with pytest.raises(SettingError) as caught:
        load_city("atlantis")
    assert caught.value.params["known"] == ", ".join(known_cities())


def test_a_path_is_no_city(tmp_path: Path) -> None:
    """CITY can't lead out of the folder of cities."""
    with pytest.raises(SettingError):
        load_city("../cities/essen")


def test_all_mistakes_are_listed_with_file_and_line(copied: Path) -> None:
    """Mistakes in several files come together, each with its file, line and advice."""
    change(copied, "areas.yml", "districts: [Katernberg]", "districts: [Katernburg]")
    change(copied, "areas.yml", "carrier: awo", "carrier: avo")
    change(copied, "offices.yml", 'from: "16:00"', 'from: "25:00"')
    change(copied, "city.yml", "Europe/Berlin", "Europa/Berlin")
    found = mistakes_of(copied)
    assert len(found) == 4
    line = next(
        at
        for at, text in enumerate((copied / "essen/areas.yml").read_text(encoding="utf-8").split("\n"), 1)
        if "Katernburg" in text
    )
    assert any(one.startswith(f"areas.yml, Zeile {line}") and "Katernberg" in one for one in found)
    assert any("avo" in one and "awo" in one for one in found)
    assert any(one.startswith("offices.yml") and "25:00" in one for one in found)
    assert any(one.startswith("city.yml") and "Europa/Berlin" in one for one in found)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("areas.yml", "carrier: awo, confidence: H", "carrier: awo", "confidence"),
        ("areas.yml", "confidence: M, check: true}", "confidence: M}", "check: true"),
        ("areas.yml", "carrier: awo, ", "", "unassigned"),
        ("areas.yml", "id: katernberg", "id: Katernberg!", "Kennungen"),
        ("areas.yml", "districts: [Karnap]", "districts: [Kray]", "Gebiet in Zeile"),
        ("areas.yml", "- id: cse", "- id: awo", "steht schon in Zeile"),
        ("areas.yml", "confidence: H", "confidence: X", "Erlaubt"),
        ("districts.yml", "centre: [51.457, 7.012]", "centre: [151.457, 7.012]", "kein Punkt"),
        ("districts.yml", "{name: Stadtkern,", "{name: Stadtkern, size: 3,", "size"),
        ("offices.yml", 'to: "13:00"', 'to: "11:00"', "gleich"),
        ("offices.yml", "nth: 1", "nth: 0", "Wochentag im Monat"),
        ("city.yml", "reach: 3500", "reach: 3500\nreach: 3600", "doppelt"),
        ("city.yml", "id: essen", "id: [essen", "YAML"),
    ],
)
def test_a_mistake_says_what_to_write_instead(copied: Path, name: str, old: str, new: str, said: str) -> None:
    """Every kind of mistake is found in its file and explained."""
    change(copied, name, old, new)
    assert any(one.startswith(name) and said in one for one in mistakes_of(copied))


def test_a_binary_file_is_a_mistake(copied: Path) -> None:
    """A file that is no UTF-8 text is named, not a traceback."""
    (copied / "essen/offices.yml").write_bytes(b"\xff\xfe\x00offices")
    assert any(one.startswith("offices.yml") for one in mistakes_of(copied))
