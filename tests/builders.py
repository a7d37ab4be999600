"""What many tests need: a small city, a report, a draft that asks a given question, Telegram updates."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from desk.categories import Categories, Category, Kind
from desk.city import Area, Carrier, City, District, Referral
from desk.drafts import Draft, SimilarTicket, Spot, Words
from desk.offices import Office
from desk.questions import Catalogue, Question
from desk.tickets import Photo, Place, Report

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
RESIDENT = "4711001"
SIMILAR = SimilarTicket(
    number="QH-2026-00007", category="litter", created_at=NOW.isoformat(), metres=40, words="Alles voll."
)
PHOTO = Photo(file_id="photo-1")


def small_city() -> City:
    """Nord has caretakers, Mitte has some nobody knows the carrier of, Wald has none."""
    centres = {"Nord": (51.5, 7.0), "Mitte": (51.45, 7.0), "Wald": (51.4, 7.0)}
    return City(
        id="small",
        name="Kleinstadt",
        land="NW",
        timezone="Europe/Berlin",
        reach=5000,
        coordination=Area(id="desk", name="Leitstelle"),
        districts=tuple(
            District(name=name, latitude=lat, longitude=lon) for name, (lat, lon) in centres.items()
        ),
        carriers=(Carrier(id="helpers", name="Helfende e.V.", short="Helfende"),),
        areas=(
            Area(id="north", name="Nord", districts=("Nord",), carrier="helpers"),
            Area(id="middle", name="Mitte", districts=("Mitte",), unassigned=True),
        ),
        offices=(Office(id="north-office", name="Büro Nord", address="Weg 1", areas=("north",)),),
        referrals=(Referral(matter="contact", name="Bürgertelefon", phone="0000 1"),),
    )


def small_categories() -> Categories:
    """Two kinds with two categories each."""

    def kind(name: str, *ids: str) -> Kind:
        found = tuple(Category(id=one, kind=name, label=one.upper(), example="x") for one in ids)
        return Kind(id=name, label=name.title(), example="x", categories=found)

    return Categories((kind("dirt", "litter", "glass"), kind("noise", "music", "drills")))


def report(**changes: Any) -> Report:
    """A finished report from Nord."""
    place = Place(label="Hauptstr. 1", district="Nord", latitude=51.5, longitude=7.0)
    known: dict[str, Any] = {
        "draft": "d1",
        "reporter": RESIDENT,
        "kind": "dirt",
        "category": "litter",
        "words": "Hier liegt viel herum.",
        "place": place,
        "area": "north",
        "carrier": "Helfende",
        "photos": (PHOTO, Photo(stored="a.jpg")),
        "since": "seit gestern",
    }
    return Report(**{**known, **changes})


def finished_draft(**changes: Any) -> Draft:
    """A draft with everything known and the photos settled: only the confirmation is open."""
    known: dict[str, Any] = {
        "id": "d1",
        "words": (Words(text="Hier liegt viel herum.", message=1),),
        "kind": "dirt",
        "category": "litter",
        "spot": Spot(label="Hauptstr. 1", district="Nord", latitude=51.5, longitude=7.0, message=2),
        "photos_asked": True,
        "photos_settled": True,
    }
    return Draft(**{**known, **changes})


def draft_asking(question: Question, catalogue: Catalogue) -> Draft:
    """A draft whose open question is `question`, in the city and with the categories of `catalogue`."""
    city = catalogue.city
    kind = catalogue.categories.kinds[0]
    covered = next(name for name in city.district_names if city.area_of(name))
    uncovered = next(name for name in city.district_names if city.area_of(name) is None)
    whole = finished_draft(
        kind=kind.id, category=kind.categories[0].id, spot=Spot(label="Hauptstr. 1", district=covered)
    )
    several = Spot(label="Hauptstr. 1", candidates=city.district_names[:3])
    missing: dict[Question, dict[str, Any]] = {
        Question.WORDS: {"words": ()},
        Question.KIND: {"kind": None},
        Question.CATEGORY: {"category": None},
        Question.PLACE: {"spot": None},
        Question.DISTRICT: {"spot": several},
        Question.UNCOVERED: {"spot": Spot(label="x", district=uncovered)},
        Question.SIMILAR: {"similar": (SIMILAR,)},
        Question.PHOTOS: {"photos_settled": False},
        Question.CONFIRMATION: {},
        Question.CHANGE: {"changing": Question.CHANGE},
        Question.CANCEL: {"changing": Question.CANCEL},
    }
    return replace(whole, **missing[question])


def message_update(update_id: int, *, chat: int = 7, **content: Any) -> dict[str, Any]:
    """An update with a message, as the Bot API sends it."""
    kind = "group" if chat < 0 else "private"
    person = {"id": abs(chat), "is_bot": False, "first_name": "Erika"}
    message = {
        "message_id": update_id + 1000,
        "date": 1_767_000_000,
        "chat": {"id": chat, "type": kind},
        "from": person,
        **content,
    }
    return {"update_id": update_id, "message": message}
