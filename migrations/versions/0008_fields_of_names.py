"""What a video is called, field by field: its title, the names of its files, its tags and its other fields apart.

Names are indexed from what is stored elsewhere, so the table is made anew; the upgrade fills it, as it analyses every
text anew.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

FIELDS = ("title", "file_names", "tags", "fields")
ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.execute("DELETE FROM video_text")  # so that full text follows
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE video_text_fts_vocab")
        op.execute("DROP TABLE video_text_fts")
    op.drop_table("video_text")
    op.create_table(
        "video_text",
        sa.Column("video_row", ROW, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in (*FIELDS, "words", "trigrams")),
        sa.ForeignKeyConstraint(["video_row"], ["video.row"], name="fk_video_text_video_row_video", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("video_row", name="pk_video_text"),
    )
    if op.get_bind().dialect.name == "sqlite":
        create_full_text_in_sqlite()
    else:
        create_full_text_in_postgres()


def create_full_text_in_sqlite() -> None:
    """As 0001 has it, but full text of names has a column for each field."""
    named = ", ".join(FIELDS)
    op.execute(
        f"CREATE VIRTUAL TABLE video_text_fts USING "
        f"fts5({named}, content='video_text', content_rowid='video_row', tokenize='ascii')"
    )
    op.execute("CREATE VIRTUAL TABLE video_text_fts_vocab USING fts5vocab(video_text_fts, row)")
    keep_in_step("video_text_fts", rowid="{0}.video_row", columns=FIELDS)
    keep_in_step("video_trigram_fts", rowid="{0}.video_row", columns=("trigrams",))
    keep_in_step("word_fts", rowid="2 * {0}.video_row + 1", columns=("words",))


def keep_in_step(fts: str, *, rowid: str, columns: tuple[str, ...]) -> None:
    named = ", ".join(columns)
    new, old = (", ".join(f"{side}.{column}" for column in columns) for side in ("new", "old"))
    enter = f"INSERT INTO {fts}(rowid, {named}) VALUES ({rowid.format('new')}, {new});"
    leave = f"INSERT INTO {fts}({fts}, rowid, {named}) VALUES ('delete', {rowid.format('old')}, {old});"
    name = f"{fts}_video_text"
    op.execute(f"CREATE TRIGGER {name}_insert AFTER INSERT ON video_text BEGIN {enter} END")
    op.execute(f"CREATE TRIGGER {name}_delete AFTER DELETE ON video_text BEGIN {leave} END")
    op.execute(
        f"CREATE TRIGGER {name}_update AFTER UPDATE OF video_row, {named} ON video_text BEGIN {leave} {enter} END"
    )


def create_full_text_in_postgres() -> None:
    """As 0001 and 0006 have it. Words and phrases are looked for in all fields at once; the mark between two fields is
    a token nobody can ask for."""
    together = " || ' ‖ ' || ".join(FIELDS)
    for name, column in (("fields", together), ("words", "words"), ("trigrams", "trigrams")):
        op.execute(f"CREATE INDEX fulltext_video_text_{name} ON video_text USING gin (string_to_array({column}, ' '))")
    beginnings = "array_to_tsvector(string_to_array(words, ' '))"
    op.execute(f"CREATE INDEX fulltext_video_text_beginnings ON video_text USING gin ({beginnings})")
