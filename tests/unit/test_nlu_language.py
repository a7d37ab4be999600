"""Other languages: recognised in few words, German never taken for one of them, emergencies left alone."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.foreign import SURE, UNKNOWN, Foreign, Languages, plain, read_telling, words_in
from nlu.components.language import LanguageDetector
from nlu.components.letters import Letters
from nlu.components.spelling import german_words

ROOT = Path(__file__).parent.parent.parent
MESSAGES = yaml.safe_load(Path(__file__).with_name("language_messages.yml").read_text(encoding="utf-8"))
GERMAN_OR_NONE = ("de", "none")
TRAINED = [
    ("hayır", "deny"),
    ("hayır hayır", "deny"),
    ("yardım edin yangın var", "emergency"),
    ("do you speak english", "ask_question"),
    ("Kackenkorb pottvoll", "report_dirt"),
    ("pottvoll is der Kackenkorb", "report_dirt"),
]


@pytest.fixture(scope="module")
def languages() -> Languages:
    """What decides, with the German word list alone: no message was learned from."""
    return Languages(Letters(accurate=True), read_telling(), german_words())


class FixedLetters:
    """Says the same about every text."""

    def __init__(self, likelihoods: Mapping[str, float]) -> None:
        self.likelihoods = likelihoods

    def guess(self, text: str) -> Mapping[str, float]:
        return self.likelihoods


@pytest.mark.parametrize("code", sorted(set(MESSAGES) - set(GERMAN_OR_NONE)))
def test_each_language_is_recognised(languages: Languages, code: str) -> None:
    """Sentences and fragments from two words on are recognised and named rightly."""
    found = {text: languages.foreign(text) for text in MESSAGES[code].splitlines()}
    assert len(found) > 25
    assert {text: one for text, one in found.items() if one is None or one.language != code} == {}
    assert all(one and SURE <= one.confidence <= 1 for one in found.values())


@pytest.mark.parametrize("code", GERMAN_OR_NONE)
def test_german_and_noise_stay(languages: Languages, code: str) -> None:
    """German of all kinds, names, places, short international words, code and noise are no other language."""
    assert {text: one for text in MESSAGES[code].splitlines() if (one := languages.foreign(text))} == {}


def test_training_messages_stay(languages: Languages) -> None:
    """Even knowing none of them, at most five in a thousand count as foreign, really foreign ones included."""
    texts = [text for path in sorted((ROOT / "nlu" / "data").glob("*.yml")) for text in examples(path)]
    assert len(texts) > 10_000
    assert sum(languages.foreign(text) is not None for text in texts) <= len(texts) * 0.005


def examples(path: Path) -> list[str]:
    """The messages of a file of training data, without markup."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", ())
    lines = (line.strip().removeprefix("- ") for entry in entries for line in entry["examples"].splitlines())
    return [re.sub(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})", r"\1", line) for line in lines if line]


@pytest.mark.parametrize("text", ["你好，请帮助我", "καλημέρα σας", "गली में कचरा है", "שלום, יש כאן הרבה זבל"])
def test_scripts_nobody_here_reads_are_foreign(languages: Languages, text: str) -> None:
    """They get an answer too, though nobody knows which language it is."""
    assert languages.foreign(text) == Foreign(language=UNKNOWN, confidence=1.0)


def test_persian_is_not_answered_in_arabic(languages: Languages) -> None:
    """The same script is not the same language."""
    found = languages.foreign("سلام، جلوی خانه من خیلی زباله هست")
    assert found is not None
    assert found.language == "fa"


@given(st.text(max_size=200))
def test_any_text_is_judged(languages: Languages, text: str) -> None:
    """Whatever is written, there is an answer within its bounds and no exception."""
    found = languages.foreign(text)
    assert found is None or (found.language != "de" and SURE <= found.confidence <= 1)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=30, max_size=60))
def test_one_long_row_of_letters_is_no_language(languages: Languages, text: str) -> None:
    """A cat on the keyboard is left to the classifier."""
    assert languages.foreign(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("don’t go to https://example.org/a now", ["don’t", "go", "to", "now"]),
        ("a b c 12 C3PO me@example.org", []),
        ("print('hello') # {x}", []),
        ("wAs soLl dAs hier", ["hier"]),
    ],
)
def test_only_words_count(text: str, words: list[str]) -> None:
    """Addresses, numbers, single letters, code and wild case tell nothing about the language."""
    assert words_in(text) == words


def test_case_and_accents_make_no_difference() -> None:
    """People leave them out."""
    assert {plain(word) for word in ("Şehir", "sehir", "SEHIR")} == {"sehir"}


