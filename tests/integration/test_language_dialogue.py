"""The dialogue with residents who write in another language: the real rules, a classifier of a few words."""

import shutil
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest

from actions import all_actions
from nlu.engine.engine import Engine
from nlu.engine.models import is_current, newest_model
from nlu.engine.turn import Reply, Turn
from storage.settings import Settings
from storage.wiring import build
from tests.builders import NOW
from tests.fakes import FakeClock, MemoryConversations

ROOT = Path(__file__).parent.parent.parent
CONFIG = """
recipe: default.v1
language: de
assistant_id: languages
pipeline:
  - name: KeywordIntentClassifier
    case_sensitive: false
  - name: nlu.components.emergency.EmergencyRules
  - name: nlu.components.language.LanguageDetector
    accurate: false
policies:
  - name: RulePolicy
"""
WORDS = """
nlu:
  - intent: report_dirt
    examples: |
      - Müll
      - rubbish
  - intent: emergency
    examples: |
      - Feuer
      - yangın var
"""
ENGLISH, TURKISH = "There is rubbish in front of my house", "Evimin önünde çok fazla çöp var"
NUMBERS = ("110", "112")


class Say(Protocol):
    """Take one turn, words or a button, and return the texts of the replies."""

    async def __call__(self, text: str | None = None, **structured: object) -> list[Reply]: ...


@pytest.fixture(scope="module")
def model(pytestconfig: pytest.Config) -> Path:
    """The product's domain and rules with a pipeline of seconds; kept while its files stay the same."""
    root = Path(pytestconfig.cache.mkdir("language_project"))
    shutil.copytree(ROOT / "nlu" / "components", root / "nlu" / "components", dirs_exist_ok=True)
    (root / "nlu" / "data").mkdir(exist_ok=True)
    (root / "nlu" / "data" / "words.yml").write_text(WORDS, encoding="utf-8")
    (root / "config.yml").write_text(CONFIG, encoding="utf-8")
    for name in ("domain.yml", "nlu/data/rules.yml"):
        shutil.copyfile(ROOT / name, root / name)
    newest = newest_model(root)
    if newest is not None and is_current(newest, root):
        return newest
    from nlu.engine.training import train

    return train(root, progress=lambda done, total, step: None)


@pytest.fixture
async def say(model: Path, ready_sqlite_url: str, tmp_path: Path) -> AsyncIterator[Say]:
    """Talk to the assistant in one chat; no turn may fail."""
    house = build(Settings(database_url=ready_sqlite_url, state_dir=tmp_path), clock=FakeClock(NOW))
    failures: list[BaseException] = []
    engine = await Engine.load(
        model,
        actions=all_actions(house),
        conversations=MemoryConversations(),
        on_failure=lambda place, error: failures.append(error),
    )
    updates = count(1)

    async def _say(text: str | None = None, **structured: object) -> list[Reply]:
        return await engine.handle(Turn(chat="a", update=next(updates), text=text, **structured))

    yield _say
    assert failures == []
    house.storage.engine.dispose()


async def test_another_language_is_answered_in_it(say: Say) -> None:
    """The answer is in that language and offers the menu; no report begins, whatever the classifier thinks."""
    (reply,) = await say(ENGLISH)
    assert reply.text is not None
    assert reply.text.startswith("Hello!")
    assert all(number in reply.text for number in NUMBERS)
    assert reply.buttons
    (reply,) = await say(TURKISH)
    assert reply.text is not None
    assert reply.text.startswith("Merhaba!")


async def test_german_afterwards_begins_a_report(say: Say) -> None:
    """Who is asked for a few German words can write them."""
    await say(ENGLISH)
    *_, question = await say("Müll")
    assert {button.payload.partition("{")[0] for button in question.buttons} == {"/choose"}


async def test_an_emergency_is_answered_in_both_languages(say: Say) -> None:
    """Numbers first, in German and in the language that was written in."""
    german, turkish = await say("yangın var")
    for reply in (german, turkish):
        assert reply.text is not None
        assert all(number in reply.text for number in NUMBERS)
    assert "Acil" not in german.text
    assert "tehlikede" in turkish.text


@pytest.mark.parametrize(
    "begin", [{"text": "Müll"}, {"intent": "begin_report", "entities": {"kind": "noise"}}]
)
async def test_during_a_report_the_question_follows_again(say: Say, begin: dict[str, object]) -> None:
    """What was written in another language is no answer: the report waits where it was."""
    *_, asked = await say(**begin)
    answer, again = await say(TURKISH)
    assert answer.text is not None
    assert answer.text.startswith("Merhaba!")
    assert not answer.buttons
    assert again == asked
