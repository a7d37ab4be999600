"""How content a resident was: a thumb, then perhaps a word."""

from bot.awaited_answers import Awaited
from bot.own_tickets_visit import OwnVisit
from bot.residents import Answer

WORD = "word"
"""What is awaited after a thumb."""


def rate(visit: OwnVisit, number: str, _: str, *, good: bool) -> Answer:
    """Store a thumb, once a resident, and wait for a word; the thanks are put out together with it."""
    now = visit.house.clock()
    row = visit.house.feedback.rate(number, good=good, chat=visit.chat, now=now)
    if row is None:
        return visit.toast("resident.feedback_given")
    visit.awaited.wait(visit.chat, Awaited(ticket=number, what=WORD, more={"row": row}))
    return Answer(notices=[])


def take_word(visit: OwnVisit, awaited: Awaited, words: str) -> Answer:
    """Attach a word to the thumb it follows."""
    visit.house.feedback.add_words(int(awaited.more["row"]), words)
    visit.awaited.wait(visit.chat, awaited, ended_by=visit.update.update_id)
    return visit.say("resident.feedback_noted", number=awaited.ticket)
