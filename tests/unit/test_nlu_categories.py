from pathlib import Path

import pytest

from desk.assigning import PRIVATE_KINDS
from desk.errors import CityFileError
from storage.categories import LONGEST_LABEL, load_categories
from storage.texts import Texts


def test_every_category_is_found_by_its_id_and_under_its_kind() -> None:
    """The shipped file loads, and lookups by id and by kind agree."""
    categories = load_categories()
    assert [kind.id for kind in categories.kinds] == ["dirt", "noise", "conflict"]
    for kind in categories.kinds:
        assert categories.kind(kind.id) == kind
        assert categories.of_kind(kind.id) == kind.categories
        for category in kind.categories:
            assert categories.get(category.id) == category
            assert category.kind == kind.id
            assert len(category.label) <= LONGEST_LABEL


def test_unknown_ids_are_nothing() -> None:
    """Looking up what is not there gives nothing instead of an error."""
    categories = load_categories()
    assert categories.get("unicorns") is None
    assert categories.kind("unicorns") is None
    assert categories.of_kind("unicorns") == ()


BROKEN = """
kinds:
  - id: Dirt!
    label: Schmutz
    example: Müll
    colour: red
    categories:
      - {id: litter, label: Eine Beschriftung die auf keinen Knopf passt}
"""


def test_a_broken_file_is_refused_with_all_its_mistakes(tmp_path: Path) -> None:
    """Every mistake is named at once: bad id, unknown entry, label too long, missing example."""
    (tmp_path / "categories.yml").write_text(BROKEN, encoding="utf-8")
    with pytest.raises(CityFileError) as caught:
        load_categories(tmp_path / "categories.yml")
    places = [mistake.split(":")[0] for mistake in caught.value.mistakes]
    assert sorted(places) == [
        "kinds.1.categories.1.example",
        "kinds.1.categories.1.label",
        "kinds.1.colour",
        "kinds.1.id",
    ]
    assert "litter" not in Texts.load().get(caught.value.key, **caught.value.params)


@pytest.mark.parametrize("content", ["kinds: [", "", "kinds: 3", "[]", "\x00"])
def test_a_file_without_categories_is_refused(tmp_path: Path, content: str) -> None:
    """What is no list of kinds gets a sentence, not a traceback."""
    path = tmp_path / "categories.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CityFileError):
        load_categories(path)


def test_an_id_used_twice_is_refused(tmp_path: Path) -> None:
    """Two categories of the same id can't be told apart."""
    kind = "{id: %s, label: %s, example: x, categories: [{id: same, label: %s, example: x}]}"
    path = tmp_path / "categories.yml"
    path.write_text(f"kinds: [{kind % ('a', 'A', 'B')}, {kind % ('c', 'C', 'D')}]", encoding="utf-8")
    with pytest.raises(CityFileError) as caught:
        load_categories(path)
    assert "same" in caught.value.mistakes[0]


def test_what_may_be_the_same_is_said_of_every_kind_but_the_private_ones() -> None:
    """The shipped file offers dirt and noise, with words of dirt alone; trouble between neighbours never."""
    for kind in load_categories().kinds:
        private = kind.id in PRIVATE_KINDS
        assert kind.quoted == (kind.id == "dirt")
        for category in kind.categories:
            assert (category.reach is None) == (category.days is None) == private
            assert private or 7 <= category.days <= 30


SIMILAR = "kinds: [{id: %s, label: A, example: x%s, categories: [{id: c, label: C, example: x%s}]}]"


@pytest.mark.parametrize(
    ("kind", "more", "category", "where"),
    [
        ("dirt", "", ", reach: 50", "c"),
        ("dirt", "", ", days: 10", "c"),
        ("dirt", "", ", reach: 5, days: 10", "kinds.1.categories.1.reach"),
        ("dirt", "", ", reach: 50000, days: 10", "kinds.1.categories.1.reach"),
        ("dirt", "", ", reach: 50, days: 6", "kinds.1.categories.1.days"),
        ("dirt", "", ", reach: 50, days: 31", "kinds.1.categories.1.days"),
        ("dirt", "", ", reach: weit, days: 10", "kinds.1.categories.1.reach"),
        ("dirt", ", quoted: oft", "", "kinds.1.quoted"),
        ("conflict", "", ", reach: 50, days: 10", "c"),
        ("conflict", ", quoted: true", "", "conflict"),
    ],
)
def test_what_may_be_the_same_is_checked(
    tmp_path: Path, kind: str, more: str, category: str, where: str
) -> None:
    """Half of it, too much of it, or any of it for a private kind is refused with the place and one sentence."""
    path = tmp_path / "categories.yml"
    path.write_text(SIMILAR % (kind, more, category), encoding="utf-8")
    with pytest.raises(CityFileError) as caught:
        load_categories(path)
    (mistake,) = caught.value.mistakes
    assert mistake.startswith(f"{where}: ")
    assert "{" not in mistake
    assert Texts.load().get("categories.wrong", where=where) != mistake
