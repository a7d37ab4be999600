import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from desk.errors import PlaceDataError
from desk.place_data import PlaceDownload
from kuemmerkasten.commands import geo
from storage.places import downloads_path, index_path
from storage.places.build import only_one
from storage.places.download import PAUSES, download
from storage.places.download_notes import Fetched
from storage.places.index import open_index
from storage.settings import Settings
from storage.texts import Texts
from tests.open_data import DISTRICTS, HOUSES, city_with, collection, quiet
from tests.portals import Answer, Portal, portal

CONTENT = collection(*DISTRICTS, *HOUSES).encode()
HALF = len(CONTENT) // 2
FIRST, SECOND = '"first"', '"second"'
SHA = hashlib.sha256(CONTENT).hexdigest()
Says = Callable[[str, dict[str, str]], Answer]


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """An HTTP client that knows no proxy."""
    with httpx.Client(trust_env=False) as running:
        yield running


def fetch(
    site: Portal, folder: Path, client: httpx.Client, *, sha256: str | None = None
) -> tuple[bytes, Fetched, list[float]]:
    """Download the portal's file; its bytes, what is noted of it, the pauses that were made."""
    pauses: list[float] = []
    wanted = PlaceDownload(name="a.geojson", url=f"{site.url}/a", sha256=sha256)
    path, known = download(wanted, folder, client=client, bar=quiet, sleep=pauses.append)
    return path.read_bytes(), known, pauses


