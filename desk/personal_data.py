"""The shapes personal data has in messages, as patterns built from the word lists of redaction.yml."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_LETTER = r"[^\W\d_]"
_WORD = rf"{_LETTER}(?:['’´`-]?{_LETTER})*"  # noqa: RUF001 -- the apostrophes phones put in by themselves
_CAPITAL = rf"(?![a-zß-öø-ÿ]){_WORD}"  # letters of other scripts count as capital ones
_BLANK = r"[^\S\n]"
_DASH = r"[-–—‐‑·.:]"  # noqa: RUF001 -- and their dashes
_LONGEST_SIGNATURE = 6  # words on the line of a closing; more is a sentence in which it merely occurs


@dataclass(frozen=True)
class Words:
    """The word lists, each as a group of alternatives."""

    lists: Mapping[str, list[str]]

    def __getitem__(self, name: str) -> str:
        """Return a list as alternatives in any case, the longest first; KeyError for an unknown one."""
        ordered = sorted(self.lists[name], key=len, reverse=True)
        return "(?i:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered) + ")"

    def before(self, name: str) -> str:
        """Return what keeps a pattern from matching right after one of these words."""
        return "".join(rf"(?<!(?i:\b{re.escape(word)})\s)" for word in self.lists[name])


def patterns(words: Words) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Return what each pattern finds (a placeholder's name) with the pattern, in the order to use them."""
    shapes: tuple[tuple[str, Iterable[str]], ...] = (
        ("name", _signatures(words)),
        ("mail", _mail(words)),
        ("link", _links(words)),
        ("account", (r"(?<!\S)\S*@\S*",)),
        ("plate", _plates(words)),
        ("number", _numbers(words)),
        ("name", _people(words)),
        ("number", _house_numbers(words)),
    )
    for what, found in shapes:
        for shape in found:
            yield what, re.compile(shape)


def _signatures(words: Words) -> Iterator[str]:
    """Match closings and thanks with the name after them, and short lines below: a name, an address."""
    # A placeholder ends it: otherwise each closing would eat the ones before it, six words at a time.
    said = r"(?!\[[^\[\]\s]*\](?!\S))\S+"
    rest = rf"{said}(?:{_BLANK}+{said}){{0,{_LONGEST_SIGNATURE - 1}}}(?=\n|\Z)"
    below = rf"(?:\n{said}(?:{_BLANK}+{said}){{0,2}}(?=\n|\Z)){{0,4}}"
    weak = words["weak_closings"]
    closing = rf"(?:(?!{weak}\b){words['closings']}|{weak}(?={_BLANK}*(?:[,!.]|\n)))(?!\w)"
    alone = rf"(?:(?<=\n)|(?<=\A)|(?<=[.!?,;]\s)){weak}(?={_BLANK}+{_CAPITAL}{_BLANK}*(?:\n|\Z))"
    yield rf"(?<!\w)(?P<keep>(?:{closing}|{alone})[\s,.!:;-]*){rest}{below}"
    names = rf"{_no(words)}{_CAPITAL}(?:{_BLANK}+{_no(words)}{_CAPITAL}){{0,2}}"
    yield rf"(?<!\w)(?P<keep>{closing}[\s,.!:;-]*){names}"
    yield rf"(?<!\w)(?P<keep>{words['thanks']}(?!\w)[\s,.!:;-]*){names}[\s.!]*\Z"
    streets = rf"(?!.*{words['full_ends']}(?!\w))"
    yield rf"(?P<keep>\n){_BLANK}*{streets}{_no(words)}{_CAPITAL}(?:{_BLANK}+{_no(words)}{_CAPITAL}){{1,2}}\Z"


def _mail(words: Words) -> Iterator[str]:
    part = r"[\w+%-]+"  # looked for from a token's start only: anything else takes a square of its length
    dot = words["mail_dot"]
    yield rf"(?<![\w+%.-]){part}(?:\.{part})*\s?{words['mail_at']}\s?[\w-]+(?:\s?{dot}\s?[\w-]+)+"


def _links(words: Words) -> Iterator[str]:
    yield r"(?<!\w)\w+://\S*"
    yield r"(?<!\w)(?i:www)\.\S+"
    yield rf"(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.{words['link_ends']}(?!\w)(?:[/?#:]\S*)?"


