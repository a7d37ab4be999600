"""What points to a person leaves residents' words; what the trouble is stays."""

import re
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from desk.redaction import Redactor, has_words
from storage.redaction import FILE, redact

# Pieces of which personal data is made, in any order: what random letters alone would hardly ever hit.
PIECES = st.sampled_from(
    [
        "Herr",
        "frau",
        "Nachbar",
        "Müller",
        "müller",
        "özkaraca",
        "Karl",
        "-",
        "Straße",
        "str.",
        "in der",
        "MfG",
        "Gruß",
        "LG",
        "Danke",
        "Mein Name ist",
        "ich heiße",
        "Kennzeichen",
        "E-AB",
        "12",
        "0171",
        "4",
        "a",
        "Uhr",
        "@",
        "x@y.de",
        "(at)",
        "www.",
        ".de",
        "://",
        "[Name]",
        "[",
        "]",
        ",",
        ".",
        "\n",
        "Müll liegt",
        "Nr",
        "DE89",
        "von",
        "null",
        "eins",
        "۱۲۳",
        "²",
    ]
)
TEXTS = st.text(max_size=60) | st.lists(PIECES | st.text(max_size=3), max_size=14).flatmap(
    lambda pieces: st.sampled_from([" ", ""]).map(lambda between: between.join(pieces))
)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Mein Nachbar Herr Müller macht Lärm", "Mein Nachbar Herr [Name] macht Lärm"),
        ("mein nachbar özkaraca spielt nachts musik", "mein nachbar [Name] spielt nachts musik"),
        ("Mein Nachbar Müller schreit", "Mein Nachbar [Name] schreit"),
        ("die frau yilmaz stellt müll raus", "die frau [Name] stellt müll raus"),
        ("Frau Dr. Schmidt-Rottluff schreit", "Frau Dr. [Name] schreit"),
        ("Fam. El Amrani und Hr. Özcan streiten", "Fam. [Name] und Hr. [Name] streiten"),
        ("Mieter Krawuttke raucht im Flur", "Mieter [Name] raucht im Flur"),
        ("Kevin und Mandy von oben sind laut", "[Name] und [Name] von oben sind laut"),
        (
            "Mein Name ist Sabine Meier und ich wohne hier",
            "Mein Name ist [Name] und ich wohne hier",
        ),
        ("ich heiße peter krawuttke, hier liegt müll", "ich heiße [Name], hier liegt müll"),
        ("Hier liegt Müll. MfG Sabine Koch", "Hier liegt Müll. MfG [Name]"),
        ("Müll vor der Tür. LG Sabine", "Müll vor der Tür. LG [Name]"),
        ("Müll vor der Tür\nDanke, Ilse Krawuttke", "Müll vor der Tür\nDanke, [Name]"),
        ("Müll vor der Tür\nIlse Krawuttke", "Müll vor der Tür\n[Name]"),
        (
            "Müll.\nMit freundlichen Grüßen\nS. Koch\nLindenstr. 5\n0201 123456",
            "Müll.\nMit freundlichen Grüßen\n[Name]",
        ),
        ("Tel. 0171 / 234 56 78 oder +49 (0)201-123456", "Tel. [Nummer] oder [Nummer]"),
        ("null eins sieben eins zwei drei", "[Nummer]"),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN [Nummer]"),
        ("Kundennummer AB-12/3", "Kundennummer [Nummer]"),
        ("45141 Essen", "[Nummer] Essen"),
        ("Schreibt an max.muster@web.de bitte", "Schreibt an [E-Mail] bitte"),
        ("max (at) gmx punkt de", "[E-Mail]"),
        ("Siehe https://t.me/abc?x=1", "Siehe [Link]"),
        ("Siehe foo.de/seite und bin @hans_k dort", "Siehe [Link] und bin [Konto] dort"),
        ("Auto E-AB 1234 parkt", "Auto [Kennzeichen] parkt"),
        ("Auto GE XY 12E parkt", "Auto [Kennzeichen] parkt"),
        ("auto mit kennzeichen e ab 123 parkt", "auto mit kennzeichen [Kennzeichen] parkt"),
        ("Müll in der Lindenstr. 12a", "Müll in der Lindenstr. [Nummer]"),
        ("müll altendorfer straße 112-114", "müll altendorfer straße [Nummer]"),
        ("Müll Am Freistein 3", "Müll Am Freistein [Nummer]"),
        ("müll in der hagenbeck 7", "müll in der hagenbeck [Nummer]"),
        ("Müll Hans-Böckler-Straße Nr. 5", "Müll Hans-Böckler-Straße Nr. [Nummer]"),
    ],
)
def test_personal_data_is_taken_out(said: str, kept: str) -> None:
    """Names, signatures, numbers, addresses and accounts are replaced, the words around them stay."""
    assert redact(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "Auf dem Gehweg liegt seit 3 Wochen Sperrmüll",
        "Eine Frau schreit jede Nacht um 23:30 Uhr",
        "mein nachbar dreht die musik auf",
        "LG Fernseher liegt auf dem Gehweg und stört seit gestern",
        "BIS UM 22 UHR IST LÄRM",
        "Karl Meyer Platz, da liegen Scherben",
        "Müll an der Friedrich Ebert Straße",
        "Vor der Kirche St. Barbara liegen 5 große Säcke",
    ],
)
def test_the_trouble_stays(said: str) -> None:
    """Words, times, amounts, streets and landmarks without a person in them are left as they are."""
    assert redact(said) == said


