import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from desk.errors import SettingError

PUBLIC_API = "https://api.telegram.org"
SECRET_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,256}")  # Bot API, setWebhook, secret_token
PAGES_LISTEN = "127.0.0.1:8090"
SHORTEST_SECRET = 16  # characters
GEOCODERS = ("nominatim", "photon")
LONGEST_PAUSE = 3600.0
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class Secret(str):
    """A string that does not show itself in tracebacks and logs."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('***')"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the operator decides, from the environment (see CONTRACT in docs/operating.md)."""

    telegram_token: Secret | None = None
    telegram_api_url: str = PUBLIC_API
    database_url: str = ""
    redis_url: str | None = None
    state_dir: Path = field(default_factory=lambda: Path("var"))
    city: str = "essen"
    geo_data: Path | None = None
    geocoder: str | None = None
    """One of GEOCODERS; None asks nobody."""
    geocoder_url: str | None = None
    geocoder_min_seconds: float = 1.0
    """Between two questions to the geocoder, of the whole process."""
    webhook_url: str | None = None
    webhook_secret: Secret | None = None
    webhook_listen: str | None = None
    smtp_url: Secret | None = None
    """The server that takes the mail for caretakers, see `storage.mail_server`."""
    mail_from: str | None = None
    public_url: str | None = None
    """Where tickets' pages are reached from outside; None: no pages are served."""
    pages_listen: str = PAGES_LISTEN
    link_secret: Secret | None = None
    log_level: str = "INFO"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read the environment; an empty variable counts as unset.

        Raises SettingError when a value can't be used.
        """

        def get(name: str) -> str | None:
            return environment.get(name, "").strip() or None

        state_dir = Path(get("STATE_DIR") or "var")
        level = (get("LOG_LEVEL") or "INFO").upper()
        if level not in LOG_LEVELS:
            raise SettingError("operator.bad_log_level", value=level, allowed=", ".join(LOG_LEVELS))
        if not SECRET_SHAPE.fullmatch(get("WEBHOOK_SECRET") or "-"):
            raise SettingError("operator.bad_secret")
        geo_data, token, secret = get("GEO_DATA"), get("TELEGRAM_TOKEN"), get("WEBHOOK_SECRET")
        webhook, smtp = get("WEBHOOK_URL"), get("SMTP_URL")
        public, link_secret = get("PUBLIC_URL"), get("LINK_SECRET")
        if link_secret and len(link_secret) < SHORTEST_SECRET:
            raise SettingError("operator.short_secret", least=SHORTEST_SECRET)
        geocoder = _checked_geocoder(get("GEOCODER"), get("GEOCODER_URL"))
        return cls(
            telegram_token=Secret(token) if token else None,
            telegram_api_url=_checked_url("TELEGRAM_API_URL", get("TELEGRAM_API_URL") or PUBLIC_API),
            database_url=get("DATABASE_URL") or f"sqlite:///{state_dir / 'kuemmerkasten.sqlite3'}",
            redis_url=get("REDIS_URL"),
            state_dir=state_dir,
            city=get("CITY") or "essen",
            geo_data=Path(geo_data) if geo_data else None,
            geocoder=geocoder,
            geocoder_url=_checked_url("GEOCODER_URL", get("GEOCODER_URL") or "") if geocoder else None,
            geocoder_min_seconds=_checked_seconds("GEOCODER_MIN_SECONDS", get("GEOCODER_MIN_SECONDS") or "1"),
            webhook_url=_checked_url("WEBHOOK_URL", webhook) if webhook else None,
            webhook_secret=Secret(secret) if secret else None,
            webhook_listen=get("WEBHOOK_LISTEN"),
            smtp_url=Secret(smtp) if smtp else None,
            mail_from=get("MAIL_FROM"),
            public_url=_checked_url("PUBLIC_URL", public) if public else None,
            pages_listen=get("PAGES_LISTEN") or PAGES_LISTEN,
            link_secret=Secret(link_secret) if link_secret else None,
            log_level=level,
        )


def _checked_url(name: str, value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SettingError("operator.bad_url", name=name, value=value)
    return value.rstrip("/")


def _checked_geocoder(name: str | None, url: str | None) -> str | None:
    if name is None:
        return None
    if name.lower() not in GEOCODERS:
        raise SettingError("operator.bad_geocoder", value=name, allowed=", ".join(GEOCODERS))
    if url is None:
        raise SettingError("operator.no_geocoder_url")
    return name.lower()


def _checked_seconds(name: str, value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST_PAUSE:
        raise SettingError("operator.bad_seconds", name=name, value=value)
    return seconds
