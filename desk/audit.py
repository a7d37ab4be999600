"""The audit log: attempts that smell of abuse, each with when, what and by whom under a pseudonym."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LIMIT = 20
"""Entries of one chat within `LIMITED_FOR`: a flood must not fill the disk."""
LIMITED_FOR = timedelta(hours=1)


class Attempt(StrEnum):
    """What is worth an entry; what is merely out of date (a late button, a used invitation) is not."""

    FORGED_CALLBACK = "forged_callback"  # data that none of our buttons can carry
    FOREIGN_TICKET = "foreign_ticket"  # a caretaker, of a ticket whose card their chat never had
    REMOVED_CARETAKER = "removed_caretaker"  # on a card left from before
    NO_CARETAKER = "no_caretaker"  # a caretaker's button in a chat that never had the card
    FOREIGN_OWN_TICKET = "foreign_own_ticket"  # a resident, of somebody else's ticket
    BAD_INVITATION = "bad_invitation"  # a token that never was an invitation
    ALTERED_LINK = "altered_link"
    REVOKED_LINK = "revoked_link"


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One attempt. `what` is an `Attempt`, `who` a pseudonym that never leads back to a chat's number."""

    at: datetime
    what: str
    who: str
    ticket: str | None = None
