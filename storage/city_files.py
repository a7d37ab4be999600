"""Reads a city's folder of YAML files into `desk.city.City`, or refuses it with every mistake named."""

from pathlib import Path

from desk.city import (
    Area,
    Carrier,
    City,
    District,
    Neighbour,
    Nickname,
    Referral,
)
from desk.errors import CityFileError, SettingError
from storage.area_files import area_of, rules_of
from storage.area_mistakes import check_areas
from storage.categories import load_categories
from storage.city_fields import fields_of
from storage.city_findings import Findings, read_folder
from storage.city_mistakes import check_references, check_shape
from storage.city_schema import CityFile, NeighbourEntry
from storage.deadlines_mistakes import check_deadlines
from storage.deadlines_schema import deadlines_of
from storage.office_files import event_of, office_of
from storage.place_data_schema import layout_of
from storage.templates_schema import template_of
from storage.texts import Texts

FOLDER = Path(__file__).parent.parent / "cities"


def known_cities(folder: Path = FOLDER) -> tuple[str, ...]:
    """Return the ids of all cities there are files for."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/city.yml")))


def load_city(city_id: str, *, folder: Path = FOLDER) -> City:
    """Read `<folder>/<city_id>/*.yml`.

    Raises SettingError for a city without files, CityFileError with all mistakes of its files.
    """
    if city_id not in known_cities(folder):
        raise SettingError("operator.no_city", city=city_id, known=", ".join(known_cities(folder)))
    findings = Findings(Texts.load())
    content = read_folder(folder / city_id, findings)
    file = check_shape(content, findings)
    check_references(content, findings, categories=load_categories())
    check_areas(content, findings)
    check_deadlines(content, findings)
    mistakes = findings.sentences()
    if mistakes or file is None:
        raise CityFileError("operator.bad_city_file", mistakes=mistakes, city=city_id)
    return _city(file)


def _city(file: CityFile) -> City:
    return City(
        id=file.id,
        name=file.name,
        land=file.land,
        timezone=file.timezone,
        reach=file.reach,
        coordination=Area(id=file.coordination.id, name=file.coordination.name),
        districts=tuple(
            District(
                name=one.name,
                latitude=one.centre[0] if one.centre else None,
                longitude=one.centre[1] if one.centre else None,
                common_word=one.common_word,
            )
            for one in file.districts
        ),
        without_caretakers=tuple(file.without_caretakers),
        areas=tuple(map(area_of, file.areas)),
        rules=rules_of(file.rules),
        carriers=tuple(Carrier(**fields_of(one)) for one in file.carriers),
        offices=tuple(office_of(one) for one in file.offices),
        events=tuple(event_of(one) for one in file.events),
        referrals=tuple(Referral(**fields_of(one)) for one in file.referrals),
        nicknames=tuple(Nickname(**fields_of(one)) for one in file.nicknames),
        neighbours=tuple(map(_neighbour, file.neighbours)),
        postcodes={code: tuple(districts) for code, districts in file.postcodes.items()},
        place_data=layout_of(file.place_data),
        deadlines=deadlines_of(
            file.working_time,
            file.deadlines,
            file.report_at,
            digest_at=file.digest_at,
            quiet=file.quiet,
        ),
        templates=tuple(map(template_of, file.templates)),
    )


def _neighbour(entry: NeighbourEntry) -> Neighbour:
    turn_to = tuple(Referral(**fields_of(one)) for one in entry.turn_to)
    return Neighbour(**fields_of(entry) | {"turn_to": turn_to})
