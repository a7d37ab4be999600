"""/abwesend: entering an absence, who steps in, and cancelling it."""

import re
from datetime import date, datetime

from bot.caretaker_visit import Button, Visit
from bot.residents import Answer
from desk.absence_days import AbsenceDays
from desk.absences import shown_days
from desk.assigning import city_day, is_group
from desk.errors import KuemmerkastenError
from desk.stepping_in import ABSENCE_BUTTON
from storage.calendars import calendar_of, date_reader

LEAVE = f"{ABSENCE_BUTTON}leave"
_CHOSEN = re.compile(r"a:([0-9]{8}):([0-9]{8}):([\w.-]+)")
_CANCEL = re.compile(r"a:cancel:([0-9]{1,9})")
_DAY = "%Y%m%d"


def away(visit: Visit, argument: str) -> Answer:
    """Answer the command: ask who steps in on the days behind it, or list what is entered."""
    if not argument.strip():
        return _listed(visit)
    house = visit.house
    reader = AbsenceDays(reader=date_reader(), calendar=calendar_of(house.city.land))
    days = reader.read(argument, today=city_day(house.city, house.clock()))
    if days is None:
        return visit.say("absence.unclear")
    try:
        offered = house.absences.substitutes(visit.chat, *days, now=house.clock())
    except KuemmerkastenError as error:
        return visit.tell(house.texts.get(error.key, **error.params))
    buttons: list[Button] = [[area.name, chosen_data(*days, area.id)] for area in offered]
    buttons.append([house.texts.get("buttons.leave"), LEAVE])
    asked = "absence.ask_who_group" if is_group(visit.chat) else "absence.ask_who"
    return visit.say(asked, buttons=buttons, days=shown_days(*days))


def press(visit: Visit, data: str) -> Answer:
    """Do what a button about absences says; what is not allowed (any more) only gets a toast."""
    house = visit.house
    if not house.caretakers.areas_of(visit.chat):
        return visit.toast("caretaker.bad_button")
    if data == LEAVE:
        return visit.toast("caretaker.note_closed")
    try:
        if match := _CHOSEN.fullmatch(data):
            first, last = _day(match[1]), _day(match[2])
            if first and last:
                fresh = house.absences.enter(visit.chat, first, last, match[3], now=house.clock())
                return visit.toast("absence.done_enter" if fresh else "absence.known")
        if match := _CANCEL.fullmatch(data):
            house.absences.cancel(int(match[1]), chat=visit.chat, now=house.clock())
            return visit.toast("absence.cancelled")
    except KuemmerkastenError as error:
        return visit.toast(error.key, **error.params)
    return visit.toast("caretaker.bad_button")


def chosen_data(first: date, last: date, area: str) -> str:
    """Return the callback data of the button that lets an area step in between two days."""
    return f"{ABSENCE_BUTTON}{first.strftime(_DAY)}:{last.strftime(_DAY)}:{area}"


def _listed(visit: Visit) -> Answer:
    house = visit.house
    texts, coming = house.texts, house.absences.coming(visit.chat, now=house.clock())
    how = texts.get("absence.how")
    if not coming:
        none = "absence.none_group" if is_group(visit.chat) else "absence.none"
        return visit.tell("\n".join([texts.get(none), how]))
    lines, buttons = [texts.get("absence.list")], []
    for one in coming:
        days = shown_days(one.first, one.last)
        lines.append(texts.get("absence.line", days=days, who=house.city.name_of(one.substitute)))
        buttons.append([texts.get("absence.cancel", days=days), f"{ABSENCE_BUTTON}cancel:{one.id}"])
    return visit.tell("\n".join([*lines, how]), buttons=buttons)


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, _DAY).date()  # noqa: DTZ007 -- a day has no zone
    except ValueError:
        return None