def _plates(words: Words) -> Iterator[str]:
    letters, number = r"[A-ZÄÖÜ]{1,3}", r"\d{1,4}\s?[EHeh]?(?!\w)"
    yield rf"(?<!\w){letters}{_DASH}\s?[A-Z]{{1,2}}[\s-]?{number}"
    yield rf"(?<!\w)(?i:{letters}-[A-Z]{{1,2}}[\s-]?\d{{1,4}}(?!\w))"
    yield rf"(?<!\w){letters}{_BLANK}(?!{words['no_plates']}\b)[A-Z]{{1,2}}[\s-]?{number}"
    yield r"(?<!\w)[A-ZÄÖÜ]{3,5}\d{2,4}[EH]?(?!\w)"
    spelled = rf"(?i:{letters}[\s-]{{0,3}}[A-Z]{{1,2}}[\s-]{{0,3}}\d{{1,4}}\s?[EH]?)(?!\w)"
    yield rf"(?<![\w\[])(?P<keep>{words['plate_words']}(?:{_BLANK}+{_LETTER}+){{0,2}}?[\s:]+){spelled}"


def _numbers(words: Words) -> Iterator[str]:
    """Match accounts, phone numbers, dates with a year, file numbers and digits in words."""
    yield r"(?<!\w)(?i:[a-z]{2})\s?\d{2}(?:[\s-]?(?i:[a-z]{4}))?(?:[\s-]?\d{2,4}){3,8}(?!\w)"
    yield rf"(?<!\w)[+(]{{0,2}}\d(?:(?:{_BLANK}|[./()–—‐‑·-]){{0,4}}\d){{5,}}"  # noqa: RUF001
    yield r"(?<!\w)[^\W\d]*\d(?:[^\W\d]*\d){4,}\w*"
    yield r"\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}"
    yield r"\d{5,}"
    digit = words["digits"]
    yield rf"(?<!\w){digit}(?:[\s,.-]*{digit}){{4,}}(?!\w)"


def _people(words: Words) -> Iterator[str]:
    """Match names after titles and introductions, and frequent names wherever they stand."""
    no = _no(words)
    prefix = rf"(?:{words['particles']}{_BLANK}+)?"
    capital = rf"{no}(?:{_CAPITAL}(?!\w)|{_LETTER}\.)"
    anyhow = rf"{no}(?:{_WORD}(?!\w)|{_LETTER}\.)"
    more = rf"(?:{_BLANK}+{prefix}{capital}){{0,2}}"
    ended = rf"(?:(?<=\.){_BLANK}*|(?!\w)(?:{_BLANK}|[(:„“»\"'])+)"
    title, role = words["titles"] + ended, words["roles"] + ended
    yield rf"(?<![\w-])(?P<keep>{title}|{role}){prefix}{capital}{more}"
    yield rf"(?<![\w-])(?={title}){words.before('anybody')}(?P<keep>{title}){prefix}{anyhow}{more}"
    introduction = rf"(?<!\w)(?P<keep>{words['introductions']}(?:(?<=\W)|(?!\w))(?:\s|[:,.=„“»\"'-])+)"
    yield rf"{introduction}{prefix}{anyhow}(?:{_BLANK}+{prefix}{anyhow}){{0,2}}"
    yield rf"(?<!\w)(?P<keep>{words['own_roles']}{_BLANK}+){prefix}{capital}{more}"
    street = rf"(?!(?:{_BLANK}+[\w.-]+){{0,2}}[\s-]+{words['full_ends']}(?!\w))"
    whole = rf"{words['names']}s?(?:-(?!{words['full_ends']}(?!\w)){_LETTER}+)*(?![\w-]){street}"
    yield rf"(?<![\w-]){words.before('no_people')}{whole}(?:{_BLANK}+{capital}(?!-))?"


def _house_numbers(words: Words) -> Iterator[str]:
    """Match what follows a street, a word for a number, a place or a capital letter; the street stays."""
    one = rf"\d{{1,4}}(?:{_BLANK}?[a-hA-H](?!\w))?"
    number = rf"{one}(?:{_BLANK}?[-–/+&]{_BLANK}?{one})*"  # noqa: RUF001
    number += rf"(?![\w:]|[.,]\d|\.?\s?{words['units']}(?!\w))"
    marked = rf"(?:{_BLANK}|,)*(?:{words['number_words']}\.?)?{_BLANK}*"
    yield rf"(?P<keep>{words['street_ends']}\.?{marked}){number}"
    yield rf"(?<!\w)(?P<keep>{words['number_words']}(?!\w)[.:]?{_BLANK}*){number}"
    yield rf"(?P<keep>(?i:nummer|nr|zeichen)(?!\w)[.:]?{_BLANK}*)[\w/.-]*\d[\w/.-]*"
    yield rf"(?<!\w)(?P<keep>{words['name_starts']}{_BLANK}+{_WORD}{_BLANK}+){number}"
    yield rf"(?<![\w-])(?P<keep>(?!{words['no_streets']}(?!\w)){_CAPITAL}{_BLANK}+){number}"
    yield r"(?<!\w)\d{1,3}[a-gA-G](?!\w)"


def _no(words: Words) -> str:
    """Return what keeps an ordinary word, or another title, from being taken for a name."""
    return rf"(?!(?:{words['ordinary']}|{words['titles']})(?!\w))"
