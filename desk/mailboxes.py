"""Caretakers who are reached by e-mail: their chats are called `mail:<number of the mailbox>`."""

import re

MAIL = "mail:"
"""What a chat begins with that is a mailbox."""
LONGEST = 254  # characters of an address (RFC 5321, 4.5.3.1.3)
LONGEST_LOCAL = 64  # ... before its @
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@(?:{_LABEL}\.)+(?!\d+$){_LABEL}")


def is_mailbox(chat: str) -> bool:
    """Tell whether a chat is a mailbox."""
    return chat.startswith(MAIL)


def mail_address(written: str) -> str | None:
    """Return an address as it is kept, in lower case; None when it is none that mail can be sent to.

    Names of domains with umlauts are not taken in that form: their ASCII form (`xn--…`) is what is sent.
    """
    # No server in use tells capitals apart before the @, and one person must not become two mailboxes.
    found = _ADDRESS.fullmatch(written.strip().lower())
    return found[0] if found and len(found[0]) <= LONGEST and len(found[1]) <= LONGEST_LOCAL else None
