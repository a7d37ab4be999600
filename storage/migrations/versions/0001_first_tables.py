"""First tables: tickets, caretakers, inbox, outbox, conversations."""

import sqlalchemy as sa
from alembic import op

from storage.tables import UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "caretakers",
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("chat", sa.String(length=40), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("area", "chat"),
    )
    op.create_index(op.f("ix_caretakers_chat"), "caretakers", ["chat"], unique=False)
    op.create_table(
        "conversations",
        sa.Column("chat", sa.String(length=40), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("chat"),
    )
    op.create_index(op.f("ix_conversations_changed_at"), "conversations", ["changed_at"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("payload", sa.JSON(), nullable=True, comment="emptied as soon as the update is done"),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("update_id"),
    )
    op.create_index(
        "inbox_open",
        "inbox",
        ["update_id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("used_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("chat", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("ticket", sa.String(length=20), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("settled_at", UtcTime(), nullable=True, comment="when it arrived, or was given up"),
        sa.Column(
            "failure",
            sa.String(length=200),
            nullable=True,
            comment="why it was given up; null when it arrived",
        ),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("outbox_of_ticket", "outbox", ["ticket", "kind"], unique=False)
    op.create_index(
        "outbox_open",
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "ticket_sequences",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year"),
    )
    op.create_table(
        "tickets",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("draft", sa.String(length=40), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("reporter", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("carrier", sa.String(length=120), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("since", sa.String(length=200), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("district", sa.String(length=80), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("photos", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("draft"),
    )
    op.create_index("tickets_by_change", "tickets", ["status", "changed_at"], unique=False)
    op.create_index("tickets_of_area", "tickets", ["area", "status", "created_at"], unique=False)
    op.create_index("tickets_of_reporter", "tickets", ["reporter", "created_at"], unique=False)
    op.create_table(
        "ticket_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.String(length=20), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("photos", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["tickets.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_ticket_history_ticket"), "ticket_history", ["ticket"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index(op.f("ix_ticket_history_ticket"), table_name="ticket_history")
    op.drop_table("ticket_history")
    op.drop_index("tickets_of_reporter", table_name="tickets")
    op.drop_index("tickets_of_area", table_name="tickets")
    op.drop_index("tickets_by_change", table_name="tickets")
    op.drop_table("tickets")
    op.drop_table("ticket_sequences")
    op.drop_index(
        "outbox_open",
        table_name="outbox",
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.drop_index("outbox_of_ticket", table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("invitations")
    op.drop_index(
        "inbox_open",
        table_name="inbox",
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.drop_table("inbox")
    op.drop_index(op.f("ix_conversations_changed_at"), table_name="conversations")
    op.drop_table("conversations")
    op.drop_index(op.f("ix_caretakers_chat"), table_name="caretakers")
    op.drop_table("caretakers")
