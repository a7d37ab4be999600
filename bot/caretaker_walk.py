"""Today's round: the tickets somebody should go and see, as map points in the order to walk in."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.caretaker_lists import where
from bot.caretaker_visit import Visit
from bot.residents import Answer
from desk.notices import Notice, NoticeKind
from desk.open_tickets import OpenTicket
from desk.walking import Point, steps, walk
from storage.wiring import House

WALK_BUTTON = "k:"
STOPS = 100  # places of a round at most, the oldest ones
BATCH = 10  # map points sent at once
UNPLACED_SHOWN = 10  # lines of tickets without a point
SHORT = 995  # metres; from here on, rounded to ten, it is said in kilometres
_MORE = re.compile(r"k:(\d{1,12}):(\d{1,3})")


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A ticket of the round and its place in it, counted from 1."""

    index: int
    ticket: OpenTicket

    @property
    def point(self) -> Point:
        """Where it is; tickets without a point are no stops."""
        place = self.ticket.place
        return place.latitude or 0.0, place.longitude or 0.0


def walk_list(visit: Visit, _: str) -> Answer:
    """Plan the round anew and show its beginning."""
    house = visit.house
    found = house.open_lists.to_visit(visit.chat, limit=STOPS + 1)
    shown = found[:STOPS]
    if not shown:
        return visit.say("caretaker.walk_none")
    route = _route([one for one in shown if one.place.latitude is not None])
    unplaced = [one for one in shown if one.place.latitude is None]
    texts = house.texts
    total = distance(sum(steps([one.point for one in route])), house)
    key = "caretaker.walk_head" if len(route) > 1 else "caretaker.walk_head_short"
    head = [texts.get(key, count=len(route), distance=total)] if route else []
    if len(found) > STOPS:
        head.append(texts.get("caretaker.walk_oldest", count=STOPS))
    rest = [texts.get("caretaker.walk_unplaced", count=len(unplaced))] if unplaced else []
    rest += [_line(one, house, index=f"• {one.number} ·") for one in unplaced[:UNPLACED_SHOWN]]
    round_id = visit.update.update_id
    if len(route) > BATCH:
        numbers = [one.ticket.number for one in route]
        blob = json.dumps({"id": round_id, "numbers": numbers}).encode()
        house.conversations.save(_key(visit.chat), blob)
    return _show(visit, route, head=head, rest=rest, round_id=round_id)


def more(visit: Visit, data: str) -> Answer:
    """Show how the round goes on, without what was settled since it was planned."""
    match, house = _MORE.fullmatch(data), visit.house
    blob = house.conversations.load(_key(visit.chat)) if match else None
    planned = json.loads(blob) if blob else {"id": None, "numbers": []}
    if match is None or planned["id"] != int(match[1]):
        return visit.toast("caretaker.bad_button")
    open_now = {one.number: one for one in house.open_lists.to_visit(visit.chat, limit=STOPS)}
    left = [
        Stop(index=index, ticket=open_now[number])
        for index, number in enumerate(planned["numbers"], start=1)
        if index > int(match[2]) and number in open_now and open_now[number].place.latitude is not None
    ]
    if not left:
        return visit.say("caretaker.walk_done")
    head = [house.texts.get("caretaker.walk_goes_on")]
    return _show(visit, left, head=head, rest=[], round_id=planned["id"])


def distance(metres: float, house: House) -> str:
    """Return a distance as people say it: tens of metres, or kilometres with one decimal."""
    if metres < SHORT:
        return house.texts.get("caretaker.metres", count=round(metres / 10) * 10)
    kilometres = f"{metres / 1000:.1f}".replace(".", ",")
    return house.texts.get("caretaker.kilometres", count=kilometres)


def _route(tickets: Sequence[OpenTicket]) -> list[Stop]:
    """Return the tickets in the order to walk in, beginning at the oldest urgent one where there is one."""
    start = next((index for index, one in enumerate(tickets) if one.urgent), None)
    order = walk([Stop(index=0, ticket=one).point for one in tickets], start=start)
    return [Stop(index=index, ticket=tickets[at]) for index, at in enumerate(order, start=1)]


def _show(visit: Visit, left: Sequence[Stop], *, head: list[str], rest: list[str], round_id: int) -> Answer:
    """Return the list of the next stops, their map points, and how to get the ones behind them."""
    house, stops = visit.house, left[:BATCH]
    ways = steps([one.point for one in stops])
    lines = [
        _line(one.ticket, house, index=f"{one.index}.", way=way if at else None)
        for at, (one, way) in enumerate(zip(stops, ways, strict=True))
    ]
    notices = [*visit.tell("\n".join([*head, *lines, *rest])).notices]
    notices += [_map_point(visit, one) for one in stops]
    if len(left) > BATCH:
        texts, behind = house.texts, len(left) - BATCH
        button = [texts.get("caretaker.walk_more"), f"{WALK_BUTTON}{round_id}:{stops[-1].index}"]
        content = {"text": texts.get("caretaker.walk_left", count=behind), "buttons": [button]}
        once = f"caretaker/{visit.update.update_id}/left"
        notices.append(Notice(key=once, chat=visit.chat, kind=NoticeKind.MESSAGE, content=content))
    return Answer(notices=notices)


def _map_point(visit: Visit, stop: Stop) -> Notice:
    house, ticket = visit.house, stop.ticket
    title = house.texts.get(
        "caretaker.walk_point",
        index=stop.index,
        category=house.wording.category(ticket.category),
        number=ticket.number,
    )
    latitude, longitude = stop.point
    return Notice(
        key=f"{ticket.number}/{visit.chat}/walk/{visit.update.update_id}",
        chat=visit.chat,
        kind=NoticeKind.MAP_POINT,
        content={
            "latitude": latitude,
            "longitude": longitude,
            "title": title,
            "address": where(ticket, house),
        },
        ticket=ticket.number,
    )


def _line(ticket: OpenTicket, house: House, *, index: str, way: float | None = None) -> str:
    texts = house.texts
    return texts.get(
        "caretaker.walk_line",
        index=index,
        urgent=f"{texts.get('caretaker.walk_urgent')} " if ticket.urgent else "",
        category=house.wording.category(ticket.category),
        place=where(ticket, house),
        way="" if way is None else f" ({texts.get('caretaker.walk_step', distance=distance(way, house))})",
    )


def _key(chat: str) -> str:
    return f"walk:{chat}"
