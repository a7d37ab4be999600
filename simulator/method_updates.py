from typing import Any
from urllib.parse import urlparse

from simulator.errors import bad_request, conflict
from simulator.requests import Call
from simulator.updates import BY_WEBHOOK, Update
from simulator.webhook import Webhook

LONGEST_POLL = 50
LARGEST_BATCH = 100
LOCAL = ("127.0.0.1", "localhost")


async def get_me(call: Call) -> dict[str, Any]:
    """The bot itself."""
    return call.bot.user | {
        "can_join_groups": True,
        "can_read_all_group_messages": not call.bot.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(call: Call) -> list[Update]:
    """Long polling: what is there, or what comes within `timeout` seconds."""
    queue = call.bot.updates
    if (kinds := call.json("allowed_updates")) is not None:
        queue.allow(kinds)
    return await queue.poll(
        offset=call.integer("offset"),
        limit=min(max(call.integer("limit", LARGEST_BATCH), 1), LARGEST_BATCH),
        timeout=min(call.integer("timeout"), LONGEST_POLL),
    )


async def set_webhook(call: Call) -> bool:
    """Send updates to a URL from now on; only to this machine, the simulator reaches nothing else."""
    url = call.text("url")
    if not url:
        return await delete_webhook(call)
    if urlparse(url).hostname not in LOCAL:
        raise bad_request("bad webhook: Failed to resolve host: Name or service not known")
    secret = call.text("secret_token")
    if len(secret) > 256 or (not secret.replace("_", "").replace("-", "").isalnum() and secret):  # noqa: PLR2004
        raise bad_request("secret token contains unallowed characters")
    await _stop(call)
    call.bot.updates.terminate(conflict(BY_WEBHOOK))
    if (kinds := call.json("allowed_updates")) is not None:
        call.bot.updates.allow(kinds)
    call.bot.webhook = Webhook(
        queue=call.bot.updates,
        url=url,
        secret=secret,
        connections=min(max(call.integer("max_connections", 40), 1), 100),
        clock=call.world.clock,
    )
    call.bot.webhook.start()
    return True


async def delete_webhook(call: Call) -> bool:
    """Back to long polling."""
    await _stop(call)
    return True


async def _stop(call: Call) -> None:
    if call.bot.webhook:
        await call.bot.webhook.stop()
        call.bot.webhook = None
    if call.flag("drop_pending_updates"):
        call.bot.updates.drop()


async def get_webhook_info(call: Call) -> dict[str, Any]:
    """Where updates go and what went wrong last."""
    webhook, queue = call.bot.webhook, call.bot.updates
    info: dict[str, Any] = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(queue.pending),
    }
    if webhook:
        info |= {"max_connections": webhook.connections, "ip_address": "127.0.0.1"}
        if webhook.last_error:
            info |= {"last_error_date": webhook.last_error[0], "last_error_message": webhook.last_error[1]}
    if queue.allowed:
        info["allowed_updates"] = sorted(queue.allowed)
    return info


async def done(call: Call) -> bool:
    """LogOut and close: nothing to do here."""
    return bool(call.bot)


METHODS = {
    "getme": get_me,
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "logout": done,
    "close": done,
}
