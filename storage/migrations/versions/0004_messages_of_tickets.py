"""Finding the ticket a message was about, for replies to it."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the index."""
    op.create_index("outbox_of_message", "outbox", ["chat", "message_id"], unique=False)


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("outbox_of_message", table_name="outbox")
