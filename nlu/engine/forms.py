"""Rasa's forms and slot extraction; actions run in this process, nothing is copied for debug logs."""

from typing import Any, Protocol

from rasa.core.actions.action import Action, ActionExtractSlots, ActionSessionStart
from rasa.core.actions.forms import FormAction
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker


class KnownActions(Protocol):
    """Where a form finds the actions it calls."""

    extract_slots: Action

    def get(self, name: str) -> Action:
        """Return the action; KeyError when the domain has no such action."""
        ...

    def custom(self, name: str) -> Action | None:
        """Return the action if the domain lists it, else None."""
        ...


class Form(FormAction):
    """A form: Rasa's logic; only the ways to other actions and to temporary trackers are replaced."""

    def __init__(self, name: str, known: KnownActions) -> None:
        super().__init__(name, None)
        self._known = known

    async def validate_slots(
        self, slot_candidates: dict[str, Any], tracker: Any, domain: Domain, output_channel: Any, nlg: Any
    ) -> list[Event]:
        """Run `validate_<form>` on the candidates; nothing without such an action."""
        validate = self._known.custom(f"validate_{self.name()}")
        if validate is None:
            return []
        candidates: list[Event] = [SlotSet(name, value) for name, value in slot_candidates.items()]
        asked = self._temporary_tracker(tracker, candidates, domain)
        events: list[Event] = await validate.run(output_channel, nlg, asked, domain)
        return events

    def _temporary_tracker(
        self,
        current_tracker: DialogueStateTracker,
        additional_events: list[Event],
        domain: Domain,  # noqa: ARG002
    ) -> DialogueStateTracker:
        tracker = current_tracker.copy()
        tracker.update(SlotSet(REQUESTED_SLOT, self.get_slot_to_fill(current_tracker)))
        tracker.update(ActionExecuted(self.name()))
        for event in additional_events:
            tracker.update(event)
        return tracker

    async def _validate_if_required(
        self, tracker: DialogueStateTracker, domain: Domain, output_channel: Any, nlg: Any
    ) -> list[Event]:
        starts = not tracker.active_loop
        answers = tracker.latest_action_name == "action_listen" and not tracker.is_active_loop_interrupted
        if starts or answers:
            events: list[Event] = await self.validate(tracker, domain, output_channel, nlg)
            return events
        return await self.validate_slots({}, tracker, domain, output_channel, nlg)

    async def _ask_for_slot(
        self, domain: Domain, nlg: Any, output_channel: Any, slot_name: str, tracker: DialogueStateTracker
    ) -> list[Event]:
        name = self._name_of_utterance(domain, slot_name)
        return await self._known.get(name).run(output_channel, nlg, tracker, domain) if name else []

    async def activate(
        self, output_channel: Any, nlg: Any, tracker: DialogueStateTracker, domain: Domain
    ) -> list[Event]:
        """Take over what is known already: extract, then validate all filled slots of the form."""
        extracted = await self._known.extract_slots.run(output_channel, nlg, tracker, domain)
        tracker.update_with_events(extracted, domain)
        slots_set = [event for event in extracted if isinstance(event, SlotSet)]
        if self._known.custom(f"validate_{self.name()}") is None:
            return slots_set
        filled = {
            name: tracker.get_slot(name)
            for name in self.required_slots(domain)
            if not self._should_request_slot(tracker, name)
        }
        validated = await self.validate_slots(filled, tracker, domain, output_channel, nlg)
        names = {event.key for event in validated if isinstance(event, SlotSet)}
        return [*validated, *(event for event in slots_set if event.key not in names)]


class SlotExtraction(ActionExtractSlots):
    """`action_extract_slots`; an exception in a custom mapping ends the turn instead of being swallowed."""

    def __init__(self, known: KnownActions) -> None:
        super().__init__(None)
        self._known = known

    async def _run_custom_action(
        self, custom_action: str, output_channel: Any, nlg: Any, tracker: Any, domain: Domain
    ) -> list[Event]:
        action = self._known.custom(custom_action)
        if action is None:
            return []
        events = await action.run(output_channel, nlg, tracker, domain)
        return [event for event in events if isinstance(event, SlotSet | BotUttered)]

    async def _execute_validation_action(
        self, extraction_events: list[Event], output_channel: Any, nlg: Any, tracker: Any, domain: Domain
    ) -> list[Event]:
        candidates: list[Event] = [event for event in extraction_events if isinstance(event, SlotSet)]
        if self._known.custom(ACTION_VALIDATE_SLOT_MAPPINGS) is None:
            return candidates
        asked = tracker.copy()
        for event in candidates:
            asked.update(event)
        validated = await self._run_custom_action(
            ACTION_VALIDATE_SLOT_MAPPINGS, output_channel, nlg, asked, domain
        )
        names = {event.key for event in validated if isinstance(event, SlotSet)}
        return [*validated, *(event for event in candidates if event.key not in names)]

    def _fails_unique_entity_mapping_check(
        self, slot_name: str, mapping: dict[str, Any], tracker: Any, domain: Domain
    ) -> bool:
        name = tracker.active_loop_name
        if mapping["type"] != "from_entity" or not name or tracker.get_slot(REQUESTED_SLOT) == slot_name:
            return False
        form: Action = self._known.get(name)
        if not isinstance(form, Form) or slot_name not in form.required_slots(domain):
            return False
        return not form.entity_mapping_is_unique(mapping, domain)


class SessionStart(ActionSessionStart):
    """`action_session_start`, carrying over the slots as they are.

    Rasa carries over every value a slot was ever set to, and so brings back what AllSlotsReset had cleared.
    """

    @staticmethod
    def _slot_set_events_from_tracker(tracker: DialogueStateTracker) -> list[SlotSet]:
        return [
            SlotSet(name, slot.value)
            for name, slot in tracker.slots.items()
            if slot.value != slot.initial_value
        ]
