"""Keeps Rasa and TensorFlow from talking: their debug logs contain what people wrote."""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

CHATTY = (
    "rasa",
    "rasa_sdk",
    "tensorflow",
    "h5py",
    "matplotlib",
    "sanic",
    "asyncio",
    "git",
    "apscheduler",
    "numba",
)


def quieten() -> None:
    """Silence Rasa below ERROR whatever the root logger's level, and its telemetry; safe to call again.

    None of the ERROR records Rasa writes on our path contains text of a message; everything below may.
    """
    import structlog

    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.ERROR)
    # Rasa's structured logs go to standard output unless configured; even their errors carry message texts.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@contextmanager
def quiet_imports() -> Iterator[None]:
    """Hold back the warnings that TensorFlow and Rasa print while they are being imported."""
    quieten()
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(record=True):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
