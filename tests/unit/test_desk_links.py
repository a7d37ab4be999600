"""Links for caretakers without Telegram: whose they are, how long they are good, what ends them."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.caretaking import Act, CaretakerDesk
from desk.errors import NotAllowed, NotFound
from desk.links import LINK_LASTS, TicketLinks
from desk.tickets import Ticket
from storage.links import LinkSigner
from storage.settings import Secret, Settings
from tests.builders import NOW
from tests.desk_chats import CITY, COLLEAGUE, DESK, NORTH, SOUTH
from tests.fakes import MemoryStorage

BASE = "https://pages.example"
SIGNER = LinkSigner(Settings(link_secret=Secret("s" * 32)))
TOKEN = SIGNER.sign("0-_aZ9")


def links_in(storage: MemoryStorage, *, base: str | None = BASE) -> TicketLinks:
    numbers = count()
    return TicketLinks(
        storage=storage, city=CITY, signer=SIGNER, base=base, new_id=lambda: f"id{next(numbers)}"
    )


@pytest.fixture
def links(storage: MemoryStorage) -> TicketLinks:
    return links_in(storage)


@pytest.fixture
def token(links: TicketLinks, ticket: Ticket) -> Callable[..., str]:
    """Makes a chat's token for the ticket."""

    def made(chat: str = COLLEAGUE, now: Any = NOW) -> str:
        url = links.url_for(ticket.number, chat=chat, now=now)
        assert url is not None
        assert url.startswith(f"{BASE}/t/")
        return url.removeprefix(f"{BASE}/t/")

    return made


def refusal(links: TicketLinks, token: str, *, now: Any = NOW) -> str:
    with pytest.raises(NotAllowed) as refused:
        links.open(token, now=now)
    return refused.value.key


def test_a_link_opens_its_ticket_for_its_chat(links: TicketLinks, ticket: Ticket, token: Callable) -> None:
    """Each chat has a link of its own; both lead to the ticket, any number of times."""
    assert token(COLLEAGUE) != token(DESK)
    for chat in (COLLEAGUE, DESK, COLLEAGUE):
        assert links.open(token(chat), now=NOW) == (ticket.number, chat)


def test_without_pages_there_are_no_links(storage: MemoryStorage, ticket: Ticket) -> None:
    """Where no pages are served nothing is made that would lead nowhere."""
    assert links_in(storage, base=None).url_for(ticket.number, chat=COLLEAGUE, now=NOW) is None
    assert storage.kept.links == {}


@pytest.mark.parametrize(("part", "made"), [(0.0, 1), (0.5, 1), (0.51, 2)])
def test_a_link_is_used_again_for_half_its_life(token: Callable, part: float, made: int) -> None:
    """What is sent is good for half a link's life at least; later there is a new one."""
    assert len({token(), token(now=NOW + part * LINK_LASTS)}) == made


def test_a_link_expires(links: TicketLinks, ticket: Ticket, token: Callable) -> None:
    """Up to its end it opens the ticket, from then on it says that it is over; so does one long forgotten."""
    first = token()
    assert links.open(first, now=NOW + 0.999 * LINK_LASTS)[0] == ticket.number
    assert refusal(links, first, now=NOW + LINK_LASTS) == "page.link_expired"
    assert refusal(links, SIGNER.sign("forgotten")) == "page.link_expired"


@pytest.mark.parametrize("how", ["chat", "ticket", "all"])
def test_a_revoked_link_stays_revoked(links: TicketLinks, ticket: Ticket, token: Callable, how: str) -> None:
    """By chat, by ticket or all: the old link is over for good, the next one sent is a new one."""
    first = token()
    if how == "chat":
        assert links.revoke(COLLEAGUE, now=NOW) == 1
    elif how == "ticket":
        assert links.revoke(ticket=ticket.number, now=NOW) == 1
    else:
        assert links.revoke(now=NOW) == 1
    assert refusal(links, first) == "page.link_revoked"
    assert refusal(links, first, now=NOW + 2 * LINK_LASTS) == "page.link_revoked"
    assert links.open(token(), now=NOW) == (ticket.number, COLLEAGUE)
    assert refusal(links, first) == "page.link_revoked"


def test_other_links_stay_as_they_are(links: TicketLinks, ticket: Ticket, token: Callable) -> None:
    """Revoking a chat's links leaves the others' alone; an unknown ticket is an error."""
    desk = token(DESK)
    token(COLLEAGUE)
    links.revoke(COLLEAGUE, now=NOW)
    assert links.open(desk, now=NOW) == (ticket.number, DESK)
    with pytest.raises(NotFound):
        links.revoke(ticket="QH-2026-09999", now=NOW)


def test_a_chat_the_ticket_has_left_sees_nothing(
    links: TicketLinks, ticket: Ticket, token: Callable, desk: CaretakerDesk
) -> None:
    """Handed over elsewhere, the link says so; when the ticket comes back it opens it again."""
    first = token()
    desk.act(ticket.number, Act(deed="hand_over", area="middle"), chat=COLLEAGUE, now=NOW)
    assert refusal(links, first) == "page.link_ended"
    assert links.open(token(SOUTH), now=NOW) == (ticket.number, SOUTH)
    desk.act(ticket.number, Act(deed="hand_over", area="north"), chat=SOUTH, now=NOW)
    assert links.open(first, now=NOW) == (ticket.number, COLLEAGUE)


def test_a_removed_chat_sees_nothing(links: TicketLinks, token: Callable, storage: MemoryStorage) -> None:
    """Who no longer works for the area is told so, whatever they still have in their mailbox."""
    first = token()
    storage.kept.chats.remove(("north", COLLEAGUE))
    assert refusal(links, first) == "page.link_ended"


def test_a_stranger_and_a_group_get_no_further(
    links: TicketLinks, storage: MemoryStorage, token: Callable
) -> None:
    """A link of a chat that never worked for the ticket opens nothing, a group's only what it may read."""
    assert refusal(links, token("12345")) == "page.link_ended"
    assert links.open(token(NORTH), now=NOW)[1] == NORTH


def test_whose_link_it_was_is_known(links: TicketLinks, ticket: Ticket, token: Callable) -> None:
    """Also of a revoked link; of an altered one nothing is."""
    first = token()
    links.revoke(now=NOW)
    known = links.known(first)
    assert known is not None
    assert (known.chat, known.ticket) == (COLLEAGUE, ticket.number)
    assert links.known(f"{first}x") is None


@given(st.data())
def test_an_altered_token_is_never_taken(data: st.DataObject) -> None:
    """Any letter exchanged, left out or added anywhere, in the id or the signature: it is not ours."""
    at = data.draw(st.integers(0, len(TOKEN)))
    cut = data.draw(st.integers(0, 2))
    put = data.draw(st.text(max_size=3))
    altered = TOKEN[:at] + put + TOKEN[at + cut :]
    assert SIGNER.read(altered) == ("0-_aZ9" if altered == TOKEN else None)


@given(st.text(max_size=200))
def test_any_text_is_no_token(text: str) -> None:
    """Nothing that is made up opens anything, or breaks."""
    storage = MemoryStorage(zone=CITY.zone, clock=lambda: NOW)
    assert refusal(links_in(storage), text) == "page.link_altered"


def test_the_last_letter_counts_too() -> None:
    """Base64 could spell the same signature in several ways; none but ours is taken."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_="
    taken = [one for one in letters if SIGNER.read(TOKEN[:-1] + one)]
    assert taken == [TOKEN[-1]]
