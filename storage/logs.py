import logging

# These write what people said, or the token as part of an address, below WARNING.
TALKATIVE = ("httpx", "httpcore", "telegram", "rasa", "rasa_sdk", "sanic", "asyncio", "sqlalchemy", "alembic")


class NoSecrets(logging.Formatter):
    """The last guard: cuts the given secrets out of every line, tracebacks included."""

    def __init__(self, layout: str, *secrets: str | None) -> None:
        super().__init__(layout)
        self.secrets = [str(secret) for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        """Return the whole entry as it is written, without any secret."""
        entry = super().format(record)
        for secret in self.secrets:
            entry = entry.replace(secret, "***")
        return entry


def configure(level: str, *, secrets: tuple[str | None, ...] = ()) -> None:
    """Send the log to stderr: our own at `level`, libraries that talk about contents only from WARNING on."""
    handler = logging.StreamHandler()
    handler.setFormatter(NoSecrets("%(asctime)s %(levelname)s %(name)s: %(message)s", *secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
