"""What the caretaker's desk keeps: followers, links, mailboxes, absences, the audit log, feedback."""

import sqlalchemy as sa
from alembic import op

from storage.tables import UtcTime

revision = "0006"
down_revision = "0005"

ENDED = ("referred", "done", "confirmed", "merged", "withdrawn")
INDEXES = {
    "tickets_open_of_area": ["area", "is_open", "created_at", "number"],
    "tickets_open_of_stand_in": ["stand_in", "is_open", "created_at", "number"],
    "tickets_open_around": ["kind", "is_open", "latitude", "longitude"],
    "tickets_open_in_district": ["kind", "is_open", "district", "created_at"],
}
TABLES = ("ticket_followers", "ticket_links", "mailboxes", "absences", "audit_log", "feedback")


def upgrade() -> None:
    """Create tables, columns and indexes; tickets that have ended are no longer open."""
    _grow_tickets()
    _create_followers_and_links()
    _create_caretakers_tables()
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", UtcTime(), nullable=False, index=True),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("who", sa.String(length=40), nullable=False, comment="a pseudonym, never a chat's number"),
        sa.Column("ticket", sa.String(length=20)),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("good", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), comment="without personal data"),
    )
    op.create_index("feedback_of_area", "feedback", ["area", "at"])


def downgrade() -> None:
    """Drop all of it."""
    for table in TABLES:
        op.drop_table(table)
    for index in INDEXES:
        op.drop_index(index, table_name="tickets")
    op.create_index("tickets_of_area", "tickets", ["area", "status", "created_at"])
    for column in ("is_open", "stand_in", "merged_into"):
        op.drop_column("tickets", column)


def _grow_tickets() -> None:
    is_open: sa.Column[bool] = sa.Column(
        "is_open", sa.Boolean(), nullable=False, server_default=sa.true(), comment="follows status"
    )
    op.add_column("tickets", is_open)
    op.add_column("tickets", sa.Column("stand_in", sa.String(60), comment="the area that has stepped in"))
    merged = sa.Column("merged_into", sa.String(20), comment="the ticket that goes on in its place")
    op.add_column("tickets", merged)
    tickets = sa.table("tickets", sa.column("is_open"), sa.column("status"))
    op.execute(sa.update(tickets).where(tickets.c.status.in_(ENDED)).values(is_open=sa.false()))
    op.drop_index("tickets_of_area", table_name="tickets")
    for index, columns in INDEXES.items():
        op.create_index(index, "tickets", columns)


def _create_followers_and_links() -> None:
    op.create_table(
        "ticket_followers",
        sa.Column("ticket", sa.String(20), sa.ForeignKey("tickets.number"), primary_key=True),
        sa.Column("chat", sa.String(length=40), primary_key=True, index=True),
        sa.Column("since", UtcTime(), nullable=False),
    )
    op.create_table(
        "ticket_links",
        sa.Column("id", sa.String(length=40), primary_key=True),
        sa.Column("ticket", sa.String(20), sa.ForeignKey("tickets.number"), nullable=False, index=True),
        sa.Column("chat", sa.String(length=40), nullable=False, index=True),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("revoked_at", UtcTime()),
    )


def _create_caretakers_tables() -> None:
    op.create_table(
        "mailboxes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("address", sa.String(length=254), nullable=False, unique=True),
    )
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("chat", sa.String(length=40), nullable=False, index=True),
        sa.Column("first", sa.Date(), nullable=False, comment="first day away"),
        sa.Column("last", sa.Date(), nullable=False, comment="last day away"),
        sa.Column("substitute", sa.String(length=60), nullable=False, comment="the area that steps in"),
        sa.Column("begun_at", UtcTime(), comment="when open tickets were handed on"),
    )
