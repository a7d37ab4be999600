"""What can be reported: kinds and their categories."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Category:
    """The finer class of a report; `label` fits on a button, `example` shows what is meant.

    `reach` (metres) and `days`: how far away, how long ago an open ticket may be the same; None: never.
    """

    id: str
    kind: str
    label: str
    example: str
    reach: int | None = None
    days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What sort of trouble it is: dirt, noise or conflict.

    `quoted`: the words of one ticket may be shown, without personal data, to whoever may mean the same.
    """

    id: str
    label: str
    example: str
    categories: tuple[Category, ...]
    quoted: bool = False


@dataclass(frozen=True)
class Categories:
    """All kinds in the order of their buttons."""

    kinds: tuple[Kind, ...]

    def kind(self, kind_id: str) -> Kind | None:
        """Return the kind, or None for an unknown id."""
        return next((kind for kind in self.kinds if kind.id == kind_id), None)

    def get(self, category_id: str) -> Category | None:
        """Return the category, or None for an unknown id."""
        everything = (category for kind in self.kinds for category in kind.categories)
        return next((category for category in everything if category.id == category_id), None)

    def of_kind(self, kind_id: str) -> tuple[Category, ...]:
        """Return a kind's categories in the order of their buttons; none for an unknown kind."""
        kind = self.kind(kind_id)
        return kind.categories if kind else ()
