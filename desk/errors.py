"""Every error a person may see.

KuemmerkastenError
├── SettingError        an environment variable or option is missing or wrong
├── CityFileError       the city file has mistakes; `mistakes` lists them all
├── PlaceDataError      official place data can't be read; the old index stays in use
├── ModelError          no trained model, or it does not fit
├── NotAllowed          this person may not do that to this ticket
└── NotFound            no such ticket, area, office, invitation
"""

from collections.abc import Sequence


class KuemmerkastenError(Exception):
    """Base of all errors of the product; never raised itself.

    `key` names the German sentence in `texts/` (e.g. "operator.no_token"); `params` fill its braces.
    """

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


class SettingError(KuemmerkastenError):
    """An environment variable or option is missing or wrong."""


class CityFileError(KuemmerkastenError):
    """A city file has mistakes; each entry of `mistakes` names file, line and what to write instead."""

    def __init__(self, key: str, *, mistakes: Sequence[str], **params: object) -> None:
        super().__init__(key, mistakes="\n".join(mistakes), **params)
        self.mistakes = tuple(mistakes)


class PlaceDataError(KuemmerkastenError):
    """Official place data can't be read; whatever index was in use stays in use."""


class ModelError(KuemmerkastenError):
    """There is no trained model, or it can't be loaded."""


class NotAllowed(KuemmerkastenError):  # noqa: N818 -- reads as the fact it states
    """A person may not do that to this ticket."""


class NotFound(KuemmerkastenError):  # noqa: N818
    """No such ticket, area, office or invitation."""
