"""What was written elsewhere and is searched here: lines of speech and of text in the picture, and which descriptions
came from where."""

from typing import Literal

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from indexer.store.tables import Base, PlainText, RowNumber


class CueTable(Base):
    """A line that was spoken, or seen in the picture. It belongs to no segment: it counts for every segment it shares
    some time with. `tokens` and `words` are as in `segment_text`."""

    __tablename__ = "cue"
    __table_args__ = (Index("ix_cue_video_row_start_us", "video_row", "start_us"),)
    row: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    video_row: Mapped[int] = mapped_column(RowNumber, ForeignKey("video.row", ondelete="CASCADE"))
    kind: Mapped[Literal["transcript", "screen_text"]] = mapped_column(PlainText)
    start_us: Mapped[int]
    end_us: Mapped[int | None]  # NULL: to the end of a video whose length is not known
    text: Mapped[str]
    language: Mapped[str]
    source: Mapped[str]  # who or what wrote it, as of captions
    tokens: Mapped[str]
    words: Mapped[str]


class ImportedTextTable(Base):
    """A description as it was imported: so that the same is not entered twice, and what changed is known.

    `segment_row` is the segment of its own span; `caption_row` the caption it stands in today, alone or joined with
    others of that span.
    """

    __tablename__ = "imported_text"
    row: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    segment_row: Mapped[int] = mapped_column(RowNumber, ForeignKey("segment.row", ondelete="CASCADE"), index=True)
    caption_row: Mapped[int] = mapped_column(RowNumber, ForeignKey("caption.row", ondelete="CASCADE"), index=True)
    source: Mapped[str]
    text: Mapped[str]
    language: Mapped[str]
    tags: Mapped[str]  # one a line
