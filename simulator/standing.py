"""How a bot comes into a chat, is thrown out and let in again; the bot is told each time."""

from simulator.chats import ADMINISTRATOR, KICKED, LEFT, MEMBER, Chat, Json
from simulator.method_chats import standing
from simulator.world import Bot, World


def change(world: World, bot: Bot, user: Json, chat: Chat, status: str) -> int | None:
    """Set the bot's standing and send my_chat_member; returns the update's id."""
    before = chat.members.get(bot.id, LEFT)
    chat.members[bot.id] = status
    update = {
        "chat": chat.head,
        "from": user,
        "date": world.now(),
        "old_chat_member": standing(bot.user, before),
        "new_chat_member": standing(bot.user, status),
    }
    return bot.updates.put("my_chat_member", update, lane=chat.id)


def invite(world: World, bot: Bot, user: Json, chat: Chat, *, administrator: bool = False) -> int | None:
    """Add the bot to a group: my_chat_member, then the service message everybody sees."""
    change(world, bot, user, chat, ADMINISTRATOR if administrator else MEMBER)
    body = {"from": user, "date": world.now(), "new_chat_members": [bot.user]}
    return world.tell_bots(chat, "message", chat.add(body, bot_id=None))


def migrate(world: World, user: Json, chat: Chat) -> Chat:
    """Upgrade a group: the old id stops working, both chats carry the service message."""
    new = world.add_group(str(chat.head["title"]), supergroup=True)
    new.members = dict(chat.members)
    common = {"from": user, "date": world.now()}
    world.tell_bots(chat, "message", chat.add(common | {"migrate_to_chat_id": new.id}, bot_id=None))
    world.tell_bots(new, "message", new.add(common | {"migrate_from_chat_id": chat.id}, bot_id=None))
    chat.moved_to = new.id
    chat.members = dict.fromkeys(chat.members, KICKED)
    return new
