from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa


class UtcTime(sa.TypeDecorator[datetime]):
    """An aware point in time, kept as UTC; databases without time zones give it back aware too."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> datetime | None:
        """Turn an aware time into naive UTC."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Any) -> datetime | None:
        """Turn naive UTC into an aware time."""
        return None if value is None else value.replace(tzinfo=UTC)


metadata = sa.MetaData()

tickets = sa.Table(
    "tickets",
    metadata,
    sa.Column("number", sa.String(20), primary_key=True),
    sa.Column("draft", sa.String(40), nullable=False, unique=True),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("changed_at", UtcTime, nullable=False),
    sa.Column("reporter", sa.String(40), nullable=False),
    sa.Column("area", sa.String(60), nullable=False),
    sa.Column("carrier", sa.String(120)),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("category", sa.String(40), nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("since", sa.String(200)),
    sa.Column("place", sa.String(200), nullable=False),
    sa.Column("district", sa.String(80), nullable=False),
    sa.Column("latitude", sa.Float),
    sa.Column("longitude", sa.Float),
    sa.Column("photos", sa.JSON, nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("informs", sa.JSON, nullable=False, server_default="[]", comment="matters of referrals"),
    sa.Column("is_open", sa.Boolean, nullable=False, server_default=sa.true(), comment="follows status"),
    sa.Column("stand_in", sa.String(60), comment="the area that has stepped in"),
    sa.Column("merged_into", sa.String(20), comment="the ticket that goes on in its place"),
    sa.Index("tickets_open_of_area", "area", "is_open", "created_at", "number"),
    sa.Index("tickets_open_of_stand_in", "stand_in", "is_open", "created_at", "number"),
    sa.Index("tickets_open_around", "kind", "is_open", "latitude", "longitude"),
    sa.Index("tickets_open_in_district", "kind", "is_open", "district", "created_at"),
    sa.Index("tickets_of_reporter", "reporter", "created_at"),
    sa.Index("tickets_by_change", "status", "changed_at"),
)

ticket_history = sa.Table(
    "ticket_history",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("ticket", sa.ForeignKey("tickets.number"), nullable=False, index=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("what", sa.String(40), nullable=False),
    sa.Column("actor", sa.String(20), nullable=False),
    sa.Column("note", sa.Text),
    sa.Column("photos", sa.JSON, nullable=False),
)

ticket_followers = sa.Table(
    "ticket_followers",
    metadata,
    sa.Column("ticket", sa.ForeignKey("tickets.number"), primary_key=True),
    sa.Column("chat", sa.String(40), primary_key=True, index=True),
    sa.Column("since", UtcTime, nullable=False),
)

ticket_links = sa.Table(
    "ticket_links",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("ticket", sa.ForeignKey("tickets.number"), nullable=False, index=True),
    sa.Column("chat", sa.String(40), nullable=False, index=True),
    sa.Column("expires_at", UtcTime, nullable=False),
    sa.Column("revoked_at", UtcTime),
)

ticket_sequences = sa.Table(
    "ticket_sequences",
    metadata,
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last", sa.Integer, nullable=False),
)

caretakers = sa.Table(
    "caretakers",
    metadata,
    sa.Column("area", sa.String(60), primary_key=True),
    sa.Column("chat", sa.String(40), primary_key=True, index=True),
    sa.Column("since", UtcTime, nullable=False),
)

invitations = sa.Table(
    "invitations",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("area", sa.String(60), nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False),
    sa.Column("used_at", UtcTime),
)

mailboxes = sa.Table(
    "mailboxes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("address", sa.String(254), nullable=False, unique=True),
)

absences = sa.Table(
    "absences",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("chat", sa.String(40), nullable=False, index=True),
    sa.Column("first", sa.Date, nullable=False, comment="first day away"),
    sa.Column("last", sa.Date, nullable=False, comment="last day away"),
    sa.Column("substitute", sa.String(60), nullable=False, comment="the area that steps in"),
    sa.Column("begun_at", UtcTime, comment="when open tickets were handed on"),
)

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcTime, nullable=False, index=True),
    sa.Column("what", sa.String(40), nullable=False),
    sa.Column("who", sa.String(40), nullable=False, comment="a pseudonym, never a chat's number"),
    sa.Column("ticket", sa.String(20)),
)

feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("area", sa.String(60), nullable=False),
    sa.Column("category", sa.String(40), nullable=False),
    sa.Column("good", sa.Boolean, nullable=False),
    sa.Column("words", sa.Text, comment="without personal data"),
    sa.Index("feedback_of_area", "area", "at"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(160), nullable=False, unique=True),
    sa.Column("chat", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("ticket", sa.String(20)),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("due_at", UtcTime, nullable=False),
    sa.Column("settled_at", UtcTime, comment="when it arrived, or was given up"),
    sa.Column("failure", sa.String(200), comment="why it was given up; null when it arrived"),
    sa.Column("message_id", sa.BigInteger),
    sa.Index("outbox_of_ticket", "ticket", "kind"),
    sa.Index("outbox_of_message", "chat", "message_id"),
    sa.Index(
        "outbox_lost",
        "ticket",
        sqlite_where=sa.text("failure IS NOT NULL"),
        postgresql_where=sa.text("failure IS NOT NULL"),
    ),
    sa.Index(
        "outbox_open",
        "id",
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    ),
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("payload", sa.JSON, comment="emptied as soon as the update is done"),
    sa.Column("received_at", UtcTime, nullable=False),
    sa.Column("done_at", UtcTime),
    sa.Index(
        "inbox_open",
        "update_id",
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    ),
)

training_candidates = sa.Table(
    "training_candidates",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcTime, nullable=False, index=True),
    sa.Column("city", sa.String(60), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("read_kind", sa.String(40)),
    sa.Column("read_category", sa.String(40)),
    sa.Column("confidence", sa.Float),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("category", sa.String(40), nullable=False),
)

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("chat", sa.String(40), primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Column("changed_at", UtcTime, nullable=False, index=True),
)
