"""A caretaker's chat signs off (/abmelden), or can't be reached any more."""

import re
from datetime import UTC, datetime

from telegram import ChatMember

from bot.caretaker_visit import AWAITED_FOR, Visit
from bot.refusals import refuse
from bot.residents import Answer
from desk.errors import KuemmerkastenError
from desk.notices import Notice, NoticeKind

LEAVE_BUTTON = "l:"
GONE = frozenset({ChatMember.LEFT, ChatMember.BANNED})
"""The bot's standing in a chat that it can't write to any more: left a group, thrown out, or blocked."""
_DATA = re.compile(r"l:(leave|stay):([0-9]{1,10})")


def ask_back(visit: Visit, _: str = "") -> Answer:
    """Ask whether this chat is really to get no tickets any more."""
    texts, at = visit.house.texts, int(visit.house.clock().timestamp())
    buttons = [[texts.get(f"buttons.{choice}_team"), f"l:{choice}:{at}"] for choice in ("leave", "stay")]
    return visit.say("caretaker.ask_leave", buttons=buttons, areas=_areas(visit))


def press(visit: Visit, data: str) -> Answer:
    """Do what was chosen; a question older than half an hour is not answered by mistake any more."""
    match = _DATA.fullmatch(data)
    if match is None:
        return refuse(visit, "caretaker.bad_button")
    now = visit.house.clock()
    if match[1] == "stay":
        return visit.toast("caretaker.stays")
    if now - datetime.fromtimestamp(int(match[2]), tz=UTC) > AWAITED_FOR:
        return visit.toast("caretaker.bad_button")
    try:
        gone = visit.house.leaving.leave(visit.chat, now=now, by_itself=True)
    except KuemmerkastenError as error:
        return visit.toast(error.key)
    return visit.toast("caretaker.left_toast" if gone else "caretaker.left_already")


def unreachable(visit: Visit) -> Answer | None:
    """Tell the coordination that a team's chat has blocked the bot or thrown it out; None: it is no team's.

    Open tickets stay with the area: cards that can't be delivered find their next way by themselves.
    """
    change = visit.update.my_chat_member
    areas = visit.house.caretakers.areas_of(visit.chat) if change else ()
    if change is None or change.new_chat_member.status not in GONE or not areas:
        return None
    with visit.house.storage.look() as work:
        desk = work.caretakers.chats_of(visit.house.city.coordination.id)
    content = {"text_key": "caretaker.unreachable", "params": {"areas": _areas(visit)}}
    key = f"unreachable/{visit.update.update_id}"
    return Answer(
        notices=[
            Notice(key=f"{key}/{chat}", chat=chat, kind=NoticeKind.MESSAGE, content=content)
            for chat in desk
            if chat != visit.chat
        ]
    )


def _areas(visit: Visit) -> str:
    house = visit.house
    return ", ".join(house.city.name_of(one) for one in house.caretakers.areas_of(visit.chat))
