"""Places the local data does not know, looked up outside before the conversation asks for them."""

import asyncio
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING

from desk.places import Located, Locator, Status, ambiguous
from desk.spelling import key

if TYPE_CHECKING:
    from storage.places.geocoder import Geocoded

log = logging.getLogger(__name__)
DEADLINE = 2.0
"""Seconds a resident waits for the geocoder at most, waiting for our turn included."""
MOST_WAITING = 3
"""Questions in the queue beyond which no other is asked; whoever comes then is answered without."""
KEPT = 2000
LASTS = 24 * 3600.0
"""Seconds an answer is kept, in memory only: what residents name is not written down here."""
PAUSE_AFTER_FAILURE = 30.0
LONGEST = 80
_PERSONAL = re.compile(r"@|\d{6}|://|\d[\d /-]{6,}\d")
"""Mail addresses, phone numbers and links are no places."""


class GeocodedPlaces:
    """Locator that adds what a geocoder found (`desk.places.Locator`).

    `find` asks nobody: it is given whole messages, and may not block other chats. `look_up` is given the
    place that was read in a message, asks in a thread of its own, and `find` then knows the answer. An answer
    is never certain: it is offered as AMBIGUOUS, and only inside the city.
    """

    def __init__(
        self,
        places: Locator,
        ask: "Callable[[str], Geocoded | None]",
        *,
        deadline: float = DEADLINE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._places = places
        self._ask = ask
        self._deadline = deadline
        self._clock = clock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="geocoder")
        self._waiting = 0
        self._answers: OrderedDict[str, tuple[float, Geocoded | None]] = OrderedDict()
        self._lock = Lock()
        self._silent_until = float("-inf")

    @property
    def attribution(self) -> str:
        """Whom to name as the source of the local data in use; empty without data."""
        return str(getattr(self._places, "attribution", ""))

    def at(self, latitude: float, longitude: float) -> Located:
        """Locate a pin by the local data."""
        return self._places.at(latitude, longitude)

    def find(self, text: str) -> Located:
        """Locate by the local data; what it does not know, by what was looked up before."""
        found = self._places.find(text)
        if not _unknown(found):
            return found
        known, geocoded = self._known(key(text))
        return self._offered(geocoded) or found if known and geocoded else found

    async def look_up(self, place: str | None) -> None:
        """Ask the geocoder about a place that nobody here knows; returns in two seconds at most."""
        if not place or not _is_askable(place) or not _unknown(self._places.find(place)):
            return
        known, _ = self._known(key(place))
        if known or self._waiting >= MOST_WAITING or self._clock() < self._silent_until:
            return
        self._waiting += 1
        answer = asyncio.get_running_loop().run_in_executor(self._thread, self._remember, place)
        answer.add_done_callback(self._answered)
        # A question that takes longer goes on: its answer is there when the place is named again.
        await asyncio.wait({answer}, timeout=self._deadline)

    def _answered(self, answer: "asyncio.Future[None]") -> None:
        self._waiting -= 1
        if not answer.cancelled() and answer.exception():
            self._silent_until = self._clock() + PAUSE_AFTER_FAILURE
            # Only the type: the message may quote the place.
            log.warning("the geocoder gave no answer: %s", type(answer.exception()).__name__)

    def _remember(self, place: str) -> None:
        geocoded = self._ask(place)
        with self._lock:
            self._answers[key(place)] = (self._clock() + LASTS, geocoded)
            while len(self._answers) > KEPT:
                self._answers.popitem(last=False)

    def _known(self, place: str) -> "tuple[bool, Geocoded | None]":
        with self._lock:
            expires, geocoded = self._answers.get(place, (float("-inf"), None))
            if self._clock() >= expires:
                self._answers.pop(place, None)
                return False, None
            self._answers.move_to_end(place)
            return True, geocoded

    def _offered(self, geocoded: "Geocoded") -> Located | None:
        """Return the answer as a question to confirm; None when it lies in no district of the city."""
        there = self._places.at(geocoded.latitude, geocoded.longitude)
        if not there.candidates:
            return None
        point = (geocoded.latitude, geocoded.longitude)
        return ambiguous(there.candidates, label=geocoded.label, point=point)


def _unknown(found: Located) -> bool:
    return found.status is Status.UNKNOWN and not found.suggestions


def _is_askable(place: str) -> bool:
    return len(place) <= LONGEST and bool(key(place)) and not _PERSONAL.search(place)
