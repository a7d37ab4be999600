import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from desk.errors import SettingError
from desk.nearest_centres import NearestCentres
from desk.places import Status
from storage.places import locator_for
from storage.places.geocoded import LASTS, MOST_WAITING, PAUSE_AFTER_FAILURE, GeocodedPlaces
from storage.places.geocoder import Geocoded, Geocoder, NoAnswer
from storage.places.reloading import ReloadingPlaces
from storage.settings import GEOCODERS, Settings
from tests.open_data import city_with
from tests.portals import Answer, portal

PLACE = "Café Zeitlos"
IN_TOWN = Geocoded(latitude=50.01, longitude=8.01, label="Café Zeitlos, Lange Str.")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server on this machine is asked directly."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def answer_of(kind: str, **place: Any) -> bytes:
    """What a geocoder of this kind sends for one place; nothing given: it knows none."""
    if kind == "nominatim":
        name = {"display_name": "Café Zeitlos, Lange Str., Westend, Musterstadt"}
        return json.dumps([{"lat": "50.01", "lon": "8.01", **name, **place}] if place else []).encode()
    properties = {"name": "Café Zeitlos", "street": "Lange Str.", "city": "Musterstadt", **place}
    point = {"type": "Point", "coordinates": [8.01, 50.01]}
    features = [{"type": "Feature", "geometry": point, "properties": properties}] if place else []
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def geocoder(kind: str, url: str, **options: Any) -> Geocoder:
    """A geocoder for the invented city."""
    return Geocoder(kind, url, city="Musterstadt", **{"min_seconds": 0.0} | options)


@pytest.mark.parametrize("kind", GEOCODERS)
def test_only_the_place_and_the_city_are_sent(kind: str) -> None:
    """Nothing else a resident wrote, and nothing about anybody, is in the request."""
    with portal(lambda *_: Answer(body=answer_of(kind, type="cafe"))) as site:
        found = geocoder(kind, f"{site.url}/maps/").ask(PLACE)
    assert found is not None
    assert (found.latitude, found.longitude) == (50.01, 8.01)
    assert found.label.startswith("Café Zeitlos")
    [(path, headers)] = site.requests
    assert urlsplit(path).path.startswith("/maps/")
    sent = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
    assert sent.pop("q") == f"{PLACE}, Musterstadt"
    assert set(sent) <= {"format", "limit", "countrycodes", "accept-language", "lang", "addressdetails"}
    assert headers["user-agent"].startswith("kuemmerkasten")
    assert not {"cookie", "authorization", "referer"} & set(headers)


@pytest.mark.parametrize("kind", GEOCODERS)
@pytest.mark.parametrize("place", [{}, {"type": "city"}])
def test_nothing_and_the_whole_city_are_no_answer(kind: str, place: dict[str, Any]) -> None:
    """A geocoder that only finds the city knows nothing better than we do."""
    with portal(lambda *_: Answer(body=answer_of(kind, **place))) as site:
        assert geocoder(kind, site.url).ask(PLACE) is None


@pytest.mark.parametrize(
    "said",
    [
        Answer(status=500),
        Answer(status=429),
        Answer(status=403, body=b"blocked"),
        Answer(body=b"<html>"),
        Answer(body=b'[{"lat": "x", "lon": "y", "display_name": "z"}]'),
        Answer(body=b'{"features": 3}'),
        Answer(body=b"[3]"),
    ],
)
@pytest.mark.parametrize("kind", GEOCODERS)
def test_what_is_no_answer_is_one_error(kind: str, said: Answer) -> None:
    """Refusals and nonsense all come as the same error, which names no place."""
    with portal(lambda *_: said) as site, pytest.raises(NoAnswer) as caught:
        geocoder(kind, site.url).ask(PLACE)
    assert "Zeitlos" not in str(caught.value)


def test_a_dead_address_is_the_same_error() -> None:
    """Nobody listens there."""
    with pytest.raises(NoAnswer):
        geocoder("photon", "http://127.0.0.1:9").ask(PLACE)


def test_questions_keep_their_distance() -> None:
    """Between the end of one question and the next lie the seconds the operator set, failed ones too."""
    now, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    said = [Answer(body=b"[]"), Answer(status=500), Answer(body=b"[]")]
    with portal(lambda *_: said.pop(0)) as site:
        asking = geocoder("nominatim", site.url, min_seconds=2.0, clock=lambda: now[0], sleep=sleep)
        asking.ask("a")
        now[0] += 0.5
        with pytest.raises(NoAnswer):
            asking.ask("b")
        asking.ask("c")
    assert slept == [0.0, 1.5, 2.0]


class Asked:
    """Places over district centres, a geocoder of our own, a clock to turn."""

    def __init__(self, answer: Callable[[str], Geocoded | None], **options: Any) -> None:
        self.now = 0.0
        self.questions: list[str] = []
        self.answer = answer
        self.places = GeocodedPlaces(NearestCentres(city_with()), self.ask, clock=lambda: self.now, **options)

    def ask(self, place: str) -> Geocoded | None:
        self.questions.append(place)
        return self.answer(place)


