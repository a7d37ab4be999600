"""What an area's rules said about a ticket: that it is urgent, and who should hear of it too."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns; tickets of before are not urgent and inform nobody."""
    op.add_column("tickets", sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()))
    informs = sa.Column(
        "informs", sa.JSON(), nullable=False, server_default="[]", comment="matters of referrals"
    )
    op.add_column("tickets", informs)


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("tickets", "informs")
    op.drop_column("tickets", "urgent")
