from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlparse

from simulator import contents, standing
from simulator.chats import MEMBER, Json, Message
from simulator.watcher import Watcher
from simulator.wording import found_entities, pieces
from simulator.world import Query


@dataclass(frozen=True)
class Sent:
    """What became of something a person did: message number and update id (None where there was none)."""

    message_id: int | None
    update_id: int | None


class Person(Watcher):
    """Somebody with Telegram in their hand, in one chat: with a bot, or in a group.

    Whatever a person does takes effect at once (no awaiting); `next_message` and `wait_for` wait for the bot.
    """

    # -- writing ---------------------------------------------------------------------------------------

    def text(self, text: str, *, reply_to: int | None = None) -> Sent:
        """Write; a text above 4,096 code units goes out in parts, as Telegram's apps do it."""
        sent = Sent(None, None)
        for part in pieces(text, self.world.limits.text_length):
            entities = found_entities(part)
            sent = self._send(
                {"text": part} | ({"entities": entities} if entities else {}), reply_to=reply_to
            )
        return sent

    def start(self, payload: str = "") -> Sent:
        """Press the start button, or open a deep link with a payload."""
        return self.text(f"/start {payload}".strip())

    def open_link(self, link: str) -> Sent:
        """Open `https://t.me/<bot>?start=<payload>`; the bare payload will do."""
        query = parse_qs(urlparse(link).query)
        return self.start(query["start"][0] if "start" in query else link)

    def command(self, name: str, arguments: str = "") -> Sent:
        """Send a command, without the slash; in a group it is addressed to the bot."""
        address = "" if self.chat.private else f"@{self.bot.username}"
        return self.text(f"/{name}{address} {arguments}".strip())

    def photo(self, data: bytes, *, caption: str = "", reply_to: int | None = None) -> Sent:
        """Send a photo; bytes that are no image arrive as a broken one."""
        return self._send(contents.photo(self.world, data, caption), reply_to=reply_to)

    def album(self, photos: Sequence[bytes], *, caption: str = "") -> list[Sent]:
        """Send photos as one album: one update each, the caption on the first."""
        group = {"media_group_id": str(13_000_000_000_000_000 + self.world.count())}
        return [
            self._send(contents.photo(self.world, data, "" if number else caption) | group)
            for number, data in enumerate(photos)
        ]

    def document(
        self,
        data: bytes,
        *,
        name: str = "datei.pdf",
        mime: str = "application/pdf",
        caption: str = "",
        size: int | None = None,
    ) -> Sent:
        """Send a file; `size` declares more bytes than `data` has."""
        return self._send(
            contents.document(self.world, data, name=name, mime=mime, caption=caption, size=size)
        )

    def location(self, latitude: float, longitude: float) -> Sent:
        """Send a point on the map."""
        return self._send({"location": {"latitude": latitude, "longitude": longitude}})

    def venue(self, latitude: float, longitude: float, *, title: str, address: str) -> Sent:
        """Send a named place."""
        point = {"latitude": latitude, "longitude": longitude}
        return self._send(
            {"location": point, "venue": {"location": point, "title": title, "address": address}}
        )

    def live_location(self, latitude: float, longitude: float, *, period: int = 900) -> Sent:
        """Begin to share the position for `period` seconds; `move` follows."""
        point = {
            "latitude": latitude,
            "longitude": longitude,
            "live_period": period,
            "horizontal_accuracy": 12.0,
        }
        return self._send({"location": point})

    def move(self, message_id: int, latitude: float, longitude: float) -> Sent:
        """Change a live location: the bot gets an edited_message."""
        body = self.chat.messages[message_id].body
        return self._edit(
            message_id, {"location": body["location"] | {"latitude": latitude, "longitude": longitude}}
        )

    def other(self, kind: str) -> Sent:
        """Send a voice, video, sticker, contact, poll or dice message."""
        return self._send(contents.OTHER[kind](self.world, self.user))

    def edit(self, message_id: int, text: str) -> Sent:
        """Change an own text or caption."""
        key = "text" if "text" in self.chat.messages[message_id].body else "caption"
        return self._edit(message_id, {key: text})

    # -- buttons ---------------------------------------------------------------------------------------

    def press(
        self, button: str, *, message_id: int | None = None, where: tuple[float, float] | None = None
    ) -> Sent:
        """Press the newest inline or reply-keyboard button whose label contains `button`.

        A reply button that asks for the location sends `where`. LookupError when there is no such button.
        """
        for message in [self._at(message_id)] if message_id else self.messages(newest_first=True):
            for one in message.inline():
                if button.lower() in one["text"].lower() or button == one.get("callback_data"):
                    return self.press_data(one.get("callback_data", ""), message_id=message.id)
        for row in (self.chat.keyboard or {}).get("keyboard", []):
            for one in row:
                if button.lower() in one["text"].lower():
                    return self._press_reply(one, where)
        raise LookupError(button)

    def press_data(self, data: str, *, message_id: int) -> Sent:
        """Press with any callback data, offered or forged, on any message of the chat."""
        message = self.chat.messages[message_id]
        bot = self.world.bot_by_id(message.bot_id) if message.bot_id else self.bot
        number = str(4_000_000_000_000_000_000 + self.world.count())
        bot.queries[number] = Query(chat=self.chat, user_id=self.user["id"], pressed_at=self.world.ticks())
        self._acted = self.chat.revision
        query = {"id": number, "from": self.user, "chat_instance": str(self.chat.id), "data": data}
        return Sent(
            None, bot.updates.put("callback_query", query | {"message": message.body}, lane=self.chat.id)
        )

    def _press_reply(self, button: Json, where: tuple[float, float] | None) -> Sent:
        if (self.chat.keyboard or {}).get("one_time_keyboard"):
            self.chat.show_keyboard(None)
        if button.get("request_location"):
            latitude, longitude = where or (0.0, 0.0)
            return self.location(latitude, longitude)
        if button.get("request_contact"):
            return self.other("contact")
        return self.text(button["text"])

    # -- standing --------------------------------------------------------------------------------------

    def block(self) -> Sent:
        """Block the bot: it is told, and may write no more."""
        return Sent(None, standing.change(self.world, self.bot, self.user, self.chat, "kicked"))

    def unblock(self) -> Sent:
        """Let the bot write again."""
        return Sent(None, standing.change(self.world, self.bot, self.user, self.chat, MEMBER))

    def add_bot(self, *, administrator: bool = False) -> Sent:
        """Take the bot into this group."""
        return Sent(
            None, standing.invite(self.world, self.bot, self.user, self.chat, administrator=administrator)
        )

    def kick_bot(self) -> Sent:
        """Throw the bot out of this group."""
        return Sent(None, standing.change(self.world, self.bot, self.user, self.chat, "kicked"))

    def migrate(self) -> "Person":
        """Turn the group into a supergroup with another id; returns the person in the new chat."""
        return Person(self.world, self.bot, self.user, standing.migrate(self.world, self.user, self.chat))

    # -- the wire --------------------------------------------------------------------------------------

    def redeliver(self, update_id: int) -> Sent:
        """Let Telegram deliver an update again under the same number."""
        self.bot.updates.redeliver(update_id)
        return Sent(None, update_id)

    def raw(self, update: Json) -> Sent:
        """Put any object in the bot's queue, also one that is no proper update."""
        return Sent(None, self.bot.updates.put_raw(update, lane=self.chat.id))

    def _send(self, content: Json, *, reply_to: int | None = None) -> Sent:
        if self.chat.private and self.chat.members.get(self.bot.id) != MEMBER:
            if self.bot.id in self.chat.members:
                self.unblock()
            self.chat.members[self.bot.id] = MEMBER
        head = {"from": self.user, "date": self.world.now()}
        if reply_to is not None:
            quoted = self.chat.messages[reply_to].body
            head["reply_to_message"] = {
                key: value for key, value in quoted.items() if key != "reply_to_message"
            }
        message = self.chat.add(head | content, bot_id=None)
        self._acted = self.chat.revision
        return self._told("message", message)

    def _edit(self, message_id: int, content: Json) -> Sent:
        message = self.chat.messages[message_id]
        message.body = message.body | content | {"edit_date": self.world.now()}
        self.chat.changed(message)
        self._acted = self.chat.revision
        return self._told("edited_message", message)

    def _told(self, kind: str, message: Message) -> Sent:
        return Sent(message.id, self.world.tell_bots(self.chat, kind, message))
