from typing import Any

from simulator.errors import bad_request
from simulator.limits import Limits

Json = dict[str, Any]

LARGEST_KEYBOARD = 100
REPLY_KINDS = ("keyboard", "remove_keyboard", "force_reply")
ACTIONS = ("callback_data", "url", "switch_inline_query", "switch_inline_query_current_chat", "copy_text",
           "web_app", "login_url", "callback_game", "pay")  # fmt: skip


def read_markup(markup: Any, limits: Limits) -> tuple[Json | None, Json | None]:
    """Split a reply_markup into inline keyboard (part of the message) and reply keyboard; 400 if wrong."""
    if not markup:
        return None, None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup["inline_keyboard"], limits), None
    if "keyboard" in markup:
        rows = [[_reply_button(button) for button in row] for row in markup["keyboard"] if row]
        if not rows:
            raise bad_request("can't parse reply keyboard markup JSON object")
        return None, markup | {"keyboard": rows}
    if any(kind in markup for kind in REPLY_KINDS):
        return None, markup
    raise bad_request("can't parse reply keyboard markup JSON object")


def _inline(rows: list[list[Json]], limits: Limits) -> Json | None:
    kept = [[_inline_button(button, limits) for button in row] for row in rows if row]
    if sum(len(row) for row in kept) > LARGEST_KEYBOARD:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _inline_button(button: Json, limits: Limits) -> Json:
    if not str(button.get("text", "")).strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if not any(button.get(action) not in (None, "") for action in ACTIONS):
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data = str(button.get("callback_data", ""))
    if len(data.encode("utf-8", "surrogatepass")) > limits.callback_bytes:
        raise bad_request("BUTTON_DATA_INVALID")
    url = str(button.get("url", ""))
    if url and "." not in url and not url.startswith(("tg://", "http://", "https://")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return button


def _reply_button(button: Json | str) -> Json:
    made = {"text": button} if isinstance(button, str) else button
    if not str(made.get("text", "")).strip():
        raise bad_request("keyboard button text must be non-empty")
    return made
