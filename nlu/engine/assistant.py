from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
from rasa_sdk import Action

from desk.errors import ModelError
from nlu.engine.actions_by_name import ActionsByName
from nlu.engine.custom_action import ActionRoom
from nlu.engine.dialogue import Dialogue
from nlu.engine.failure import TurnFailed
from nlu.engine.memory import Memory
from nlu.engine.model import Model
from nlu.engine.phrases import CHANNEL, Phrases
from nlu.engine.tracker import ChatTracker, untouched_slots
from nlu.engine.turn import Button, Reply, Turn
from nlu.engine.understanding import Understanding
from nlu.text import for_understanding, tidy

REQUIRED_RESPONSES = ("utter_internal_error", "utter_default")
UNDERSTANDING = "understanding"


class Assistant:
    """One trained model with its actions: a turn and what is remembered in, what to remember out."""

    def __init__(
        self,
        model: Model,
        *,
        actions: Sequence[Action],
        clock: Callable[[], float],
        choose: Callable[[Sequence[Any]], Any],
    ) -> None:
        self._pipeline = model.pipeline
        self._understanding = Understanding(self.understand)
        self._domain = model.domain
        self._clock = clock
        self._untouched = untouched_slots(model.domain)
        self._phrases = Phrases(model.domain.responses, choose)
        known = ActionsByName(model.domain, ActionRoom(actions, model.domain))
        if actions and (missing := known.missing()):
            raise ModelError("operator.missing_actions", names=", ".join(missing))
        self._dialogue = Dialogue(model, known, self._phrases)
        self._reach = model.rules.longest_rule + 1

    @classmethod
    def load(
        cls,
        path: Path,
        *,
        actions: Sequence[Action],
        clock: Callable[[], float],
        choose: Callable[[Sequence[Any]], Any],
    ) -> "Assistant":
        """Load the model and join it with its actions; ModelError when they do not fit together."""
        model = Model.load(path)
        if lacking := [name for name in REQUIRED_RESPONSES if name not in model.domain.responses]:
            raise ModelError("operator.bad_model", path=path, reason=", ".join(lacking))
        return cls(model, actions=actions, clock=clock, choose=choose)

    def recall(self, blob: bytes) -> Memory | None:
        """Read what was kept of a chat; None when it can't be read."""
        return Memory.from_bytes(blob)

    async def take(self, turn: Turn, memory: Memory | None) -> Memory:
        """Take one turn and return what to keep, replies included; TurnFailed when a part of it failed."""
        now = self._clock()
        message = await self._message(turn, now)
        said: list[BotUttered] = []
        tracker = self._tracker(turn.chat, memory)
        if memory is None or self._has_expired(memory, now):
            said += await self._dialogue.start_session(tracker)
        said += await self._dialogue.take(message, tracker)
        replies = [_reply(event) for event in said]
        if not replies:
            replies = [self.say("utter_default", tracker.current_slot_values())]
        spoken = [reply for reply in replies if not reply.is_silent]
        return Memory.of(tracker, reach=self._reach, update=turn.update, seen=now, replies=spoken)

    def _tracker(self, chat: str, memory: Memory | None) -> ChatTracker:
        if memory is None:
            return ChatTracker(chat, self._untouched)
        return memory.tracker(chat, domain=self._domain, untouched=self._untouched)

    async def understand_one(self, text: str) -> dict[str, Any]:
        """Return the parse data of one text, understood together with others that wait."""
        return await self._understanding.one(text)

    def understand(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Return the parse data of each text in one pass; `text` in it is tidy and uncut."""
        found = self._pipeline.understand([for_understanding(text) for text in texts])
        return [{**data, "text": tidy(text)} for text, data in zip(texts, found, strict=True)]

    def say(self, response: str, values: Mapping[str, Any] | None = None) -> Reply:
        """Word one response of the domain."""
        worded = self._phrases.generate_from_slots(response, dict(values or {}), CHANNEL) or {}
        return _from_parts(worded.get("text"), worded.get("buttons"), worded.get("custom"))

    async def _message(self, turn: Turn, now: float) -> UserUttered:
        parse_data = await self._parse(turn)
        metadata = {"update": turn.update}
        parse_data |= {"metadata": metadata, "message_id": str(turn.update)}
        return UserUttered(
            parse_data["text"],
            parse_data["intent"],
            parse_data["entities"],
            parse_data,
            timestamp=now,
            input_channel=CHANNEL,
            message_id=str(turn.update),
            metadata=metadata,
        )

    async def _parse(self, turn: Turn) -> dict[str, Any]:
        if turn.intent is not None:
            return _structured(turn.intent, turn.entities, tidy(turn.text or ""))
        try:
            understood = await self.understand_one(turn.text or "")
        except Exception as error:
            raise TurnFailed(UNDERSTANDING) from error
        return understood | {"entities": [*understood["entities"], *_given(turn.entities)]}

    def _has_expired(self, memory: Memory, now: float) -> bool:
        session = self._domain.session_config
        minutes = (now - memory.seen) / 60
        return bool(session.are_sessions_enabled() and minutes > session.session_expiration_time)


def _structured(intent: str, entities: Mapping[str, Any], text: str) -> dict[str, Any]:
    found = {"name": intent, "confidence": 1.0}
    return {
        "text": text,
        "intent": found,
        "intent_ranking": [found],
        "entities": _given(entities),
    }


def _given(entities: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"entity": name, "value": value} for name, value in entities.items()]


def _reply(event: BotUttered) -> Reply:
    return _from_parts(event.text, event.data.get("buttons"), event.data.get("custom"))


def _from_parts(
    text: str | None, buttons: Sequence[Mapping[str, Any]] | None, custom: Mapping[str, Any] | None
) -> Reply:
    offered = tuple(
        Button(title=str(b["title"]), payload=str(b.get("payload", b["title"]))) for b in buttons or ()
    )
    return Reply(text=text or None, buttons=offered, custom=dict(custom or {}))
