"""Reply templates: what is offered for which purpose and category, in the cities' own files too."""

import pytest

from bot.cards import card_data
from desk.city import City
from desk.reply_templates import OFFERED, PURPOSES, ReplyTemplate, fitting
from storage.categories import load_categories
from storage.city_files import known_cities, load_city

CITIES = [load_city(name) for name in known_cities()]


def template(name: str, *purposes: str, categories: tuple[str, ...] = ()) -> ReplyTemplate:
    return ReplyTemplate(id=name, purposes=purposes, label=name, text=name, categories=categories)


def test_what_was_written_for_the_category_comes_first() -> None:
    """Then what is for all; another purpose's and another category's are not there."""
    templates = [
        template("all", "ask"),
        template("music", "ask", categories=("music",)),
        template("litter", "ask", "note", categories=("litter", "glass")),
        template("done", "finish"),
    ]
    assert [one.id for one in fitting(templates, "ask", "litter")] == ["litter", "all"]
    assert [one.id for one in fitting(templates, "note", "music")] == []


def test_no_more_are_offered_than_a_phone_shows() -> None:
    """The first six of them."""
    templates = [template(f"t{index}", "ask") for index in range(9)]
    assert fitting(templates, "ask", "litter") == tuple(templates[:OFFERED])


@pytest.mark.parametrize("city", CITIES, ids=lambda city: city.id)
def test_every_city_has_templates_for_every_purpose_and_category(city: City) -> None:
    """Whatever a caretaker is asked for, there is something to press."""
    for kind in load_categories().kinds:
        for category in kind.categories:
            assert all(fitting(city.templates, purpose, category.id) for purpose in PURPOSES)


@pytest.mark.parametrize("city", CITIES, ids=lambda city: city.id)
def test_every_template_fits_a_button(city: City) -> None:
    """Telegram takes its data, also for the millionth ticket of a year."""
    for one in city.templates:
        assert len(card_data("QH-2026-1000000", "use", one.id).encode()) <= 64
