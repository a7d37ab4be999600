import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from bot.intake import Intake
from bot.webhook import MOST_BYTES, SECRET_HEADER, webhook_app
from tests.builders import message_update

SECRET = "s3cret-Token_1"


class FakeInbox:
    """An inbox in a dict, with the transactions it takes part in."""

    def __init__(self) -> None:
        self.known: dict[int, dict[str, Any]] = {}
        self.broken = False
        self.inbox = self

    @contextmanager
    def work(self) -> Iterator["FakeInbox"]:
        if self.broken:
            raise OSError("away")
        yield self

    def take(self, updates: list[dict[str, Any]]) -> list[dict[str, Any]]:
        fresh = [update for update in updates if update["update_id"] not in self.known]
        self.known |= {update["update_id"]: update for update in fresh}
        return fresh

    def open(self) -> list[dict[str, Any]]:
        return list(self.known.values())


@pytest.fixture
def inbox() -> FakeInbox:
    return FakeInbox()


@pytest.fixture
def queued() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def intake(inbox: FakeInbox, queued: list[dict[str, Any]]) -> Intake:
    async def put(update: dict[str, Any]) -> None:
        queued.append(update)

    return Intake(storage=inbox, put=put)


async def post(
    intake: Intake,
    content: bytes | str,
    *,
    secret: str | None = SECRET,
    path: str = "/hook",
    method: str = "POST",
) -> int:
    """Send a request as Telegram would; the status of the answer."""
    transport = httpx.ASGITransport(
        webhook_app(intake, path="/hook", secret=SECRET), raise_app_exceptions=False
    )
    headers = {} if secret is None else {SECRET_HEADER.encode(): secret.encode()}
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        return (await client.request(method, path, content=content, headers=headers)).status_code


UPDATE = message_update(5, text="Hallo")


async def test_an_update_is_stored_and_queued(intake: Intake, inbox: FakeInbox, queued: list) -> None:
    """With the secret an update is taken; it is stored before Telegram hears that it is."""
    assert await post(intake, json.dumps(UPDATE)) == 200
    assert queued == [UPDATE]
    assert inbox.known == {5: UPDATE}


async def test_the_same_update_again_has_no_effect(intake: Intake, queued: list) -> None:
    """Telegram repeats what it is unsure about: accepted each time, queued once."""
    for _ in range(3):
        assert await post(intake, json.dumps(UPDATE)) == 200
    assert queued == [UPDATE]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET.lower(), f"{SECRET} "[:-2], f"{SECRET}x"])
async def test_without_the_secret_nothing_gets_in(
    intake: Intake, inbox: FakeInbox, secret: str | None
) -> None:
    """Requests that are not Telegram's are refused before anything of them is read."""
    assert await post(intake, json.dumps(UPDATE), secret=secret) == 403
    assert not inbox.known


@pytest.mark.parametrize(
    "content",
    [
        "",
        "x",
        "[]",
        "null",
        "{}",
        '{"update_id": "5"}',
        '{"update_id": null}',
        '"update_id"',
        "{",
        b"\xff\xfe",
        "[1]",
    ],
)
async def test_what_is_no_update_is_refused(intake: Intake, inbox: FakeInbox, content: bytes | str) -> None:
    """Broken or foreign JSON is a bad request, not an error of ours."""
    assert await post(intake, content) == 400
    assert not inbox.known


async def test_a_flood_in_one_request_is_refused(intake: Intake, inbox: FakeInbox) -> None:
    """A body no update can have is not even read."""
    body = json.dumps({**UPDATE, "filler": "x" * MOST_BYTES})
    assert await post(intake, body) == 413
    assert not inbox.known


@pytest.mark.parametrize(
    ("path", "method", "status"), [("/", "POST", 404), ("/hook", "GET", 405), ("/hook/x", "POST", 404)]
)
async def test_there_is_one_door_only(
    intake: Intake, inbox: FakeInbox, path: str, method: str, status: int
) -> None:
    """Other addresses and methods do not exist."""
    assert await post(intake, json.dumps(UPDATE), path=path, method=method) == status
    assert not inbox.known


async def test_what_could_not_be_stored_is_not_confirmed(
    intake: Intake, inbox: FakeInbox, queued: list
) -> None:
    """With the database away Telegram gets an error and will send the update again."""
    inbox.broken = True
    assert await post(intake, json.dumps(UPDATE)) == 500
    assert queued == []
    inbox.broken = False
    assert await post(intake, json.dumps(UPDATE)) == 200
    assert queued == [UPDATE]


async def test_what_was_left_open_comes_first_after_a_restart(
    intake: Intake, inbox: FakeInbox, queued: list
) -> None:
    """Updates that were stored but not finished are queued again."""
    inbox.known = {5: UPDATE}
    await intake.resume()
    assert queued == [UPDATE]
