"""The work to do, who does it, and what people do to texts; hashes of whole files.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    add_columns()
    create_work_units()
    create_workers_and_watched_folders()
    create_edits()


def add_columns() -> None:
    op.add_column("recipe", sa.Column("captioner", sa.Text()))
    op.add_column("recipe", sa.Column("wanted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("segmentation_segment", sa.Column("beside", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in ("sha256", "hashed_at", "checked_at", "fixity"):
        op.add_column("location", sa.Column(name, sa.Text()))


def create_work_units() -> None:
    op.create_table(
        "work_unit",
        sa.Column("row", ROW, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("captioner", sa.Text()),
        sa.Column("recipe", sa.Text()),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("video_row", ROW),
        sa.Column("file_row", ROW),
        sa.Column("media_us", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("newness", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("not_before_us", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("deaths", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("lease_until_us", sa.BigInteger(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("cost_us", sa.BigInteger(), nullable=False),
        sa.Column("queued_us", sa.BigInteger(), nullable=False),
        sa.Column("started_us", sa.BigInteger()),
        sa.Column("ended_us", sa.BigInteger()),
        sa.ForeignKeyConstraint(["video_row"], ["video.row"], name="fk_work_unit_video_row_video", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("row", name="pk_work_unit"),
        sa.UniqueConstraint("key", name="uq_work_unit_key"),
    )
    op.create_index("ix_work_unit_next", "work_unit", ["state", "needs", "priority", "weight", "newness"])
    op.create_index("ix_work_unit_ended", "work_unit", ["stage", "ended_us"])
    op.create_index(
        "ix_work_unit_counts",
        "work_unit",
        ["state", "stage", "recipe", "needs", "captioner", "not_before_us", "media_us", "bytes"],
    )
    op.create_index("ix_work_unit_video_row", "work_unit", ["video_row"])
    op.create_index("ix_work_unit_file_row", "work_unit", ["file_row"])


def create_workers_and_watched_folders() -> None:
    op.create_table(
        "worker",
        sa.Column("row", ROW, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lanes", sa.Text(), nullable=False),
        sa.Column("captioners", sa.Text(), nullable=False),
        sa.Column("started_us", sa.BigInteger(), nullable=False),
        sa.Column("seen_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_worker"),
        sa.UniqueConstraint("name", name="uq_worker_name"),
    )
    op.create_table(
        "watched_folder",
        sa.Column("row", ROW, nullable=False),
        sa.Column("path", sa.LargeBinary(), nullable=False),
        sa.Column("path_text", sa.Text(), nullable=False),
        sa.Column("include", sa.Text(), nullable=False),
        sa.Column("exclude", sa.Text(), nullable=False),
        sa.Column("settle_us", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_watched_folder"),
        sa.UniqueConstraint("path", name="uq_watched_folder_path"),
    )


def create_edits() -> None:
    op.create_table(
        "edit",
        sa.Column("row", ROW, nullable=False),
        sa.Column("segment_row", ROW, nullable=False),
        sa.Column("caption_row", ROW, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.Text()),
        sa.Column("undone_by", sa.Text()),
        sa.ForeignKeyConstraint(
            ["segment_row"], ["segment.row"], name="fk_edit_segment_row_segment", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["caption_row"], ["caption.row"], name="fk_edit_caption_row_caption", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("row", name="pk_edit"),
    )
    op.create_index("ix_edit_segment_row", "edit", ["segment_row"])
    op.create_index("ix_edit_caption_row", "edit", ["caption_row"])
