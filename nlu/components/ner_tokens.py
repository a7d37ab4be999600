"""Words of a message: spaCy's blank German, with a tokeniser for addresses as people type them."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from spacy import blank
from spacy.language import Language
from spacy.util import compile_infix_regex

_LETTER, _SIGN = "A-Za-zÀ-ÖØ-öø-ÿẞ", r"[/\\\-\u2013\u2014+|,;:()!?\"'\u201e\u201c]"
_SPLITS = (
    rf"(?<=[{_LETTER}]\.)(?=[\d{_LETTER}])",  # "lindenstr.12", "Müll.Bitte"
    rf"(?<=[{_LETTER}])(?=\d)|(?<=\d)(?=[{_LETTER}])",  # "tannenweg7", "12a"
    _SIGN,  # "Altendorfer/Haedenkamp"
)
_STREET = re.compile(r"(?:(?:^|[-\w])str|^nr|^st)\.$", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")


def german() -> Language:
    """Return spaCy's blank German; "lindenstr. 12" keeps its dot, so the sentence goes on behind it."""
    pipeline = blank("de")
    tokeniser: Any = pipeline.tokenizer
    infixes = [*(pipeline.Defaults.infixes or ()), *_SPLITS]
    tokeniser.infix_finditer = compile_infix_regex(infixes).finditer
    tokeniser.suffix_search = partial(_suffix, tokeniser.suffix_search)
    return pipeline


def _suffix(search: Callable[[str], re.Match[str] | None], word: str) -> re.Match[str] | None:
    return None if _STREET.search(word) else search(word)


def encodable(text: str) -> str:
    """Return the text without what spaCy can't store, every character still in its place."""
    return _SURROGATE.sub("?", text)


def words(pipeline: Language, text: str) -> Iterator[tuple[int, str]]:
    """Return where each word starts, and the word; blanks are none."""
    doc = pipeline.make_doc(text)
    return ((token.idx, token.text) for token in doc if not token.is_space)
