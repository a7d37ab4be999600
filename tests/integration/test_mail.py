"""Mail to caretakers over a real SMTP server: what arrives, what is refused, what is tried again."""

import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.clockwork import Clockwork
from desk.drafts import Words
from desk.tickets import Photo
from storage.settings import Secret, Settings
from storage.wiring import House, build
from tests.builders import NOW
from tests.fakes import FakeClock
from tests.mail_server import MailServerForTests, html, pictures, plain
from tests.mailing import ADDRESS, Mailing, jpeg, server_at

DESK = "51"
PHOTO = Photo(file_id="photo-1")


@pytest.fixture
def house(ready_sqlite_url: str, tmp_path: Path, clock: FakeClock) -> Iterator[House]:
    """Everything wired, for Essen."""
    house = build(Settings(database_url=ready_sqlite_url, state_dir=tmp_path), clock=clock)
    yield house
    house.storage.engine.dispose()


@pytest.fixture
async def smtp() -> AsyncIterator[MailServerForTests]:
    """A mail server without a login."""
    async with MailServerForTests() as server:
        yield server


@pytest.fixture
def mailing(house: House, smtp: MailServerForTests) -> Mailing:
    """A mailbox for Katernberg, mail through that server."""
    return Mailing(house=house, server=server_at(smtp.url()))


async def test_a_card_arrives_as_one_mail(mailing: Mailing, smtp: MailServerForTests) -> None:
    """One mail has words, place, map, link and photos, as text and as HTML; photos and map come in it alone."""
    words = "Große Säcke & <Müll>,\nseit Tagen 🗑️"
    ticket = mailing.reported(words=(Words(text=words, message=1),), photos=(PHOTO, PHOTO))
    await mailing.delivery.finish()
    (mail,) = smtp.mails
    assert smtp.senders == ["post@stadt.example"]
    assert (str(mail["From"]), mail["To"]) == ("Kümmerkasten <post@stadt.example>", ADDRESS)
    assert mail["Subject"] == f"[{ticket.number}] Sperrmüll, Katernberg"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == NOW
    link = f"https://melden.example/t/{ticket.number}.1.geheim"
    for text in (plain(mail), html(mail)):
        assert link in text
        assert "Hauptstr. 1, Katernberg" in text
        assert "mlat=51.50000" in text
        assert "Bitte nicht auf diese Mail antworten" in text
    assert f"„{words}“" in plain(mail)
    assert "Große Säcke &amp; &lt;Müll&gt;,<br>seit Tagen 🗑️" in html(mail)
    assert pictures(mail) == [jpeg(), jpeg()]
    assert mailing.waiting() == []


async def test_all_about_a_ticket_is_one_thread(mailing: Mailing, smtp: MailServerForTests) -> None:
    """Answers and later photos refer to the card's mail; each mail has a Message-ID of its own."""
    ticket = mailing.reported(photos=(PHOTO,))
    other = mailing.reported("d2")
    mailing.said(ticket, "Es wird mehr.", PHOTO)
    await mailing.delivery.finish()
    card, foreign, answer, photos = smtp.mails
    assert f"[{other.number}]" in foreign["Subject"]
    assert len({mail["Message-ID"] for mail in smtp.mails}) == len(smtp.mails)
    assert card["In-Reply-To"] is None
    for mail in (answer, photos):
        assert (mail["In-Reply-To"], mail["References"]) == (card["Message-ID"], card["Message-ID"])
        assert mail["Subject"] == f"Re: {card['Subject']}"
    assert "Es wird mehr." in plain(answer)
    assert (pictures(answer), pictures(photos)) == ([], [jpeg()])
    assert foreign["References"] is None


async def test_a_changed_card_sends_no_mail(mailing: Mailing, smtp: MailServerForTests) -> None:
    """The ticket's page is always up to date: changes of the card alone make no mail."""
    ticket = mailing.reported()
    mailing.house.own_tickets.say(
        ticket.number, chat=ticket.report.reporter, text=None, photos=(PHOTO,), once="1", now=NOW
    )
    assert "card_update" in {notice.kind for notice in mailing.waiting()}
    await mailing.delivery.finish()
    assert len(smtp.mails) == 2  # the card, the new photo
    assert mailing.waiting() == []


async def test_a_refused_mail_alerts_the_coordination(mailing: Mailing, smtp: MailServerForTests) -> None:
    """A recipient the server refuses for good: the coordination hears of it and gets the card itself."""
    smtp.refused[ADDRESS] = "550 5.1.1 no such user team@traeger.example"
    house = mailing.house
    house.caretakers.invite("koordination", token="desk", now=NOW)
    house.caretakers.redeem("desk", chat=DESK, now=NOW)
    ticket = mailing.reported()
    await mailing.delivery.finish()
    assert smtp.mails == []
    assert Clockwork(house=house, wake_delivery=lambda: None).round()
    await mailing.delivery.finish()
    here = [notice for notice in mailing.telegram if notice.chat == DESK and notice.ticket == ticket.number]
    texts = [notice.content.get("text_key") for notice in here]
    assert "deadlines.undelivered_taken" in texts
    assert "card" in {notice.kind for notice in here}


