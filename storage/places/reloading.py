"""Takes up a new place index while the worker runs."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from desk.errors import PlaceDataError
from desk.places import Located, Locator

log = logging.getLogger(__name__)
LOOKED_AT_EVERY = 1.0
"""Seconds between two looks at the file."""
State = tuple[int, int, int]


class ReloadingPlaces:
    """Locator that answers by the newest index (`desk.places.Locator`); `otherwise` while there is none.

    The file is looked at when somebody asks, at most once a second, and opened by whoever asks next (about
    20 ms). One that can't be read is named in the log, once, and the index before stays in use; so it does
    when the file goes away.
    """

    def __init__(
        self,
        path: Path,
        *,
        otherwise: Locator,
        open_places: Callable[[Path], Locator],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open the index when there is one; raises PlaceDataError when that can't be read."""
        self._path = path
        self._open = open_places
        self._clock = clock
        self._lock = Lock()
        self._next_look = clock() + LOOKED_AT_EVERY
        self._seen = _state(path)
        self._current = open_places(path) if self._seen else otherwise

    @property
    def attribution(self) -> str:
        """Whom to name as the source of the data in use; empty without data."""
        return str(getattr(self.current(), "attribution", ""))

    def at(self, latitude: float, longitude: float) -> Located:
        """Locate a pin."""
        return self.current().at(latitude, longitude)

    def find(self, text: str) -> Located:
        """Locate what somebody wrote."""
        return self.current().find(text)

    def current(self) -> Locator:
        """Return the locator in use, after taking up a new index if there is one."""
        # Whoever comes while another thread opens the new index is answered by the old one.
        if self._clock() >= self._next_look and self._lock.acquire(blocking=False):
            try:
                self._next_look = self._clock() + LOOKED_AT_EVERY
                self._look()
            finally:
                self._lock.release()
        return self._current

    def _look(self) -> None:
        state = _state(self._path)
        if state is None or state == self._seen:
            return
        self._seen = state
        try:
            self._current = self._open(self._path)
        except PlaceDataError as error:
            log.warning("the new place index is not usable, the one before stays in use: %s", error.key)
        else:
            log.info("a new place index is in use")


def _state(path: Path) -> State | None:
    """Return what changes when the file is replaced; None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
