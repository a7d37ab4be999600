"""A city's reply templates: all of them to read, and as buttons wherever words are awaited."""

from bot.cards import card_data
from bot.caretaker_visit import Awaited, Button, Visit
from bot.caretaker_words import take
from bot.residents import Answer
from desk.notices import Notice, NoticeKind
from desk.reply_templates import PURPOSES, fitting

LONGEST = 4000  # characters of a message; Telegram takes 4,096


def all_templates(visit: Visit, _: str) -> Answer:
    """Show every template under what it is for, in as few messages as it takes."""
    house = visit.house
    parts: list[str] = []
    for purpose in PURPOSES:
        lines = [
            house.texts.get("caretaker.template", label=one.label, text=one.text)
            for one in house.city.templates
            if purpose in one.purposes
        ]
        parts += [house.texts.get(f"caretaker.templates_{purpose}"), *lines] if lines else []
    if not parts:
        return visit.say("caretaker.templates_none")
    messages = [house.texts.get("caretaker.templates_head")]
    for part in parts:
        if len(messages[-1]) + len(part) > LONGEST:
            messages.append(part)
        else:
            messages[-1] += f"\n\n{part}"
    return Answer(
        notices=[
            Notice(
                key=f"caretaker/{visit.update.update_id}/{index}",
                chat=visit.chat,
                kind=NoticeKind.MESSAGE,
                content={"text": text},
            )
            for index, text in enumerate(messages)
        ]
    )


def template_buttons(visit: Visit, awaited: Awaited) -> list[Button]:
    """Return a button for each template that fits what is awaited."""
    templates = visit.house.city.templates
    if not templates:
        return []
    category = visit.house.caretakers.ticket(awaited.ticket, chat=visit.chat).report.category
    return [
        [one.label, card_data(awaited.ticket, "use", one.id)]
        for one in fitting(templates, awaited.deed, category)
    ]


def use_template(visit: Visit, number: str, name: str) -> Answer:
    """Take a template's text for the words that are awaited, as if it had been written."""
    template = next((one for one in visit.house.city.templates if one.id == name), None)
    awaited = visit.awaited()
    if awaited is None or awaited.ticket != number:
        return visit.toast("caretaker.template_too_late")
    if template is None or awaited.deed not in template.purposes:
        return visit.toast("caretaker.bad_button")
    return take(visit, awaited, template.text, ())
