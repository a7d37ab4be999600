"""Downloads place data from a city's portal: goes on where it stopped, checks what came."""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import httpx

from desk.errors import PlaceDataError
from desk.place_data import PlaceDownload
from storage.places.download_notes import Fetched, drop, keep_note, note_of, note_path
from storage.places.place_files import LARGEST_MEGABYTES, looks_like_a_page, sha256_of

PAUSES = (1.0, 3.0, 9.0)
"""Seconds before each further try."""
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
HEADERS = {"User-Agent": "kuemmerkasten", "Accept-Encoding": "identity"}
"""Not compressed on the way: only then is a byte's place in the file the same at the next try."""
WORTH_ANOTHER_TRY = frozenset({408, 425, 429, 500, 502, 503, 504})
Bar = Callable[[str, int, int | None], None]
"""Called with the file's name, bytes that are there and bytes of the whole file (None: not known)."""


class Stopped(Exception):  # noqa: N818 -- reads as the fact it states
    """The file did not come whole; what came stays for the next try."""


def download(
    wanted: PlaceDownload,
    folder: Path,
    *,
    client: httpx.Client,
    bar: Bar,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[Path, Fetched]:
    """Bring a file into the folder, going on with a part of it that is there; one that is current stays.

    Raises PlaceDataError when it can't be had, is no data, or has another checksum.
    """
    path = folder / wanted.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for pause in (*PAUSES, None):
            try:
                known = _try(wanted, path, client, bar)
                break
            except (Stopped, httpx.TransportError) as error:
                if pause is None:
                    reason = str(error) if isinstance(error, Stopped) else type(error).__name__
                    raise PlaceDataError(
                        "operator.place_download_failed", name=wanted.name, url=wanted.url, reason=reason
                    ) from error
                sleep(pause)
    except (httpx.InvalidURL, httpx.RequestError) as error:
        raise PlaceDataError(
            "operator.place_download_refused", url=wanted.url, reason=type(error).__name__
        ) from error
    except OSError as error:
        raise PlaceDataError("operator.place_index_unwritable", path=path) from error
    return path, known


def _try(wanted: PlaceDownload, path: Path, client: httpx.Client, bar: Bar) -> Fetched:
    part = path.with_name(path.name + ".part")
    whole, begun = note_of(path, wanted.url), note_of(part, wanted.url)
    start = part.stat().st_size if begun and begun.etag and part.exists() else 0
    headers = dict(HEADERS)
    if begun and start:
        headers |= {"Range": f"bytes={start}-", "If-Range": begun.etag}
    elif whole and whole.etag and whole.sha256 == _checksum(path):
        headers["If-None-Match" if whole.etag.startswith('"') else "If-Modified-Since"] = whole.etag
    with client.stream(
        "GET", wanted.url, headers=headers, timeout=TIMEOUT, follow_redirects=True
    ) as response:
        if response.status_code == httpx.codes.NOT_MODIFIED and whole:
            _check_sum(wanted, whole.sha256)
            return whole
        _check_status(wanted, part, response)
        start = _start_of(part, response, start)
        keep_note(part, Fetched(url=wanted.url, etag=_validator(response)))
        _receive(wanted, part, response, start, bar)
    return _finish(wanted, path, part)


def _check_status(wanted: PlaceDownload, part: Path, response: httpx.Response) -> None:
    status = response.status_code
    if status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
        drop(part)
    if status in WORTH_ANOTHER_TRY or status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
        raise Stopped(f"HTTP {status}")
    if not response.is_success:
        raise PlaceDataError("operator.place_download_refused", url=wanted.url, reason=f"HTTP {status}")
    if response.headers.get("Content-Type", "").startswith(("text/html", "application/xhtml")):
        raise PlaceDataError("operator.place_file_is_a_page", file=wanted.name)


def _start_of(part: Path, response: httpx.Response, start: int) -> int:
    """Return where the answer's bytes belong: the whole file comes when it is no longer the same."""
    if response.status_code != httpx.codes.PARTIAL_CONTENT:
        return 0
    told = str(response.headers.get("Content-Range", ""))
    if not told.startswith(f"bytes {start}-"):
        drop(part)
        raise Stopped(f"Content-Range: {told}")
    return start


def _validator(response: httpx.Response) -> str:
    """Return what tells this version of the file from others; weak ETags don't tell bytes apart."""
    etag = str(response.headers.get("ETag", ""))
    return etag if etag.startswith('"') else str(response.headers.get("Last-Modified", ""))


def _receive(wanted: PlaceDownload, part: Path, response: httpx.Response, start: int, bar: Bar) -> None:
    length = response.headers.get("Content-Length", "")
    total = start + int(length) if length.isdigit() else None
    there = start
    _check_size(wanted, part, total or 0)
    with part.open("r+b" if start else "wb") as file:
        file.seek(start)
        file.truncate()
        for piece in response.iter_raw():
            if not there and looks_like_a_page(piece[:1000]):
                drop(part)
                raise PlaceDataError("operator.place_file_is_a_page", file=wanted.name)
            there += len(piece)
            _check_size(wanted, part, there)
            file.write(piece)
            bar(wanted.name, there, total)
    if total is not None and there < total:
        raise Stopped(f"{there} / {total} bytes")


def _check_size(wanted: PlaceDownload, part: Path, size: int) -> None:
    if size > LARGEST_MEGABYTES * 1024 * 1024:
        drop(part)
        raise PlaceDataError("operator.place_file_too_large", file=wanted.name, limit=LARGEST_MEGABYTES)


def _finish(wanted: PlaceDownload, path: Path, part: Path) -> Fetched:
    """Check the checksum and put the file in its place; one with another checksum is thrown away."""
    begun, found = note_of(part, wanted.url), sha256_of(part)
    try:
        _check_sum(wanted, found)
    except PlaceDataError:
        drop(part)
        raise
    today = datetime.now(UTC).date().isoformat()
    known = Fetched(url=wanted.url, sha256=found, retrieved=today, etag=begun.etag if begun else "")
    part.replace(path)
    keep_note(path, known)
    note_path(part).unlink(missing_ok=True)
    return known


def _check_sum(wanted: PlaceDownload, found: str) -> None:
    if wanted.sha256 and found != wanted.sha256:
        raise PlaceDataError(
            "operator.place_download_checksum", name=wanted.name, found=found, expected=wanted.sha256
        )


def _checksum(path: Path) -> str | None:
    return sha256_of(path) if path.exists() else None


def download_all(
    wanted: Iterable[PlaceDownload], folder: Path, *, client: httpx.Client, bar: Bar
) -> list[tuple[Path, str, str]]:
    """Bring all files into the folder; return path, day and address of each."""
    found = [download(one, folder, client=client, bar=bar) for one in wanted]
    return [(path, known.retrieved, known.url) for path, known in found]
