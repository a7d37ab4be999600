from dataclasses import replace

import pytest
from telegram import InlineKeyboardMarkup
from telegram.constants import MessageLimit

from bot.cards import card_buttons
from desk.tickets import Actor, Entry, Photo, Place, Status, Ticket
from desk.workflow import OPEN, deeds_open
from storage.card_wording import card_text
from storage.texts import Texts
from storage.wording import Wording
from tests.builders import NOW, PHOTO, RESIDENT, report, small_categories, small_city

WORDING = Wording(texts=Texts.load(), city=small_city(), categories=small_categories())
NEW = Entry(at=NOW, what="new", actor=Actor.RESIDENT)


def ticket(*entries: Entry, status: Status = Status.NEW, **changes: object) -> Ticket:
    return Ticket(
        number="QH-2026-00001",
        created_at=NOW,
        status=status,
        report=report(**changes),
        history=(NEW, *entries),
    )


def note(text: str | None, *photos: Photo) -> Entry:
    return Entry(at=NOW, what="note", actor=Actor.CARETAKER, note=text, photos=photos)


def test_a_card_shows_what_is_needed_to_act() -> None:
    """Number, category, the resident's words, place, district, since when, local time and photos stand on it."""
    text = card_text(ticket(), WORDING)
    for part in (
        "QH-2026-00001",
        "LITTER",
        "Hier liegt viel herum.",
        "Hauptstr. 1, Nord",
        "seit gestern",
        "04.05.2026 12:00",
        "Fotos: 2",
    ):
        assert part in text


def test_a_card_never_shows_the_resident() -> None:
    """The chat of the person who reported is nowhere, whatever happened to the ticket."""
    full = ticket(note("Ist weg.", Photo(file_id="x")), status=Status.DONE)
    assert RESIDENT not in card_text(full, WORDING)
    assert RESIDENT not in str(card_buttons(ticket(), WORDING))


def test_the_longest_card_fits_into_a_message() -> None:
    """Endless words, places, times and notes are shortened to what Telegram takes, and it is still plain what they are."""
    longest = ticket(
        *[note("n" * 5000, *[Photo(file_id="x")] * 10) for _ in range(30)],
        *[replace(note("n" * 5000, PHOTO), what="handed_over") for _ in range(4)],
        words="w" * 20_000,
        since="s" * 200,
        place=Place(label="p" * 200, district="d" * 80),
        urgent=True,
        informs=("contact",) * 9,
    )
    wordy = replace(WORDING.city.referrals[0], note="n" * 900)
    text = card_text(longest, replace(WORDING, city=replace(WORDING.city, referrals=(wordy,))))
    assert len(text) <= MessageLimit.MAX_TEXT_LENGTH
    assert "QH-2026-00001" in text
    assert "www…" in text


@pytest.mark.parametrize("words", ["{number}", "{0}", "{", "%s", "<b>x</b>", "_*[x](y)", "„“"])
def test_words_are_shown_as_they_are(words: str) -> None:
    """Braces, markup and quotes in what somebody wrote mean nothing on the card."""
    text = card_text(ticket(note(words), words=words, since=words), WORDING)
    assert text.count(words) >= 3


def rows(markup: InlineKeyboardMarkup | None) -> list[list[str]]:
    """The deeds of the buttons, row by row."""
    keyboard = markup.inline_keyboard if markup else ()
    return [
        [str(button.callback_data).removeprefix("t:QH-2026-00001:") for button in row] for row in keyboard
    ]


@pytest.mark.parametrize("status", Status)
def test_buttons_are_the_deeds_that_are_open(status: Status) -> None:
    """Each state has the buttons of its deeds, and a note while it is open; ended tickets have none."""
    deeds = [deed for row in rows(card_buttons(ticket(status=status), WORDING)) for deed in row]
    assert sorted(deeds) == sorted([*deeds_open(status), *(["note"] if status in OPEN else [])])


