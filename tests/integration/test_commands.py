"""The commands operators type, as processes of their own."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.caretaking import Act
from desk.feedback import Feedback
from simulator.limits import Limits
from simulator.server import Simulator
from storage.settings import Settings
from storage.wiring import build
from tests.builders import report


def command(*arguments: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `kuemmerkasten` with an environment of the test's own."""
    inherited = {
        name: value for name, value in os.environ.items() if name not in ("TELEGRAM_TOKEN", "DATABASE_URL")
    }
    environment = inherited | {"STATE_DIR": str(folder)} | settings
    program = [sys.executable, "-m", "kuemmerkasten", *arguments]
    return subprocess.run(program, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    ("arguments", "settings", "status", "said"),
    [
        (["run"], {}, 1, "TELEGRAM_TOKEN fehlt"),
        (["caretaker", "invite", "--area", "karnap"], {}, 1, "TELEGRAM_TOKEN fehlt"),
        (["caretaker", "invite", "--area", "atlantis"], {"TELEGRAM_TOKEN": "1:x"}, 1, "atlantis"),
        (["tickets", "export"], {"LOG_LEVEL": "LAUT"}, 1, "LOG_LEVEL=LAUT"),
        (["tickets", "export"], {"DATABASE_URL": "keine Adresse"}, 1, "DATABASE_URL"),
        (["tickets", "export"], {"CITY": "atlantis"}, 1, "atlantis"),
        (["tickets", "export"], {"TELEGRAM_API_URL": "ftp://x"}, 1, "TELEGRAM_API_URL"),
        (["caretaker", "invite"], {}, 2, "--area"),
        (["tanzen"], {}, 2, "tanzen"),
    ],
)
def test_mistakes_get_a_german_sentence_and_no_traceback(tmp_path, arguments, settings, status, said):
    """Status 1 with a sentence for what can't be done, 2 for wrong use."""
    done = command(*arguments, folder=tmp_path, **settings)
    assert done.returncode == status
    assert said in done.stderr
    assert "Traceback" not in done.stderr


async def test_an_invitation_is_a_link_that_works_once(tmp_path):
    """The printed link carries a token the desk redeems exactly once."""
    async with Simulator(port=0, limits=Limits.NONE) as simulator:
        settings = {"TELEGRAM_TOKEN": simulator.bot_token, "TELEGRAM_API_URL": simulator.url}
        done = await asyncio.to_thread(
            command, "caretaker", "invite", "--area", "karnap", folder=tmp_path, **settings
        )
        assert done.returncode == 0, done.stderr
    link = done.stdout.strip()
    assert link.startswith(f"https://t.me/{simulator.bot.username}?start=")
    house = build(Settings.from_environment({"STATE_DIR": str(tmp_path)}))
    token, now = link.partition("start=")[2], datetime.now(UTC)
    assert house.caretakers.redeem(token, chat="1", now=now) == "karnap"
    assert house.caretakers.redeem(token, chat="2", now=now) is None
    house.storage.engine.dispose()


def test_the_export_has_history_and_nobodys_chat(tmp_path):
    """One JSON line a ticket; of those it concerns only how many they are."""
    house = build(Settings.from_environment({"STATE_DIR": str(tmp_path)}))
    with house.storage.work() as work:
        ticket, _ = work.tickets.open(report(reporter="4711", area="karnap"), at=datetime.now(UTC))
        work.tickets.follow(ticket.number, ["4712"], at=datetime.now(UTC))
    house.caretakers.invite("karnap", token="x", now=datetime.now(UTC))
    house.caretakers.redeem("x", chat="-1000815", now=datetime.now(UTC))
    asked = Act(deed="ask", note="Wo?")
    house.caretakers.act(ticket.number, asked, chat="-1000815", now=datetime.now(UTC))
    house.storage.engine.dispose()
    done = command("tickets", "export", folder=tmp_path)
    (line,) = done.stdout.splitlines()
    exported = json.loads(line)
    assert exported["number"] == ticket.number
    assert [entry["what"] for entry in exported["history"]] == ["new", "assigned", "waiting"]
    assert (exported["status"], exported["history"][-1]["note"]) == ("waiting", "Wo?")
    assert exported["people"] == 2
    assert "4711" not in line
    assert "4712" not in line
    assert "-1000815" not in line


def test_feedback_is_a_line_for_each_area(tmp_path):
    """Areas with few answers are one line without a name and without words."""
    house = build(Settings.from_environment({"STATE_DIR": str(tmp_path)}))
    with house.storage.work() as work:
        for area, words in (*(("karnap", "Nett"),) * 3, ("katernberg", "GEHEIM")):
            given = Feedback(at=datetime.now(UTC), area=area, category="litter", good=True, words=words)
            work.feedback.add(given)
    house.storage.engine.dispose()
    done = command("feedback", folder=tmp_path)
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"area": "karnap", "good": 3, "bad": 0, "words": ["Nett"] * 3},
        {"area": None, "good": 1, "bad": 0, "words": []},
    ]


def test_a_bot_that_cannot_reach_telegram_waits_and_stops_when_told(tmp_path, unused_tcp_port):
    """Nobody listens at the address: the worker keeps trying, and SIGTERM ends it with status 0."""
    address = f"http://127.0.0.1:{unused_tcp_port}"
    settings = {"TELEGRAM_TOKEN": "1:x", "TELEGRAM_API_URL": address, "STATE_DIR": str(tmp_path)}
    program = [sys.executable, "-m", "kuemmerkasten", "run"]
    process = subprocess.Popen(program, env=os.environ | settings, stderr=subprocess.PIPE, text=True)
    said = ""
    for line in process.stderr:
        said += line
        if "trying again" in line:
            process.send_signal(signal.SIGTERM)
    process.stderr.close()
    assert process.wait(60) == 0
    assert "1:x" not in said
