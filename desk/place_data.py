"""How a city's official place data is laid out, and where its portal offers it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class PlaceDownload:
    """One file of a city's open-data portal."""

    name: str
    """What it is called on our disk; ends in .geojson, .json or .zip."""
    url: str
    sha256: str | None = None
    """Lower-case hex; None where the city replaces the file now and then."""


@dataclass(frozen=True, kw_only=True)
class PlaceDataLayout:
    """What the columns of the city's official place data are called, and whom to name as its source.

    Columns are found in upper and lower case alike.
    """

    street: str
    house_number: str
    addition: str | None = None
    """Column of the letter after the house number, where it stands in a column of its own."""
    district: str
    landmark: str = "name"
    attribution: str
    other_columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Other names a column of the above has in some files ("stadtteil": ("STADTTEILE",))."""
    downloads: tuple[PlaceDownload, ...] = ()

    def names_of(self, column: str | None) -> tuple[str, ...]:
        """Return every name a column may have, in lower case, the usual one first."""
        if column is None:
            return ()
        return tuple(name.lower() for name in (column, *self.other_columns.get(column, ())))
