"""What caretakers ask for: the open tickets page by page, one ticket again, help."""

import pytest

import bot.caretaker_lists
import desk.listing
from bot.caretaker_lists import Sieve, more_data, sieve_of
from bot.residents import Answer
from desk.notices import NoticeKind
from storage.categories import load_categories
from storage.city_files import known_cities, load_city
from storage.texts import Texts
from storage.wiring import House
from tests.builders import RESIDENT
from tests.caretakers import DESK, GROUP, NORTH, SOUTH, Team, offered, said
from tests.fakes import FakeClock

TEXTS = Texts.load()


@pytest.fixture
def team(house: House) -> Team:
    return Team(house)


def numbers(text: str) -> list[str]:
    return [word for word in text.split() if word.startswith("QH-")]


def test_open_tickets_come_oldest_first_and_in_pages(team: Team) -> None:
    """Eight at a time; "Weitere anzeigen" goes on behind the last one, though others were settled since."""
    every = [team.reported(f"d{index}").number for index in range(19)]
    first = team.write("/offen")
    assert numbers(said(first)) == every[:8]
    assert TEXTS.get("caretaker.open_head", count=19) in said(first)
    team.press(f"t:{every[0]}:finish")
    more = TEXTS.get("caretaker.open_more")
    second = team.press(offered(first)[more])
    assert numbers(said(second)) == every[8:16]
    last = team.press(offered(second)[more])
    assert numbers(said(last)) == every[16:]
    assert more not in offered(last)


def test_many_tickets_are_not_counted_to_the_end(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to the limit the head says how many there are, beyond it that there are more."""
    for module in (desk.listing, bot.caretaker_lists):
        monkeypatch.setattr(module, "COUNTED", 2)
    heads = []
    for index in range(4):
        team.reported(f"d{index}")
        heads.append(said(team.write("/offen")).splitlines()[0])
    over = TEXTS.get("caretaker.open_over", count=2)
    assert heads == [TEXTS.get("caretaker.open_head", count=count) for count in (1, 2, over, over)]


@pytest.mark.parametrize(
    "data", ["o:", "o:2026-1::", "o:2026-00001:Katernberg", "o:x::", "o:2026-00001::DROP"]
)
def test_a_forged_page_is_refused(team: Team, data: str) -> None:
    """Data no list has made gets a toast."""
    team.reported()
    assert team.press(data) == Answer(notices=[], toast=TEXTS.get("caretaker.bad_button"))


def test_a_line_says_what_where_and_since_when(team: Team, clock: FakeClock) -> None:
    """Each line has number, category, place and age in the city's days; its button shows the card."""
    number = team.reported().number
    ages = []
    for hours in (0, 13, 24):
        clock.forward(hours=hours)
        line = said(team.write("/offen")).splitlines()[1]
        assert all(part in line for part in (number, "Sperrmüll", "Hauptstr. 1", "Katernberg"))
        ages.append(line[line.rindex("(") :])
    assert ages == [
        f"({TEXTS.get('caretaker.age_today')})",
        f"({TEXTS.get('caretaker.age_day')})",
        "(seit 2 Tagen)",
    ]
    shown = team.press(offered(team.write("/offen"))[number])
    assert shown is not None
    assert [(one.kind, one.ticket) for one in shown.notices] == [(NoticeKind.CARD, number)]


def test_only_the_chats_own_open_tickets_are_listed(team: Team) -> None:
    """Another area's and finished tickets are not there; with nothing open it says so."""
    number = team.reported().number
    assert said(team.write("/offen", chat=SOUTH)) == TEXTS.get("caretaker.open_none")
    team.press(f"t:{number}:finish")
    assert said(team.write("/offen")) == TEXTS.get("caretaker.open_none")


@pytest.mark.parametrize(
    ("words", "sieve"),
    [
        ("", Sieve()),
        ("Katernberg", Sieve(district="Katernberg")),
        ("KATERNBERG", Sieve(district="Katernberg")),
        ("altenessen-süd sperrmüll", Sieve(district="Altenessen-Süd", topic="bulky_waste")),
        ("Sperrmüll, Altenessen Süd", Sieve(district="Altenessen-Süd", topic="bulky_waste")),
        ("lärm", Sieve(topic="noise")),
        ("müll", Sieve(topic="dirt")),
        ("hausmüll", Sieve(topic="household_rubbish")),
    ],
)
def test_a_list_is_narrowed_by_district_and_topic(team: Team, words: str, sieve: Sieve) -> None:
    """Names are known in any case and order, a kind or a category, also by a word of its label."""
    assert sieve_of(words, team.house) == sieve


def test_a_narrowed_list_stays_narrowed_on_its_next_page(team: Team) -> None:
    """Head, lines and further pages are about the filter alone."""
    dirt = [team.reported(f"d{index}").number for index in range(10)]
    team.reported("noise", kind="noise", category="music")
    first = team.write("/offen sperrmüll")
    assert TEXTS.get("caretaker.open_head_of", what="Sperrmüll", count=10) in said(first)
    second = team.press(offered(first)[TEXTS.get("caretaker.open_more")])
    assert numbers(said(second)) == dirt[8:]
    assert "Kray" in said(team.write("/offen Kray"))
    assert "unicorn" in said(team.write("/offen unicorn"))


@pytest.mark.parametrize("name", known_cities())
def test_the_data_of_more_fits_for_every_filter(name: str) -> None:
    """Whatever district and topic of a city a list is narrowed to, Telegram takes its button."""
    kinds = load_categories().kinds
    topics = ["", *(kind.id for kind in kinds), *(one.id for kind in kinds for one in kind.categories)]
    for district in ("", *load_city(name).district_names):
        for topic in topics:
            data = more_data("QH-2026-123456", Sieve(district=district, topic=topic))
            assert len(data.encode()) <= 64


@pytest.mark.parametrize("typed", ["{n}", "{low}", "1", "00001", "2026-1", "qh 2026 1"])
def test_a_ticket_is_shown_again(team: Team, typed: str) -> None:
    """However its number is typed, its card comes anew into this chat, each time."""
    number = team.reported().number
    text = f"/ticket {typed.replace('{n}', number).replace('{low}', number.lower())}"
    keys = set()
    for _ in range(2):
        shown = team.write(text, chat=GROUP)
        assert shown is not None
        (card,) = shown.notices
        assert (card.kind, card.chat, card.ticket) == (NoticeKind.CARD, GROUP, number)
        keys.add(card.key)
    assert len(keys) == 2


def test_the_coordination_sees_a_card_it_never_had_with_its_photos(team: Team) -> None:
    """A chat without a copy of the card gets all of it."""
    number = team.reported(photos=()).number
    shown = team.write(f"/ticket {number}", chat=DESK)
    assert shown is not None
    assert shown.notices[0].kind is NoticeKind.CARD


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "no_number"),
        ("Katernberg", "no_number"),
        ("QH-2026-99999", "no_such_ticket"),
        ("9" * 9, "no_such_ticket"),
        ("9" * 30, "no_number"),
    ],
)
def test_a_ticket_that_is_not_there_is_said_to_be(team: Team, typed: str, key: str) -> None:
    """Without a number, with nonsense and with a number nobody has, one sentence answers."""
    assert said(team.write(f"/ticket {typed}")) == TEXTS.get(f"caretaker.{key}")


