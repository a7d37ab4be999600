import asyncio
import gc
import logging
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from desk.ports import ConversationStore
from nlu.engine.failure import TurnFailed, where
from nlu.engine.light_imports import light_imports
from nlu.engine.models import component_names
from nlu.engine.quiet import quiet_imports
from nlu.engine.turn import Reply, Turn

if TYPE_CHECKING:
    from rasa_sdk import Action

    from nlu.engine.assistant import Assistant

logger = logging.getLogger(__name__)


class Engine:
    """The assistant of one model behind one call a turn; conversations lie in a store between turns."""

    def __init__(
        self,
        assistant: "Assistant",
        *,
        conversations: ConversationStore,
        on_failure: Callable[[str, BaseException], None],
    ) -> None:
        self._assistant = assistant
        self._conversations = conversations
        self._on_failure = on_failure
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @classmethod
    async def load(
        cls,
        model: Path,
        *,
        actions: "Sequence[Action]",
        conversations: ConversationStore,
        on_failure: Callable[[str, BaseException], None],
        clock: Callable[[], float] = time.time,
        choose: Callable[[Sequence[Any]], Any] = random.choice,
    ) -> "Engine":
        """Load a trained model; ModelError when there is none, or it does not fit.

        `actions` are instances of every action the domain lists, or nothing at all to understand text only.
        `on_failure` hears the name of what failed and the exception. `clock` gives seconds since 1970,
        `choose` picks among the variations of a response.
        """
        with quiet_imports(), light_imports(component_names(model)):
            from nlu.engine.assistant import Assistant

            assistant = Assistant.load(model, actions=actions, clock=clock, choose=choose)
        # Model and word lists are a million objects that stay: looking through them for garbage takes 0.4 s.
        gc.collect()
        gc.freeze()
        return cls(assistant, conversations=conversations, on_failure=on_failure)

    async def handle(self, turn: Turn) -> list[Reply]:
        """Take one turn of a chat and return the replies, at least one unless an action chose silence.

        When an action or the pipeline fails, nothing of the turn is kept and `utter_internal_error` is the
        only reply. Errors of the store are the caller's.
        """
        async with self._locks.setdefault(turn.chat, asyncio.Lock()):
            blob = self._conversations.load(turn.chat)
            memory = self._assistant.recall(blob) if blob else None
            if memory and turn.update <= memory.update:
                return list(memory.replies) if turn.update == memory.update else []
            try:
                kept = await self._assistant.take(turn, memory)
                data = kept.to_bytes()
            except Exception as error:  # noqa: BLE001 -- whatever it was, the resident gets an answer
                self._report(error)
                return [self._assistant.say("utter_internal_error")]
            self._conversations.save(turn.chat, data)
            return list(kept.replies)

    async def understand(self, text: str) -> dict[str, Any]:
        """Return the pipeline's full parse data: intent, ranking, entities, what our components add."""
        return await self._assistant.understand_one(text)

    def understand_all(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Understand many texts in one pass; parse data in the same order."""
        return self._assistant.understand(texts)

    async def forget(self, chat: str) -> None:
        """Delete everything kept of the chat."""
        async with self._locks.setdefault(chat, asyncio.Lock()):
            self._conversations.delete(chat)

    def _report(self, error: Exception) -> None:
        place = error.place if isinstance(error, TurnFailed) else "engine"
        cause = error.__cause__ or error
        # Only names: the message of an exception may quote what somebody wrote.
        logger.error("%s failed with %s at %s", place, type(cause).__name__, where(cause))
        self._on_failure(place, cause)
