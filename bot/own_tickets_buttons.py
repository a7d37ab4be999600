"""The buttons under a resident's news and in their list of tickets: a table from the data to what is done."""

from collections.abc import Callable
from functools import partial
from re import compile as pattern

from bot import own_tickets_changing as changing
from bot import own_tickets_feedback as feedback
from bot.awaited_answers import Awaited
from bot.incoming import is_forged
from bot.own_tickets_visit import OwnVisit
from bot.residents import Answer
from desk.audit import Attempt
from desk.errors import KuemmerkastenError, NotFound
from desk.notices import RESIDENT_BUTTON
from desk.suspicion import attempt_of_resident
from desk.tickets import Status, Ticket

_BUTTON = pattern(RESIDENT_BUTTON + r"(QH-\d{4}-\d{5,9}):([a-z_]+)(?::(.+))?")


def press(visit: OwnVisit, data: str) -> Answer | None:
    """Do what a button says; None for one that is not about an own ticket, which ends any waiting."""
    if not data.startswith(RESIDENT_BUTTON):
        visit.awaited.stop(visit.chat)
        if is_forged(data):
            visit.house.audit(Attempt.FORGED_CALLBACK, chat=visit.chat)
        return None
    match = _BUTTON.fullmatch(data)
    pressed = PRESSED.get((match[2], match[3] is not None)) if match else None
    if match is None or pressed is None:
        visit.house.audit(Attempt.FORGED_CALLBACK, chat=visit.chat)
        return visit.toast("caretaker.bad_button")
    try:
        return pressed(visit, match[1], match[3] or "")
    except KuemmerkastenError as error:
        if isinstance(error, NotFound):
            _write_down(visit, match[1])
        return visit.toast(error.key, **error.params)


def _write_down(visit: OwnVisit, number: str) -> None:
    """Note in the audit log that somebody tried another resident's ticket."""
    with visit.house.storage.look() as work:
        attempt = attempt_of_resident(work, chat=visit.chat, ticket=number)
    if attempt:
        visit.house.audit(attempt, chat=visit.chat, ticket=number)


def leave(visit: OwnVisit, number: str, _: str = "") -> Answer:
    """Await nothing about the ticket any more."""
    visit.awaited.stop(visit.chat, ticket=number)
    if visit.update.callback_query:
        return visit.toast("resident.left")
    return visit.say("resident.left", number=number)


def _ask(visit: OwnVisit, number: str, _: str) -> Answer:
    ticket = visit.house.own_tickets.check(number, "answer", chat=visit.chat)
    visit.awaited.wait(visit.chat, Awaited(ticket=number))
    asked = ticket.status is Status.WAITING and visit.chat == ticket.report.reporter
    key = "resident.say_now" if asked else "resident.add_now"
    return visit.say(key, number=number, buttons=("leave",))


def _ask_back(visit: OwnVisit, number: str, _: str = "") -> Answer:
    if _is_shared(visit.house.own_tickets.check(number, "withdraw", chat=visit.chat)):
        return visit.say("resident.really_quit", number=number, buttons=("really_quit", "stay"))
    return visit.say("resident.really_withdraw", number=number, buttons=("really_withdraw", "keep"))


def _quit(visit: OwnVisit, number: str, _: str) -> Answer:
    """Let one of several go; whoever is the last one by now is asked about withdrawing it."""
    ticket = visit.house.own_tickets.check(number, "withdraw", chat=visit.chat)
    return _act(visit, number, deed="withdraw") if _is_shared(ticket) else _ask_back(visit, number)


def _act(visit: OwnVisit, number: str, _: str = "", *, deed: str) -> Answer:
    # What the resident hears of it is put out together with the change.
    visit.house.own_tickets.act(number, deed, chat=visit.chat, now=visit.house.clock())
    if deed == "reopen":
        visit.awaited.wait(visit.chat, Awaited(ticket=number))
    else:
        visit.awaited.stop(visit.chat)
    return Answer(notices=[])


def _is_shared(ticket: Ticket) -> bool:
    return len(ticket.residents) > 1


# (deed, whether it has an argument) -> what pressing it does
PRESSED: dict[tuple[str, bool], Callable[[OwnVisit, str, str], Answer]] = {
    ("answer", False): _ask,
    ("add", False): _ask,
    ("confirm", False): partial(_act, deed="confirm"),
    ("reopen", False): partial(_act, deed="reopen"),
    ("withdraw", False): _ask_back,
    ("quit", False): _ask_back,
    ("really_withdraw", False): partial(_act, deed="withdraw"),
    ("really_quit", False): _quit,
    ("keep", False): leave,
    ("stay", False): leave,
    ("leave", False): leave,
    ("enough", False): leave,
    ("change", False): changing.ask_what,
    ("topic", False): changing.ask_kind,
    ("kind", True): changing.ask_category,
    ("category", True): changing.take_category,
    ("place", False): changing.ask_place,
    ("where", True): changing.take_choice,
    ("good", False): partial(feedback.rate, good=True),
    ("bad", False): partial(feedback.rate, good=False),
}
