import traceback
from pathlib import Path


class TurnFailed(Exception):  # noqa: N818 -- reads as the fact it states
    """A turn could not be finished; `place` is the action's name or "understanding", the cause is chained.

    Never shown to anybody: the engine turns it into `utter_internal_error`.
    """

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


def where(error: BaseException) -> str:
    """Return `file:line:function` of every frame, innermost last; no value a person may have typed."""
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno}:{frame.name}" for frame in frames)
