"""Pseudonyms of chats: the same in one installation, different in another, leading nobody back."""

import logging
from pathlib import Path
from threading import Barrier, Thread

import pytest

from storage.audit import AUDIT_SECRET, Pseudonyms
from storage.settings import Settings
from storage.wiring import build


def test_a_chat_keeps_its_pseudonym(tmp_path: Path) -> None:
    """Another process of the same installation gives the same name; another chat or installation another one."""
    first = Pseudonyms(tmp_path / "secret")
    name = first.of("-100123")
    assert Pseudonyms(tmp_path / "secret").of("-100123") == name
    assert len({name, first.of("-100124"), Pseudonyms(tmp_path / "other").of("-100123")}) == 3
    assert len(name) == 16
    assert int(name, 16) >= 0


def test_the_secret_is_the_owners_alone(tmp_path: Path) -> None:
    """The file is made when it is first needed, readable by nobody else, and nothing is left beside it."""
    path = tmp_path / "state" / "secret"
    names = Pseudonyms(path)
    assert not path.exists()
    names.of("7")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["secret"]
    assert len(path.read_bytes()) == 32


def test_two_that_begin_at_once_agree(tmp_path: Path) -> None:
    """However many processes make the secret at the same moment, one stays."""
    together, found = Barrier(8), []

    def begin() -> None:
        names = Pseudonyms(tmp_path / "secret")
        together.wait()
        found.append(names.of("7"))

    threads = [Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert set(found) == {Pseudonyms(tmp_path / "secret").of("7")}


def test_a_folder_that_can_not_be_written_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The name holds for the process, and the log says so without naming anybody."""
    (tmp_path / "file").write_text("x")
    names = Pseudonyms(tmp_path / "file" / "secret")
    with caplog.at_level(logging.WARNING):
        assert names.of("4711") == names.of("4711")
    assert "secret can't be kept" in caplog.text
    assert "4711" not in caplog.text


def test_building_the_house_makes_no_secret(ready_sqlite_url: str, tmp_path: Path) -> None:
    """Commands that need no pseudonym leave no file."""
    house = build(Settings(database_url=ready_sqlite_url, state_dir=tmp_path / "state"))
    house.storage.engine.dispose()
    assert not (tmp_path / "state" / AUDIT_SECRET).exists()
