"""A reader of answers over the real city, categories and buttons, with places told by hand; for tests."""

from desk.answers import Reader
from desk.drafts import Draft, Spot
from desk.places import Located, Status, ambiguous, resolved
from desk.questions import Catalogue, Question, next_question
from desk.said import Said, Taken
from storage.categories import load_categories
from storage.city_files import load_city
from storage.texts import Texts
from tests import builders
from tests.fakes import TableLocator

CITY = load_city("essen")
CATALOGUE = Catalogue(city=CITY, categories=load_categories(), labels=Texts.load().section("buttons"))
COVERED, UNCOVERED = "Katernberg", "Bredeney"
BORDER = (51.45, 7.09)
PLACES = TableLocator(
    {
        "Hauptstr. 1": resolved(COVERED, label="Hauptstr. 1", point=(51.5, 7.05)),
        "Lange Str.": ambiguous((COVERED, "Kray"), label="Lange Str."),
        "im Wald": resolved(UNCOVERED),
        "Gelsenkirchen": Located(status=Status.OUTSIDE),
        "Schalker Weg 3": Located(status=Status.OUTSIDE, neighbour="Gelsenkirchen"),
        "Lange Str. 12": resolved("Kray", label="Lange Str. 12", point=(51.46, 7.08), street="Lange Str."),
        "Lange Str. 999": ambiguous((COVERED, "Kray"), label="Lange Str. 999", street="Lange Str."),
        "Langestr": ambiguous((COVERED, "Kray"), label="Lange Str.", street="Lange Str."),
        "Lnge Alle 4": Located(status=Status.UNKNOWN, suggestions=("Lange Allee 4", "Enge Allee 4")),
        "Lange Allee 4": resolved(COVERED, label="Lange Allee 4", point=(51.5, 7.06), street="Lange Allee"),
        "Lange Allee 14": resolved("Kray", label="Lange Allee 14", point=(51.4, 7.06), street="Lange Allee"),
        "Am Markt": ambiguous(("Kray",), label="Am Markt", point=(51.46, 7.07)),
        **{name: resolved(name) for name in CITY.district_names},
    },
    pins={
        (51.5, 7.05): resolved(COVERED, label="bei Hauptstr. 1"),
        (51.4, 7.0): ambiguous(("Kray", COVERED)),
        (51.3, 7.1): Located(status=Status.OUTSIDE, neighbour="Velbert"),
        BORDER: Located(
            status=Status.AMBIGUOUS,
            candidates=("Kray", COVERED),
            label="bei Querweg 7",
            point=BORDER,
            street="Querweg",
            confirm=True,
            sides=("Querweg (Kray)", f"Ringallee ({COVERED})"),
        ),
    },
)
READER = Reader(catalogue=CATALOGUE, locator=PLACES)


def finished_draft(**changes: object) -> Draft:
    """A report from a district of Essen that only waits for its confirmation."""
    return builders.finished_draft(
        **{"spot": Spot(label="Hauptstr. 1", district=COVERED, message=2), **changes}
    )


def take(draft: Draft, **said: object) -> Taken:
    """What an answer leads to; it has to be one."""
    taken = READER.take(draft, Said(**said))
    assert taken is not None
    return taken


def asks(draft: Draft) -> Question | None:
    """What is asked next."""
    return next_question(draft, CATALOGUE)


def remarks(taken: Taken) -> list[str]:
    """The responses said beside the question."""
    return [remark.response for remark in taken.remarks]
