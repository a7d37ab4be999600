"""What a ticket's page gets that it can't do: one clear sentence, no effect, an entry where it smells of abuse."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from desk.caretaking import CaretakerDesk
from desk.links import LINK_LASTS, PAGES
from staff.uploads import MOST_BODY_BYTES, MOST_PHOTOS
from storage.photos import MOST_BYTES
from storage.wiring import House
from tests.fakes import FakeClock
from tests.page_visits import BASE, MAIL, Visitor, link, picture, reported, said, visiting


@dataclass(frozen=True, kw_only=True)
class WatchedHouse(House):
    """A house that remembers what was to be noted as an attempt at abuse."""

    noted: list[tuple[str, str, str | None]] = field(default_factory=list)

    def audit(self, what: str, *, chat: str, ticket: str | None = None) -> None:
        self.noted.append((what, chat, ticket))


@pytest.fixture
def watched(paged: House) -> WatchedHouse:
    return WatchedHouse(**vars(paged))


@pytest.fixture
async def visitor(watched: WatchedHouse) -> AsyncIterator[Visitor]:
    """Somebody with a link to a ticket that was just sent."""
    async with visiting(watched, link(watched, reported(watched))) as one:
        yield one


def everything(house: House) -> Any:
    """Whatever an effect would change."""
    with house.storage.look() as work:
        return work.tickets.all(), len(work.outbox.open())


async def every_way_in(visitor: Visitor, path: str) -> list[Any]:
    """Look, open a photo, do something."""
    return [
        await visitor.client.get(path),
        await visitor.client.get(f"{path}/photo/0"),
        await visitor.client.post(f"{path}/accept", data={"once": "0" * 16, "state": "assigned"}),
    ]


async def test_an_altered_link_is_refused_and_noted(watched: WatchedHouse, visitor: Visitor) -> None:
    """A wrong letter anywhere: one sentence, nothing of the ticket, an entry for each try."""
    before = everything(watched)
    for answer in await every_way_in(visitor, f"{visitor.path[:-1]}{'AB'[visitor.path[-1] == 'A']}"):
        assert (answer.status_code, said(answer)) == (404, watched.texts.get("page.link_altered"))
        assert "QH-" not in answer.text
    assert everything(watched) == before
    assert watched.noted == [("altered_link", "", None)] * 3


async def test_an_expired_link_is_refused(watched: WatchedHouse, visitor: Visitor, clock: FakeClock) -> None:
    """It says that a new one will come; that is nobody's abuse."""
    clock.now += LINK_LASTS
    before = everything(watched)
    for answer in await every_way_in(visitor, visitor.path):
        assert (answer.status_code, said(answer)) == (410, watched.texts.get("page.link_expired"))
    assert (everything(watched), watched.noted) == (before, [])


async def test_a_revoked_link_is_refused_and_noted(watched: WatchedHouse, visitor: Visitor) -> None:
    """The entry tells whose link it was and which ticket it was for."""
    watched.links.revoke(MAIL, now=watched.clock())
    before = everything(watched)
    for answer in await every_way_in(visitor, visitor.path):
        assert (answer.status_code, said(answer)) == (410, watched.texts.get("page.link_revoked"))
    assert everything(watched) == before
    assert watched.noted == [("revoked_link", MAIL, "QH-2026-00001")] * 3


@pytest.mark.parametrize(
    ("deed", "filled", "key"),
    [
        ("ask", {}, "page.no_question"),
        ("ask", {"words": " \r\n\t\x00 "}, "page.no_question"),
        ("ask", {"words": "ä" * 2001}, "page.too_long"),
        ("finish", {"words": "x" * 2001}, "page.too_long"),
        ("hand_over", {}, "page.no_area"),
        ("hand_over", {"area": "atlantis"}, "page.bad_form"),
        ("hand_over", {"area": "katernberg"}, "caretaker.lies_there_already"),
        ("refer", {}, "page.bad_form"),
        ("refer", {"matter": "danger"}, "page.bad_form"),
        ("decline", {}, "page.no_reason"),
        ("decline", {"reason": "other"}, "page.no_other_reason"),
        ("decline", {"reason": "bored"}, "page.bad_form"),
        ("merge", {}, "page.no_number"),
        ("merge", {"into": "'; DROP TABLE tickets; --"}, "page.no_number"),
        ("merge", {"into": "QH-2026-00009"}, "caretaker.no_such_ticket"),
        ("merge", {"into": "QH-2026-00001"}, "caretaker.same_ticket"),
        ("note", {}, "page.no_note"),
        ("accept", {"once": "x"}, "page.bad_form"),
        ("accept", {"once": ""}, "page.bad_form"),
        ("accept", {"state": "done"}, "page.changed"),
        ("accept", {"state": ""}, "page.changed"),
    ],
)
async def test_a_form_that_makes_no_sense_has_no_effect(
    watched: WatchedHouse, visitor: Visitor, deed: str, filled: dict[str, str], key: str
) -> None:
    """Something missing, too long, unknown or made up: the page again, with what is wrong in a box."""
    before = everything(watched)
    answer = await visitor.press(deed, **filled)
    expected = watched.texts.get(key).partition("{")[0].partition("(")[0].strip()
    assert answer.status_code == 409
    assert expected in said(answer)
    assert "Hier liegt viel herum." in answer.text
    assert (everything(watched), visitor.woken) == (before, [])


