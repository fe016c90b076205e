"""What a segmentation says beside its segments and cuts: scenes, and which pictures are to be taken."""

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from indexer.store.tables import Base, RowNumber


class SceneTable(Base):
    """Neighbouring shots that belong together. A segmentation's scenes tile the video where it was detected."""

    __tablename__ = "scene"
    row: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    segmentation_row: Mapped[int] = mapped_column(
        RowNumber, ForeignKey("segmentation.row", ondelete="CASCADE"), index=True
    )
    start_us: Mapped[int]
    end_us: Mapped[int]


class PlannedKeyframeTable(Base):
    """The moments planned for a listed segment's pictures, in order: the first stands for it."""

    __tablename__ = "planned_keyframe"
    __table_args__ = (
        ForeignKeyConstraint(
            ["segmentation_row", "segment_row"],
            ["segmentation_segment.segmentation_row", "segmentation_segment.segment_row"],
            ondelete="CASCADE",
        ),
    )
    segmentation_row: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    segment_row: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    t_us: Mapped[int]
