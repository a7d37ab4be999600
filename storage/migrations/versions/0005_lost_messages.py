"""Finding what could not be delivered, without reading all that was."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the index."""
    lost = sa.text("failure IS NOT NULL")
    op.create_index(
        "outbox_lost", "outbox", ["ticket"], unique=False, sqlite_where=lost, postgresql_where=lost
    )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("outbox_lost", table_name="outbox")
