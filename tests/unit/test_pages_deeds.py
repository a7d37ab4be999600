"""Every action of a ticket's page: what it does, what is said, and that it happens once."""

import pytest

from desk.caretaking import Act
from desk.notices import Notice, NoticeKind
from desk.tickets import Status, Ticket
from desk.workflow import DEEDS, OPEN
from staff.page_deeds import DEEDS as PAGE_DEEDS
from storage.wiring import House
from tests.builders import RESIDENT
from tests.page_visits import DESK, MAIL, OTHER, Visitor, link, picture, reported, said, visiting

FILLED = {
    "accept": {},
    "start": {},
    "finish": {"words": "Alles weg."},
    "ask": {"words": "Welcher Hof?"},
    "hand_over": {"area": "kray"},
    "refer": {"matter": "rubbish"},
    "decline": {"reason": "private"},
    "merge": {"into": "QH-2026-00002"},
    "note": {"words": "Schlüssel liegt beim Hauswart."},
}
"""Every action with what its form needs."""


def ticket_of(house: House, number: str) -> Ticket:
    with house.storage.look() as work:
        return work.tickets.get(number)


def sent(house: House, chat: str = RESIDENT) -> list[Notice]:
    with house.storage.look() as work:
        return [letter.notice for letter in work.outbox.open() if letter.notice.chat == chat]


def keys(house: House, chat: str = RESIDENT) -> list[str]:
    """The texts that wait for a chat."""
    return [one.content["text_key"] for one in sent(house, chat) if "text_key" in one.content]


def test_every_deed_of_the_card_is_on_the_page() -> None:
    """What a caretaker may do by the workflow's table the page knows, and what it needs is tried below."""
    by_caretakers = {
        name for name, deed in DEEDS.items() if "caretaker" in {who.value for who in deed.change.who}
    }
    assert set(PAGE_DEEDS) == by_caretakers | {"note"} == set(FILLED)


@pytest.mark.parametrize("deed", FILLED)
async def test_each_action_does_what_the_card_does(paged: House, deed: str) -> None:
    """The state follows the workflow, the page says what has happened, delivery is woken."""
    ticket, _other = reported(paged), reported(paged, "d2")
    async with visiting(paged, link(paged, ticket)) as visitor:
        answer = await visitor.press(deed, **FILLED[deed])
    now = ticket_of(paged, ticket.number)
    expected = DEEDS[deed].change.to if deed in DEEDS else ticket.status
    text = "page.noted" if deed == "note" else f"caretaker.done_{deed}"
    assert now.status is expected
    assert paged.texts.get(text) in said(answer)
    assert visitor.woken == [True]


@pytest.mark.parametrize("deed", FILLED)
async def test_a_form_sent_twice_has_one_effect(paged: House, deed: str) -> None:
    """Two presses of the same button on the same page: one entry, nothing said twice, no complaint."""
    ticket, _other = reported(paged), reported(paged, "d2")
    async with visiting(paged, link(paged, ticket)) as visitor:
        await visitor.press(deed, **FILLED[deed])
        once = ticket_of(paged, ticket.number), keys(paged), sent(paged, OTHER)
        again = await visitor.press(deed, stale=True, **FILLED[deed])
    assert (ticket_of(paged, ticket.number), keys(paged), sent(paged, OTHER)) == once
    assert len(once[0].history) == len(ticket.history) + 1
    assert "⚠️" not in again.text


async def test_done_takes_words_and_photos(paged: House) -> None:
    """Both are stored with the ticket and go to the resident; the photo is on the page afterwards."""
    ticket = reported(paged)
    async with visiting(paged, link(paged, ticket)) as visitor:
        answer = await visitor.press("finish", photos=(picture(), picture("red")), words="Weg.\r\nAlles.")
    entry = ticket_of(paged, ticket.number).history[-1]
    stored = [photo.stored for photo in entry.photos]
    assert (entry.note, len(stored)) == ("Weg.\nAlles.", 2)
    assert all((paged.settings.state_dir / "photos" / name).exists() for name in stored)
    albums = [one.content["photos"] for one in sent(paged) if one.kind is NoticeKind.PHOTOS]
    assert albums == [[{"stored": name} for name in stored]]
    assert "photo/2" in answer.text
    assert "Hier ist nichts mehr zu tun." in answer.text


async def test_a_note_stays_among_caretakers(paged: House) -> None:
    """The resident hears nothing of it."""
    ticket = reported(paged)
    async with visiting(paged, link(paged, ticket)) as visitor:
        answer = await visitor.press("note", photos=(picture(),), words="Hund im Hof")
    assert ticket_of(paged, ticket.number).history[-1].note == "Hund im Hof"
    assert "Hund im Hof" in answer.text
    assert sent(paged) == []


async def test_a_question_reaches_the_resident(paged: House) -> None:
    """Its words are in the news; a second one may follow while the first waits."""
    ticket = reported(paged)
    async with visiting(paged, link(paged, ticket)) as visitor:
        await visitor.press("ask", words="Welcher Hof?")
        await visitor.press("ask", words="Und welche Etage?")
    asked = [
        one.content["params"]["note"] for one in sent(paged) if one.content.get("params", {}).get("note")
    ]
    assert asked == ["Welcher Hof?", "Und welche Etage?"]


