import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from telegram import Update

from bot import (
    caretaker_absence,
    caretaker_buttons,
    caretaker_commands,
    caretaker_leaving,
    caretaker_lists,
    caretaker_walk,
    caretaker_words,
)
from bot.caretaker_visit import Visit
from bot.incoming import command_in
from bot.refusals import refuse
from bot.residents import Answer, Pictures
from desk.audit import Attempt
from desk.stepping_in import ABSENCE_BUTTON
from storage.wiring import House

_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
"""What may be meant as an invitation's token (Bot API: at most 64 characters); less is only a word."""

GOES_ON: dict[str, Callable[[Visit, str], Answer]] = {
    caretaker_lists.MORE_BUTTON: caretaker_lists.more,
    caretaker_walk.WALK_BUTTON: caretaker_walk.more,
    ABSENCE_BUTTON: caretaker_absence.press,
    caretaker_leaving.LEAVE_BUTTON: caretaker_leaving.press,
}
"""What the data of a button begins with that is under a list or a question, and what answers it."""


@dataclass(frozen=True, kw_only=True)
class CaretakerChat:
    """A caretaker's side: invitations, buttons, commands, notes. Methods do I/O and are not async."""

    house: House

    def awaits(self, updates: Sequence[Update], *, chat: str) -> bool:
        """Tell whether what these messages bring is what somebody in this chat was asked for."""
        return self._visit(updates[-1], chat).awaited() is not None

    def answer(
        self, updates: Sequence[Update], *, chat: str, pictures: Pictures | None = None
    ) -> Answer | None:
        """Do what one update, or an album's updates, mean for a caretaker; None: they are none's matter.

        `pictures` are those of messages with files, fetched when something is awaited.
        """
        first = updates[0]
        if first.callback_query:
            return self.press(first.callback_query.data or "", update=first, chat=chat)
        if first.my_chat_member:
            return caretaker_leaving.unreachable(self._visit(first, chat))
        command = command_in(first.message) if first.message else None
        if command and command[0] == "start" and command[1]:
            return self.redeem(command[1], update=first, chat=chat)
        if command:
            return caretaker_commands.command(self._visit(first, chat), *command)
        visit = self._visit(updates[-1], chat)
        awaited = visit.awaited() if caretaker_words.can_be_note(first.message) else None
        return caretaker_words.take_words(visit, awaited, updates, pictures=pictures) if awaited else None

    def redeem(self, token: str, *, update: Update, chat: str) -> Answer:
        """Register the chat that opened an invitation."""
        house, visit = self.house, self._visit(update, chat)
        area = house.caretakers.redeem(token, chat=chat, now=house.clock())
        if area is None and _TOKEN.fullmatch(token) and not house.caretakers.was_invited(token):
            house.audit(Attempt.BAD_INVITATION, chat=chat)
        known = house.caretakers.areas_of(chat)
        names = ", ".join(house.city.area(name).name for name in known)
        if area is not None:
            welcome = visit.say("caretaker.welcome", area=house.city.area(area).name)
            return replace(welcome, registered=True)
        if known:
            return visit.say("caretaker.already_registered", areas=names)
        return visit.say("caretaker.bad_invitation")

    def press(self, data: str, *, update: Update, chat: str) -> Answer | None:
        """Do what a caretaker's button says, None for any other; what is not allowed only gets a toast."""
        visit = self._visit(update, chat)
        if data.startswith(caretaker_buttons.TICKET_BUTTON):
            return caretaker_buttons.press(visit, data)
        visit.forget()  # another button: nobody waits for words any more
        more = next((show for prefix, show in GOES_ON.items() if data.startswith(prefix)), None)
        return more(visit, data) if more else None

    def no_button(self, *, update: Update, chat: str) -> Answer:
        """Refuse a button in a group that is no card's: those of residents are in private chats alone."""
        return refuse(self._visit(update, chat), "caretaker.bad_button")

    def hello_group(self, *, update: Update, chat: str) -> Answer:
        """Say in a group that residents write in private."""
        return self._visit(update, chat).say("caretaker.group_hello")

    def _visit(self, update: Update, chat: str) -> Visit:
        return Visit(house=self.house, update=update, chat=chat)
