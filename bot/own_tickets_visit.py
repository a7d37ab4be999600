from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Update

from bot.awaited_answers import AwaitedAnswers
from bot.residents import Answer
from desk.errors import KuemmerkastenError
from desk.notices import RESIDENT_BUTTON, Notice, NoticeKind
from storage.wiring import House


@dataclass(frozen=True, kw_only=True)
class OwnVisit:
    """One update of a resident's chat about an own ticket: what is awaited of them, and ways to answer."""

    house: House
    awaited: AwaitedAnswers
    update: Update
    chat: str

    @property
    def once(self) -> str:
        """What names the update, so that it has one effect."""
        return str(self.update.update_id)

    def say(
        self,
        key: str,
        *,
        number: str,
        buttons: Sequence[str] = (),
        choices: Sequence[tuple[str, str]] = (),
        **params: object,
    ) -> Answer:
        """Answer with a message of the text catalogue about a ticket.

        `choices` are labels with what their button says about the ticket, `buttons` deeds with a fixed label.
        """
        text = self.house.texts.get(key, number=number, **params)
        content: dict[str, object] = {"text": text}
        if choices:
            content["buttons"] = [[label, resident_data(number, said)] for label, said in choices]
        if buttons:
            content["button_keys"] = [[f"resident_{one}", resident_data(number, one)] for one in buttons]
        once = f"own/{self.once}"
        notice = Notice(key=once, chat=self.chat, kind=NoticeKind.MESSAGE, content=content, ticket=number)
        return Answer(notices=[notice])

    def refuse(self, error: KuemmerkastenError, *, number: str) -> Answer:
        """Answer with what stands in the way, as a message."""
        text = self.house.texts.get(error.key, **{"number": number, **error.params})
        content = {"text": text}
        key = f"own/{self.once}"
        notice = Notice(key=key, chat=self.chat, kind=NoticeKind.MESSAGE, content=content, ticket=number)
        return Answer(notices=[notice])

    def toast(self, key: str, **params: object) -> Answer:
        """Answer a pressed button with a toast alone."""
        return Answer(notices=[], toast=self.house.texts.get(key, **params))


def resident_data(number: str, said: str) -> str:
    """Return the callback data of a button under news of a ticket: a deed, perhaps with an argument."""
    return f"{RESIDENT_BUTTON}{number}:{said}"