@pytest.mark.parametrize(
    ("filled", "note"),
    [
        ({"reason": "private"}, "Privatgrundstück"),
        ({"reason": "private", "words": "Hinterhof"}, "Privatgrundstück: Hinterhof"),
        ({"reason": "other", "words": "Baustelle"}, "Baustelle"),
    ],
)
async def test_a_refusal_has_a_reason(paged: House, filled: dict, note: str) -> None:
    """One to choose, words to add, or words alone; the coordination reads it."""
    ticket = reported(paged)
    async with visiting(paged, link(paged, ticket)) as visitor:
        await visitor.press("decline", **filled)
    assert ticket_of(paged, ticket.number).history[-1].note.endswith(note)


@pytest.mark.parametrize("written", ["QH-2026-00002", "qh-2026-00002", " QH-2026-2 ", "2", "00002"])
async def test_the_other_ticket_by_number(paged: House, written: str) -> None:
    """Capital letters, zeros and the year may be left out."""
    ticket, other = reported(paged), reported(paged, "d2")
    async with visiting(paged, link(paged, ticket)) as visitor:
        await visitor.press("merge", into=written)
    assert ticket_of(paged, ticket.number).merged_into == other.number


async def test_what_was_handed_over_is_gone_from_the_page(paged: House) -> None:
    """The new team has it; the old link says that it was done and shows nothing of the ticket any more."""
    ticket = reported(paged)
    async with visiting(paged, link(paged, ticket)) as visitor:
        answer = await visitor.press("hand_over", area="kray")
        later = await visitor.look()
    assert paged.texts.get("caretaker.done_hand_over") in said(answer)
    assert said(later) == paged.texts.get("page.link_ended")
    for one in (answer, later):
        assert ticket.report.words not in one.text
        assert ticket.number not in one.text


async def test_a_body_outside_gets_a_ready_text(paged: House) -> None:
    """It stands there before and after; it names the place and nobody."""
    ticket = reported(paged)
    async with visiting(paged, link(paged, ticket)) as visitor:
        before = (await visitor.look()).text
        after = (await visitor.press("refer", matter="rubbish")).text
    body = paged.city.known_referral("rubbish")
    for page in (before, after):
        assert "bei uns ist eine Meldung eingegangen" in page
        assert body.name in page
        assert RESIDENT not in page


@pytest.mark.parametrize("status", Status)
async def test_the_page_offers_what_the_workflow_allows(paged: House, status: Status) -> None:
    """In every state exactly the deeds that are possible in it, a note while it is open."""
    ticket = reported(paged)
    with paged.storage.work() as work:
        work.tickets.record(ticket.number, ticket.history[0], status=status)
    async with visiting(paged, link(paged, ticket)) as visitor:
        page = (await visitor.look()).text
    for deed in PAGE_DEEDS:
        may = status in (DEEDS[deed].starts if deed in DEEDS else OPEN)
        assert (f'/{deed}"' in page) == may, deed


async def test_the_coordination_has_nobody_to_decline_to(paged: House) -> None:
    """What lies at the coordination desk can't be declined, and goes back to areas."""
    ticket = reported(paged)
    paged.caretakers.act(ticket.number, Act(deed="decline", note="x"), chat=MAIL, now=paged.clock())
    async with visiting(paged, link(paged, ticket, chat=DESK)) as visitor:
        page = (await visitor.look()).text
        assert '/decline"' not in page
        await visitor.press("hand_over", area="katernberg")
    assert ticket_of(paged, ticket.number).status is Status.HANDED_OVER


async def test_colleagues_can_be_given_it(paged: House) -> None:
    """Whoever is not alone may hand it to the others of the team; who is alone is not offered that."""
    ticket = reported(paged)
    label = paged.texts.get("buttons.colleagues")
    async with visiting(paged, link(paged, ticket)) as visitor:
        assert label not in (await visitor.look()).text
        paged.caretakers.invite("katernberg", token="77", now=paged.clock())
        paged.caretakers.redeem("77", chat="77", now=paged.clock())
        assert label in (await visitor.look()).text
        await visitor.press("hand_over", area="katernberg")
    after = ticket_of(paged, ticket.number)
    assert (after.status, after.report.area) == (Status.HANDED_OVER, "katernberg")


async def entries_after(
    visitor: Visitor, house: House, number: str, deed: str, **fields: str
) -> tuple[int, str]:
    answer = await visitor.press(deed, **fields)
    return len(ticket_of(house, number).history), said(answer)


async def test_somebody_was_faster(paged: House) -> None:
    """A page that is older than the ticket's state does nothing: the desk's sentence, or a look first."""
    ticket = reported(paged)
    async with visiting(paged, link(paged, ticket)) as visitor:
        await visitor.look()
        paged.caretakers.act(ticket.number, Act(deed="accept"), chat=DESK, now=paged.clock())
        before = len(ticket_of(paged, ticket.number).history)
        late = await visitor.press("accept", stale=True)
        changed = await visitor.press("finish", stale=True, words="Weg <b>damit</b>")
        assert len(ticket_of(paged, ticket.number).history) == before
        assert paged.texts.get("caretaker.too_late_accepted") in said(late)
        assert paged.texts.get("page.changed") in said(changed)
        # What was written is still there, in its open form; pressing once more is enough.
        assert "Weg &lt;b&gt;damit&lt;/b&gt;</textarea>" in changed.text
        visitor.page = changed.text
        await visitor.press("finish", stale=True, words="Weg <b>damit</b>")
    assert ticket_of(paged, ticket.number).status is Status.DONE
