import json
from collections.abc import Awaitable, Callable
from typing import Any

from simulator.chats import ADMINISTRATOR, KICKED, LEFT, MEMBER
from simulator.errors import bad_request
from simulator.requests import Call
from simulator.sending import target

Json = dict[str, Any]

LARGEST_MENU = 100
LONGEST_DESCRIPTION = {"description": 512, "short_description": 120, "name": 64}
ADMIN_RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories",
)  # fmt: skip


async def get_chat(call: Call) -> Json:
    """What is known about a chat."""
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    return target(call).head | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


async def get_chat_member(call: Call) -> Json:
    """How somebody stands to a chat; people in the simulator are plain members."""
    chat, user_id = target(call), call.integer("user_id")
    if user_id == call.bot.id:
        return standing(call.bot.user, chat.members[call.bot.id])
    user = call.world.users.get(user_id)
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID" if not chat.private else "user not found")
    return standing(user, MEMBER)


def standing(user: Json, status: str) -> Json:
    """A ChatMember object with the fields its status requires."""
    extra: Json = {}
    if status == ADMINISTRATOR:
        extra = dict.fromkeys(ADMIN_RIGHTS, False)
    elif status == KICKED:
        extra = {"until_date": 0}
    return {"user": user, "status": status} | extra


async def leave_chat(call: Call) -> bool:
    """The bot goes by itself."""
    chat = target(call)
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.members[call.bot.id] = LEFT
    return True


def _scope(call: Call) -> tuple[str, str]:
    return json.dumps(call.json("scope") or {"type": "default"}, sort_keys=True), call.text("language_code")


async def set_my_commands(call: Call) -> bool:
    """The menu of commands."""
    commands = call.json("commands") or []
    if len(commands) > LARGEST_MENU:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        name, description = str(one.get("command", "")), str(one.get("description", ""))
        if not 1 <= len(name) <= 32 or not name.replace("_", "").isascii() or name != name.lower():  # noqa: PLR2004
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= 256:  # noqa: PLR2004
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    call.bot.commands[_scope(call)] = commands
    return True


async def get_my_commands(call: Call) -> list[Json]:
    """The menu as it was set for this scope and language."""
    return call.bot.commands.get(_scope(call), [])


async def delete_my_commands(call: Call) -> bool:
    """Take the menu of this scope and language away."""
    call.bot.commands.pop(_scope(call), None)
    return True


def _describe(name: str) -> tuple[Callable[[Call], Awaitable[bool]], Callable[[Call], Awaitable[Json]]]:
    async def put(call: Call) -> bool:
        if len(call.text(name)) > LONGEST_DESCRIPTION[name]:
            raise bad_request(f"{name.replace('_', ' ')} is too long")
        call.bot.descriptions[name, call.text("language_code")] = call.text(name)
        return True

    async def get(call: Call) -> Json:
        return {name: call.bot.descriptions.get((name, call.text("language_code")), "")}

    return put, get


_set_description, _get_description = _describe("description")
_set_short, _get_short = _describe("short_description")
_set_name, _get_name = _describe("name")

METHODS: dict[str, Callable[[Call], Awaitable[Any]]] = {
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "leavechat": leave_chat,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmydescription": _set_description,
    "getmydescription": _get_description,
    "setmyshortdescription": _set_short,
    "getmyshortdescription": _get_short,
    "setmyname": _set_name,
    "getmyname": _get_name,
}