@pytest.mark.parametrize(
    ("files", "key"),
    [
        ((b"no picture",), "page.no_picture"),
        ((b"%PDF-1.4",), "page.no_picture"),
        ((picture(),) * (MOST_PHOTOS + 1), "page.too_many"),
        ((b"x" * (MOST_BYTES + 1),), "page.too_big"),
    ],
)
async def test_files_that_are_no_photos_have_no_effect(
    watched: WatchedHouse, visitor: Visitor, files: tuple[bytes, ...], key: str
) -> None:
    """No picture, too many, too big: a sentence, nothing is done."""
    before = everything(watched)
    answer = await visitor.press("finish", photos=files, words="Weg")
    assert watched.texts.get(key).partition("{")[0] in said(answer)
    assert everything(watched) == before


async def test_ten_photos_are_fine(watched: WatchedHouse, visitor: Visitor) -> None:
    """As many as the page says."""
    await visitor.press("finish", photos=tuple(picture() for _ in range(MOST_PHOTOS)))
    assert len(visitor.ticket().history[-1].photos) == MOST_PHOTOS


async def test_a_body_without_end_is_cut_off(watched: WatchedHouse, visitor: Visitor) -> None:
    """Without a promised length too, no more is read than we are ready for."""
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="photos"; filename="a"\r\n\r\n'
        while sent < 2 * MOST_BODY_BYTES:
            sent += 1_000_000
            yield b"x" * 1_000_000

    before = everything(watched)
    answer = await visitor.client.post(
        f"{visitor.path}/finish",
        content=endless(),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )
    assert answer.status_code == 409
    assert "zu viele Daten" in said(answer)
    assert sent <= MOST_BODY_BYTES + 1_000_000
    assert everything(watched) == before


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", None),
        (b"{}", "application/json"),
        (b"\xff\xfe%00=%zz&&&==", "application/x-www-form-urlencoded"),
        (b"--b", "multipart/form-data; boundary=b"),
        (b"x" * 5000, "multipart/form-data"),
        (b"a=1&" * 5000, "application/x-www-form-urlencoded"),
    ],
)
async def test_what_is_no_form_has_no_effect(
    watched: WatchedHouse, visitor: Visitor, content: bytes, kind: str | None
) -> None:
    """Whatever is posted instead of a form: the page, with a sentence."""
    before = everything(watched)
    headers = {"Content-Type": kind} if kind else {}
    answer = await visitor.client.post(f"{visitor.path}/accept", content=content, headers=headers)
    assert (answer.status_code, everything(watched)) == (409, before)
    assert watched.texts.get("page.bad_form") in said(answer)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/t/", 404),
        ("GET", "/admin.php", 404),
        ("GET", "/static/../pages.py", 404),
        ("GET", "/static/nothing.css", 404),
        ("POST", "{}", 405),
        ("DELETE", "{}", 405),
        ("GET", "{}/accept", 405),
        ("POST", "{}/assign", 404),
        ("POST", "{}/withdraw", 404),
        ("POST", "{}/photo/0", 405),
    ],
)
async def test_other_addresses_lead_nowhere(
    watched: WatchedHouse, visitor: Visitor, method: str, path: str, status: int
) -> None:
    """What is at none of our addresses, or asked for in another way, gets a friendly sentence."""
    before = everything(watched)
    answer = await visitor.client.request(method, path.format(visitor.path))
    assert (answer.status_code, said(answer)) == (status, watched.texts.get("page.nothing_here"))
    assert (everything(watched), watched.noted) == (before, [])


async def test_a_failure_of_ours_is_answered_and_logged_without_contents(
    watched: WatchedHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """A sentence for the caretaker, the kind of error for the log, headers as always."""

    class Broken(CaretakerDesk):
        def act(self, *_: Any, **__: Any) -> Any:
            raise RuntimeError("SECRETWORDS")

    desk = Broken(storage=watched.storage, city=watched.city)
    broken = replace(watched, caretakers=desk)
    async with visiting(broken, link(watched, reported(watched))) as visitor:
        answer = await visitor.press("accept")
    assert (answer.status_code, said(answer)) == (500, watched.texts.get("page.broken"))
    assert answer.headers["referrer-policy"] == "no-referrer"
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert errors == ["a page failed with RuntimeError"]


async def test_the_address_of_a_page_is_a_token_and_nothing_else(
    watched: WatchedHouse, visitor: Visitor
) -> None:
    """Neither number nor chat can be read from it."""
    token = visitor.path.removeprefix(PAGES)
    assert token.count(".") == 1
    for part in ("QH", "00001", "mail", BASE):
        assert part not in token
