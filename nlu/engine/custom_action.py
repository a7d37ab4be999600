from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa_sdk import Action as SdkAction
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as SdkRejection

from nlu.engine.failure import TurnFailed


class ActionRoom:
    """The registered rasa-sdk actions of this process.

    Stands where Rasa's action endpoint would stand. Nothing is serialised, and the answer is not checked
    against a JSON schema: it comes from rasa-sdk's own executor, and Rasa's check compiles its schema anew at
    every call (about 10 ms, 85 % of a turn).
    """

    def __init__(self, actions: Sequence[SdkAction], domain: Domain) -> None:
        self.domain: Mapping[str, Any] = domain.as_dict()
        self.executor = ActionExecutor()
        for action in actions:
            self.executor.register_action(action)

    @property
    def names(self) -> frozenset[str]:
        """Names of all registered actions."""
        return frozenset(self.executor.actions)

    async def run(self, name: str, tracker: DialogueStateTracker) -> dict[str, Any]:
        """Run the action; return its `events` and `responses`, TurnFailed for whatever goes wrong in it."""
        call = {"next_action": name, "tracker": _sdk_state(tracker), "domain": self.domain}
        try:
            answer = await self.executor.run(call)
        except SdkRejection as rejection:
            raise ActionExecutionRejection(name) from rejection
        except Exception as error:
            raise TurnFailed(name) from error
        return answer or {"events": [], "responses": []}


class CustomAction(Action):
    """An action of `actions/`, run inside this process instead of on an action server."""

    def __init__(self, name: str, room: ActionRoom) -> None:
        self._name = name
        self._room = room

    def name(self) -> str:
        """Return the action's name in the domain."""
        return self._name

    async def run(
        self,
        output_channel: Any,
        nlg: Any,
        tracker: DialogueStateTracker,
        domain: Domain,  # noqa: ARG002 -- the room hands out its own, made once
    ) -> list[Event]:
        """Run it; its utterances come first, then its events, as with Rasa's RemoteAction."""
        answer = await self._room.run(self._name, tracker)
        said = await RemoteAction._utter_responses(  # noqa: SLF001 -- how Rasa words an action's responses
            answer["responses"], output_channel, nlg, tracker
        )
        # Like Rasa's deserialise_events, which searches all event classes anew for every event (0.1 ms).
        return [*said, *map(_event, answer["events"])]


@cache
def _event_type(name: str) -> type[Event]:
    found: type[Event] = Event.resolve_by_type(name)
    return found


def _event(parameters: Mapping[str, Any]) -> Event:
    fields = {key: value for key, value in parameters.items() if key != "event"}
    return _event_type(parameters["event"])._from_parameters(fields)  # noqa: SLF001


def _sdk_state(tracker: DialogueStateTracker) -> dict[str, Any]:
    loop = tracker.active_loop
    return {
        "sender_id": tracker.sender_id,
        "slots": tracker.current_slot_values(),
        "latest_message": tracker._latest_message_data(),  # noqa: SLF001
        "events": [event.as_dict() for event in _this_turn(tracker)],
        "paused": tracker.is_paused(),
        "followup_action": tracker.followup_action,
        # not dataclasses.asdict: it copies the message that started the form, every time
        "active_loop": dict(vars(loop)) if loop else {},
        "latest_action_name": tracker.latest_action_name,
    }


def _this_turn(tracker: DialogueStateTracker) -> list[Event]:
    events: list[Event] = []
    for event in reversed(tracker.events):
        events.append(event)
        if isinstance(event, UserUttered):
            break
    return events[::-1]
