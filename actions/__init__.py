"""rasa-sdk actions: slots in, a desk use case, a response key out."""

from inspect import isabstract
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actions.desk_action import DeskAction
    from storage.wiring import House


def all_actions(house: "House") -> "list[DeskAction]":
    """Return one instance of every action, wired to the house."""
    from actions import doubt, information, office_hours, questions, report_form, topics
    from actions.desk_action import DeskAction

    classes = {
        thing
        for module in (doubt, information, office_hours, questions, report_form, topics)
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, DeskAction) and not isabstract(thing)
    }
    return [action(house) for action in sorted(classes, key=lambda action: action.__name__)]
