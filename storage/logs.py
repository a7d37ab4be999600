import logging

# These write what people said, or the token as part of an address, below WARNING.
TALKATIVE = ("httpx", "httpcore", "telegram", "rasa", "rasa_sdk", "sanic", "asyncio", "sqlalchemy", "alembic")


class NoSecrets(logging.Filter):
    """The last guard: cuts the given secrets out of every line."""

    def __init__(self, *secrets: str | None) -> None:
        super().__init__()
        self.secrets = [str(secret) for secret in secrets if secret]

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record when a secret stands in it; always lets it pass."""
        message = record.getMessage()
        for secret in self.secrets:
            if secret in message:
                record.msg, record.args = message.replace(secret, "***"), None
                message = record.msg
        return True


def configure(level: str, *, secrets: tuple[str | None, ...] = ()) -> None:
    """Send the log to stderr: our own at `level`, libraries that talk about contents only from WARNING on."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(NoSecrets(*secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
