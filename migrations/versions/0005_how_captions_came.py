"""Why a caption has no text where one was to be had, and what each cost.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("caption", sa.Column("problem", sa.Text()))
    op.add_column("caption", sa.Column("tokens_read", sa.BigInteger()))
    op.add_column("caption", sa.Column("tokens_written", sa.BigInteger()))
