"""The published index of words, and which texts changed since.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "word_generation",
        sa.Column("row", ROW, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("count", "bytes")),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_word_generation"),
    )
    # Numbers never come back, though the oldest are deleted: who has seen one has seen all before it.
    op.create_table(
        "text_change",
        sa.Column("row", ROW, nullable=False),
        sa.Column("segment_row", ROW, nullable=False),
        sa.Column("transaction", sa.BigInteger()),
        sa.PrimaryKeyConstraint("row", name="pk_text_change"),
        sqlite_autoincrement=True,
    )
    noted = sa.text('"transaction" IS NOT NULL')  # SQLite, which has one writer at a time, notes none
    op.create_index("ix_text_change_transaction", "text_change", ["transaction"], sqlite_where=noted)
    if op.get_bind().dialect.name == "sqlite":
        note_changes_in_sqlite()
    else:
        note_changes_in_postgres()


def note_changes_in_sqlite() -> None:
    for event, row in (("INSERT", "new"), ("UPDATE OF segment_row, tokens", "new"), ("DELETE", "old")):
        op.execute(
            f"CREATE TRIGGER text_change_{event.split()[0].lower()} AFTER {event} ON segment_text "
            f"BEGIN INSERT INTO text_change(segment_row) VALUES ({row}.segment_row); END"
        )


def note_changes_in_postgres() -> None:
    """Transactions commit in another order than they take numbers in: what each wrote is noted under its own."""
    op.execute(
        """
        CREATE FUNCTION note_text_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO text_change(segment_row, transaction)
            VALUES (CASE WHEN TG_OP = 'DELETE' THEN OLD.segment_row ELSE NEW.segment_row END,
                    pg_current_xact_id()::text::bigint);
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER text_change AFTER INSERT OR DELETE OR UPDATE OF segment_row, tokens ON segment_text "
        "FOR EACH ROW EXECUTE FUNCTION note_text_change()"
    )
