import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from telegram import Message, Update

from bot.residents import Answer
from desk.errors import KuemmerkastenError
from desk.notices import Notice, NoticeKind
from desk.tickets import Photo, Status
from storage.wiring import House

NOTE_AWAITED = timedelta(minutes=30)  # how long words after "Erledigt" count as its note
_BUTTON = re.compile(r"t:(QH-\d{4}-\d{5,}):(accept|finish|close)")


@dataclass(frozen=True, kw_only=True)
class CaretakerChat:
    """A caretaker's side: invitations, the buttons of the cards, notes. Methods do I/O and are not async."""

    house: House

    def redeem(self, token: str, *, update: Update, chat: str) -> Answer:
        """Register the chat that opened an invitation."""
        house = self.house
        area = house.caretakers.redeem(token, chat=chat, now=house.clock())
        known = house.caretakers.areas_of(chat)
        names = ", ".join(house.city.area(name).name for name in known)
        if area is not None:
            return self._say(update, chat, "caretaker.welcome", area=house.city.area(area).name)
        if known:
            return self._say(update, chat, "caretaker.already_registered", areas=names)
        return self._say(update, chat, "caretaker.bad_invitation")

    def press(self, data: str, *, update: Update, chat: str) -> Answer:
        """Do what a card's button says; anything that is not allowed is only answered with a toast."""
        match = _BUTTON.fullmatch(data)
        if match is None:
            return self._toast("caretaker.bad_button")
        number, deed = match.groups()
        if deed == "close":
            self.house.conversations.delete(_key(update, chat))
            return self._toast("caretaker.note_closed")
        try:
            ticket = self.house.caretakers.act(number, deed, chat=chat, now=self.house.clock())
        except KuemmerkastenError as error:
            return self._toast(error.key, **error.params)
        toast = self.house.texts.get(f"caretaker.done_{deed}")
        if ticket.status is not Status.DONE:
            return Answer(notices=[], toast=toast)
        self._await_note(update, chat, number)
        button = [[self.house.texts.get("buttons.note_done"), f"t:{number}:close"]]
        asked = self._say(update, chat, "caretaker.ask_note", buttons=button, number=number)
        return Answer(notices=asked.notices, toast=toast)

    def awaited(self, update: Update, *, chat: str) -> str | None:
        """Return the ticket whose note this person may be writing just now."""
        blob = self.house.conversations.load(_key(update, chat))
        if blob is None:
            return None
        data = json.loads(blob)
        until = datetime.fromisoformat(data["until"])
        return str(data["ticket"]) if until > self.house.clock() else None

    def note(self, number: str, *, updates: list[Update], chat: str) -> Answer:
        """Add the words or photos of these messages to the ticket and pass them on."""
        messages = [update.message for update in updates if update.message]
        photos = tuple(Photo(file_id=message.photo[-1].file_id) for message in messages if message.photo)
        words = "\n".join(filter(None, (message.text or message.caption for message in messages)))
        once, now = str(updates[-1].update_id), self.house.clock()
        try:
            self.house.caretakers.add(
                number, chat=chat, note=words or None, photos=photos, once=once, now=now
            )
        except KuemmerkastenError as error:
            return self._say(updates[-1], chat, error.key)
        if words:  # after photos alone the words may still follow
            self.house.conversations.delete(_key(updates[-1], chat))
        return self._say(updates[-1], chat, "caretaker.note_passed_on", number=number)

    def hello_group(self, *, update: Update, chat: str) -> Answer:
        """Say in a group that residents write in private."""
        return self._say(update, chat, "caretaker.group_hello")

    def _await_note(self, update: Update, chat: str, number: str) -> None:
        until = (self.house.clock() + NOTE_AWAITED).isoformat()
        data = json.dumps({"ticket": number, "until": until}).encode()
        self.house.conversations.save(_key(update, chat), data)

    def _say(
        self, update: Update, chat: str, key: str, *, buttons: list[list[str]] | None = None, **params: object
    ) -> Answer:
        content: dict[str, object] = {"text": self.house.texts.get(key, **params)}
        if buttons:
            content["buttons"] = buttons
        once = f"caretaker/{update.update_id}"
        return Answer(notices=[Notice(key=once, chat=chat, kind=NoticeKind.MESSAGE, content=content)])

    def _toast(self, key: str, **params: object) -> Answer:
        return Answer(notices=[], toast=self.house.texts.get(key, **params))


def can_be_note(message: Message | None) -> bool:
    """Tell whether a message has what a note is made of: words that are no command, or photos."""
    return message is not None and bool(message.photo or (message.text and not message.text.startswith("/")))


def _key(update: Update, chat: str) -> str:
    person = update.effective_user
    return f"note:{chat}:{person.id if person else ''}"
