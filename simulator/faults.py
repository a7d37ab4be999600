from dataclasses import dataclass

from simulator.errors import ApiError, forbidden, too_many_requests

ANSWERS: dict[int, ApiError] = {
    403: forbidden("bot was blocked by the user"),
    500: ApiError(500, "Internal Server Error"),
    502: ApiError(502, "Bad Gateway"),
}


@dataclass
class Fault:
    """One planned failure of a method.

    `code` answers with that error instead of doing anything; `cut` closes the connection instead of doing
    anything; `cut_after` does what was asked and then closes the connection, so that the bot cannot know;
    `delay` waits so many seconds first and then does what was asked (or fails, when a code is given too).
    """

    method: str
    times: int = 1
    code: int | None = None
    retry_after: int = 1
    cut: bool = False
    cut_after: bool = False
    delay: float = 0.0
    chat_id: int | None = None

    def error(self) -> ApiError | None:
        """The answer to give, or None when the call shall go on."""
        if self.code is None:
            return None
        if self.code == 429:  # noqa: PLR2004 -- HTTP's own number
            return too_many_requests(self.retry_after)
        return ANSWERS.get(self.code) or ApiError(self.code, f"Injected {self.code}")


class Faults:
    """The failures tests have ordered, used up one call at a time, and how often each method was called."""

    def __init__(self) -> None:
        self.planned: list[Fault] = []
        self.calls: dict[str, int] = {}

    def add(self, fault: Fault) -> None:
        """Order a failure; method "*" means any method except getUpdates."""
        self.planned.append(fault)

    def clear(self) -> None:
        """Forget all orders."""
        self.planned.clear()

    def next_for(self, method: str, chat_id: int | None) -> Fault | None:
        """Count the call and return the first order that fits it, if any."""
        self.calls[method] = self.calls.get(method, 0) + 1
        for fault in self.planned:
            named = fault.method.lower() == method or (fault.method == "*" and method != "getupdates")
            if named and fault.chat_id in (None, chat_id):
                fault.times -= 1
                if fault.times <= 0:
                    self.planned.remove(fault)
                return fault
        return None
