"""The ground floor: footage, its segments, their texts, vectors, and full text over both.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    create_recipes_and_footage()
    create_structure()
    create_texts()
    create_vectors_and_settings()
    if op.get_bind().dialect.name == "sqlite":
        create_full_text_in_sqlite()
    else:
        create_full_text_in_postgres()


def create_recipes_and_footage() -> None:
    op.create_table(
        "recipe",
        sa.Column("row", ROW, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("preference", sa.BigInteger()),
        sa.PrimaryKeyConstraint("row", name="pk_recipe"),
        sa.UniqueConstraint("name", name="uq_recipe_name"),
    )
    op.create_table(
        "root",
        sa.Column("row", ROW, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("path", sa.LargeBinary(), nullable=False),
        sa.Column("path_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_root"),
        sa.UniqueConstraint("name", name="uq_root_name"),
        sa.UniqueConstraint("path", name="uq_root_path"),
    )
    op.create_table(
        "video",
        sa.Column("row", ROW, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("asset_id", sa.Text()),
        sa.Column("duration_us", sa.BigInteger()),
        sa.Column("claimed_duration_us", sa.BigInteger()),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("rotation", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.Text()),
        sa.Column("average_rate", sa.Text()),
        sa.Column("start_timecode", sa.Text()),
        sa.Column("recorded_at", sa.Text()),
        sa.Column("codec", sa.Text(), nullable=False),
        sa.Column("audio_codec", sa.Text()),
        sa.Column("pixel_format", sa.Text(), nullable=False),
        sa.Column("container", sa.Text(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_video"),
        sa.UniqueConstraint("id", name="uq_video_id"),
    )
    op.create_index("ix_video_asset_id", "video", ["asset_id"])
    op.create_index("ix_video_recorded_at", "video", ["recorded_at"])
    op.create_table(
        "fingerprint",
        sa.Column("row", ROW, nullable=False),
        sa.Column("video_row", ROW, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("samples", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["video_row"], ["video.row"], name="fk_fingerprint_video_row_video", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("row", name="pk_fingerprint"),
        sa.UniqueConstraint("size", "samples", name="uq_fingerprint_size_samples"),
    )
    op.create_index("ix_fingerprint_video_row", "fingerprint", ["video_row"])
    op.create_table(
        "location",
        sa.Column("row", ROW, nullable=False),
        sa.Column("video_row", ROW, nullable=False),
        sa.Column("root_row", ROW, nullable=False),
        sa.Column("relative_path", sa.LargeBinary(), nullable=False),
        sa.Column("relative_text", sa.Text(), nullable=False),
        sa.Column("stream_index", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["root_row"], ["root.row"], name="fk_location_root_row_root", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["video_row"], ["video.row"], name="fk_location_video_row_video", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("row", name="pk_location"),
        sa.UniqueConstraint(
            "root_row", "relative_path", "stream_index", name="uq_location_root_row_relative_path_stream_index"
        ),
    )
    op.create_index("ix_location_video_row", "location", ["video_row"])
    op.create_table(
        "video_field",
        sa.Column("video_row", ROW, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["video_row"], ["video.row"], name="fk_video_field_video_row_video", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("video_row", "name", name="pk_video_field"),
    )
    op.create_index("ix_video_field_name_value", "video_field", ["name", "value"])
    op.create_table(
        "video_text",
        sa.Column("video_row", ROW, nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("trigrams", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["video_row"], ["video.row"], name="fk_video_text_video_row_video", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("video_row", name="pk_video_text"),
    )


def create_structure() -> None:
    op.create_table(
        "segmentation",
        sa.Column("row", ROW, nullable=False),
        sa.Column("video_row", ROW, nullable=False),
        sa.Column("recipe_row", ROW, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["recipe_row"], ["recipe.row"], name="fk_segmentation_recipe_row_recipe"),
        sa.ForeignKeyConstraint(
            ["video_row"], ["video.row"], name="fk_segmentation_video_row_video", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("row", name="pk_segmentation"),
        sa.UniqueConstraint("video_row", "recipe_row", name="uq_segmentation_video_row_recipe_row"),
    )
    op.create_index(
        "uq_segmentation_active",
        "segmentation",
        ["video_row"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.create_table(
        "cut",
        sa.Column("row", ROW, nullable=False),
        sa.Column("segmentation_row", ROW, nullable=False),
        sa.Column("start_us", sa.BigInteger(), nullable=False),
        sa.Column("end_us", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("strength", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["segmentation_row"], ["segmentation.row"], name="fk_cut_segmentation_row_segmentation", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("row", name="pk_cut"),
    )
    op.create_index("ix_cut_segmentation_row", "cut", ["segmentation_row"])
    op.create_table(
        "segment",
        sa.Column("row", ROW, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("video_row", ROW, nullable=False),
        sa.Column("start_us", sa.BigInteger(), nullable=False),
        sa.Column("end_us", sa.BigInteger()),
        sa.ForeignKeyConstraint(["video_row"], ["video.row"], name="fk_segment_video_row_video", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("row", name="pk_segment"),
        sa.UniqueConstraint("id", name="uq_segment_id"),
    )
    op.create_index("ix_segment_video_row_start_us", "segment", ["video_row", "start_us"])
    op.create_table(
        "segmentation_segment",
        sa.Column("segmentation_row", ROW, nullable=False),
        sa.Column("segment_row", ROW, nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("keyframe_us", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["segment_row"], ["segment.row"], name="fk_segmentation_segment_segment_row_segment", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["segmentation_row"],
            ["segmentation.row"],
            name="fk_segmentation_segment_segmentation_row_segmentation",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("segmentation_row", "segment_row", name="pk_segmentation_segment"),
    )
    op.create_index("ix_segmentation_segment_segment_row", "segmentation_segment", ["segment_row"])
    op.create_table(
        "derived_file",
        sa.Column("row", ROW, nullable=False),
        sa.Column("video_row", ROW, nullable=False),
        sa.Column("segment_row", ROW),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipe_row", ROW, nullable=False),
        sa.Column("t_us", sa.BigInteger()),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["recipe_row"], ["recipe.row"], name="fk_derived_file_recipe_row_recipe"),
        sa.ForeignKeyConstraint(
            ["segment_row"], ["segment.row"], name="fk_derived_file_segment_row_segment", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["video_row"], ["video.row"], name="fk_derived_file_video_row_video", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("row", name="pk_derived_file"),
        sa.UniqueConstraint("path", name="uq_derived_file_path"),
    )
    op.create_index("ix_derived_file_segment_row", "derived_file", ["segment_row"])
    op.create_index("ix_derived_file_video_row", "derived_file", ["video_row"])


def create_texts() -> None:
    op.create_table(
        "caption",
        sa.Column("row", ROW, nullable=False),
        sa.Column("segment_row", ROW, nullable=False),
        sa.Column("recipe_row", ROW, nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("rejected", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["recipe_row"], ["recipe.row"], name="fk_caption_recipe_row_recipe"),
        sa.ForeignKeyConstraint(
            ["segment_row"], ["segment.row"], name="fk_caption_segment_row_segment", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("row", name="pk_caption"),
        sa.UniqueConstraint("segment_row", "recipe_row", "ordinal", name="uq_caption_segment_row_recipe_row_ordinal"),
    )
    op.create_table(
        "segment_text",
        sa.Column("segment_row", ROW, nullable=False),
        sa.Column("caption_row", ROW, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["caption_row"], ["caption.row"], name="fk_segment_text_caption_row_caption", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["segment_row"], ["segment.row"], name="fk_segment_text_segment_row_segment", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("segment_row", name="pk_segment_text"),
        sa.UniqueConstraint("caption_row", name="uq_segment_text_caption_row"),
    )
    op.create_table(
        "facet",
        sa.Column("row", ROW, nullable=False),
        sa.Column("segment_row", ROW, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["segment_row"], ["segment.row"], name="fk_facet_segment_row_segment", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("row", name="pk_facet"),
        sa.UniqueConstraint("segment_row", "source", "name", "value", name="uq_facet_segment_row_source_name_value"),
    )
    op.create_index("ix_facet_name_value", "facet", ["name", "value", "segment_row"])


def create_vectors_and_settings() -> None:
    op.create_table(
        "space",
        sa.Column("row", ROW, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("dimension", sa.BigInteger(), nullable=False),
        sa.Column("change_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_space"),
        sa.UniqueConstraint("name", name="uq_space_name"),
    )
    op.create_table(
        "embedding",
        sa.Column("row", ROW, nullable=False),
        sa.Column("space_row", ROW, nullable=False),
        sa.Column("item_kind", sa.Text(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hub", sa.Double()),
        sa.Column("vec", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["space_row"], ["space.row"], name="fk_embedding_space_row_space", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("row", name="pk_embedding"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_embedding_changes", "embedding", ["space_row", "layer", "seq"])
    op.create_index(
        "ix_embedding_item",
        "embedding",
        ["item_kind", "item_id", "space_row"],
        sqlite_where=sa.text("vec IS NOT NULL"),
        postgresql_where=sa.text("vec IS NOT NULL"),
    )
    op.create_index(
        "uq_embedding_live",
        "embedding",
        ["space_row", "layer", "item_kind", "item_id"],
        unique=True,
        sqlite_where=sa.text("vec IS NOT NULL"),
        postgresql_where=sa.text("vec IS NOT NULL"),
    )
    op.create_table(
        "index_generation",
        sa.Column("row", ROW, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("space_row", ROW, nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("dimension", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["space_row"], ["space.row"], name="fk_index_generation_space_row_space", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("row", name="pk_index_generation"),
        sa.UniqueConstraint("id", name="uq_index_generation_id"),
    )
    op.create_index("ix_index_generation_newest", "index_generation", ["space_row", "layer", "seq"])
    op.create_table(
        "setting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_setting"),
    )


def create_full_text_in_sqlite() -> None:
    """FTS5 over texts that `indexer.store.words` has analysed already: the `ascii` tokenizer only splits at spaces.

    Triggers keep the tables in step. `word_fts` has rows 2n for segment texts and 2n + 1 for video texts.
    """
    for fts, table, row, column in (
        ("segment_text_fts", "segment_text", "segment_row", "tokens"),
        ("video_text_fts", "video_text", "video_row", "tokens"),
        ("video_trigram_fts", "video_text", "video_row", "trigrams"),
    ):
        op.execute(
            f"CREATE VIRTUAL TABLE {fts} USING "
            f"fts5({column}, content='{table}', content_rowid='{row}', tokenize='ascii')"
        )
        op.execute(f"CREATE VIRTUAL TABLE {fts}_vocab USING fts5vocab({fts}, row)")
        keep_in_step(fts, table, row=row, rowid="{0}." + row, column=column)
    op.execute("CREATE VIRTUAL TABLE word_fts USING fts5(words, content='', detail=none, tokenize='ascii')")
    op.execute("CREATE VIRTUAL TABLE word_fts_vocab USING fts5vocab(word_fts, row)")
    keep_in_step("word_fts", "segment_text", row="segment_row", rowid="2 * {0}.segment_row", column="words")
    keep_in_step("word_fts", "video_text", row="video_row", rowid="2 * {0}.video_row + 1", column="words")


def keep_in_step(fts: str, table: str, *, row: str, rowid: str, column: str) -> None:
    enter = f"INSERT INTO {fts}(rowid, {column}) VALUES ({rowid.format('new')}, new.{column});"
    leave = f"INSERT INTO {fts}({fts}, rowid, {column}) VALUES ('delete', {rowid.format('old')}, old.{column});"
    name = f"{fts}_{table}"
    op.execute(f"CREATE TRIGGER {name}_insert AFTER INSERT ON {table} BEGIN {enter} END")
    op.execute(f"CREATE TRIGGER {name}_delete AFTER DELETE ON {table} BEGIN {leave} END")
    op.execute(f"CREATE TRIGGER {name}_update AFTER UPDATE OF {row}, {column} ON {table} BEGIN {leave} {enter} END")


def create_full_text_in_postgres() -> None:
    """GIN over the same tokens as arrays: the same members for every word, and BM25 can be computed from them."""
    for table, column in (
        ("segment_text", "tokens"),
        ("segment_text", "words"),
        ("video_text", "tokens"),
        ("video_text", "words"),
        ("video_text", "trigrams"),
    ):
        op.execute(f"CREATE INDEX fulltext_{table}_{column} ON {table} USING gin (string_to_array({column}, ' '))")
