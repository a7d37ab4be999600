"""Addresses of mailboxes, and the mail server as the operator writes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import SettingError
from desk.mailboxes import is_mailbox, mail_address
from storage.mail_server import MailServer, secrets_of
from storage.settings import Secret, Settings
from storage.texts import Texts
from tests.mailing import SENDER, server_at


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("team@traeger.example", "team@traeger.example"),
        (" Team.Nord+1@Traeger.Example ", "team.nord+1@traeger.example"),
        ("o'neil@a-b.c.de", "o'neil@a-b.c.de"),
        ("x@xn--mller-kva.example", "x@xn--mller-kva.example"),
        (f"{'a' * 64}@b.de", f"{'a' * 64}@b.de"),
    ],
)
def test_addresses_are_kept_in_one_spelling(written: str, kept: str) -> None:
    """The same address in capitals or with blanks around it is the same mailbox."""
    assert mail_address(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            "team",
            "@b.de",
            "a@",
            "a@b",
            "a@@b.de",
            "a@b@c.de",
            "a b@c.de",
            "a@b..de",
            "a@-b.de",
            "a@b-.de",
        ),
        *(".a@b.de", "a.@b.de", "a..b@c.de", "ä@b.de", "a@ü.de", "a@1.2.3.4", "a@[1.2.3.4]", '"a b"@c.de'),
        *("Team <a@b.de>", "a@b.de,c@d.de", "a@b.de\nBcc: c@d.de", "a@b.de\r\nx", "a@b.de\0", "a@b.de>"),
        *(f"{'a' * 65}@b.de", f"a@{'b' * 64}.de", f"a@{'b.' * 130}de"),
    ],
)
def test_what_is_no_address_is_not_taken(written: str) -> None:
    """Nothing that could reach somebody else, or nobody, passes for an address."""
    assert mail_address(written) is None


@given(st.text(max_size=60))
def test_an_address_never_breaks_a_header(written: str) -> None:
    """Whatever is written: what passes is one line of printable ASCII with one @ and is kept as it is."""
    for text in (written, f"{written}@b.de", f"a@{written}.de"):
        address = mail_address(text)
        if address is not None:
            assert address.isascii()
            assert address.isprintable()
            assert not set(address) & set(' ,;:<>()[]"\\')
            assert address.count("@") == 1
            assert mail_address(address) == address


def test_only_mailboxes_are_mailboxes() -> None:
    """Telegram's chats are numbers; a mailbox says what it is."""
    assert is_mailbox("mail:7")
    assert not any(map(is_mailbox, ("7", "-100", "", "email:7")))


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("smtp://mail.example", ("mail.example", 25, None, None, False, None)),
        ("smtp://u:p@mail.example", ("mail.example", 587, "u", "p", False, None)),
        ("smtp://u%40x.de:p%2F%40@mail.example:2525", ("mail.example", 2525, "u@x.de", "p/@", False, None)),
        ("smtps://u:p@mail.example", ("mail.example", 465, "u", "p", True, False)),
        ("smtp://mail.example?starttls=never", ("mail.example", 25, None, None, False, False)),
        ("smtp://mail.example/?starttls=always", ("mail.example", 25, None, None, False, True)),
        ("smtp://[::1]:25", ("::1", 25, None, None, False, None)),
    ],
)
def test_a_mail_server_is_one_address(url: str, known: tuple[object, ...]) -> None:
    """Host, port, account and encryption are read from SMTP_URL; ports have their usual values."""
    server = server_at(url)
    found = (server.host, server.port, server.user, server.password, server.tls, server.starttls)
    assert found == known
    assert (server.sender.display_name, server.sender.addr_spec) == ("Kümmerkasten", "post@stadt.example")


@pytest.mark.parametrize(
    "url",
    [
        *("mail.example", "http://mail.example", "smtp://", "smtp://u:geheim@", "smtp://u:geheim@x:port"),
        *("smtp://u:geheim@x:99999", "smtp://u:geheim@x?starttls=maybe", "smtp://u:geheim@x?tls=1"),
        *("smtps://u:geheim@x?starttls=always", "smtp://u:geheim@x/folder", "smtp://u:geheim@[x"),
        *("smtp://u:geheim@x?starttls", "smtp://u:geheim@x?starttls="),
    ],
)
def test_a_bad_address_of_a_server_is_said_without_its_password(url: str) -> None:
    """One German sentence, which shows nothing of the address."""
    with pytest.raises(SettingError) as caught:
        server_at(url)
    said = Texts.load().get(caught.value.key, **caught.value.params)
    assert said.startswith("SMTP_URL")
    assert "geheim" not in said + repr(caught.value) + repr(caught.value.__cause__)


@pytest.mark.parametrize("sender", [None, "", "Kümmerkasten", "post@localhost", "a@b.de\nBcc: c@d.de <x>"])
def test_mail_needs_a_sender(sender: str | None) -> None:
    """Without an address in MAIL_FROM mail can't be sent, and that is said before it is tried."""
    with pytest.raises(SettingError) as caught:
        MailServer.of(Settings(smtp_url=Secret("smtp://x"), mail_from=sender))
    assert caught.value.key == "operator.bad_mail_from"


def test_no_server_is_no_mistake() -> None:
    """Without SMTP_URL there is no mail, and nothing to complain about."""
    assert MailServer.of(Settings.from_environment({"MAIL_FROM": SENDER})) is None


def test_the_password_does_not_show_itself() -> None:
    """Neither the settings nor the server show it, and the log's guard knows it in both spellings."""
    url = "smtp://u:ge%2Fheim@mail.example"
    settings = Settings.from_environment({"SMTP_URL": url, "MAIL_FROM": SENDER})
    server = MailServer.of(settings)
    assert server is not None
    assert server.password == "ge/heim"
    assert "heim" not in repr(settings) + repr(server)
    assert set(secrets_of(settings.smtp_url)) == {url, "ge%2Fheim", "ge/heim"}
    assert secrets_of("smtp://u:p@[x") == ("smtp://u:p@[x",)
    assert secrets_of(None) == ()
