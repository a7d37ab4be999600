from typing import Any

from rasa.core.actions.action import Action, ActionSessionStart, RemoteAction, action_for_name_or_text
from rasa.core.actions.forms import FormAction
from rasa.shared.core.constants import ACTION_EXTRACT_SLOTS
from rasa.shared.core.domain import Domain

from nlu.engine.custom_action import ActionRoom, CustomAction
from nlu.engine.forms import Form, SessionStart, SlotExtraction


class ActionsByName:
    """Every action of the domain, made once; Rasa makes a dozen anew for each look-up."""

    def __init__(self, domain: Domain, room: ActionRoom) -> None:
        self._domain = domain
        self._room = room
        self.extract_slots: Action = SlotExtraction(self)
        self._made = {name: self._make(name) for name in domain.action_names_or_texts}

    def _make(self, name: str) -> Action:
        action: Any = action_for_name_or_text(name, self._domain, None)
        if name == ACTION_EXTRACT_SLOTS:
            return self.extract_slots
        if isinstance(action, ActionSessionStart):
            return SessionStart()
        if isinstance(action, FormAction):
            return Form(name, self)
        return CustomAction(name, self._room) if isinstance(action, RemoteAction) else action

    def get(self, name: str) -> Action:
        """Return the action; KeyError when the domain has no such action."""
        return self._made[name]

    def at(self, index: int) -> Action:
        """Return the action a policy names by its index in the domain."""
        return self._made[self._domain.action_names_or_texts[index]]

    def custom(self, name: str) -> Action | None:
        """Return the action if the domain lists it, else None."""
        return self._made.get(name)

    def missing(self) -> list[str]:
        """Return names the domain lists and nobody has registered."""
        return sorted(
            name
            for name in self._domain.user_actions
            if isinstance(self._made[name], CustomAction) and name not in self._room.names
        )
