"""A caretaker's commands, in a table: lists, one ticket again, help."""

from collections.abc import Callable

from bot.caretaker_absence import away
from bot.caretaker_feedback import show_feedback
from bot.caretaker_leaving import ask_back
from bot.caretaker_lists import open_list
from bot.caretaker_templates import all_templates
from bot.caretaker_visit import Visit
from bot.caretaker_walk import walk_list
from bot.residents import Answer
from bot.ticket_numbers import number_in
from desk.assigning import is_group
from desk.errors import KuemmerkastenError
from desk.notices import card_notices


def command(visit: Visit, name: str, argument: str) -> Answer | None:
    """Answer a command; None for one that is not for caretakers, and in a chat that is no caretaker's."""
    known = _COMMANDS.get(name)
    if known is None or not visit.house.caretakers.areas_of(visit.chat):
        return None
    return known(visit, argument)


def show_again(visit: Visit, number: str, _: str = "") -> Answer:
    """Send a ticket's card anew into this chat; photos and map point too where they have not been."""
    ticket = visit.house.caretakers.ticket(number, chat=visit.chat)
    with visit.house.storage.look() as work:
        known = visit.chat in work.outbox.card_chats(number)
    card, *rest = card_notices(ticket, [visit.chat], once=f"show/{visit.update.update_id}")
    return Answer(notices=[card] if known else [card, *rest])


def _ticket(visit: Visit, argument: str) -> Answer:
    number = number_in(argument, visit.house)
    if number is None:
        return visit.say("caretaker.no_number")
    try:
        return show_again(visit, number)
    except KuemmerkastenError as error:
        return visit.say(error.key)


def _help(visit: Visit, _: str) -> Answer:
    texts = [visit.house.texts.get("caretaker.help")]
    if visit.house.city.coordination.id in visit.house.caretakers.areas_of(visit.chat):
        texts.append(visit.house.texts.get("caretaker.help_coordination"))
    if not is_group(visit.chat):
        texts.append(visit.house.texts.get("caretaker.help_reporting"))
    return visit.tell("\n\n".join(texts))


_COMMANDS: dict[str, Callable[[Visit, str], Answer]] = {
    "offen": open_list,
    "ticket": _ticket,
    "abwesend": away,
    "karte": walk_list,
    "vorlagen": all_templates,
    "rueckmeldungen": show_feedback,
    "hilfe": _help,
    "help": _help,
    "abmelden": ask_back,
}
