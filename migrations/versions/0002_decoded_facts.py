"""What decoding tells: frames, stretches of the clock, the stream that is the video; and more of what a file states.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    add_facts()
    create_stretches()
    keep_the_stream_with_the_content()


def add_facts() -> None:
    """Videos that are here already were not asked for these: NULL."""
    for name, kind in (
        ("frames", sa.BigInteger()),
        ("reading", sa.Text()),
        ("start_us", sa.BigInteger()),
        ("pixel_shape", sa.Text()),
        ("transfer", sa.Text()),
        ("interlaced", sa.Boolean()),
        ("timecode_source", sa.Text()),
        ("audio_stream_index", sa.BigInteger()),
    ):
        op.add_column("video", sa.Column(name, kind))


def create_stretches() -> None:
    op.create_table(
        "stretch",
        sa.Column("video_row", ROW, nullable=False),
        sa.Column("t_us", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("stream_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["video_row"], ["video.row"], name="fk_stretch_video_row_video", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("video_row", "t_us", name="pk_stretch"),
    )


def keep_the_stream_with_the_content() -> None:
    """Which stream is the video was noted with a file's first place, and not with its copies: the highest is right."""
    op.add_column("fingerprint", sa.Column("stream_index", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE fingerprint SET stream_index = coalesce((SELECT max(location.stream_index) FROM location "
        "WHERE location.video_row = fingerprint.video_row AND location.size = fingerprint.size), 0)"
    )
    op.execute(
        "UPDATE location SET stream_index = coalesce((SELECT max(fingerprint.stream_index) FROM fingerprint "
        "WHERE fingerprint.video_row = location.video_row AND fingerprint.size = location.size), stream_index) "
        "WHERE NOT EXISTS (SELECT 1 FROM location AS beside WHERE beside.root_row = location.root_row "
        "AND beside.relative_path = location.relative_path AND beside.row <> location.row)"
    )