@pytest.mark.parametrize("answer", ["450 4.2.1 try later", "451 4.7.1 greylisted"])
async def test_a_server_that_says_later_is_asked_later(
    mailing: Mailing, smtp: MailServerForTests, clock: FakeClock, answer: str
) -> None:
    """What is refused for now waits in the outbox and arrives once when the server takes it."""
    smtp.refused[ADDRESS] = answer
    mailing.reported()
    await mailing.delivery.finish()
    smtp.refused.clear()
    smtp.answers.append(answer)
    clock.forward(seconds=60)
    await mailing.delivery.finish()
    assert smtp.mails == []
    clock.forward(seconds=60)
    await mailing.delivery.finish()
    await mailing.delivery.finish()
    assert len(smtp.mails) == 1


async def test_a_server_that_is_down_holds_up_mail_only(house: House, clock: FakeClock) -> None:
    """While the mail server is away Telegram gets everything; when it is back each mail arrives once."""
    smtp = MailServerForTests()
    async with smtp:
        mailing = Mailing(house=house, server=server_at(smtp.url()))
    ticket = mailing.reported()
    for _ in range(3):
        await mailing.delivery.finish()
        clock.forward(minutes=5)
    assert mailing.waiting() != []
    mailing.house.own_tickets.act(ticket.number, "withdraw", chat=ticket.report.reporter, now=NOW)
    await mailing.delivery.finish()
    assert {notice.chat for notice in mailing.telegram} == {ticket.report.reporter}
    async with smtp:
        clock.forward(minutes=5)
        await mailing.delivery.finish()
        await mailing.delivery.finish()
    assert [mail["In-Reply-To"] is None for mail in smtp.mails] == [True, False]
    assert mailing.waiting() == []


async def test_a_lost_answer_makes_the_same_mail_again(mailing: Mailing, smtp: MailServerForTests) -> None:
    """A mail that is sent twice carries the same Message-ID, so that mailboxes can tell."""
    mailing.reported()
    notice = next(one for one in mailing.waiting() if one.kind == "card")
    await mailing.sender.send(notice)
    await mailing.sender.send(notice)
    first, second = smtp.mails
    assert first["Message-ID"] == second["Message-ID"]


async def test_a_mail_that_is_too_large_comes_without_photos(house: House) -> None:
    """A server that takes no large mails still gets the card; it says that photos are missing."""
    async with MailServerForTests(most_bytes=60_000) as smtp:
        photo = jpeg(400, 300, noise=True)
        mailing = Mailing(house=house, server=server_at(smtp.url()), photos={"photo-1": photo})
        mailing.reported(photos=(PHOTO,))
        await mailing.delivery.finish()
    (mail,) = smtp.mails
    assert pictures(mail) == []
    assert "nicht anhängen ließen: 1" in plain(mail)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_a_login_is_used_and_never_told(
    house: House, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    """The account of SMTP_URL logs in; a wrong password is tried again, and no password is in the log."""
    caplog.set_level(logging.DEBUG)
    async with MailServerForTests(login=("post", "ge heim/@")) as smtp:
        right = server_at(smtp.url(account="post:ge%20heim%2F%40@"))
        mailing = Mailing(house=house, server=replace(right, password=Secret("falsch-und-geheim")))
        mailing.reported()
        await mailing.delivery.finish()
        assert smtp.mails == []
        assert mailing.waiting() != []
        assert "SMTPAuthenticationError" in caplog.text
        mailing.delivery.post = replace(mailing.sender, server=right)
        clock.forward(minutes=5)
        await mailing.delivery.finish()
    assert len(smtp.mails) == 1
    ours = " ".join(record.getMessage() for record in caplog.records if record.name != "mail.log")
    for secret in ("falsch-und-geheim", "ge heim", ADDRESS):
        assert secret not in ours


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_a_login_that_is_missing_loses_nothing(house: House) -> None:
    """A server that wants a login nobody has set: the mail waits for the operator."""
    async with MailServerForTests(login=("post", "x")) as smtp:
        mailing = Mailing(house=house, server=server_at(smtp.url()))
        mailing.reported()
        await mailing.delivery.finish()
    assert smtp.mails == []
    assert "card" in {notice.kind for notice in mailing.waiting()}


async def test_encryption_that_is_demanded_is_not_done_without(
    house: House, smtp: MailServerForTests
) -> None:
    """With starttls=always a server that can't encrypt gets nothing, and the mail waits."""
    mailing = Mailing(house=house, server=server_at(smtp.url(options="?starttls=always")))
    mailing.reported()
    await mailing.delivery.finish()
    assert smtp.mails == []
    assert mailing.waiting() != []


async def test_without_a_mail_server_mail_is_undeliverable(house: House) -> None:
    """Mailboxes that are registered while no server is set: their cards count as lost, not as waiting."""
    mailing = Mailing(house=house, server=None)
    ticket = mailing.reported()
    await mailing.delivery.finish()
    assert mailing.waiting() == []
    with house.storage.look() as work:
        assert work.outbox.card_chats(ticket.number) == []
