import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from desk.errors import PlaceDataError
from desk.places import Located, Status, resolved
from storage.places.reloading import ReloadingPlaces


class Named:
    """A locator that finds its own name everywhere."""

    def __init__(self, name: str) -> None:
        self.attribution = name

    def at(self, latitude: float, longitude: float) -> Located:
        return resolved(self.attribution)

    def find(self, text: str) -> Located:
        return resolved(self.attribution)


class Town:
    """A reloading locator over a file whose content is the district it finds, and a clock to turn."""

    def __init__(self, path: Path) -> None:
        self.now = 0.0
        self.opened: list[str] = []
        self.path = path
        self.places = ReloadingPlaces(
            path, otherwise=Named("centres"), open_places=self.open, clock=lambda: self.now
        )

    def open(self, path: Path) -> Named:
        content = path.read_text()
        self.opened.append(content)
        if content == "broken":
            raise PlaceDataError("operator.place_index_broken", path=path)
        return Named(content)

    def replace(self, content: str) -> None:
        """Put another file in its place, as the import does."""
        new = self.path.with_suffix(".new")
        new.write_text(content)
        new.replace(self.path)

    def answer(self, *, later: float = 1.0) -> str | None:
        """Ask after some seconds."""
        self.now += later
        return self.places.find("x").district


@pytest.fixture
def town(tmp_path: Path) -> Callable[[str | None], Town]:
    """Open a town whose index holds this; None: there is no index yet."""

    def make(content: str | None) -> Town:
        path = tmp_path / "index"
        if content is not None:
            path.write_text(content)
        return Town(path)

    return make


def test_a_new_index_is_taken_up_within_a_second(town: Callable[[str | None], Town]) -> None:
    """The file is looked at again after a second, for words and for pins."""
    running = town("old")
    running.replace("new")
    assert running.answer(later=0.5) == "old"
    assert running.answer(later=0.5) == "new"
    assert running.places.at(0, 0).district == "new"
    assert running.places.attribution == "new"


def test_an_unchanged_index_is_opened_once(town: Callable[[str | None], Town]) -> None:
    """However often somebody asks, only a changed file is read."""
    running = town("old")
    for _ in range(5):
        assert running.answer() == "old"
    assert running.opened == ["old"]


def test_the_first_index_replaces_the_centres(town: Callable[[str | None], Town]) -> None:
    """Without an index the other locator answers, until there is one."""
    running = town(None)
    assert running.answer() == "centres"
    running.replace("first")
    assert running.answer() == "first"


def test_a_broken_new_index_leaves_the_old_one(
    town: Callable[[str | None], Town], caplog: pytest.LogCaptureFixture
) -> None:
    """It is named in the log once, and the next good one is taken up."""
    running = town("old")
    running.replace("broken")
    with caplog.at_level(logging.WARNING):
        assert [running.answer() for _ in range(3)] == ["old"] * 3
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert running.opened == ["old", "broken"]
    running.replace("good")
    assert running.answer() == "good"


def test_a_broken_first_index_leaves_the_centres(town: Callable[[str | None], Town]) -> None:
    """What is no index never takes the place of an answer."""
    running = town(None)
    running.replace("broken")
    assert running.answer() == "centres"


def test_an_index_that_goes_away_stays_in_use(town: Callable[[str | None], Town]) -> None:
    """A deleted file does not make the worker forget its streets; put back, it is read again."""
    running = town("old")
    running.path.unlink()
    assert running.answer() == "old"
    running.replace("back")
    assert running.answer() == "back"


def test_at_the_start_a_broken_index_is_an_error(town: Callable[[str | None], Town]) -> None:
    """Whoever starts the worker is told."""
    with pytest.raises(PlaceDataError):
        town("broken")


def test_nobody_waits_for_another_thread_that_opens(tmp_path: Path) -> None:
    """While the new index is being opened, others are answered by the old one."""
    (tmp_path / "index").write_text("old")
    running = Town(tmp_path / "index")
    during: list[str | None] = []
    plain = running.open

    def slow(path: Path) -> Named:
        during.append(running.answer())
        return plain(path)

    running.places._open = slow
    running.replace("new")
    assert running.answer() == "new"
    assert during == ["old"]
    assert running.places.find("x").status is Status.RESOLVED
