"""Changing a ticket after it was sent: kind and category by buttons, the place by words or a pin."""

from dataclasses import replace

from bot.awaited_answers import Awaited
from bot.own_tickets_visit import OwnVisit
from bot.residents import Answer
from desk.assigning import PRIVATE_KINDS
from desk.drafts import Draft, Words
from desk.errors import KuemmerkastenError
from desk.questions import Choice, Question, choices, next_question
from desk.said import Said, Taken
from desk.tickets import FORGOTTEN, Ticket

PLACE = "place"
"""What is awaited after the button "Ort"."""
ELSEWHERE = {"utter_place_outside": "outside", "utter_place_neighbour": "neighbour"}
"""What the reader of places remarks on a place that is not in the city."""


def ask_what(visit: OwnVisit, number: str, _: str) -> Answer:
    """Ask what is to be changed."""
    ticket = visit.house.changing.check(number, chat=visit.chat)
    visit.awaited.stop(visit.chat)
    buttons = ("topic", "place", "leave")
    return visit.say("resident.change_what", number=ticket.number, buttons=buttons)


def ask_kind(visit: OwnVisit, number: str, _: str) -> Answer:
    """Ask which kind it is; what was told in confidence stays that."""
    ticket = visit.house.changing.check(number, chat=visit.chat)
    visit.awaited.stop(visit.chat)
    kind = ticket.report.kind
    if kind in PRIVATE_KINDS:
        return ask_category(visit, number, kind)
    kinds = visit.house.catalogue.categories.kinds
    offered = [(one.label, f"kind:{one.id}") for one in kinds]
    return visit.say("resident.change_kind", number=ticket.number, choices=offered, buttons=("leave",))


def ask_category(visit: OwnVisit, number: str, kind: str) -> Answer:
    """Ask which category of the kind it is."""
    ticket = visit.house.changing.check(number, chat=visit.chat)
    categories = visit.house.catalogue.categories.of_kind(kind)
    if not categories:
        return visit.toast("caretaker.bad_button")
    offered = [(one.label, f"category:{one.id}") for one in categories]
    label = visit.house.wording.kind(kind)
    return visit.say(
        "resident.change_category", number=ticket.number, kind=label, choices=offered, buttons=("leave",)
    )


def take_category(visit: OwnVisit, number: str, category: str) -> Answer:
    """Change the category; what the resident hears is put out together with it."""
    now = visit.house.clock()
    visit.house.changing.change(number, chat=visit.chat, category=category, once=visit.once, now=now)
    visit.awaited.stop(visit.chat, ticket=number)
    return Answer(notices=[])


def ask_place(visit: OwnVisit, number: str, _: str) -> Answer:
    """Ask where it is, and wait for it."""
    ticket = visit.house.changing.check(number, chat=visit.chat)
    _wait(visit, ticket.number, _fresh(ticket))
    place = visit.house.wording.spot(ticket.report.place)
    return visit.say("resident.change_place", number=ticket.number, place=place, buttons=("leave",))


def take_choice(visit: OwnVisit, number: str, code: str) -> Answer:
    """Take a button under the last question about the place; one of an earlier question no longer counts."""
    awaited = visit.awaited.now(visit.chat, update=visit.update.update_id)
    if awaited is None or (awaited.what, awaited.ticket) != (PLACE, number):
        return visit.toast("caretaker.bad_button")
    draft = Draft.from_json(awaited.more["draft"])
    if code not in {one.code for one in _offered(visit, draft)}:
        return visit.toast("caretaker.bad_button")
    return take_place(visit, awaited, Said(choice=code))


def take_place(visit: OwnVisit, awaited: Awaited, said: Said) -> Answer:
    """Take words, a pin or a button for the new place: change it, or ask what is still open about it."""
    draft, number = Draft.from_json(awaited.more["draft"]), awaited.ticket
    taken = visit.house.reader.take(draft, said) or Taken(draft=draft)
    draft = taken.draft
    if draft.outcome:  # "nein, danke", typed
        visit.awaited.wait(visit.chat, awaited, ended_by=visit.update.update_id)
        return visit.say("resident.left", number=number)
    if next_question(draft, visit.house.catalogue) is not Question.CONFIRMATION:
        return _ask_again(visit, number, taken)
    try:
        visit.house.changing.change(
            number, chat=visit.chat, spot=draft.spot, once=visit.once, now=visit.house.clock()
        )
    except KuemmerkastenError as error:
        answer = visit.refuse(error, number=number)
    else:
        answer = Answer(notices=[])
    visit.awaited.wait(visit.chat, awaited, ended_by=visit.update.update_id)
    return answer


def place_please(visit: OwnVisit, awaited: Awaited) -> Answer:
    """Say that a place is awaited, to whoever sends a photo instead."""
    return visit.say("resident.change_place_please", number=awaited.ticket, buttons=("leave",))


def _fresh(ticket: Ticket) -> Draft:
    """Return the report as a draft of which only the place is open; its words are nobody's business here."""
    report, words = ticket.report, Words(text=FORGOTTEN)
    return Draft(
        id=ticket.number,
        words=(words,),
        kind=report.kind,
        category=report.category,
        photos_asked=True,
        photos_settled=True,
    )


def _ask_again(visit: OwnVisit, number: str, taken: Taken) -> Answer:
    draft, house = taken.draft, visit.house
    question = next_question(draft, house.catalogue)
    params: dict[str, object] = {"written": draft.search.written if draft.search else ""}
    if draft.spot:
        params |= {"place": house.wording.spot(draft.spot), "district": draft.spot.district}
        params["candidate"] = next(iter(draft.spot.candidates), "")
    elsewhere = next((one for one in taken.remarks if one.response in ELSEWHERE), None)
    if elsewhere:
        text = ELSEWHERE[elsewhere.response]
        name = str(elsewhere.params.get("neighbour", ""))
        params |= {"neighbour": name, "contact": house.wording.neighbour(name)}
    elif question is Question.UNCOVERED:
        text = "uncovered"
        params["referral"] = house.wording.referrals(draft.category)
        draft = replace(draft, spot=None)
    elif question is Question.DISTRICT:
        text = _district_text(draft)
    else:
        text = "suggested" if draft.search and draft.search.suggestions else "unknown"
    _wait(visit, number, draft)
    offered = [(one.label, f"where:{one.code}") for one in _offered(visit, draft)]
    return visit.say(
        f"resident.change_place_{text}", number=number, choices=offered, buttons=("leave",), **params
    )


def _district_text(draft: Draft) -> str:
    spot = draft.spot
    if spot is not None and len(spot.candidates) == 1:
        return "meant"
    return "border" if spot is not None and spot.border else "district"


def _offered(visit: OwnVisit, draft: Draft) -> list[Choice]:
    """Return the ways on from the open question; ending a report is none here."""
    question = next_question(draft, visit.house.catalogue)
    found = choices(question, draft, visit.house.catalogue) if question else []
    return [one for one in found if one.value != "stop"]


def _wait(visit: OwnVisit, number: str, draft: Draft) -> None:
    more = {"draft": draft.as_json()}
    visit.awaited.wait(visit.chat, Awaited(ticket=number, what=PLACE, more=more))
