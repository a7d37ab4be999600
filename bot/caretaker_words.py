"""Words and photos a caretaker was asked for: a question, a reason, a note, something to add."""

from collections.abc import Sequence
from dataclasses import replace

from telegram import Message, Update

from bot.caretaker_visit import Awaited, Visit
from bot.refusals import write_down
from bot.residents import Answer, Pictures
from bot.ticket_numbers import example_number, number_in
from desk.caretaking import Act
from desk.errors import KuemmerkastenError, NotAllowed
from desk.notices import Notice, NoticeKind
from desk.tickets import Photo

TO_ADD = {"finish": "caretaker.note_passed_on", "note": "caretaker.noted"}
"""What only adds to the ticket: photos alone are enough, and words may still follow."""


def can_be_note(message: Message | None) -> bool:
    """Tell whether a message has what a note is made of: words that are no command, photos, files."""
    if message is None:
        return False
    written = message.text and not message.text.startswith("/")
    return bool(message.photo or message.document or written)


def take_words(
    visit: Visit, awaited: Awaited, updates: Sequence[Update], *, pictures: Pictures | None = None
) -> Answer:
    """Take what these messages say for what is awaited; `pictures` are those of messages with files."""
    messages = [update.message for update in updates if update.message]
    words = "\n".join(filter(None, (message.text or message.caption for message in messages))).strip()
    if pictures is None:
        photos = tuple(Photo(file_id=message.photo[-1].file_id) for message in messages if message.photo)
    else:
        photos = tuple(map(Photo.from_json, pictures.photos))
    refused = [visit.house.texts.get(f"unsupported.{what}") for what in pictures.refused] if pictures else []
    if refused and not words and not photos:
        return visit.tell("\n".join(refused))
    answer = take(visit, awaited, words, photos)
    return replace(answer, notices=[*answer.notices, *_also(visit, refused)])


def take(visit: Visit, awaited: Awaited, words: str, photos: tuple[Photo, ...]) -> Answer:
    """Take words and photos for what is awaited; once it can't be, nothing is awaited any more."""
    try:
        if awaited.done:
            return _said(visit, awaited)
        if awaited.deed in TO_ADD:
            return _add(visit, awaited, words, photos)
        if awaited.deed == "merge":
            return _merge(visit, awaited, words)
        together = tuple(dict.fromkeys((*awaited.photos, *photos)))  # the same update may come again
        return _act(visit, replace(awaited, photos=together), words)
    except KuemmerkastenError as error:
        visit.forget()
        if isinstance(error, NotAllowed):
            write_down(visit, error.key, ticket=awaited.ticket)
        return visit.tell(visit.house.texts.get(error.key, **error.params))


def _also(visit: Visit, refused: list[str]) -> list[Notice]:
    """Return what says that some of the files were none to look at."""
    once = f"caretaker/{visit.update.update_id}/refused"
    content = {"text": "\n".join(refused)}
    return [Notice(key=once, chat=visit.chat, kind=NoticeKind.MESSAGE, content=content)] if refused else []


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


def _merge(visit: Visit, awaited: Awaited, words: str) -> Answer:
    """Merge the ticket into the one whose number was written; what is no number is asked for again."""
    house = visit.house
    into = number_in(words, house)
    if into is None:
        house.caretakers.ticket(awaited.ticket, chat=visit.chat)
        visit.expect(awaited)
        return visit.say("caretaker.merge_no_number", example=example_number(house))
    act = Act(deed="merge", into=into, once=str(visit.update.update_id))
    house.caretakers.act(awaited.ticket, act, chat=visit.chat, now=house.clock())
    visit.expect(awaited, ended=True)
    return _said(visit, awaited)


def _said(visit: Visit, awaited: Awaited) -> Answer:
    key = TO_ADD.get(awaited.deed, f"caretaker.done_{awaited.deed}")
    return visit.say(key, number=awaited.ticket)
