from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from desk.feedback import Feedback
from storage.tables import feedback


class SqlFeedback:
    """How content residents were, in SQL."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def add(self, given: Feedback) -> int:
        """Store an answer and return its row's id."""
        row = {"at": given.at, "area": given.area, "category": given.category, "good": given.good}
        insert = sa.insert(feedback).values(words=given.words, **row)
        return int(self.connection.execute(insert.returning(feedback.c.id)).scalar_one())

    def add_words(self, row: int, words: str) -> None:
        """Attach words to an answer, in place of any before; an unknown row is fine."""
        self.connection.execute(sa.update(feedback).where(feedback.c.id == row).values(words=words))

    def since(self, at: datetime) -> Sequence[Feedback]:
        """Return the answers of that moment and later, oldest first."""
        query = sa.select(feedback).where(feedback.c.at >= at).order_by(feedback.c.at, feedback.c.id)
        return [
            Feedback(at=row.at, area=row.area, category=row.category, good=row.good, words=row.words)
            for row in self.connection.execute(query)
        ]
