"""What Signalen does, in German, for `understanding.py`: stemmed words, TF-IDF, logistic regression.

As there: lower case, no signs, Snowball stems, no stop words, words and pairs of words, one label of main and
sub category, the regularisation chosen by cross-validation.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import joblib  # type: ignore[import-untyped]
from understanding_messages import Example, Reading
from understanding_system import SEED, Options, Read

MODEL = "signalen.joblib"
CHOICES = {"logisticregression__C": (10.0, 100.0), "logisticregression__class_weight": (None, "balanced")}
"""Cross-validation takes the best."""

FOLDS = 3
_WORDS = re.compile(r"\w\w+")


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("german")


@dataclass(frozen=True)
class Stems:
    """Cuts a text into stems; the stop words are stored with the model, as whoever reads needs no spaCy."""

    stop_words: frozenset[str]

    def __call__(self, text: str) -> list[str]:
        """Return the stems of the words that are no stop words."""
        words = [word for word in _WORDS.findall(text.lower()) if word not in self.stop_words]
        return [str(stem) for stem in _stemmer().stemWords(words)]


def train(examples: Sequence[Example], folder: Path, options: Options) -> None:  # noqa: ARG001 -- nothing to set
    """Fit on joint labels of intent and category."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV, StratifiedKFold
    from sklearn.pipeline import make_pipeline
    from spacy.lang.de.stop_words import STOP_WORDS

    stems = Stems(frozenset(STOP_WORDS))
    words = TfidfVectorizer(lowercase=False, tokenizer=stems, token_pattern=None, ngram_range=(1, 2))
    pipeline = make_pipeline(words, LogisticRegression(solver="liblinear", random_state=SEED))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    search = GridSearchCV(pipeline, CHOICES, cv=folds)
    search.fit([example.text for example in examples], [example.joint for example in examples])
    joblib.dump(search.best_estimator_, folder / MODEL)


async def load(folder: Path) -> Read:
    """Load the fitted pipeline."""
    pipeline = joblib.load(folder / MODEL)
    labels = [str(label) for label in pipeline.classes_]

    async def read(text: str) -> Reading:
        return Reading.of_labels(dict(zip(labels, pipeline.predict_proba([text])[0].tolist(), strict=True)))

    return read