async def test_what_was_looked_up_is_offered_never_certain() -> None:
    """The answer comes as districts to choose from, with the geocoder's name for the place."""
    asked = Asked(lambda _: IN_TOWN)
    assert asked.places.find(PLACE).status is Status.UNKNOWN
    await asked.places.look_up(PLACE)
    found = asked.places.find("café  ZEITLOS")
    assert (found.status, found.district) == (Status.AMBIGUOUS, None)
    assert found.candidates[0] == "Westend"
    assert (found.label, found.point) == (IN_TOWN.label, (50.01, 8.01))


async def test_finding_asks_nobody() -> None:
    """Whole messages go through `find`; none of them is ever sent."""
    asked = Asked(lambda _: IN_TOWN)
    asked.places.find(f"Ich heiße Erika und wohne beim {PLACE}")
    asked.places.at(50.01, 8.01)
    assert asked.questions == []


@pytest.mark.parametrize(
    "place", [None, "", "Westend", "Nachbarstadt", "0201 123456", "a@b.de", "https://x.de/y", "x " * 60, "?!"]
)
async def test_what_is_known_or_no_place_is_not_asked(place: str | None) -> None:
    """Districts, other cities, numbers to call, addresses of mail and long texts stay here."""
    asked = Asked(lambda _: IN_TOWN)
    await asked.places.look_up(place)
    assert asked.questions == []


async def test_the_same_place_is_asked_once_a_day() -> None:
    """Found or not, the answer is kept; after a day it is asked again."""
    asked = Asked(lambda _: None)
    for _ in range(3):
        await asked.places.look_up(PLACE)
    assert asked.questions == [PLACE]
    assert asked.places.find(PLACE).status is Status.UNKNOWN
    asked.now += LASTS
    await asked.places.look_up(PLACE)
    assert asked.questions == [PLACE] * 2


async def test_another_city_is_no_answer() -> None:
    """A point outside leaves the place unknown."""
    asked = Asked(lambda _: Geocoded(latitude=53.5, longitude=10.0, label="Hamburg"))
    await asked.places.look_up(PLACE)
    assert asked.places.find(PLACE).status is Status.UNKNOWN


async def test_a_failure_is_not_noticed_and_not_repeated_at_once() -> None:
    """After a failure nobody waits for the geocoder for half a minute."""

    def fail(_: str) -> None:
        raise NoAnswer("GeocoderTimedOut")

    asked = Asked(fail)
    await asked.places.look_up(PLACE)
    assert asked.places.find(PLACE).status is Status.UNKNOWN
    await asked.places.look_up("Anderes Café")
    assert len(asked.questions) == 1
    asked.now += PAUSE_AFTER_FAILURE
    await asked.places.look_up("Anderes Café")
    assert len(asked.questions) == 2


async def test_a_slow_geocoder_keeps_nobody_waiting() -> None:
    """The chat goes on at the deadline, others are not blocked meanwhile, and the late answer counts."""
    done = threading.Event()

    def slow(_: str) -> Geocoded:
        done.wait(30)
        return IN_TOWN

    asked = Asked(slow, deadline=0.05)
    looking = asyncio.create_task(asked.places.look_up(PLACE))
    await asyncio.sleep(0)
    assert not looking.done()
    await looking
    assert asked.places.find(PLACE).status is Status.UNKNOWN
    more = [asyncio.create_task(asked.places.look_up(f"Café {name}")) for name in "abcdefgh"]
    await asyncio.gather(*more)
    done.set()
    while asked.places.find(PLACE).status is Status.UNKNOWN:
        await asyncio.sleep(0.01)
    asked.places._thread.shutdown()
    assert len(asked.questions) == MOST_WAITING


def test_the_operator_turns_it_on(tmp_path: Path) -> None:
    """Off by default; with kind and address set, the places of the city can be looked up."""
    assert Settings.from_environment({}).geocoder is None
    given = {"GEOCODER": "Photon", "GEOCODER_URL": "https://maps.example/", "GEOCODER_MIN_SECONDS": "2.5"}
    settings = Settings.from_environment(given)
    assert (settings.geocoder, settings.geocoder_url) == ("photon", "https://maps.example")
    assert settings.geocoder_min_seconds == 2.5
    for given, kind in ((settings, GeocodedPlaces), (Settings(), ReloadingPlaces)):
        assert isinstance(locator_for(city_with(), replace(given, state_dir=tmp_path)), kind)


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"GEOCODER": "google", "GEOCODER_URL": "https://x.example"}, "bad_geocoder"),
        ({"GEOCODER": "photon"}, "no_geocoder_url"),
        ({"GEOCODER": "photon", "GEOCODER_URL": "x.example"}, "bad_url"),
        ({"GEOCODER_MIN_SECONDS": "oft"}, "bad_seconds"),
        ({"GEOCODER_MIN_SECONDS": "-1"}, "bad_seconds"),
        ({"GEOCODER_MIN_SECONDS": "nan"}, "bad_seconds"),
    ],
)
def test_wrong_settings_are_refused(wrong: dict[str, str], key: str) -> None:
    """Each mistake has its sentence."""
    with pytest.raises(SettingError) as caught:
        Settings.from_environment(wrong)
    assert caught.value.key == f"operator.{key}"
