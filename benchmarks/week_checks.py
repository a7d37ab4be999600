"""What must not happen in the simulated week, told without the code under test where that is possible."""

from collections import Counter
from datetime import datetime, time
from zoneinfo import ZoneInfo

from week_town import STEP, Town

from desk.notices import NoticeKind
from desk.tickets import Status, Ticket
from desk.workflow import ENDED, TO_ACCEPT

OWN_DEEDS = ("said/", "joined/", "left/")
"""What the keys of news begin with that only answer what a resident did."""


def findings(place: Town) -> dict[str, list[str]]:
    """Return the cases of each thing that must not happen."""
    tickets = place.tickets()
    urgent = {ticket.number for ticket in tickets if ticket.report.urgent}
    return {
        "lying": [one.number for one in tickets if not _answered_for(place, one)],
        "unanswered": _unanswered(place, tickets),
        "off_duty": [
            one.notice.key
            for one in place.by_itself()
            # That the card of something urgent is lost is told at once.
            if not _on_duty(place, one.at)
            and not ("/lost/" in one.notice.key and one.notice.ticket in urgent)
        ],
        "twice": _twice(place),
        "in_groups": _in_groups(place, tickets),
    }


def _answered_for(place: Town, ticket: Ticket) -> bool:
    """Tell whether a ticket has ended, somebody has taken it on, or the coordination has been given it."""
    if ticket.status in ENDED or ticket.status not in TO_ACCEPT:
        return True
    whats = [entry.what for entry in ticket.history]
    with place.house.storage.look() as work:
        area = ticket.report.area
        chats = {*work.caretakers.chats_of(area), *work.caretakers.chats_of(place.house.city.coordination.id)}
        arrived = set(work.outbox.card_chats(ticket.number)) & chats
    return bool(arrived) and (ticket.status is Status.DECLINED or "escalated" in whats)


def _unanswered(place: Town, tickets: list[Ticket]) -> list[str]:
    heard = {
        (one.notice.ticket, one.notice.chat)
        for one in place.news()
        if not one.notice.key.split("/news/")[1].startswith(OWN_DEEDS)
        # Whoever joins what somebody works on already is told that.
        or one.notice.content.get("text_key") == "resident.joined_at_work"
    }
    # Whose ticket was merged has heard under its number where it goes on.
    parts = {ticket.number: {ticket.number} for ticket in tickets}
    into = {ticket.number: ticket.merged_into for ticket in tickets}
    for ticket in tickets:
        goes_on = ticket.merged_into
        while goes_on:
            parts[goes_on].add(ticket.number)
            goes_on = into[goes_on]
    return [
        f"{ticket.number} {ticket.status}"
        for ticket in tickets
        for chat in ticket.residents
        if not any((number, chat) in heard for number in parts[ticket.number])
    ]


def _on_duty(place: Town, arrived: datetime) -> bool:
    """Tell whether something came in working time; it was delivered with the step after it was put out."""
    local = (arrived - STEP).astimezone(ZoneInfo(place.house.city.timezone))
    times = place.house.city.deadlines.working_time
    return local.weekday() < 5 and min(times.start, time(7)) <= local.time() < times.until


def _twice(place: Town) -> list[str]:
    """Return what a chat was told twice about a ticket in the same words, without a change between."""
    changes = {ticket.number: [entry.at for entry in ticket.history] for ticket in place.tickets()}
    counted: Counter[tuple[object, ...]] = Counter()
    for one in place.sent:
        notice = one.notice
        if notice.kind is not NoticeKind.MESSAGE:
            continue
        said = notice.content.get("text") or notice.content["text_key"]
        params = str(sorted(notice.content.get("params", {}).items()))
        since = sum(at < one.at for at in changes.get(notice.ticket or "", ()))
        counted[notice.chat, notice.ticket, said, params, since] += 1
    return [str(key) for key, count in counted.items() if count > 1]


def _in_groups(place: Town, tickets: list[Ticket]) -> list[str]:
    """Return what told a group's chat anything of a conflict."""
    conflicts = {ticket.number for ticket in tickets if ticket.report.kind == "conflict"}
    groups = (one.notice for one in place.sent if one.notice.chat.startswith("-"))
    return [notice.key for notice in groups if notice.ticket in conflicts]
