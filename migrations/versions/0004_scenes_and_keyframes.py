"""Scenes; several pictures of a segment, each with a tiny copy and a hash.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    create_scenes()
    plan_several_keyframes()
    describe_pictures()


def create_scenes() -> None:
    op.create_table(
        "scene",
        sa.Column("row", ROW, nullable=False),
        sa.Column("segmentation_row", ROW, nullable=False),
        sa.Column("start_us", sa.BigInteger(), nullable=False),
        sa.Column("end_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["segmentation_row"],
            ["segmentation.row"],
            name="fk_scene_segmentation_row_segmentation",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("row", name="pk_scene"),
    )
    op.create_index("ix_scene_segmentation_row", "scene", ["segmentation_row"])


def plan_several_keyframes() -> None:
    op.create_table(
        "planned_keyframe",
        sa.Column("segmentation_row", ROW, nullable=False),
        sa.Column("segment_row", ROW, nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("t_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["segmentation_row", "segment_row"],
            ["segmentation_segment.segmentation_row", "segmentation_segment.segment_row"],
            name="fk_planned_keyframe_segmentation_row_segmentation_segment",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("segmentation_row", "segment_row", "ordinal", name="pk_planned_keyframe"),
    )
    op.execute(
        "INSERT INTO planned_keyframe (segmentation_row, segment_row, ordinal, t_us) "
        "SELECT segmentation_row, segment_row, 0, keyframe_us FROM segmentation_segment WHERE keyframe_us IS NOT NULL"
    )
    op.drop_column("segmentation_segment", "keyframe_us")


def describe_pictures() -> None:
    """Pictures that are here already stand for their segments, and have neither copy nor hash."""
    op.add_column("derived_file", sa.Column("ordinal", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("derived_file", sa.Column("placeholder", sa.LargeBinary()))
    op.add_column("derived_file", sa.Column("hash", sa.LargeBinary()))
