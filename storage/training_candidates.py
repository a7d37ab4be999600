from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from desk.drafts import Guess
from desk.training_candidates import TrainingCandidate
from storage.tables import training_candidates


class SqlTrainingCandidates:
    """What residents corrected, without personal data, in SQL."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def add(self, candidate: TrainingCandidate) -> None:
        """Store a candidate."""
        row = {
            "at": candidate.at,
            "city": candidate.city,
            "text": candidate.text,
            "read_kind": candidate.read.kind,
            "read_category": candidate.read.category,
            "confidence": candidate.read.confidence,
            "kind": candidate.kind,
            "category": candidate.category,
        }
        self.connection.execute(sa.insert(training_candidates).values(**row))

    def all(self) -> Sequence[TrainingCandidate]:
        """Return every candidate, in the order they came."""
        query = sa.select(training_candidates).order_by(training_candidates.c.id)
        return [_candidate(row) for row in self.connection.execute(query)]


def _candidate(row: sa.Row[Any]) -> TrainingCandidate:
    read = Guess(kind=row.read_kind, category=row.read_category, confidence=row.confidence)
    return TrainingCandidate(
        text=row.text, read=read, kind=row.kind, category=row.category, at=row.at, city=row.city
    )
