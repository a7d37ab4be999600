"""The classifier on disk: numbers in one `.npz`, words in one `.json`; no pickle, nothing can run from it."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlu.components.linear import LinearModel
from nlu.components.spelling import Spelling
from nlu.components.terms import TermWeights

NUMBERS, WORDS = "classifier.npz", "classifier.json"


@dataclass(frozen=True, kw_only=True)
class Trained:
    """All that was learned: `threshold` is the least confidence that counts as understood."""

    model: LinearModel
    spelling: Spelling
    encoder: str
    threshold: float


def write(folder: Path, trained: Trained) -> None:
    """Write both files; existing ones are replaced."""
    model = trained.model
    np.savez(
        folder / NUMBERS,
        meaning_weights=model.meaning_weights,
        term_weights=model.term_weights.astype(np.float16),  # half the file; the third digit decides nothing
        bias=model.bias,
        rarity=model.terms.rarity,
    )
    words = {
        "encoder": trained.encoder,
        "temperature": model.temperature,
        "threshold": trained.threshold,
        "labels": model.labels,
        "terms": [list(table) for table in model.terms.tables],
        "words": dict(trained.spelling.counts),
        "nouns": sorted(trained.spelling.nouns),
    }
    (folder / WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")


def read(folder: Path) -> Trained:
    """Read what `write` wrote; OSError or ValueError for missing or broken files."""
    words = json.loads((folder / WORDS).read_text(encoding="utf-8"))
    tables: list[dict[str, int]] = []
    offset = 0
    for terms in words["terms"]:
        tables.append({term: offset + column for column, term in enumerate(terms)})
        offset += len(terms)
    with np.load(folder / NUMBERS, allow_pickle=False) as numbers:
        model = LinearModel(
            labels=tuple(words["labels"]),
            terms=TermWeights(tables=tuple(tables), rarity=numbers["rarity"]),
            meaning_weights=numbers["meaning_weights"],
            term_weights=numbers["term_weights"].astype(np.float32),
            bias=numbers["bias"],
            temperature=float(words["temperature"]),
        )
    return Trained(
        model=model,
        spelling=Spelling(counts=words["words"], nouns=frozenset(words["nouns"])),
        encoder=str(words["encoder"]),
        threshold=float(words["threshold"]),
    )
