"""Which of the places and times that rules and recogniser see are kept, where they end, how sure they are."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from nlu.components.spans import Span, best_first

LEARNED = 0.5
"""How sure a span is that only the recogniser sees."""
NUMBER = 0.3
"""The same for a house number without its street, "Nr. 12": the last place to look for."""

_ABBREVIATED = re.compile(r"str\.$", re.IGNORECASE)
_JOINED = re.compile(r"(?:-\w+)*")
_STOPS = ".,;:!? "


def chosen(
    text: str,
    rules: Sequence[Span],
    learned: Iterable[Span],
    *,
    sure: float,
    number: re.Pattern[str],
) -> list[Span]:
    """Return what is kept, the best first; `number` matches numbers without a street.

    What the recogniser sees is kept, with its limits: it knows what belongs to a place. Beside it stands what
    the rules alone see, if they are as `sure` as that: they know streets by their shape wherever they are.
    """
    whole = (_whole(text, span) for span in learned)
    spans = [_with_street(span, rules) if _is(number, text, span) else span for span in whole]
    alone = (
        rule for rule in rules if rule.confidence >= sure and not any(rule.overlaps(span) for span in spans)
    )
    least = (NUMBER if _is(number, text, span) else LEARNED for span in spans)
    return best_first([*map(partial(_weighed, rules), spans, least), *alone])


def _is(number: re.Pattern[str], text: str, span: Span) -> bool:
    return number.fullmatch(text, span.start, span.end) is not None


def _weighed(rules: Sequence[Span], span: Span, least: float) -> Span:
    sure = max((rule.confidence for rule in rules if rule.overlaps(span)), default=least)
    return replace(span, confidence=sure)


def _with_street(span: Span, rules: Iterable[Span]) -> Span:
    """Return the rules' span instead of a mere number in it: "Holdersteig 9-23", not "9-23"."""
    return next((rule for rule in rules if rule.start <= span.start and rule.end >= span.end), span)


def _whole(text: str, span: Span) -> Span:
    """Return the span without the end of the sentence, and with all of the words that it cuts."""
    start, end = span.start, span.end
    while start and _in_word(text[start]) and _in_word(text[start - 1]):
        start -= 1
    while end > span.start + 1 and text[end - 1] in _STOPS and not _ABBREVIATED.search(text, start, end):
        end -= 1
    joined = _JOINED.match(text, end) if text[end - 1].isalnum() else None
    return replace(span, start=start, end=joined.end() if joined else end)


def _in_word(sign: str) -> bool:
    return sign.isalnum() or sign == "-"