def test_buttons_stand_in_their_places() -> None:
    """A new card has all of them in rows with the words caretakers look for; what is done leaves no gap."""
    markup = card_buttons(ticket(), WORDING)
    first = [["accept", "hand_over"], ["ask", "finish"]]
    assert rows(markup) == [*first, ["start", "decline"], ["note", "merge"]]
    assert markup is not None
    labels = " ".join(button.text for row in markup.inline_keyboard for button in row)
    for word in (
        "Annehmen",
        "Weiterleiten",
        "Rückfrage",
        "Erledigt",
        "In Arbeit",
        "Ablehnen",
        "Notiz",
        "Dublette",
    ):
        assert word in labels
    accepted = card_buttons(ticket(status=Status.ACCEPTED), WORDING)
    assert rows(accepted)[:2] == [["hand_over"], ["ask", "finish"]]


def test_the_coordinations_own_card_cannot_be_declined() -> None:
    """What is declined goes to the coordination: a ticket that lies there has no such button."""
    markup = card_buttons(ticket(status=Status.HANDED_OVER, area="desk"), WORDING)
    assert rows(markup)[2] == ["start"]


def test_the_history_says_to_whom_and_what_was_said() -> None:
    """Whom a ticket went to, the question, the resident's answer and the photos of an entry are on the card."""
    text = card_text(
        ticket(
            Entry(at=NOW, what="handed_over", actor=Actor.CARETAKER, note="Kray"),
            Entry(at=NOW, what="waiting", actor=Actor.CARETAKER, note="Vorne?", photos=(Photo(file_id="x"),)),
            Entry(at=NOW, what="answer", actor=Actor.RESIDENT, note="Ja, vorne."),
            Entry(at=NOW, what="answer", actor=Actor.RESIDENT, photos=(Photo(file_id="x"),) * 3),
        ),
        WORDING,
    )
    at = "04.05.2026 12:00"
    assert text.splitlines()[-5:] == [
        f"➡️ {at}: weitergeleitet: Kray",
        f"❓ {at}: Rückfrage: Vorne?",
        f"📷 {at}: Fotos: 1",
        f"🙋 {at}: Ja, vorne.",
        f"📷 {at}: Fotos: 3",
    ]


@pytest.mark.parametrize("what", [*(status.value for status in Status), "note", "answer"])
def test_every_entry_has_its_line(what: str) -> None:
    """Whatever may stand in a history has a sentence on the card, and no brace is left in it."""
    text = card_text(ticket(Entry(at=NOW, what=what, actor=Actor.SYSTEM, note="Notiz 7")), WORDING)
    assert "Notiz 7" in text.splitlines()[-1]
    assert "{" not in text


def test_only_the_last_entries_are_shown() -> None:
    """A long history does not push the report off the card: the newest entries stay."""
    text = card_text(ticket(*[note(f"Nachricht {index}.") for index in range(10)]), WORDING)
    assert "Nachricht 9." in text
    assert "Nachricht 0." not in text


def test_a_category_that_is_gone_still_has_a_card() -> None:
    """After a category was removed from the file its old tickets can still be shown."""
    assert "retired" in card_text(ticket(category="retired", kind="old"), WORDING)


def test_an_urgent_card_says_so_and_names_who_else_should_know() -> None:
    """Urgency stands at the top, each contact of the rule in a line with its number; others say nothing of it."""
    text = card_text(ticket(urgent=True, informs=("contact",)), WORDING)
    assert "Dringend" in text.splitlines()[1]
    assert "Bitte auch informieren: Bürgertelefon: 0000 1" in text
    plain = card_text(ticket(), WORDING)
    assert "Dringend" not in plain
    assert "informieren" not in plain


def test_a_contact_the_city_no_longer_has_is_left_out() -> None:
    """After a referral was removed from the file old tickets can still be shown."""
    assert "informieren" not in card_text(ticket(informs=("retired",)), WORDING)
