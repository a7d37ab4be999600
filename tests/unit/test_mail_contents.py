"""What mails say and what they never say, and headers nobody can add to."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.drafts import Spot, Words
from desk.notices import Notice, NoticeKind
from desk.tickets import Photo
from staff.mail_contents import Contents
from staff.mail_message import message
from storage.photos import PhotoFolder
from storage.wiring import House
from tests.builders import NOW
from tests.mail_server import html, pictures, plain
from tests.mailing import ADDRESS, Mailing, server_at

SERVER = server_at("smtp://mail.example")
PHOTO = Photo(file_id="photo-1")
ATTACK = "Hallo\r\nBcc: boese@x.example\r\n\r\n<script>alert(1)</script>\u2028Subject: x\0"


@pytest.fixture
def mailing(house: House) -> Mailing:
    """A mailbox for Katernberg; nothing is really sent."""
    return Mailing(house=house, server=SERVER)


def mails(mailing: Mailing) -> list[EmailMessage]:
    """The mails that would be sent, with a photo for each that should be in them."""
    found = []
    for notice in mailing.waiting():
        contents = mailing.sender.writer.contents(notice)
        if contents is not None:
            found.append(written(notice, contents, mailing.photos["photo-1"]))
    return found


def written(notice: Notice, contents: Contents, photo: bytes = b"") -> EmailMessage:
    photos = [photo for _ in contents.photos]
    return message(notice, contents, photos, sender=SERVER.sender, recipient=ADDRESS, at=NOW)


def test_trouble_between_neighbours_stays_out_of_mail(mailing: Mailing) -> None:
    """Number, category, district and link: no words, no place, no photo, neither at first nor later."""
    words = (Words(text="Frau Muster schreit nachts", message=1),)
    spot = Spot(label="Musterweg 99", district="Katernberg", latitude=51.501, longitude=7.003)
    ticket = mailing.reported(
        kind="conflict", category="quarrel", words=words, spot=spot, photos=(PHOTO,), since="seit dem Umzug"
    )
    mailing.said(ticket, "Sie wohnt im dritten Stock", PHOTO)
    sent = mails(mailing)
    assert len(sent) == 3
    for mail in sent:
        assert f"https://melden.example/t/{ticket.number}.1.geheim" in plain(mail)
        assert f"https://melden.example/t/{ticket.number}.1.geheim" in html(mail)
        assert ticket.number in mail["Subject"]
        assert "Katernberg" in mail["Subject"]
        assert pictures(mail) == []
        for secret in ("Muster", "51.50", "Umzug", "Stock", "openstreetmap"):
            assert secret not in f"{mail['Subject']} {plain(mail)} {html(mail)}"


def test_reminders_of_private_matters_say_what_they_are(mailing: Mailing) -> None:
    """A text that nobody's words are in is not hidden."""
    ticket = mailing.reported(kind="conflict", category="quarrel")
    content = {"text_key": "caretaker.again_handed_over", "params": {"number": ticket.number}}
    notice = Notice(
        key="x", chat=mailing.chat, kind=NoticeKind.MESSAGE, content=content, ticket=ticket.number
    )
    contents = mailing.sender.writer.contents(notice)
    assert contents is not None
    assert contents.text == f"➡️ {ticket.number} liegt jetzt bei Ihnen."


def test_nothing_a_resident_writes_becomes_a_header(mailing: Mailing) -> None:
    """Line breaks and markup in words and place stay text, in every part of every mail."""
    spot = Spot(label=ATTACK, district="Katernberg")
    ticket = mailing.reported(words=(Words(text=ATTACK, message=1),), spot=spot, since=ATTACK)
    mailing.said(ticket, ATTACK)
    for mail in mails(mailing):
        assert mail["Bcc"] is None
        assert "\n" not in mail["Subject"]
        assert len(mail.get_all("Subject", [])) == 1
        head = mail.as_bytes().partition(b"\r\n\r\n")[0]
        assert b"boese" not in head
        assert "<script>" not in html(mail)
        assert "&lt;script&gt;" in html(mail)


