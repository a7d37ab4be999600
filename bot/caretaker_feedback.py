"""/rueckmeldungen: what residents said of the areas' work, for the coordination's chats alone."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from telegram.constants import MessageLimit

from bot.caretaker_visit import Visit
from bot.residents import Answer
from desk.feedback import AreaFeedback
from storage.wiring import House
from storage.wording import shortened

WORD_SHOWN = 200  # characters of what one resident wrote


def show_feedback(visit: Visit, _: str) -> Answer:
    """Show the last 90 days by area, in as many messages as it takes."""
    house = visit.house
    if house.city.coordination.id not in house.caretakers.areas_of(visit.chat):
        return visit.say("caretaker.feedback_not_yours")
    found = house.feedback.by_area(house.clock())
    if not found:
        return visit.say("caretaker.feedback_none")
    paragraphs = [house.texts.get("caretaker.feedback_head"), *(_area(one, house) for one in found)]
    said = [visit.tell(text).notices[0] for text in _messages(paragraphs)]
    return Answer(notices=[replace(one, key=f"{one.key}/{index}") for index, one in enumerate(said)])


def _area(one: AreaFeedback, house: House) -> str:
    texts = house.texts
    name = texts.get("caretaker.feedback_rest") if one.area is None else house.city.name_of(one.area)
    lines = [texts.get("caretaker.feedback_area", area=name, good=one.good, bad=one.bad)]
    words = (shortened(" ".join(each.split()), WORD_SHOWN) for each in one.words)
    return "\n".join([*lines, *(texts.get("caretaker.feedback_word", words=each) for each in words)])


def _messages(paragraphs: Iterable[str]) -> Iterator[str]:
    """Put paragraphs together to messages Telegram takes."""
    text = ""
    for paragraph in paragraphs:
        longer = f"{text}\n\n{paragraph}" if text else paragraph
        if len(longer) > MessageLimit.MAX_TEXT_LENGTH:
            yield text
            longer = paragraph
        text = longer
    yield text
