"""When caretakers' phones stay silent."""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """From `start` until `until` by the city's wall clock; `until` before `start` reaches over midnight."""

    start: time
    until: time

    def cover(self, clock: time) -> bool:
        """Tell whether a time of day lies in them; their last moment does not."""
        if self.start <= self.until:
            return self.start <= clock < self.until
        return clock >= self.start or clock < self.until


def is_silent(quiet: QuietHours | None, clock: time, *, caretaker: bool, urgent: bool) -> bool:
    """Tell whether a message makes no sound now: caretakers' phones rest, but not from what is urgent."""
    return quiet is not None and caretaker and not urgent and quiet.cover(clock)
