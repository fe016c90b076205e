"""Transcripts and text seen in the picture, with full text; which descriptions were imported.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    create_cues()
    create_imported_texts()
    create_index_of_unmeasured_vectors()
    if op.get_bind().dialect.name == "sqlite":
        create_full_text_in_sqlite()
    else:
        create_full_text_in_postgres()


def create_cues() -> None:
    op.create_table(
        "cue",
        sa.Column("row", ROW, nullable=False),
        sa.Column("video_row", ROW, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("start_us", sa.BigInteger(), nullable=False),
        sa.Column("end_us", sa.BigInteger()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("text", "language", "source", "tokens", "words")),
        sa.ForeignKeyConstraint(["video_row"], ["video.row"], name="fk_cue_video_row_video", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("row", name="pk_cue"),
    )
    op.create_index("ix_cue_video_row_start_us", "cue", ["video_row", "start_us"])


def create_imported_texts() -> None:
    op.create_table(
        "imported_text",
        sa.Column("row", ROW, nullable=False),
        sa.Column("segment_row", ROW, nullable=False),
        sa.Column("caption_row", ROW, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("source", "text", "language", "tags")),
        sa.ForeignKeyConstraint(
            ["caption_row"], ["caption.row"], name="fk_imported_text_caption_row_caption", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["segment_row"], ["segment.row"], name="fk_imported_text_segment_row_segment", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("row", name="pk_imported_text"),
    )
    op.create_index("ix_imported_text_caption_row", "imported_text", ["caption_row"])
    op.create_index("ix_imported_text_segment_row", "imported_text", ["segment_row"])


def create_index_of_unmeasured_vectors() -> None:
    """Who measures how central vectors are would have to read all of them to find the few that are new."""
    unmeasured = sa.text("vec IS NOT NULL AND hub IS NULL")
    op.create_index(
        "ix_embedding_no_hub",
        "embedding",
        ["space_row", "layer"],
        sqlite_where=unmeasured,
        postgresql_where=unmeasured,
    )


def create_full_text_in_postgres() -> None:
    """As in the first schema; and an index that finds texts by the beginning of a word, which full text of SQLite can
    do by itself."""
    for column in ("tokens", "words"):
        op.execute(f"CREATE INDEX fulltext_cue_{column} ON cue USING gin (string_to_array({column}, ' '))")
    for table in ("segment_text", "video_text", "cue"):
        beginnings = "array_to_tsvector(string_to_array(words, ' '))"
        op.execute(f"CREATE INDEX fulltext_{table}_beginnings ON {table} USING gin ({beginnings})")


def create_full_text_in_sqlite() -> None:
    """As in the first schema. In `word_fts` segments and videos have the rows from 0 on; lines have those below."""
    op.execute("CREATE VIRTUAL TABLE cue_fts USING fts5(tokens, content='cue', content_rowid='row', tokenize='ascii')")
    op.execute("CREATE VIRTUAL TABLE cue_fts_vocab USING fts5vocab(cue_fts, row)")
    keep_in_step("cue_fts", rowid="{0}.row", column="tokens")
    keep_in_step("word_fts", rowid="-{0}.row", column="words")


def keep_in_step(fts: str, *, rowid: str, column: str) -> None:
    enter = f"INSERT INTO {fts}(rowid, {column}) VALUES ({rowid.format('new')}, new.{column});"
    leave = f"INSERT INTO {fts}({fts}, rowid, {column}) VALUES ('delete', {rowid.format('old')}, old.{column});"
    op.execute(f"CREATE TRIGGER {fts}_cue_insert AFTER INSERT ON cue BEGIN {enter} END")
    op.execute(f"CREATE TRIGGER {fts}_cue_delete AFTER DELETE ON cue BEGIN {leave} END")
    op.execute(f"CREATE TRIGGER {fts}_cue_update AFTER UPDATE OF row, {column} ON cue BEGIN {leave} {enter} END")
