"""`caretaker list` and `caretaker remove`: chats under pseudonyms, never their numbers or addresses."""

import argparse
import json
from collections.abc import Iterable
from itertools import groupby

from desk.assigning import is_group
from desk.caretaker_ports import Member
from desk.errors import NotFound
from desk.mailboxes import is_mailbox
from storage.settings import Settings
from storage.wiring import House, build

ID_DIGITS = 8  # of a chat's pseudonym; the audit log shows all of them


def list_members(options: argparse.Namespace, settings: Settings) -> int:
    """Print who gets the tickets of each area: kind of chat, since when, an id for `remove`."""
    house = build(settings)
    found = list(_members(house, options.area))
    if options.json:
        print(json.dumps([_as_json(one, house) for one in found], ensure_ascii=False, indent=2))
        return 0
    texts = house.texts
    if not found:
        one = options.area
        print(texts.get("operator.no_members", area=one) if one else texts.get("operator.members_none"))
    for area, members in groupby(found, key=lambda one: one.area):
        print(texts.get("operator.members_head", area=house.city.name_of(area), id=area))
        for one in members:
            kind = texts.get(f"operator.members_{kind_of(one.chat)}")
            since = house.wording.date_and_time(one.since)
            print(texts.get("operator.members_line", id=_id(one, house), kind=kind, since=since))
    return 0


def remove_members(options: argparse.Namespace, settings: Settings) -> int:
    """Take chats away from an area; raises NotFound, and removes none, when one of the ids is not there."""
    house = build(settings)
    found = list(_members(house, options.area))
    if not found:
        raise NotFound("operator.no_members", area=options.area)
    if options.id:
        found = [_named(given, found, house, area=options.area) for given in dict.fromkeys(options.id)]
    for one in dict.fromkeys(found):
        house.leaving.leave(one.chat, area=options.area, now=house.clock())
    print(house.texts.get("operator.removed", area=options.area, count=len(set(found))))
    with house.storage.look() as work:
        left = work.caretakers.chats_of(options.area)
    if not left:
        last = "removed_desk" if options.area == house.city.coordination.id else "removed_last"
        print(house.texts.get(f"operator.{last}", area=options.area))
    return 0


def kind_of(chat: str) -> str:
    """Return "mail", "group" or "private"."""
    if is_mailbox(chat):
        return "mail"
    return "group" if is_group(chat) else "private"


def _members(house: House, area: str | None) -> Iterable[Member]:
    with house.storage.look() as work:
        every = work.caretakers.members()
    if area is not None and area not in {one.area for one in every}:
        house.city.area(
            area
        )  # NotFound, unless it is only without chats; one the city no longer has may be left
    return (one for one in every if area in (None, one.area))


def chat_named(given: str, house: House) -> str:
    """Return the chat an operator names by its id, wherever it works; raises NotFound."""
    fits = {one.chat for one in _members(house, None) if _is_named(given, one, house)}
    if len(fits) != 1:
        raise NotFound("operator.no_member_at_all", id=given)
    return fits.pop()


def _is_named(given: str, member: Member, house: House) -> bool:
    return len(given) >= ID_DIGITS and _full_id(member, house).startswith(given)


def _named(given: str, members: Iterable[Member], house: House, *, area: str) -> Member:
    """Return the chat an operator names by its id, or by the longer one of the audit log."""
    fits = [one for one in members if _is_named(given, one, house)]
    if len(fits) != 1:
        raise NotFound("operator.no_member", area=area, id=given)
    return fits[0]


def _id(member: Member, house: House) -> str:
    return _full_id(member, house)[:ID_DIGITS]


def _full_id(member: Member, house: House) -> str:
    return house.pseudonyms.of(member.chat)


def _as_json(member: Member, house: House) -> dict[str, str]:
    return {
        "area": member.area,
        "id": _id(member, house),
        "kind": kind_of(member.chat),
        "since": member.since.astimezone(house.city.zone).isoformat(timespec="seconds"),
    }