def honest(content: bytes = CONTENT, etag: str = FIRST, *, breaks: int = 0) -> Says:
    """A portal that keeps to HTTP; its first `breaks` answers end in the middle."""
    left = [breaks]

    def answer(_: str, headers: dict[str, str]) -> Answer:
        if headers.get("if-none-match") == etag:
            return Answer(status=304)
        start, status, more = 0, 200, {"ETag": etag}
        if "range" in headers and headers.get("if-range") == etag:
            start = int(headers["range"].removeprefix("bytes=").rstrip("-"))
            status = 206
            more["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        left[0] -= 1
        body = content[start:]
        return Answer(
            status=status, body=body, headers=more, stop_after=len(body) // 2 if left[0] >= 0 else None
        )

    return answer


def test_a_file_arrives_with_its_checksum_and_date(tmp_path: Path, client: httpx.Client) -> None:
    """What came is whole, and noted with address, checksum and day; nothing half stays."""
    with portal(honest()) as site:
        content, known, pauses = fetch(site, tmp_path, client, sha256=SHA)
    assert (content, known.sha256, known.url, pauses) == (CONTENT, SHA, f"{site.url}/a", [])
    assert len(known.retrieved) == len("2026-01-01")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.geojson", "a.geojson.origin"]


def test_a_download_that_breaks_goes_on_where_it_stopped(tmp_path: Path, client: httpx.Client) -> None:
    """The rest is asked for by range, only if the file is still the same, after a pause."""
    with portal(honest(breaks=2)) as site:
        content, _, pauses = fetch(site, tmp_path, client)
    assert (content, pauses) == (CONTENT, list(PAUSES[:2]))
    _, again = site.requests[1]
    assert (again["range"], again["if-range"]) == (f"bytes={HALF}-", FIRST)


def test_it_goes_on_at_the_next_run_too(tmp_path: Path, client: httpx.Client) -> None:
    """After all tries failed, the part stays and the next run asks for the rest only."""
    says = [honest(breaks=99)]
    with portal(lambda *request: says[0](*request)) as site:  # noqa: PLW0108 -- what it says changes
        with pytest.raises(PlaceDataError) as caught:
            fetch(site, tmp_path, client)
        assert caught.value.key == "operator.place_download_failed"
        there = (tmp_path / "a.geojson.part").stat().st_size
        assert HALF < there < len(CONTENT)
        says[0] = honest()
        content, _, _ = fetch(site, tmp_path, client)
    assert content == CONTENT
    assert site.requests[-1][1]["range"] == f"bytes={there}-"


def test_a_part_of_an_older_file_is_thrown_away(tmp_path: Path, client: httpx.Client) -> None:
    """When the city replaced the file in between, the new one comes whole."""
    new = CONTENT.replace(b"Westend", b"Westerd")
    old, newer = honest(breaks=1), honest(new, SECOND)
    count = [0]

    def answer(path: str, headers: dict[str, str]) -> Answer:
        count[0] += 1
        return (old if count[0] == 1 else newer)(path, headers)

    with portal(answer) as site:
        content, known, _ = fetch(site, tmp_path, client)
    assert (content, known.etag) == (new, SECOND)


def test_a_server_that_sends_another_range_is_not_trusted(tmp_path: Path, client: httpx.Client) -> None:
    """Bytes that belong elsewhere are never glued on; the file is asked for once more from the start."""
    good = honest(breaks=1)

    def answer(path: str, headers: dict[str, str]) -> Answer:
        if "range" in headers:
            return Answer(status=206, body=CONTENT[:9], headers={"Content-Range": "bytes 0-8/9"})
        return good(path, headers)

    with portal(answer) as site:
        content, _, _ = fetch(site, tmp_path, client)
    assert content == CONTENT


def test_a_server_without_ranges_sends_all_again(tmp_path: Path, client: httpx.Client) -> None:
    """Without anything to tell versions apart a part is not continued."""
    left = [1]

    def answer(_: str, headers: dict[str, str]) -> Answer:
        assert "range" not in headers
        left[0] -= 1
        return Answer(body=CONTENT, headers={"ETag": 'W/"weak"'}, stop_after=HALF if left[0] >= 0 else None)

    with portal(answer) as site:
        assert fetch(site, tmp_path, client)[0] == CONTENT


def test_an_unchanged_file_is_not_downloaded_again(tmp_path: Path, client: httpx.Client) -> None:
    """The next run asks whether it changed and keeps what is there, unless that was damaged."""
    with portal(honest()) as site:
        fetch(site, tmp_path, client)
        assert fetch(site, tmp_path, client)[0] == CONTENT
        assert site.requests[1][1]["if-none-match"] == FIRST
        (tmp_path / "a.geojson").write_bytes(b"damaged")
        assert fetch(site, tmp_path, client)[0] == CONTENT


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(status: int, tmp_path: Path, client: httpx.Client) -> None:
    """A passing error is waited for, longer each time."""
    left = [2]

    def answer(_: str, __: dict[str, str]) -> Answer:
        left[0] -= 1
        return Answer(status=status) if left[0] >= 0 else Answer(body=CONTENT)

    with portal(answer) as site:
        content, _, pauses = fetch(site, tmp_path, client)
    assert (content, pauses) == (CONTENT, sorted(PAUSES[:2]))


REFUSED: dict[str, tuple[Answer, str]] = {
    "not there": (Answer(status=404), "place_download_refused"),
    "a page by its type": (
        Answer(body=b"sorry", headers={"Content-Type": "text/html; charset=utf-8"}),
        "place_file_is_a_page",
    ),
    "a page by its content": (Answer(body=b"  <html>sorry</html>"), "place_file_is_a_page"),
    "another checksum": (Answer(body=CONTENT + b" "), "place_download_checksum"),
    "too large by its length": (
        Answer(body=b"{", headers={"Content-Length": str(2**40)}),
        "place_file_too_large",
    ),
    "elsewhere for ever": (Answer(status=302, headers={"Location": "/a"}), "place_download_refused"),
    "off the web": (Answer(status=302, headers={"Location": "file:///etc/hosts"}), "place_download_failed"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_the_file_is_refused(name: str, tmp_path: Path, client: httpx.Client) -> None:
    """An answer that is no data is named in one sentence and leaves no file behind."""
    said, key = REFUSED[name]
    with portal(lambda *_: said) as site, pytest.raises(PlaceDataError) as caught:
        fetch(site, tmp_path, client, sha256=SHA)
    assert caught.value.key == f"operator.{key}"
    assert Texts.load().get(caught.value.key, **caught.value.params).endswith(".")
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_a_length_is_cut_off_at_the_limit(
    tmp_path: Path, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that just keeps sending fills no disk."""
    monkeypatch.setattr("storage.places.download.LARGEST_MEGABYTES", 0)
    endless = Answer(body=b"10\r\n{ aaaaaaaaaaaaa}\r\n" * 9, headers={"Transfer-Encoding": "chunked"})
    with portal(lambda *_: endless) as site, pytest.raises(PlaceDataError) as caught:
        fetch(site, tmp_path, client)
    assert caught.value.key == "operator.place_file_too_large"
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An empty state folder; the command asks no proxy."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return Settings(state_dir=tmp_path)


def run(settings: Settings, monkeypatch: pytest.MonkeyPatch, *downloads: PlaceDownload) -> int:
    """Run `geo import --download` for a city with these files."""
    import argparse

    monkeypatch.setattr(geo, "load_city", lambda _: city_with(*downloads))
    return geo.run(argparse.Namespace(action="import", folder=None, download=True), settings)


def test_the_command_downloads_and_builds(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All files of the city come, the index names them with address and checksum, the output the source."""
    texts = {"/houses": collection(*HOUSES).encode(), "/borders": collection(*DISTRICTS).encode()}
    with portal(lambda path, _: Answer(body=texts[path])) as site:
        files = [
            PlaceDownload(name=f"{name}.json", url=f"{site.url}/{name}") for name in ("houses", "borders")
        ]
        assert run(settings, monkeypatch, *files) == 0
    index = open_index(index_path(city_with(), settings), city_with())
    assert [one["url"] for one in index.meta["sources"]] == [f"{site.url}/houses", f"{site.url}/borders"]
    printed = capsys.readouterr().out
    assert hashlib.sha256(texts["/houses"]).hexdigest() in printed
    assert "Stadt Musterstadt" in printed


def test_a_spoilt_download_leaves_the_old_index(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """With another checksum than the city file says nothing is replaced."""
    path = index_path(city_with(), settings)
    with portal(honest()) as site:
        houses = PlaceDownload(name="houses.json", url=f"{site.url}/h", sha256="0" * 64)
        path.parent.mkdir(parents=True)
        path.write_bytes(b"old")
        with pytest.raises(PlaceDataError):
            run(settings, monkeypatch, houses)
    assert path.read_bytes() == b"old"


def test_a_city_without_addresses_says_what_to_do(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing to download is an error that names the way by files."""
    with pytest.raises(PlaceDataError) as caught:
        run(settings, monkeypatch)
    assert "--from" in Texts.load().get(caught.value.key, **caught.value.params)


def test_only_one_download_runs_at_a_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second one is told so at once instead of writing into the same files."""
    wanted = PlaceDownload(name="houses.json", url="http://127.0.0.1:1/h")
    with only_one(downloads_path(city_with(), settings)), pytest.raises(PlaceDataError) as caught:
        run(settings, monkeypatch, wanted)
    assert caught.value.key == "operator.place_import_running"