@given(text=st.text(st.characters(codec="utf-8"), min_size=1))
@settings(max_examples=60, deadline=None)
def test_any_text_becomes_a_mail(text: str) -> None:
    """Whatever stands in a message: it is one mail with one subject of one line and both parts."""
    notice = Notice(key="k", chat="mail:1", kind=NoticeKind.MESSAGE)
    mail = written(notice, Contents(subject=text, text=text))
    head = mail.as_bytes().partition(b"\r\n\r\n")[0].decode()
    names = [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith((" ", "\t"))]
    assert sorted(names) == sorted({*names})
    assert "Bcc" not in names
    assert plain(mail)
    assert html(mail)


def test_urgent_cards_say_so_first(mailing: Mailing) -> None:
    """The subject and the beginning of both parts say that it is urgent."""
    ticket = mailing.reported(category="bulky_waste")
    contents = mailing.sender.writer.contents(_card(mailing))
    assert contents is not None
    assert not contents.urgent
    assert "DRINGEND" not in contents.subject
    with mailing.house.storage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE tickets SET urgent = 1")
    urgent = mailing.sender.writer.contents(_card(mailing))
    assert urgent is not None
    mail = written(_card(mailing), urgent)
    assert mail["Subject"] == f"[{ticket.number}] DRINGEND: Sperrmüll, Katernberg"
    assert mail["Importance"] == "high"
    assert plain(mail).startswith("🚨 DRINGEND")
    assert "Dringend" in html(mail)


def test_a_card_that_was_handed_on_is_not_sent(mailing: Mailing) -> None:
    """What a mailbox no longer works on when its turn comes stays out of its mail."""
    ticket = mailing.reported(photos=(PHOTO,))
    mailing.said(ticket, None, PHOTO)
    with mailing.house.storage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE tickets SET area = 'kray'")
    assert mails(mailing) == []


def test_without_a_page_there_is_no_talk_of_a_link(house: House) -> None:
    """Where no page is served the mail informs, and does not send anybody to a link it does not have."""
    mailing = Mailing(house=house, server=SERVER, link=lambda _number, _chat: None)
    mailing.reported()
    (mail,) = mails(mailing)
    for text in (plain(mail), html(mail)):
        assert "Link" not in text
        assert "Bitte nicht auf diese Mail antworten" in text
        assert "None" not in text


def test_a_place_without_a_point_is_looked_up(mailing: Mailing) -> None:
    """The map searches for what the place is called, in this city."""
    mailing.reported(spot=Spot(label="Straße & Co. 1", district="Katernberg"))
    (mail,) = mails(mailing)
    assert "openstreetmap.org/search?query=Stra%C3%9Fe+%26+Co.+1%2C+Essen" in plain(mail)


def test_what_is_about_no_ticket_is_no_thread(mailing: Mailing) -> None:
    """A welcome or the day's report is a mail of its own, with its first line as subject."""
    house = mailing.house
    with house.storage.work() as work:
        chat = work.mailboxes.add("neu@traeger.example")
    assert house.caretakers.enlist("kray", chat=chat, greeting="caretaker.welcome_mail", now=NOW)
    (mail,) = [written(one, _contents(mailing, one)) for one in mailing.waiting() if one.chat == chat]
    assert mail["Subject"] == "Willkommen! 👷 An diese Adresse kommen ab jetzt die Meldungen für Kray."
    assert mail["References"] is None
    assert "Knopf" in plain(mail)


async def test_a_photo_that_is_gone_does_not_stop_the_card(mailing: Mailing, tmp_path: Path) -> None:
    """The mail goes without it and says so."""
    mailing.reported(photos=(PHOTO, Photo(stored="gone.jpg")))
    contents = mailing.sender.writer.contents(_card(mailing))
    assert contents is not None
    photos = await mailing.sender._photos(contents)
    mail = message(_card(mailing), contents, photos, sender=SERVER.sender, recipient=ADDRESS, at=NOW)
    assert len(pictures(mail)) == 1
    assert "nicht anhängen ließen: 1" in plain(mail)
    with pytest.raises(FileNotFoundError):
        PhotoFolder(folder=tmp_path).read("gone.jpg")


def _card(mailing: Mailing) -> Notice:
    return next(one for one in mailing.waiting() if one.kind is NoticeKind.CARD)


def _contents(mailing: Mailing, notice: Notice) -> Contents:
    contents = mailing.sender.writer.contents(notice)
    assert contents is not None
    return contents
