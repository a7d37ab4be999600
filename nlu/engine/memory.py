import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    AllSlotsReset,
    ConversationPaused,
    ConversationResumed,
    Event,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot

from nlu.engine.tracker import ChatTracker
from nlu.engine.turn import Button, Reply

logger = logging.getLogger(__name__)
VERSION = 1
Packed = list[Any]


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What is kept of a chat between two turns; its size does not depend on how long the chat has been going.

    `events` are those a rule can still see, on top of the state before them: the packed slots, loop and flags
    come first in the same list. `seen` is when the last turn came in (seconds since 1970).
    """

    events: tuple[Packed, ...]
    update: int
    seen: float
    replies: tuple[Reply, ...]

    @classmethod
    def of(
        cls, tracker: ChatTracker, *, reach: int, update: int, seen: float, replies: Sequence[Reply]
    ) -> "Memory":
        """Keep the last `reach` actions of the conversation and the state they started from."""
        applied = tracker.applied_events()
        cut = _cut(applied, reach)
        before = _summary(tracker, applied[:cut]) if cut else []
        packed = [*before, *_packed(applied[cut:])]
        return cls(events=tuple(packed), update=update, seen=seen, replies=tuple(replies))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Memory | None":
        """Return the memory; None and a warning when the blob is damaged or of an unknown version."""
        try:
            content = json.loads(data)
            if content["version"] != VERSION:
                raise ValueError(VERSION)  # noqa: TRY301 -- one way out for all damage
            return cls(
                events=tuple(event for event in content["events"] if event[0] in UNPACK),
                update=int(content["update"]),
                seen=float(content["seen"]),
                replies=tuple(_reply(entry) for entry in content["replies"]),
            )
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            logger.warning("A stored conversation can't be read (%s); it starts anew.", type(error).__name__)
            return None

    def to_bytes(self) -> bytes:
        """Return the blob; TypeError when a slot holds something JSON does not know."""
        content = {
            "version": VERSION,
            "update": self.update,
            "seen": self.seen,
            "events": self.events,
            "replies": [
                [r.text, [[b.title, b.payload] for b in r.buttons], dict(r.custom)] for r in self.replies
            ],
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()

    def tracker(self, chat: str, *, domain: Domain, untouched: Mapping[str, Slot]) -> ChatTracker:
        """Rebuild the tracker; slots and loops the domain no longer has are dropped."""
        tracker = ChatTracker(chat, untouched)
        for kind, *values in self.events:
            for event in UNPACK[kind](*values):
                if _still_known(event, tracker, domain):
                    tracker.update(event)
        return tracker


def _cut(applied: Sequence[Event], reach: int) -> int:
    actions = 0
    for index in range(len(applied) - 1, -1, -1):
        event = applied[index]
        if isinstance(event, ActionExecuted):
            actions += 1
            if actions > reach and event.action_name == ACTION_LISTEN_NAME:
                return index
    return 0


def _summary(tracker: ChatTracker, before: Sequence[Event]) -> list[Packed]:
    replay = tracker.replay()
    for event in before:
        event.apply_to(replay)
    packed: list[Packed] = [
        ["s", name, slot.value] for name, slot in replay.slots.items() if slot.value != slot.initial_value
    ]
    if loop := replay.active_loop:
        packed.append(["l", loop.name])
        packed += [["r", loop.name]] if loop.rejected else []
        packed += [["i", True]] if loop.is_interrupted else []
    return packed + ([["p", True]] if replay.is_paused() else [])


def _packed(events: Iterable[Event]) -> list[Packed]:
    packed: list[Packed] = []
    for event in events:
        pack = PACK.get(type(event))
        if pack is None:
            continue
        entry = pack(event)
        if entry[0] == "s":
            _drop_overwritten(packed, entry[1])
        packed.append(entry)
    return packed


def _drop_overwritten(packed: list[Packed], slot: str) -> None:
    # Within a run of slot settings nothing looks at the values in between.
    for index in range(len(packed) - 1, -1, -1):
        if packed[index][0] != "s":
            return
        if packed[index][1] == slot:
            del packed[index]
            return


def _pack_user(event: UserUttered) -> Packed:
    entities = [
        {key: entity[key] for key in ("entity", "role", "group") if key in entity}
        for entity in event.entities
    ]
    return ["u", event.intent_name, entities]


def _unpack_user(intent: str | None, entities: list[dict[str, Any]]) -> list[Event]:
    # Without the text: rules read intents, and what people wrote is stored nowhere longer than needed.
    return [UserUttered(intent={"name": intent}, entities=entities, use_text_for_featurization=False)]


def _still_known(event: Event, tracker: ChatTracker, domain: Domain) -> bool:
    if isinstance(event, SlotSet):
        return event.key in tracker.slots
    if isinstance(event, ActiveLoop) and event.name:
        return event.name in domain.form_names
    return True


def _reply(entry: Sequence[Any]) -> Reply:
    text, buttons, custom = entry
    return Reply(text=text, buttons=tuple(Button(title=t, payload=p) for t, p in buttons), custom=custom)


PACK: dict[type[Event], Callable[[Any], Packed]] = {
    ActionExecuted: lambda event: ["a", event.action_name],
    UserUttered: _pack_user,
    SlotSet: lambda event: ["s", event.key, event.value],
    ActiveLoop: lambda event: ["l", event.name],
    ActionExecutionRejected: lambda event: ["r", event.action_name],
    LoopInterrupted: lambda event: ["i", event.is_interrupted],
    ConversationPaused: lambda _: ["p", True],
    ConversationResumed: lambda _: ["p", False],
    AllSlotsReset: lambda _: ["z"],
}
"""How each event a rule or form can still see is stored; all others are forgotten with the turn."""

UNPACK: dict[str, Callable[..., list[Event]]] = {
    "a": lambda name: [ActionExecuted(name)],
    "u": _unpack_user,
    "s": lambda name, value: [SlotSet(name, value)],
    "l": lambda name: [ActiveLoop(name)],
    "r": lambda name: [ActionExecutionRejected(name)],
    "i": lambda value: [LoopInterrupted(value)],
    "p": lambda paused: [ConversationPaused() if paused else ConversationResumed()],
    "z": lambda: [AllSlotsReset()],
}