@pytest.mark.parametrize(
    ("text", "german", "letters", "foreign"),
    [
        ("eins zwei go there", {"eins", "zwei"}, {"de": 0.0, "en": 1.0}, False),
        ("eins go there now", {"eins"}, {"de": 0.0, "en": 1.0}, True),
        ("eins go there now", {"eins"}, {"de": 0.9, "en": 0.1}, False),
        ("wo may go", set(), {"de": 0.1, "en": 0.9}, True),
        ("Wo May Go", set(), {"de": 0.1, "en": 0.9}, False),
        ("wo go", set(), {"de": 0.0, "en": 1.0}, False),
        ("go there", set(), {"de": 0.1, "en": 0.9}, True),
    ],
)
def test_words_and_letters_decide_together(
    text: str, german: set[str], letters: dict[str, float], *, foreign: bool
) -> None:
    """Half of the words German, letters like German, names, or too little to go by: each keeps it German."""
    languages = Languages(FixedLetters(letters), {"en": frozenset({"there"})}, german)
    assert (languages.foreign(text) is not None) is foreign


def test_words_that_give_a_language_away_are_not_common_in_german() -> None:
    """None stands in more than one of 300 training messages, but for the Polish no, a German never."""
    texts = [text for path in sorted((ROOT / "nlu" / "data").glob("*.yml")) for text in examples(path)]
    counts = Counter(word for text in texts for word in {plain(word) for word in words_in(text)})
    telling = {word for words in read_telling().values() for word in words}
    assert len(telling) > 500
    assert {word for word in telling if counts[word] > len(texts) / 300} == {"nie"}


@pytest.fixture(scope="module")
def component(tmp_path_factory: pytest.TempPathFactory) -> LanguageDetector:
    """The component, trained on a few messages, saved and loaded."""
    storage = LocalModelStorage(tmp_path_factory.mktemp("model"))
    place = (storage, Resource("language"), ExecutionContext(GraphSchema({})))
    trained = LanguageDetector.create({}, *place)
    trained.train(TrainingData([Message.build(text, intent) for text, intent in TRAINED]))
    return LanguageDetector.load({}, *place)


def processed(component: LanguageDetector, text: str, intent: str, **found: Any) -> SimpleNamespace:
    """What is on a message after the component, if the parts before it found this."""
    message = Message({"text": text, "category": {"name": "litter"}, **found})
    message.set("intent", {"name": intent, "confidence": 0.9}, add_to_output=True)
    message.set("intent_ranking", [{"name": intent, "confidence": 0.9}], add_to_output=True)
    (after,) = component.process([message])
    names = ("intent", "intent_ranking", "category", "language", "matters")
    return SimpleNamespace(**{name: after.get(name) for name in names}, output=after.output_properties)


def test_a_foreign_message_loses_what_was_read_into_it(component: LanguageDetector) -> None:
    """Kind, category and second matter of a foreign message are dropped: it never becomes a ticket."""
    after = processed(component, "Evimin önünde çok fazla çöp var", "report_dirt", matters=[{}, {}])
    assert (after.intent["name"], after.language) == ("foreign_language", "tr")
    assert after.intent["confidence"] >= SURE
    assert [one["name"] for one in after.intent_ranking] == ["foreign_language", "report_dirt"]
    assert after.category is None
    assert after.matters is None
    assert {"intent", "language", "category"} <= after.output


def test_a_german_message_stays_as_it_is(component: LanguageDetector) -> None:
    """Nothing is added to it and nothing taken away."""
    after = processed(component, "Hier liegt Müll", "report_dirt")
    assert (after.intent["name"], after.category, after.language) == ("report_dirt", {"name": "litter"}, None)
    assert "language" not in after.output


@pytest.mark.parametrize("found", [{}, {"emergency": {"rule": "fire", "call": "112"}}])
def test_an_emergency_stays_one(component: LanguageDetector, found: dict[str, Any]) -> None:
    """Its language is noted, so that the numbers can be given in it."""
    after = processed(component, "помогите, у соседей пожар", "emergency", **found)
    assert (after.intent["name"], after.language) == ("emergency", "ru")


@pytest.mark.parametrize(
    ("text", "intent", "language"),
    [
        ("hayır", "deny", "tr"),
        ("Yardım edin!", "emergency", "tr"),
        ("yardım var", "report_noise", "tr"),
    ],
)
def test_what_was_trained_in_another_language_is_understood(
    component: LanguageDetector, text: str, intent: str, language: str
) -> None:
    """Moves and cries for help of the training data keep their meaning."""
    after = processed(component, text, intent)
    assert (after.intent["name"], after.language) == (intent, language)


def test_a_trained_question_in_another_language_is_answered_in_it(component: LanguageDetector) -> None:
    """Only moves and emergencies keep their meaning: a German answer would help nobody here."""
    after = processed(component, "Do you speak English?", "ask_question")
    assert (after.intent["name"], after.language) == ("foreign_language", "en")


def test_words_of_our_messages_count_as_german(component: LanguageDetector) -> None:
    """What no word list has, the training messages teach."""
    learned = component._languages
    assert {"kackenkorb", "pottvoll"} <= learned.ours
    assert "hayir" not in learned.ours


@pytest.mark.parametrize("text", ["", None, "😀", "\ud800"])
def test_messages_without_words_pass(component: LanguageDetector, text: str | None) -> None:
    """Nothing to read is no error."""
    (after,) = component.process([Message({"text": text} if text is not None else {})])
    assert after.get("language") is None
