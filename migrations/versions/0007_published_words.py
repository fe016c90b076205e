"""The published index of words, and which texts changed since.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

LOCK = 0x7E87C4A  # any number will do, as long as nobody else on the server uses it
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
    op.create_table(
        "text_change",
        sa.Column("row", ROW, nullable=False),
        sa.Column("segment_row", ROW, nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_text_change"),
    )
    if op.get_bind().dialect.name == "sqlite":
        note_changes_in_sqlite()
    else:
        note_changes_in_postgres()


def note_changes_in_sqlite() -> None:
    for event, row in (("INSERT", "new"), ("UPDATE OF tokens", "new"), ("DELETE", "old")):
        op.execute(
            f"CREATE TRIGGER text_change_{event.split()[0].lower()} AFTER {event} ON segment_text "
            f"BEGIN INSERT INTO text_change(segment_row) VALUES ({row}.segment_row); END"
        )


def note_changes_in_postgres() -> None:
    """Transactions commit in any order, and numbers of lines must come in the order of commits: who has seen one has
    seen all before it. So lines are written last, at the commit, by one transaction at a time; as it waits for nothing
    after that, no two can wait for each other."""
    op.execute(
        f"""
        CREATE FUNCTION note_text_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock({LOCK});
            INSERT INTO text_change(segment_row)
            VALUES (CASE WHEN TG_OP = 'DELETE' THEN OLD.segment_row ELSE NEW.segment_row END);
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE CONSTRAINT TRIGGER text_change AFTER INSERT OR DELETE OR UPDATE OF tokens ON segment_text "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_text_change()"
    )
