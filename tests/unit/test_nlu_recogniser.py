"""The trained part of finding places and times, on a handful of messages."""

from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from nlu.components.extractor import LONGEST_TEXT, PlaceAndTimeExtractor
from nlu.components.ner import Learning, Marked, Recogniser
from nlu.components.ner_chain import FIRST, FOLLOWS, LABELS, Plan, Seen, fit, most_likely, passes
from nlu.components.ner_choice import LEARNED, NUMBER, chosen
from nlu.components.ner_features import NOTHING, WordClasses, rule_hints
from nlu.components.ner_tokens import encodable, german, words
from nlu.components.places import WORDS_FILE
from nlu.components.spans import Span

OBJECTS = ("Sperrmüll", "Ein Sofa", "Glasscherben", "Farbe", "Laub", "Matratzen")
SPOTS = ("Blaues Haus", "Kaisergarten", "Trinkhalle Emil", "Alte Mühle")
OFTEN = ("andauernd", "dann und wann", "alle naselang")
PIPELINE = german()
NUMBERED = WordClasses.of(yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8")), ()).number


def marked_text(text: str, **marks: str) -> Message:
    """A training message; the marks are parts of the text."""
    entities = [
        {"entity": name, "value": part, "start": text.index(part), "end": text.index(part) + len(part)}
        for name, part in marks.items()
    ]
    return Message({"text": text, "intent": "report_dirt", "entities": entities})


def messages() -> Iterator[Message]:
    """Marked messages whose places and times no rule knows, and some without."""
    for thing, spot, often in product(OBJECTS, SPOTS, OFTEN):
        yield marked_text(f"{thing} nahe {spot}, {often}!", place=spot, time=often)
    for thing in OBJECTS:
        yield marked_text(f"{thing} hinter dem Zaun")
        yield marked_text(f"Danke, {thing} ist abgeholt")


def trained(folder: Path) -> PlaceAndTimeExtractor:
    """Train on the messages, and read back what was stored."""
    folder.mkdir(exist_ok=True)
    storage, resource = LocalModelStorage.create(folder), Resource("extractor")
    context: Any = None
    PlaceAndTimeExtractor.create({}, storage, resource, context).train(TrainingData([*messages()]))
    return PlaceAndTimeExtractor.load({}, storage, resource, context)


@pytest.fixture(scope="module")
def extractor(tmp_path_factory: pytest.TempPathFactory) -> PlaceAndTimeExtractor:
    """A trained extractor, read back from the model."""
    return trained(tmp_path_factory.mktemp("model"))


def entities(extractor: PlaceAndTimeExtractor, text: str) -> list[dict[str, Any]]:
    """What the extractor puts on a message."""
    (message,) = extractor.process([Message({"text": text})])
    found: list[dict[str, Any]] = message.get("entities")
    return found


def test_what_was_marked_is_found_elsewhere(extractor: PlaceAndTimeExtractor) -> None:
    """A place that no rule knows is found in a new sentence, up to its last word."""
    found = [(entity["entity"], entity["value"]) for entity in entities(extractor, "Papier nahe Alte Mühle")]
    assert found == [("place", "Alte Mühle")]


def test_untrained_only_the_rules_speak(tmp_path: Path) -> None:
    """The same sentence says nothing to an extractor without training, while a street does."""
    context: Any = None
    storage = LocalModelStorage.create(tmp_path)
    untrained = PlaceAndTimeExtractor.create({}, storage, Resource("extractor"), context)
    assert entities(untrained, "Papier nahe Alte Mühle") == []
    assert [entity["value"] for entity in entities(untrained, "Papier, Lindenstr. 12")] == ["Lindenstr. 12"]


def test_streets_of_the_rules_survive_the_training(extractor: PlaceAndTimeExtractor) -> None:
    """A street by its shape is found, though no training message has one."""
    found = entities(extractor, "Müll in der Gutenbergstr. 52 seit drei Wochen")
    assert [entity["value"] for entity in found] == ["Gutenbergstr. 52", "seit drei Wochen"]


def test_entities_have_the_form_rasa_expects(extractor: PlaceAndTimeExtractor) -> None:
    """Offsets, value, confidence and the extractor's name stand in each entity."""
    text = "Farbe nahe Kaisergarten, andauernd!"
    for entity in entities(extractor, text):
        assert text[entity["start"] : entity["end"]] == entity["value"]
        assert 0 < entity["confidence_entity"] <= 1
        assert entity["extractor"] == "PlaceAndTimeExtractor"


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_text_gets_valid_spans(extractor: PlaceAndTimeExtractor, text: str) -> None:
    """No text is an error; spans of an entity lie in it, hold something and do not overlap."""
    for found in extractor._finder.find(text).values():
        ordered = sorted(found, key=lambda span: span.start)
        assert all(0 <= span.start < span.end <= len(text) for span in ordered)
        assert all(first.end <= second.start for first, second in pairwise(ordered))


@pytest.mark.parametrize("text", ["", "   ", "😡😡", "\ud800\x00", "12", "a" * LONGEST_TEXT])
def test_strange_texts_name_no_place(extractor: PlaceAndTimeExtractor, text: str) -> None:
    """Nothing, blanks, emoji, broken characters and one endless word hold neither place nor time."""
    assert entities(extractor, text) == []


def test_what_lies_behind_the_limit_is_not_read(extractor: PlaceAndTimeExtractor) -> None:
    """Only the length of a Telegram message is looked at."""
    assert entities(extractor, "x " * (LONGEST_TEXT // 2) + "Lindenstr. 12") == []


def test_training_twice_gives_the_same(tmp_path: Path) -> None:
    """The same messages make the same weights."""
    one, other = (trained(tmp_path / name)._finder.recogniser for name in ("one", "other"))
    assert one is not None
    assert other is not None
    assert list(one.rows) == list(other.rows)
    assert np.array_equal(one.weights, other.weights)


def test_what_is_stored_decides_the_same(tmp_path: Path, extractor: PlaceAndTimeExtractor) -> None:
    """Writing and reading changes no score."""
    recogniser = extractor._finder.recogniser
    assert recogniser is not None
    recogniser.write(tmp_path)
    again = Recogniser.read(tmp_path)
    seen = extractor._finder.marked("Farbe nahe Kaisergarten", ()).cues
    assert np.array_equal(recogniser.scores(seen), again.scores(seen))


def test_a_broken_model_is_not_read(tmp_path: Path) -> None:
    """Missing files are an error rather than an extractor that finds nothing."""
    with pytest.raises(OSError, match="recogniser"):
        Recogniser.read(tmp_path)


def test_nothing_to_learn_from_is_an_error() -> None:
    """Training without a single word is refused."""
    with pytest.raises(ValueError, match="no message"):
        Recogniser.learn([Marked(words=(), cues=(), marks={})])


def test_progress_is_told(extractor: PlaceAndTimeExtractor) -> None:
    """Each round of learning is reported, at most as many as allowed."""
    told: list[object] = []
    seen = [extractor._finder.marked(one.get("text"), one.get("entities")) for one in messages()]
    Recogniser.learn(seen, Learning(rounds=5), told.append)
    assert 1 <= len(told) <= 5


def test_marks_become_labels() -> None:
    """The first word of a mark begins it, the others continue it, and the rest is outside."""
    seen = tuple(words(german(), "Müll am Alten Markt heute"))
    marks = {"place": [Span(start=8, end=19, confidence=1)], "time": [Span(start=20, end=25, confidence=1)]}
    labels = Marked(words=seen, cues=[[]] * len(seen), marks=marks).labels()
    assert [LABELS[label] for label in labels] == ["O", "O", "B-place", "I-place", "B-time"]


def test_rules_are_hints_with_a_beginning_and_an_end() -> None:
    """Each word of a rule's span carries entity and sureness, the first and last also where they stand."""
    seen = tuple(words(german(), "vor Lindenstr. 12 a"))
    hints = rule_hints(seen, {"place": [Span(start=4, end=19, confidence=0.95)]})
    assert hints == [NOTHING, "place19B", "place19", "place19E"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("lindenstr. 12 ist", ["lindenstr.", "12", "ist"]),
        ("Lindenstr.12a", ["Lindenstr.", "12", "a"]),
        ("Tannenweg7, Nr. 3", ["Tannenweg", "7", ",", "Nr.", "3"]),
        ("Altendorfer/Haedenkamp", ["Altendorfer", "/", "Haedenkamp"]),
        ("Da ist Müll.Bitte weg.", ["Da", "ist", "Müll", ".", "Bitte", "weg", "."]),
    ],
)
def test_addresses_are_split_where_people_forget_the_blank(text: str, parts: list[str]) -> None:
    """A street keeps the dot of its abbreviation, a number is a word of its own."""
    assert [word for _, word in words(german(), text)] == parts


@given(text=st.text(st.characters(exclude_categories=()), max_size=100))
def test_words_stand_where_they_are_said_to(text: str) -> None:
    """Every word is found at its offset, in texts with any character."""
    plain = encodable(text)
    assert len(plain) == len(text)
    assert all(plain[start : start + len(word)] == word for start, word in words(PIPELINE, plain))


@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_the_likeliest_sequence_is_found(seed: int, length: int) -> None:
    """It is the best of all allowed sequences, tried one by one."""
    chance = np.random.default_rng(seed)
    scores = chance.normal(size=(length, len(LABELS)))
    transitions = chance.normal(size=(len(LABELS), len(LABELS)))

    def worth(labels: tuple[int, ...]) -> float:
        own = sum(scores[at, label] for at, label in enumerate(labels))
        return float(own + sum(transitions[one, next_] for one, next_ in pairwise(labels)))

    allowed = [
        labels
        for labels in product(range(len(LABELS)), repeat=length)
        if FIRST[labels[0]] and all(FOLLOWS[one, next_] for one, next_ in pairwise(labels))
    ]
    assert tuple(most_likely(scores, transitions)) == max(allowed, key=worth)


def test_learning_follows_what_was_shown() -> None:
    """With one feature a label, the fitted chain gives every word back its label."""
    labels = np.array([0, 1, 2, 0, 3, 4, 0, 1])
    lengths = np.array([1, 5, 2])  # the longest neither first nor last
    seen = Seen(csr_matrix(np.eye(len(LABELS))[labels]), csr_matrix(np.eye(len(LABELS))))
    learnt = fit(seen, labels, Plan(lengths), penalty=0.01, rounds=50, on_round=lambda _point: None)
    for end, length in zip(np.cumsum(lengths), lengths, strict=True):
        rows = slice(end - length, end)
        assert most_likely(seen.scores(learnt[0])[rows], learnt[1]) == labels[rows].tolist()


def test_how_likely_a_label_is_counts_every_sequence() -> None:
    """Label by label it is what all allowed sequences, tried one by one, come to."""
    chance = np.random.default_rng(5)
    lengths = np.array([2, 3, 1])
    scores, transitions = chance.normal(size=(6, len(LABELS))), chance.normal(size=(len(LABELS), len(LABELS)))
    plan = Plan(lengths)
    forward, backward, _, norm = passes(scores[plan.order], transitions, plan)
    likely = np.empty_like(scores)
    likely[plan.order] = forward * backward
    whole = 0.0
    for end, length in zip(np.cumsum(lengths), lengths, strict=True):
        own, counted, total = scores[end - length : end], np.zeros((length, len(LABELS))), 0.0
        for labels in product(range(len(LABELS)), repeat=int(length)):
            if FIRST[labels[0]] and all(FOLLOWS[one, next_] for one, next_ in pairwise(labels)):
                worth = own[range(length), labels].sum() + sum(transitions[pair] for pair in pairwise(labels))
                counted[range(length), labels] += np.exp(worth)
                total += np.exp(worth)
        assert likely[end - length : end] == pytest.approx(counted / total)
        whole += np.log(total)
    assert norm == pytest.approx(whole)


def span_of(text: str, part: str, confidence: float) -> Span:
    """The span of a part of the text."""
    start = text.index(part)
    return Span(start=start, end=start + len(part), confidence=confidence)


def values(text: str, rules: list[Span], learned: list[Span]) -> list[tuple[str, float]]:
    """What is chosen, as written, with its confidence."""
    return [
        (text[span.start : span.end], span.confidence)
        for span in chosen(text, rules, learned, sure=0.6, number=NUMBERED)
    ]


def test_the_recogniser_sets_the_limits() -> None:
    """Where both see a place, its words are the recogniser's and its sureness the rules'."""
    text = "Wand Lindenstr. 12 besprüht"
    rules = [span_of(text, "Wand Lindenstr. 12", 0.95)]
    assert values(text, rules, [span_of(text, "Lindenstr. 12", 1)]) == [("Lindenstr. 12", 0.95)]


def test_rules_add_only_what_they_are_sure_of() -> None:
    """A sure street that the recogniser misses is kept, a vague landmark is not."""
    text = "Am Rewe in der Lindenstraße"
    rules = [span_of(text, "Lindenstraße", 0.8), span_of(text, "Rewe", 0.5)]
    assert values(text, rules, []) == [("Lindenstraße", 0.8)]


def test_a_mere_number_comes_last() -> None:
    """A lamp's number is no match for a place, even a vague one."""
    text = "Lampe Nr. 6 am Kaisergarten"
    learned = [span_of(text, "Nr. 6", 1), span_of(text, "Kaisergarten", 1)]
    assert values(text, [], learned) == [("Kaisergarten", LEARNED), ("Nr. 6", NUMBER)]


def test_a_number_takes_its_street_along() -> None:
    """Where the rules see street and number, the number alone is not the place."""
    text = "Holdersteig 9-23 ist dunkel"
    rules = [span_of(text, "Holdersteig 9-23", 0.95)]
    assert values(text, rules, [span_of(text, "9-23", 1)]) == [("Holdersteig 9-23", 0.95)]


def test_words_are_not_cut() -> None:
    """A span takes the whole hyphenated word, and leaves the end of the sentence."""
    text = "Müll, Theodor-Heuss-Allee."
    assert values(text, [], [span_of(text, "Heuss-Allee.", 1)]) == [("Theodor-Heuss-Allee", LEARNED)]
    text = "Müll in der Lindenstr."
    assert values(text, [], [span_of(text, "Lindenstr.", 1)]) == [("Lindenstr.", LEARNED)]
