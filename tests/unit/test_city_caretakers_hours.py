"""What a city's files say about digests, quiet hours and reply templates, and what is wrong with them."""

from datetime import time
from pathlib import Path

import pytest

from desk.city import City
from desk.errors import CityFileError
from desk.quiet_hours import QuietHours
from desk.reply_templates import ReplyTemplate
from storage.city_files import load_city

FILES = {
    "city.yml": """\
id: klein
name: Kleinstadt
land: NW
timezone: Europe/Berlin
coordination: {id: desk, name: Leitstelle}
districts: [{name: Nord}]
""",
    "areas.yml": """\
areas:
  - {id: north, name: Nord, districts: [Nord], unassigned: true, digest_at: "06:15", confidence: H}
""",
    "deadlines.yml": """\
digest_at: "07:00"
quiet: {from: "20:00", to: "06:30"}
""",
    "templates.yml": """\
templates:
  - {id: photo, for: [ask], label: Foto, text: " Bitte ein Foto. "}
  - {id: gone, for: [finish, note], label: Weg, categories: [bulky_waste], text: Ist weg.}
""",
}


def written(folder: Path, name: str = "city.yml", old: str = "", new: str = "") -> City:
    """Write the city's files with the first `old` of one replaced, and load it."""
    assert old in FILES[name]
    (folder / "klein").mkdir()
    for file, content in FILES.items():
        text = content.replace(old, new, 1) if file == name else content
        (folder / "klein" / file).write_text(text, encoding="utf-8")
    return load_city("klein", folder=folder)


def test_hours_and_templates_are_read(tmp_path: Path) -> None:
    """They arrive as the desk knows them; a text without the blanks around it."""
    city = written(tmp_path)
    assert city.deadlines.digest_at == time(7)
    assert city.areas[0].digest_at == time(6, 15)
    assert city.deadlines.quiet == QuietHours(start=time(20), until=time(6, 30))
    assert city.templates == (
        ReplyTemplate(id="photo", purposes=("ask",), label="Foto", text="Bitte ein Foto."),
        ReplyTemplate(
            id="gone", purposes=("finish", "note"), label="Weg", text="Ist weg.", categories=("bulky_waste",)
        ),
    )


@pytest.mark.parametrize("name", ["deadlines.yml", "templates.yml"])
def test_both_may_be_left_out(tmp_path: Path, name: str) -> None:
    """Then there is no digest but the areas' own, no silence, no template."""
    city = written(tmp_path, name, FILES[name], "")
    if name == "deadlines.yml":
        assert (city.deadlines.digest_at, city.deadlines.quiet) == (None, None)
    else:
        assert city.templates == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("deadlines.yml", '"07:00"', '"12:00"', "vor 12:00 Uhr"),
        ("deadlines.yml", '"07:00"', "seven", "keine Uhrzeit"),
        ("areas.yml", '"06:15"', '"13:00"', "vor 12:00 Uhr"),
        ("areas.yml", '"06:15"', '"6"', "keine Uhrzeit"),
        ("deadlines.yml", '"06:30"', '"20:00"', "gleich"),
        ("deadlines.yml", ', to: "06:30"', "", "fehlt"),
        ("deadlines.yml", '"20:00"', '"20:61"', "keine Uhrzeit"),
        ("templates.yml", "[ask]", "[answer]", "Erlaubt sind"),
        ("templates.yml", "[ask]", "[]", "Liste ist leer"),
        ("templates.yml", "for: [ask], ", "", "fehlt"),
        ("templates.yml", "label: Foto", f"label: {'x' * 29}", "zu lang"),
        ("templates.yml", "label: Foto", "label: Weg", "steht schon in Zeile"),
        ("templates.yml", "id: photo", "id: gone", "steht schon in Zeile"),
        ("templates.yml", "id: photo", "id: Photo!", "Kennungen"),
        ("templates.yml", '" Bitte ein Foto. "', '""', "Hier steht nichts"),
        ("templates.yml", "[bulky_waste]", "[bulky_wast]", "Gemeint ist vielleicht „bulky_waste“"),
        ("templates.yml", "label: Foto", "titel: Foto", "gibt es hier nicht"),
    ],
)
def test_a_mistake_says_what_to_write_instead(
    tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    """Every kind of mistake is found in its file and line, and explained."""
    with pytest.raises(CityFileError) as caught:
        written(tmp_path, name, old, new)
    assert any(one.startswith(f"{name}, Zeile ") and said in one for one in caught.value.mistakes)


@pytest.mark.parametrize("broken", ["areas: 7", "areas: [7]", "areas: {digest_at: x}"])
def test_areas_that_are_none_do_not_stop_the_check(tmp_path: Path, broken: str) -> None:
    """Whatever stands there, it ends in sentences."""
    with pytest.raises(CityFileError):
        written(tmp_path, "areas.yml", FILES["areas.yml"], broken)
