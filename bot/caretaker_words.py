"""Words and photos a caretaker was asked for: a question, a reason, a note, something to add."""

from collections.abc import Sequence
from dataclasses import replace

from telegram import Message, Update

from bot.caretaker_visit import Awaited, Visit
from bot.refusals import write_down
from bot.residents import Answer
from desk.caretaking import Act
from desk.errors import KuemmerkastenError, NotAllowed
from desk.tickets import Photo

TO_ADD = {"finish": "caretaker.note_passed_on", "note": "caretaker.noted"}
"""What only adds to the ticket: photos alone are enough, and words may still follow."""


def can_be_note(message: Message | None) -> bool:
    """Tell whether a message has what a note is made of: words that are no command, or photos."""
    return message is not None and bool(message.photo or (message.text and not message.text.startswith("/")))


def take_words(visit: Visit, awaited: Awaited, updates: Sequence[Update]) -> Answer:
    """Take what these messages say for what is awaited; once it can't be, nothing is awaited any more."""
    messages = [update.message for update in updates if update.message]
    photos = tuple(Photo(file_id=message.photo[-1].file_id) for message in messages if message.photo)
    words = "\n".join(filter(None, (message.text or message.caption for message in messages))).strip()
    try:
        if awaited.done:
            return _said(visit, awaited)
        if awaited.deed in TO_ADD:
            return _add(visit, awaited, words, photos)
        together = tuple(dict.fromkeys((*awaited.photos, *photos)))  # the same update may come again
        return _act(visit, replace(awaited, photos=together), words)
    except KuemmerkastenError as error:
        visit.forget()
        if isinstance(error, NotAllowed):
            write_down(visit, error.key, ticket=awaited.ticket)
        return visit.tell(visit.house.texts.get(error.key, **error.params))


def _add(visit: Visit, awaited: Awaited, words: str, photos: tuple[Photo, ...]) -> Answer:
    visit.house.caretakers.add(
        awaited.ticket,
        chat=visit.chat,
        note=words or None,
        photos=photos,
        once=f"said/{visit.update.update_id}",
        now=visit.house.clock(),
        internal=awaited.deed == "note",
    )
    visit.expect(awaited, ended=bool(words))
    return _said(visit, awaited)


def _act(visit: Visit, awaited: Awaited, words: str) -> Answer:
    """Do what needs words; photos that come before them are kept until then."""
    desk = visit.house.caretakers
    if not words:
        desk.ticket(awaited.ticket, chat=visit.chat)
        visit.expect(awaited)
        return visit.say("caretaker.words_missing", number=awaited.ticket)
    once = str(visit.update.update_id)
    act = Act(deed=awaited.deed, note=words, photos=awaited.photos, once=once)
    desk.act(awaited.ticket, act, chat=visit.chat, now=visit.house.clock())
    visit.expect(awaited, ended=True)
    return _said(visit, awaited)


def _said(visit: Visit, awaited: Awaited) -> Answer:
    key = TO_ADD.get(awaited.deed, f"caretaker.done_{awaited.deed}")
    return visit.say(key, number=awaited.ticket)
