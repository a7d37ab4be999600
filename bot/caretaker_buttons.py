"""What each button of a card and of its menus does. A table; what is not in it is forged or out of date."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot import caretaker_menus as menus
from bot.cards import card_data
from bot.caretaker_commands import show_again
from bot.caretaker_templates import template_buttons, use_template
from bot.caretaker_visit import Awaited, Visit
from bot.refusals import refuse
from bot.residents import Answer
from bot.ticket_numbers import example_number
from desk.card_choices import OTHER_REASON, REASONS, referable
from desk.caretaking import Act
from desk.errors import KuemmerkastenError, NotAllowed
from desk.tickets import Actor, Ticket
from desk.workflow import OPEN, change_for
from storage.card_wording import ready_text
from storage.similar_wording import merge_lines

TICKET_BUTTON = "t:"
USE = "use"
"""A template, which is an answer to what is awaited."""
_DATA = re.compile(r"t:(QH-\d{4}-\d{5,9}):([a-z_]+)(?::([\w.-]+))?")


def press(visit: Visit, data: str) -> Answer:
    """Do what a button says; what is not allowed (any more) is answered with a toast and has no effect."""
    match = _DATA.fullmatch(data)
    known = _PRESSED.get((match[2], match[3] is not None)) if match else None
    if match is None or known is None:
        return refuse(visit, "caretaker.bad_button")
    awaited = visit.awaited()
    # The same button again leaves what it asked for as it is: fingers in gloves press twice.
    if awaited and match[2] != USE and (awaited.ticket, awaited.deed) != (match[1], match[2]):
        visit.forget()
    try:
        return known(visit, match[1], match[3] or "")
    except KuemmerkastenError as error:
        return refuse(visit, error.key, ticket=match[1], **error.params)


def _accept(visit: Visit, number: str, _: str) -> Answer:
    return _act(visit, number, Act(deed="accept"))


def _start(visit: Visit, number: str, _: str) -> Answer:
    return _act(visit, number, Act(deed="start"))


def _finish(visit: Visit, number: str, _: str) -> Answer:
    done = _act(visit, number, Act(deed="finish"))
    awaited = Awaited(ticket=number, deed="finish")
    visit.expect(awaited)
    close = [visit.house.texts.get("buttons.note_done"), card_data(number, "close")]
    buttons = [*template_buttons(visit, awaited), close]
    return replace(visit.say("caretaker.ask_note", buttons=buttons, number=number), toast=done.toast)


def _where(visit: Visit, number: str, _: str) -> Answer:
    ticket = _allowed(visit, number, "hand_over")
    house = visit.house
    colleagues = house.caretakers.has_colleagues(ticket, chat=visit.chat, now=house.clock())
    buttons = menus.areas(ticket, house.city, house.texts, colleagues=colleagues)
    return visit.say("caretaker.ask_where", buttons=buttons, number=number)


def _hand_over(visit: Visit, number: str, area: str) -> Answer:
    city = visit.house.city
    if area not in {one.id for one in (*city.areas, city.coordination)}:
        return refuse(visit, "caretaker.bad_button", ticket=number)
    return _act(visit, number, Act(deed="hand_over", area=area))


def _where_outside(visit: Visit, number: str, _: str) -> Answer:
    ticket = _allowed(visit, number, "refer")
    buttons = menus.outside(ticket, visit.house.city, visit.house.texts)
    return visit.say("caretaker.ask_where_outside", buttons=buttons, number=number)


def _refer(visit: Visit, number: str, matter: str) -> Answer:
    house = visit.house
    body = house.city.known_referral(matter)
    if body not in referable(house.city):
        return refuse(visit, "caretaker.bad_button", ticket=number)
    act = Act(deed="refer", matter=matter)
    ticket = house.caretakers.act(number, act, chat=visit.chat, now=house.clock())
    ready = ready_text(ticket, body, house.wording)
    return replace(visit.tell(ready), toast=house.texts.get("caretaker.done_refer"))


def _ask(visit: Visit, number: str, _: str) -> Answer:
    _allowed(visit, number, "ask")
    return _expect_words(visit, Awaited(ticket=number, deed="ask"), "caretaker.ask_question")


def _why(visit: Visit, number: str, _: str) -> Answer:
    ticket = _allowed(visit, number, "decline")
    buttons = menus.reasons(ticket, visit.house.texts)
    return visit.say("caretaker.ask_reason", buttons=buttons, number=number)


def _decline(visit: Visit, number: str, reason: str) -> Answer:
    if reason == OTHER_REASON:
        _allowed(visit, number, "decline")
        return _expect_words(visit, Awaited(ticket=number, deed="decline"), "caretaker.ask_other_reason")
    if reason not in REASONS:
        return refuse(visit, "caretaker.bad_button", ticket=number)
    note = visit.house.texts.get(f"caretaker.reason_{reason}")
    return _act(visit, number, Act(deed="decline", note=note))


def _same_as(visit: Visit, number: str, _: str) -> Answer:
    """Show what it may be merged into; where nothing is near the number is asked for at once."""
    ticket, house = _allowed(visit, number, "merge"), visit.house
    others = house.similar.to_merge(ticket, chat=visit.chat)
    if not others:
        return _ask_number(visit, number)
    lines = merge_lines(ticket, others, house.wording, now=house.clock())
    buttons = menus.same(ticket, others, house.texts)
    return visit.say("caretaker.ask_merge", buttons=buttons, number=number, lines=lines)


def _merge_by_number(visit: Visit, number: str, way: str) -> Answer:
    if way != menus.BY_NUMBER:
        return visit.toast("caretaker.bad_button")
    _allowed(visit, number, "merge")
    return _ask_number(visit, number)


def _ask_number(visit: Visit, number: str) -> Answer:
    example = example_number(visit.house)
    return _expect_words(
        visit, Awaited(ticket=number, deed="merge"), "caretaker.ask_merge_number", example=example
    )


def _merge(visit: Visit, number: str, other: str) -> Answer:
    return _act(visit, number, Act(deed="merge", into=other))


def _note(visit: Visit, number: str, _: str) -> Answer:
    ticket = visit.house.caretakers.ticket(number, chat=visit.chat)
    if ticket.status not in OPEN:
        raise NotAllowed(f"caretaker.too_late_{ticket.status.value}")
    return _expect_words(visit, Awaited(ticket=number, deed="note"), "caretaker.ask_internal")


def _leave(visit: Visit, _number: str, _: str) -> Answer:
    return visit.toast("caretaker.note_closed")


def _expect_words(visit: Visit, awaited: Awaited, asked: str, **params: object) -> Answer:
    before = visit.awaited()
    if before and (before.ticket, before.deed) == (awaited.ticket, awaited.deed):
        return visit.toast(asked, number=awaited.ticket, **params)
    visit.expect(awaited)
    leave = [visit.house.texts.get("buttons.leave"), card_data(awaited.ticket, "leave")]
    buttons = [*template_buttons(visit, awaited), leave]
    return visit.say(asked, buttons=buttons, number=awaited.ticket, **params)


def _act(visit: Visit, number: str, act: Act) -> Answer:
    visit.house.caretakers.act(number, act, chat=visit.chat, now=visit.house.clock())
    visit.forget()
    return visit.toast(f"caretaker.done_{act.deed}")


def _allowed(visit: Visit, number: str, deed: str) -> Ticket:
    """Return the ticket a deed is being prepared for; raises what the deed itself would raise now."""
    ticket = visit.house.caretakers.ticket(number, chat=visit.chat)
    change_for(ticket.status, deed, Actor.CARETAKER)
    if deed == "decline" and ticket.report.area == visit.house.city.coordination.id:
        raise NotAllowed("caretaker.lies_there_already")
    return ticket


# (deed, whether it has an argument) -> what pressing it does
_PRESSED: dict[tuple[str, bool], Callable[[Visit, str, str], Answer]] = {
    ("accept", False): _accept,
    ("start", False): _start,
    ("finish", False): _finish,
    ("close", False): _leave,  # under "Erledigt": nothing to add
    ("hand_over", False): _where,
    ("to", True): _hand_over,
    ("outside", False): _where_outside,
    ("refer", True): _refer,
    ("ask", False): _ask,
    ("decline", False): _why,
    ("decline", True): _decline,
    ("merge", False): _same_as,
    ("merge", True): _merge_by_number,
    ("into", True): _merge,
    ("note", False): _note,
    ("leave", False): _leave,
    (USE, True): use_template,
    ("show", False): show_again,
}