@given(text=TEXTS)
def test_redacted_once_is_redacted(text: str) -> None:
    """Whatever was written, redacting it again changes nothing."""
    assert redact(redact(text)) == redact(text)


@given(text=TEXTS)
def test_no_number_and_no_account_is_left(text: str) -> None:
    """No five digits in a row, no six with blanks or dashes between, no @ are left of any text."""
    redacted = redact(text)
    assert not re.search(r"\d{5}|(?<!\w)\d(?:[ /-]?\d){5}", redacted)
    assert "@" not in redacted


@given(name=st.from_regex(r"[A-ZÖ][a-zäöüß]{2,9}xq", fullmatch=True), other=st.text("abc ", max_size=20))
@pytest.mark.parametrize("before", ["Herr ", "frau ", "Familie ", "ich heiße ", "Mein Nachbar ", "Gruß, "])
def test_whoever_is_named_is_not_named_any_more(before: str, name: str, other: str) -> None:
    """A name nobody has listed leaves after a title, an introduction or a closing."""
    assert name not in redact(f"Es ist laut bei uns. {before}{name}. {other}")


@pytest.mark.parametrize(
    "piece", ["Gruß, ", "\n", "a.", "A", "Karl-", "danke,\n", "1 ", "(at) ", "x@", "Frau von ", "\n A"]
)
def test_long_texts_take_no_square_of_their_length(piece: str) -> None:
    """Ten times the text takes nowhere near a hundred times as long, whatever it repeats."""

    def seconds(length: int) -> float:
        text = "x" + (piece * length)[:length] + "x"
        begun = time.perf_counter()
        redact(text)
        return time.perf_counter() - begun

    redact("x")
    short = min(seconds(400) for _ in range(3))
    assert min(seconds(4000) for _ in range(3)) < 60 * max(short, 0.001)


@pytest.mark.parametrize(
    ("text", "said"), [("", False), ("[Name] [E-Mail], 12!", False), ("[Name] stört", True), ("ä", True)]
)
def test_placeholders_are_no_words(text: str, said: bool) -> None:  # noqa: FBT001
    """A text of which only placeholders are left says nothing."""
    assert has_words(text) is said


def test_every_entry_of_the_word_lists_is_text() -> None:
    """No entry became a yes, a no, a nothing or a number on the way from the file."""
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    lists = [entries for name, entries in content.items() if name != "placeholders"]
    assert all(isinstance(entry, str) and entry for entries in lists for entry in entries)


@pytest.mark.parametrize("content", [{}, {"placeholders": "x"}, {"placeholders": {"name": "[x]"}}])
def test_broken_word_lists_are_refused(content: dict[str, object]) -> None:
    """Nothing is redacted with half of the lists."""
    with pytest.raises((KeyError, TypeError)):
        Redactor.of(content)