def test_another_areas_ticket_is_not_shown(team: Team) -> None:
    """Only the ticket's area and the coordination see its card."""
    number = team.reported().number
    assert said(team.write(f"/ticket {number}", chat=SOUTH)) == TEXTS.get("caretaker.not_yours")
    assert team.write(f"/ticket {number}", chat=DESK).notices[0].ticket == number  # type: ignore[union-attr]


def test_help_fits_the_chat(team: Team) -> None:
    """A group reads the caretakers' help; a private chat also that it can report there."""
    help_text = TEXTS.get("caretaker.help")
    assert said(team.write("/hilfe@ein_bot", chat=GROUP)) == help_text
    private = said(team.write("/hilfe", chat=NORTH))
    assert private.startswith(help_text)
    assert TEXTS.get("caretaker.help_reporting") in private
    for command in ("/offen", "/karte", "/ticket", "/vorlagen", "/abwesend", "/hilfe"):
        assert command in help_text


@pytest.mark.parametrize("command", ["/offen", "/ticket QH-2026-00001", "/hilfe", "/hilfe@ein_bot"])
def test_residents_and_strange_groups_have_no_such_commands(team: Team, command: str) -> None:
    """In a chat that works for no area they are left to the residents' side."""
    team.reported()
    assert team.write(command, chat=RESIDENT) is None
    assert team.write(command, chat="-99") is None
    assert team.press("o:2026-00001::", chat=RESIDENT).toast == TEXTS.get("caretaker.bad_button")  # type: ignore[union-attr]


def test_a_command_works_with_the_bots_name_in_a_group(team: Team) -> None:
    """Telegram adds the bot's name in groups."""
    number = team.reported().number
    assert number in said(team.write("/offen@ein_bot katernberg", chat=GROUP))
