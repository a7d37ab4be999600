from collections.abc import Callable
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.policy import PolicyPrediction
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    FOLLOWUP_ACTION,
    USER_INTENT_RESTART,
)
from rasa.shared.core.events import ActionExecutionRejected, BotUttered, Event, UserUttered

from nlu.engine.actions_by_name import ActionsByName
from nlu.engine.failure import TurnFailed
from nlu.engine.model import Model
from nlu.engine.phrases import Channel, Phrases
from nlu.engine.tracker import ChatTracker

MOST_ACTIONS = 10
"""Actions a turn may take, Rasa's own limit; more means that the rules run in a circle."""

ENDS_TURN = (ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME)


class Dialogue:
    """Rasa's turn loop: extract slots, then predict and run actions until the assistant listens again.

    Takes the place of Rasa's MessageProcessor, which swallows exceptions of actions, saves after every step
    and copies events for debug logs.
    """

    def __init__(self, model: Model, actions: ActionsByName, phrases: Phrases) -> None:
        self._model = model
        self._domain = model.domain
        self._actions = actions
        self._phrases = phrases
        self._channel = Channel()
        self._ensemble = DefaultPolicyPredictionEnsemble()

    async def start_session(self, tracker: ChatTracker) -> list[BotUttered]:
        """Run `action_session_start`."""
        prediction = PolicyPrediction.for_action_name(self._domain, ACTION_SESSION_START_NAME)
        said: list[BotUttered] = []
        await self._act(self._actions.get(ACTION_SESSION_START_NAME), prediction, tracker, said)
        return said

    async def take(self, message: UserUttered, tracker: ChatTracker) -> list[BotUttered]:
        """Take in one message and return everything said; TurnFailed when an action failed."""
        said: list[BotUttered] = []
        tracker.update(message, self._domain)
        await self._extract(tracker, said)
        taken = 0
        goes_on = True
        while goes_on and self._should_act(tracker):
            if taken >= MOST_ACTIONS:
                raise TurnFailed(tracker.latest_action_name or "") from RecursionError()
            prediction = self._predict(tracker)
            action = self._actions.at(prediction.max_confidence_index)
            goes_on = await self._act(action, prediction, tracker, said)
            taken += 1
        return said

    def _should_act(self, tracker: ChatTracker) -> bool:
        restarts = tracker.latest_message and tracker.latest_message.intent_name == USER_INTENT_RESTART
        return not tracker.is_paused() or bool(restarts)

    def _predict(self, tracker: ChatTracker) -> PolicyPrediction:
        if asked_for := tracker.followup_action:
            tracker.clear_followup_action()
            if asked_for in self._domain.action_names_or_texts:
                return PolicyPrediction.for_action_name(self._domain, asked_for, FOLLOWUP_ACTION)
        prediction = self._model.rules.predict_action_probabilities(tracker, self._domain)
        return self._ensemble.combine_predictions([prediction], tracker, self._domain)

    async def _act(
        self, action: Action, prediction: PolicyPrediction, tracker: ChatTracker, said: list[BotUttered]
    ) -> bool:
        name = action.name()
        # Events of a prediction are dropped with it when the action declines.
        seen = tracker.copy()
        seen.update_with_events(prediction.events, self._domain)
        try:
            events = await self._guarded(name, action.run, self._channel, self._phrases, seen, self._domain)
        except ActionExecutionRejection:
            tracker.update(ActionExecutionRejected(name, prediction.policy_name, prediction.max_confidence))
            return name not in ENDS_TURN
        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            tracker.update_with_events(prediction.events, self._domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self._domain)
        said += [event for event in events if isinstance(event, BotUttered)]
        if any(isinstance(event, UserUttered) for event in events):
            await self._extract(tracker, said)
        return name not in ENDS_TURN

    async def _extract(self, tracker: ChatTracker, said: list[BotUttered]) -> None:
        extract = self._actions.extract_slots
        events = await self._guarded(
            extract.name(), extract.run, self._channel, self._phrases, tracker, self._domain
        )
        said += [event for event in events if isinstance(event, BotUttered)]
        tracker.update_with_events(events, self._domain)

    async def _guarded(self, name: str, run: Callable[..., Any], *arguments: Any) -> list[Event]:
        try:
            return list(await run(*arguments) or ())
        except (TurnFailed, ActionExecutionRejection):
            raise
        except Exception as error:
            raise TurnFailed(name) from error
