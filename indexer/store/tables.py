"""Every table of a library, as one typed page. Why they have this shape: docs, "the data model".

Rows are int64 and stay in the database and the vector indexes; what the rest of the program sees are the `id` columns.
Full-text tables stand beside these (see `fulltext` and the first migration).
"""

from typing import Literal

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

Content = bytes  # a table may have a column `bytes`
RowNumber = BigInteger().with_variant(Integer(), "sqlite")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def storable(text: str) -> str:
    """`text` as every database can hold it: NUL and lone surrogates (of undecodable file names) become U+FFFD."""
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class PlainText(TypeDecorator[str]):
    """Text made `storable` on its way in, and when it is compared with what is stored."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (SQLAlchemy's hook)
        return None if value is None else storable(value)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {str: PlainText, int: BigInteger, bytes: LargeBinary}  # noqa: RUF012 (SQLAlchemy's own hook)


def _row() -> Mapped[int]:
    return mapped_column(RowNumber, primary_key=True)


def _owner(column: str, *, index: bool = True) -> Mapped[int]:
    """A row that goes when the row it points to goes."""
    return mapped_column(RowNumber, ForeignKey(column, ondelete="CASCADE"), index=index)


# -- footage ---------------------------------------------------------------------------------------------------------


class RootTable(Base):
    """A registered folder. Locations name it, so a share mounted elsewhere needs one edit."""

    __tablename__ = "root"
    row: Mapped[int] = _row()
    name: Mapped[str] = mapped_column(unique=True)
    path: Mapped[bytes] = mapped_column(unique=True)
    path_text: Mapped[str]  # `path` for people and for filters


class VideoTable(Base):
    __tablename__ = "video"
    row: Mapped[int] = _row()
    id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[Literal["file", "imported", "live"]] = mapped_column(PlainText)
    title: Mapped[str]
    asset_id: Mapped[str | None] = mapped_column(index=True)  # groups the files of one asset: cards, reels, proxies
    duration_us: Mapped[int | None]  # as decoded
    claimed_duration_us: Mapped[int | None]  # as its header says
    width: Mapped[int]
    height: Mapped[int]
    rotation: Mapped[int]
    rate: Mapped[str | None]  # `30000/1001`; NULL where it varies
    average_rate: Mapped[str | None]
    start_timecode: Mapped[str | None]
    recorded_at: Mapped[str | None] = mapped_column(index=True)  # the wall clock at its first frame, ISO 8601
    codec: Mapped[str]
    audio_codec: Mapped[str | None]
    pixel_format: Mapped[str]
    container: Mapped[str]
    complete: Mapped[bool]
    added_at: Mapped[str]
    # NULL from here on: not stated, or indexed before it was noted
    frames: Mapped[int | None]  # as decoded
    reading: Mapped[Literal["fast", "careful"] | None] = mapped_column(PlainText)  # how it gives the same frames again
    start_us: Mapped[int | None]  # the first frame on the file's own clock
    pixel_shape: Mapped[str | None]  # a pixel's width by its height, `64/45`
    transfer: Mapped[str | None]  # `bt709`, `smpte2084`
    interlaced: Mapped[bool | None]
    timecode_source: Mapped[str | None]
    audio_stream_index: Mapped[int | None]


class StretchTable(Base):
    """Where the clock of a file jumps: from `t_us` on, a frame stands there at `stream_us + (its t_us - t_us)`."""

    __tablename__ = "stretch"
    video_row: Mapped[int] = mapped_column(RowNumber, ForeignKey("video.row", ondelete="CASCADE"), primary_key=True)
    t_us: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stream_us: Mapped[int]


class FingerprintTable(Base):
    """Content that is this video. A video may have several, or none while only its texts were imported."""

    __tablename__ = "fingerprint"
    __table_args__ = (UniqueConstraint("size", "samples"),)
    row: Mapped[int] = _row()
    video_row: Mapped[int] = _owner("video.row")
    size: Mapped[int]
    samples: Mapped[str]
    stream_index: Mapped[int]  # which stream of such a file is the video


class LocationTable(Base):
    """One file of a video: (root, path inside it, stream)."""

    __tablename__ = "location"
    __table_args__ = (UniqueConstraint("root_row", "relative_path", "stream_index"),)
    row: Mapped[int] = _row()
    video_row: Mapped[int] = _owner("video.row")
    root_row: Mapped[int] = _owner("root.row", index=False)
    relative_path: Mapped[bytes]  # as the file system spells it, which need not be text
    relative_text: Mapped[str]
    stream_index: Mapped[int]
    size: Mapped[int]
    mtime_ns: Mapped[int]
    online: Mapped[bool]
    sha256: Mapped[str | None]  # of the whole file, once it was asked for
    hashed_at: Mapped[str | None]  # when that was noted
    checked_at: Mapped[str | None]  # when the file was last read again to compare
    fixity: Mapped[Literal["intact", "changed", "unreadable"] | None] = mapped_column(PlainText)  # as last compared


class VideoFieldTable(Base):
    """What is stated of a whole video: people, place, reel, rights."""

    __tablename__ = "video_field"
    __table_args__ = (Index("ix_video_field_name_value", "name", "value"),)
    video_row: Mapped[int] = mapped_column(RowNumber, ForeignKey("video.row", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class VideoTextTable(Base):
    """What a video is called, as it is indexed: the tokens of its title, of the names of its files, of its tags and of
    its other fields, and the words and trigrams of all of these. See `words` for what such columns hold."""

    __tablename__ = "video_text"
    video_row: Mapped[int] = mapped_column(RowNumber, ForeignKey("video.row", ondelete="CASCADE"), primary_key=True)
    title: Mapped[str]
    file_names: Mapped[str]
    tags: Mapped[str]
    fields: Mapped[str]
    words: Mapped[str]
    trigrams: Mapped[str]


# -- structure -------------------------------------------------------------------------------------------------------


class RecipeTable(Base):
    """Names of what made things, each kept once. `preference` orders captioners: the lowest is searched."""

    __tablename__ = "recipe"
    row: Mapped[int] = _row()
    name: Mapped[str] = mapped_column(unique=True)
    preference: Mapped[int | None]
    captioner: Mapped[str | None]  # what `--captioner` calls it, of recipes of captions
    wanted: Mapped[bool] = mapped_column(default=False)  # every video is to have captions by it


class SegmentationTable(Base):
    __tablename__ = "segmentation"
    __table_args__ = (
        UniqueConstraint("video_row", "recipe_row"),
        Index(
            "uq_segmentation_active",
            "video_row",
            unique=True,
            sqlite_where=sql("active"),
            postgresql_where=sql("active"),
        ),
    )
    row: Mapped[int] = _row()
    video_row: Mapped[int] = _owner("video.row", index=False)
    recipe_row: Mapped[int] = mapped_column(RowNumber, ForeignKey("recipe.row"))
    origin: Mapped[Literal["detected", "fixed", "imported"]] = mapped_column(PlainText)
    active: Mapped[bool]


class CutTable(Base):
    __tablename__ = "cut"
    row: Mapped[int] = _row()
    segmentation_row: Mapped[int] = _owner("segmentation.row")
    start_us: Mapped[int]
    end_us: Mapped[int]
    kind: Mapped[Literal["cut", "dissolve", "fade", "wipe", "slide"]] = mapped_column(PlainText)
    strength: Mapped[float]


class SegmentTable(Base):
    """A span of a video. Its id is a hash of both, so a later segmentation into the same span finds its texts."""

    __tablename__ = "segment"
    __table_args__ = (Index("ix_segment_video_row_start_us", "video_row", "start_us"),)
    row: Mapped[int] = _row()
    id: Mapped[str] = mapped_column(unique=True)
    video_row: Mapped[int] = _owner("video.row", index=False)
    start_us: Mapped[int]
    end_us: Mapped[int | None]


class SegmentationSegmentTable(Base):
    """Which segments a segmentation lists, in order."""

    __tablename__ = "segmentation_segment"
    segmentation_row: Mapped[int] = mapped_column(
        RowNumber, ForeignKey("segmentation.row", ondelete="CASCADE"), primary_key=True
    )
    segment_row: Mapped[int] = mapped_column(
        RowNumber, ForeignKey("segment.row", ondelete="CASCADE"), primary_key=True, index=True
    )
    ordinal: Mapped[int]
    beside: Mapped[bool] = mapped_column(default=False)  # none of its own: a person's text has this span


class DerivedFileTable(Base):
    """A file we made and could make again."""

    __tablename__ = "derived_file"
    row: Mapped[int] = _row()
    video_row: Mapped[int] = _owner("video.row")
    segment_row: Mapped[int | None] = mapped_column(
        RowNumber, ForeignKey("segment.row", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]  # keyframe | sprite | proxy | thumbnail | spool
    recipe_row: Mapped[int] = mapped_column(RowNumber, ForeignKey("recipe.row"))
    t_us: Mapped[int | None]
    path: Mapped[str] = mapped_column(unique=True)  # inside the library folder
    bytes: Mapped[int | None]
    state: Mapped[str]  # ready | evicted
    ordinal: Mapped[int] = mapped_column(default=0)  # among the keyframes of a segment: 0 stands for it
    placeholder: Mapped[Content | None]  # a tiny WebP of the picture
    hash: Mapped[Content | None]  # 64 bits by which the picture is known again


# -- text ------------------------------------------------------------------------------------------------------------


class CaptionTable(Base):
    """A text about a segment. Human edits have the recipe `human` and a new ordinal each: nothing is overwritten."""

    __tablename__ = "caption"
    __table_args__ = (UniqueConstraint("segment_row", "recipe_row", "ordinal"),)
    row: Mapped[int] = _row()
    segment_row: Mapped[int] = _owner("segment.row", index=False)
    recipe_row: Mapped[int] = mapped_column(RowNumber, ForeignKey("recipe.row"))
    ordinal: Mapped[int]
    text: Mapped[str]
    language: Mapped[str]
    source: Mapped[str]  # the recipe, or the human author
    rejected: Mapped[bool]  # hidden from search, and kept
    written_at: Mapped[str]
    problem: Mapped[str | None]  # why there is no text, where one was to be had
    tokens_read: Mapped[int | None]
    tokens_written: Mapped[int | None]


class SegmentTextTable(Base):
    """The one text a segment is searched by. Holds segments of active segmentations only: derived, never edited."""

    __tablename__ = "segment_text"
    segment_row: Mapped[int] = mapped_column(RowNumber, ForeignKey("segment.row", ondelete="CASCADE"), primary_key=True)
    caption_row: Mapped[int] = mapped_column(RowNumber, ForeignKey("caption.row", ondelete="CASCADE"), unique=True)
    text: Mapped[str]
    tokens: Mapped[str]
    words: Mapped[str]


class FacetTable(Base):
    __tablename__ = "facet"
    __table_args__ = (
        UniqueConstraint("segment_row", "source", "name", "value"),
        Index("ix_facet_name_value", "name", "value", "segment_row"),
    )
    row: Mapped[int] = _row()
    segment_row: Mapped[int] = _owner("segment.row", index=False)
    name: Mapped[str]
    value: Mapped[str]
    source: Mapped[str]


class EditTable(Base):
    """What people did to the texts of segments, in order; nothing is ever taken out. Undoing fills in `undone_at`."""

    __tablename__ = "edit"
    row: Mapped[int] = _row()
    segment_row: Mapped[int] = _owner("segment.row")
    caption_row: Mapped[int] = _owner("caption.row")
    action: Mapped[Literal["write", "reject"]] = mapped_column(PlainText)
    author: Mapped[str]
    at: Mapped[str]
    undone_at: Mapped[str | None]
    undone_by: Mapped[str | None]


# -- vectors ---------------------------------------------------------------------------------------------------------


class SpaceTable(Base):
    """What shapes a vector. Each transaction that changes a space's vectors takes the next `change_seq` first: the row
    lock makes the order of numbers the order of commits."""

    __tablename__ = "space"
    row: Mapped[int] = _row()
    name: Mapped[str] = mapped_column(unique=True)
    dimension: Mapped[int]
    change_seq: Mapped[int]


_LIVE = sql("vec IS NOT NULL")


class EmbeddingTable(Base):
    """A vector of one item. Rows never come back: an update is a tombstone (`vec` NULL) and a new row, so an old index
    can name a dead row, never a wrong one."""

    __tablename__ = "embedding"
    __table_args__ = (
        Index("ix_embedding_changes", "space_row", "layer", "seq"),
        Index(
            "uq_embedding_live",
            "space_row",
            "layer",
            "item_kind",
            "item_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(
            "ix_embedding_no_hub",
            "space_row",
            "layer",
            sqlite_where=sql("vec IS NOT NULL AND hub IS NULL"),
            postgresql_where=sql("vec IS NOT NULL AND hub IS NULL"),
        ),
        Index("ix_embedding_item", "item_kind", "item_id", "space_row", sqlite_where=_LIVE, postgresql_where=_LIVE),
        {"sqlite_autoincrement": True},
    )
    row: Mapped[int] = _row()
    space_row: Mapped[int] = _owner("space.row", index=False)
    item_kind: Mapped[str]  # caption | keyframe | cue
    item_id: Mapped[int]
    layer: Mapped[str]  # the recipe of the text, or `human`
    seq: Mapped[int]
    hub: Mapped[float | None]  # mean cosine to the nearest captions of other videos
    vec: Mapped[bytes | None]  # little-endian float32


class IndexGenerationTable(Base):
    """A published index file. The row is the publication: a file no row names is rubbish."""

    __tablename__ = "index_generation"
    __table_args__ = (Index("ix_index_generation_newest", "space_row", "layer", "seq"),)
    row: Mapped[int] = _row()
    id: Mapped[str] = mapped_column(unique=True)
    space_row: Mapped[int] = _owner("space.row", index=False)
    layer: Mapped[str]
    seq: Mapped[int]
    kind: Mapped[str]
    file: Mapped[str]
    dimension: Mapped[int]
    count: Mapped[int]
    bytes: Mapped[int]
    sha256: Mapped[str]


class SettingTable(Base):
    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
