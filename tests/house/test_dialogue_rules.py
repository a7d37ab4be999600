"""House rules of the dialogue: responses, actions, rules, texts, commands and training messages fit together."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from rapidfuzz import fuzz
from scipy.sparse import triu
from sklearn.feature_extraction.text import CountVectorizer

from actions import all_actions, questions
from actions.doubt import Lost
from actions.information import OTHER_HELP, Answer
from actions.topics import AnswerByTopic
from bot.incoming import COMMANDS
from bot.profile import COMMANDS as SHOWN
from bot.profile import OF_CARETAKERS
from desk.drafts import Draft
from desk.offices import Weekday
from desk.questions import Question
from storage.texts import Texts

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("actions", "bot", "desk", "kuemmerkasten", "nlu", "simulator", "staff", "storage")
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
RULES = yaml.safe_load((ROOT / "nlu" / "data" / "rules.yml").read_text(encoding="utf-8"))["rules"]
OUTCOMES = ("cancelled", "uncovered", "sent")


def sources() -> Iterator[tuple[Path, ast.Module]]:
    """Every module of the product with its syntax tree."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def constants() -> Iterator[str]:
    """Every string of the product, pieces of f-strings left out."""
    for _, tree in sources():
        pieces = {
            id(piece) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for piece in node.values
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces:
                yield node.value


def patterns() -> Iterator[re.Pattern[str]]:
    """Every f-string of the product as a pattern: what is put in may be anything but nothing."""
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                pieces = [
                    re.escape(str(piece.value)) if isinstance(piece, ast.Constant) else ".+"
                    for piece in node.values
                ]
                yield re.compile("".join(pieces))


def rule_steps(key: str) -> set[str]:
    """What the rules name under a key ("intent", "action")."""
    return {step[key] for rule in RULES for step in rule["steps"] if key in step}


def responses_used() -> set[str]:
    """Every response the rules, the actions, the desk and the engine use."""
    used = {name for name in rule_steps("action") if name.startswith("utter_")}
    used |= {value for value in constants() if re.fullmatch(r"utter_[a-z_]*[a-z]", value)}
    used |= {f"utter_ask_{question.value}" for question in Question}
    used |= {f"utter_report_{outcome}" for outcome in OUTCOMES}
    for action in all_actions(None):
        if isinstance(action, Answer) and "run" not in vars(type(action)):
            used.add(f"utter_{action.stem}")
            used |= {f"utter_{action.stem}_in_report"} if action.has_menu else set()
        if isinstance(action, AnswerByTopic):
            own = {f"utter_{action.stem}_{topic}" for topic in (*action.topics, *action.endings)}
            used |= own | ({f"{response}_in_report" for response in own} if action.has_menu else set())
        if isinstance(action, Lost):
            used |= {
                f"utter_{stem}{end}" for stem in (action.stem, "lost_again") for end in ("", "_in_report")
            }
    used |= {f"utter_emergency_{call}" for call in OTHER_HELP}
    used.add("utter_own_tickets_none_in_report")
    return used


def test_every_response_that_is_used_exists() -> None:
    """Nobody is ever answered with nothing because a response is missing."""
    assert not responses_used() - set(DOMAIN["responses"])


def test_no_response_is_unused() -> None:
    """Whoever edits a sentence in domain.yml changes something people read."""
    assert not set(DOMAIN["responses"]) - responses_used()


def test_every_end_of_a_report_has_its_response() -> None:
    """The outcomes this file knows are those the table of buttons can lead to."""
    from desk.choosing import CHOICES

    ends = set()
    for (question, value), choose in CHOICES.items():
        outcome = choose(Draft(id="d"), value).draft.outcome if question is not Question.DISTRICT else None
        ends |= {outcome} if outcome else set()
    assert ends == {*OUTCOMES, "joined"}  # of which the ticket's own news tells


def test_every_action_has_a_class_and_the_reverse() -> None:
    """The domain lists exactly the actions there are."""
    names = [action.name() for action in all_actions(None)]
    assert len(names) == len(set(names))
    assert set(names) == set(DOMAIN["actions"])


def test_every_question_has_its_action() -> None:
    """No question of the report is forgotten, and each is asked by its own action."""
    asked = {action.question for action in all_actions(None) if isinstance(action, questions.AskQuestion)}
    assert asked == set(Question)
    assert DOMAIN["forms"]["report_form"]["required_slots"] == [question.value for question in Question]


def test_rules_name_what_there_is() -> None:
    """Intents and actions in rules are those of the domain; every intent leads somewhere."""
    forms = set(DOMAIN["forms"])
    known = {*DOMAIN["actions"], *DOMAIN["responses"], *forms}
    assert rule_steps("action") <= known
    intents = set(DOMAIN["intents"])
    assert rule_steps("intent") - {"nlu_fallback"} <= intents
    assert intents <= rule_steps("intent")


def braces(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("response", DOMAIN["responses"])
def test_every_variant_of_a_response_says_the_same(response: str) -> None:
    """Variants fill the same braces and offer the same buttons, and none is empty."""
    variants: list[dict[str, Any]] = DOMAIN["responses"][response]
    assert all(one["text"].strip() for one in variants)
    assert len({frozenset(braces(one["text"])) for one in variants}) == 1
    assert len({str(one.get("buttons")) for one in variants}) == 1


def texts_used(key: str) -> bool:
    """Tell whether the code names this text, by itself, as part of an f-string or with its whole section."""
    section = key.partition(".")[0]
    return key in CONSTANTS or any(one.fullmatch(key) for one in KEY_PATTERNS) or section in SECTIONS


CONSTANTS = set(constants())
KEY_PATTERNS = [one for one in patterns() if re.match(r"[a-z_]+\\\.", one.pattern)]
SECTIONS = {"buttons", "typed", "unsupported"}


def test_no_text_is_unused() -> None:
    """Every sentence in texts/ is one somebody may read."""
    assert [key for key in Texts.load().entries if not texts_used(key)] == []


def test_typed_words_belong_to_buttons() -> None:
    """What may be typed stands for a choice that has a button."""
    texts = Texts.load()
    assert set(texts.section("typed")) <= set(texts.section("buttons"))


def test_every_text_that_is_used_exists() -> None:
    """No key in the code leads to a missing sentence."""
    known = Texts.load().entries
    sections = {key.partition(".")[0] for key in known}
    named = {
        value
        for value in CONSTANTS
        if re.fullmatch(r"[a-z_]+\.[a-z_0-9]+", value) and value.partition(".")[0] in sections
    }
    files = {value for value in named if value.endswith((".yml", ".py", ".html", ".txt"))}
    assert sorted(named - files - set(known)) == []
    assert {f"hours.{day.value}" for day in Weekday} <= set(known)


def test_every_prefix_of_a_text_key_leads_to_texts() -> None:
    """An f-string that makes a key can make at least one that exists."""
    known = Texts.load().entries
    sections = {key.partition(".")[0] for key in known}
    for one in KEY_PATTERNS:
        if one.pattern.partition("\\")[0] in sections:
            assert any(one.fullmatch(key) for key in known), one.pattern


def test_commands_are_registered_with_texts() -> None:
    """Each command Telegram shows works, has a description short enough for Telegram, and help names it."""
    texts = Texts.load()
    assert set(SHOWN) <= set(COMMANDS)
    assert {key.removeprefix("command_") for key in texts.section("bot") if key.startswith("command_")} == {
        *SHOWN,
        *OF_CARETAKERS,
    }
    explained = DOMAIN["responses"]["utter_help"][0]["text"]
    for name in (*SHOWN, *OF_CARETAKERS):
        assert 3 <= len(texts.get(f"bot.command_{name}")) <= 256
    assert all(name == "hilfe" or f"/{name}" in explained for name in SHOWN)
    assert all(f"/{name}" in texts.get("caretaker.help") for name in OF_CARETAKERS)
    assert len(texts.get("bot.description")) <= 512
    assert len(texts.get("bot.short_description")) <= 120
    assert len(texts.get("bot.place_hint")) <= 64


def training_messages() -> list[str]:
    """Every training message of at least four words, without its markup."""
    found = []
    for path in sorted((ROOT / "nlu" / "data").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", ()):
            lines = (line.strip().removeprefix("- ") for line in entry["examples"].splitlines())
            found += [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line) for line in lines if line]
    return [message for message in found if len(message.split()) >= 4]


def pairs_with_common_words(messages: list[str]) -> Iterator[tuple[int, int]]:
    """Pairs that share at least two fifths of the shorter message's words: all that can be near duplicates."""
    words = CountVectorizer(binary=True, token_pattern=r"\w+").fit_transform(messages)
    lengths = np.asarray(words.sum(axis=1)).ravel()
    shared = triu(words @ words.T, k=1).tocoo()
    near = shared.data >= 0.4 * np.minimum(lengths[shared.row], lengths[shared.col])
    yield from zip(shared.row[near], shared.col[near], strict=True)


def test_training_messages_are_no_copies_of_each_other() -> None:
    """At most one in twenty has a near duplicate: the classifier learns from what differs."""
    messages = [message.lower() for message in training_messages()]
    assert len(messages) > 1000
    doubled = set()
    for one, other in pairs_with_common_words(messages):
        if fuzz.token_set_ratio(messages[one], messages[other]) >= 90:
            doubled |= {one, other}
    assert len(doubled) / len(messages) <= 0.05


def test_near_duplicates_would_be_found() -> None:
    """The search for pairs meets copies, reordered copies and messages that are part of another."""
    copies = [
        "laut ist es hier",
        "hier ist es laut",
        "hier ist es laut seit gestern",
        "der müll stinkt schon wieder",
    ]
    assert set(pairs_with_common_words(copies)) == {(0, 1), (0, 2), (1, 2)}
