"""What is refused: one clear sentence, and an entry in the audit log where it smells of abuse."""

from bot.caretaker_visit import Visit
from bot.residents import Answer
from desk.suspicion import attempt_of_caretaker


def refuse(visit: Visit, key: str, *, ticket: str | None = None, **params: object) -> Answer:
    """Answer a pressed button with a toast that says why nothing happens."""
    write_down(visit, key, ticket=ticket)
    return visit.toast(key, **params)


def write_down(visit: Visit, key: str, *, ticket: str | None = None) -> None:
    """Note a refusal in the audit log when it is more than a late button."""
    with visit.house.storage.look() as work:
        attempt = attempt_of_caretaker(key, work, chat=visit.chat, ticket=ticket)
    if attempt:
        visit.house.audit(attempt, chat=visit.chat, ticket=ticket)
