"""What `shotlist verify` asks the database: whether what is derived agrees with what it is derived from.

All of it reads; `repairs` writes. Videos are read some at a time, each time in one snapshot, so that memory and the age
of a snapshot are bounded however large the library is.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from indexer.domain import Recipe, Segment, SegmentId, VideoId, segment_of
from indexer.store import tags
from indexer.store.active_segments import TILING, of_active
from indexer.store.active_texts import chosen_texts
from indexer.store.jobs import OPEN
from indexer.store.recipes import HUMAN
from indexer.store.row_lists import is_sqlite, rows_in, texts_in
from indexer.store.tables import (
    CaptionTable,
    DerivedFileTable,
    EmbeddingTable,
    RecipeTable,
    SegmentationTable,
    SegmentTable,
    SegmentTextTable,
    SpaceTable,
    VideoTable,
    VideoTextTable,
)
from indexer.store.video_texts import Names, indexed_texts
from indexer.store.work_tables import WorkUnitTable as Unit

_MOST_FAULTS = 100


@dataclass(frozen=True, slots=True)
class CheckedVideo:
    """`busy`: there is work to be done or being done for it; `troubled`: some of its work ended without its result."""

    row: int
    id: VideoId
    title: str
    complete: bool
    duration_us: int | None
    busy: bool
    troubled: bool

    @property
    def settled(self) -> bool:
        """Whether nothing of it may be missing."""
        return self.complete and not self.busy and not self.troubled


@dataclass(frozen=True, slots=True)
class CheckedKeyframe:
    video: VideoId
    segment: SegmentId | None
    path: str  # inside the library folder


def database_faults(tx: Session) -> list[str]:
    """What SQLite finds wrong with its own file, and rows that point to rows that are not there; at most a hundred
    each. A PostgreSQL server looks after both itself."""
    if not is_sqlite(tx):
        return []
    pages = tx.execute(text(f"PRAGMA integrity_check({_MOST_FAULTS})")).scalars().all()
    links = tx.execute(text("PRAGMA foreign_key_check")).fetchmany(_MOST_FAULTS)
    lost = [f"row {row} of {table} points to a row of {parent} that is not there" for table, row, parent, _ in links]
    return [page for page in pages if page != "ok"] + lost


# -- videos, some at a time ------------------------------------------------------------------------------------------


def next_videos(tx: Session, *, after: int, limit: int) -> list[CheckedVideo]:
    """The videos whose rows come after row `after`, in order."""
    query = select(VideoTable).where(VideoTable.row > after).order_by(VideoTable.row).limit(limit)
    found = tx.execute(query).scalars().all()
    states = (
        select(Unit.video_row, Unit.state)
        .where(Unit.video_row.in_(rows_in(tx, [one.row for one in found])), Unit.state != "done")
        .where(Unit.stage != "fixity")
        .distinct()
    )
    open_rows: set[int | None] = set()
    ended_rows: set[int | None] = set()
    for row, state in tx.execute(states):
        (open_rows if state in OPEN else ended_rows).add(row)
    return [
        CheckedVideo(
            row=one.row,
            id=VideoId(one.id),
            title=one.title,
            complete=one.complete,
            duration_us=one.duration_us,
            busy=one.row in open_rows,
            troubled=one.row in ended_rows,
        )
        for one in found
    ]


def misnamed_segments(tx: Session, videos: Sequence[CheckedVideo]) -> list[Segment]:
    """Segments, of any segmentation, whose id is not that of their span."""
    id_of = {video.row: video.id for video in videos}
    query = select(SegmentTable.id, SegmentTable.video_row, SegmentTable.start_us, SegmentTable.end_us)
    found = tx.execute(query.where(SegmentTable.video_row.in_(rows_in(tx, id_of))))
    stored = [Segment(SegmentId(id_), id_of[row], start, end) for id_, row, start, end in found]
    alike = Counter((one.video, one.start_us, one.end_us) for one in stored)  # descriptions of one span

    def may_be(one: Segment) -> bool:
        span = (one.video, one.start_us, one.end_us)
        return any(one.id == segment_of(*span, nth=nth).id for nth in range(alike[span]))

    return [one for one in stored if not may_be(one)]


def untiled(tx: Session, videos: Sequence[CheckedVideo]) -> list[tuple[CheckedVideo, str]]:
    """Videos whose detected or fixed segments leave a gap, overlap, or do not reach from beginning to end; and how."""
    by_row = {video.row: video for video in videos}
    query = of_active(
        select(SegmentTable.video_row, SegmentTable.start_us, SegmentTable.end_us),
        SegmentationTable.video_row.in_(rows_in(tx, by_row)),
        SegmentationTable.origin != "imported",
        TILING,
    )
    spans: dict[int, list[tuple[int, int | None]]] = {}
    for row, start, end in tx.execute(query.order_by(SegmentTable.video_row, SegmentTable.start_us)):
        spans.setdefault(row, []).append((start, end))
    told = {row: _gap(listed, by_row[row].duration_us) for row, listed in spans.items()}
    return [(by_row[row], gap) for row, gap in told.items() if gap is not None]


def _gap(spans: Sequence[tuple[int, int | None]], duration_us: int | None) -> str | None:
    reached: int | None = 0
    for start, end in spans:
        if start != reached:
            return f"a segment begins at {start} us where {reached} us was reached"
        reached = end
    if duration_us is not None and reached != duration_us:
        return f"the last segment ends at {reached} us, the video at {duration_us} us"
    return None


def wrong_texts(tx: Session, videos: Sequence[CheckedVideo]) -> dict[VideoId, list[SegmentId]]:
    """Segments that are searched by another text, or other words, than the rule chooses."""
    listed = select(SegmentTable.row, SegmentTable.id, SegmentTable.video_row).order_by(SegmentTable.row)
    of_videos = SegmentTable.video_row.in_(rows_in(tx, [video.row for video in videos]))
    rows = {row: (id_, video_row) for row, id_, video_row in tx.execute(listed.where(of_videos))}
    held = {
        one.segment_row: (one.caption_row, one.text, one.tokens, one.words)
        for one in tx.execute(
            select(SegmentTextTable).where(SegmentTextTable.segment_row.in_(rows_in(tx, rows)))
        ).scalars()
    }
    now = chosen_texts(tx, rows)
    given = tags.tags_of_captions(tx, (caption for caption, _ in now.values()))
    chosen = {}
    for row, (caption, said) in now.items():
        analysed = tags.indexed(said, given.get(caption, ()))
        chosen[row] = (caption, said, analysed["tokens"], analysed["words"])
    wrong = [rows[row] for row in rows if held.get(row) != chosen.get(row)]
    return _by_video(videos, wrong)


def wrong_names(tx: Session, videos: Sequence[CheckedVideo]) -> list[CheckedVideo]:
    """Videos that are searched by other names and fields than they have."""
    rows = [video.row for video in videos]
    held = {
        one.video_row: {name: getattr(one, name) for name in (*Names._fields, "words", "trigrams")}
        for one in tx.execute(select(VideoTextTable).where(VideoTextTable.video_row.in_(rows_in(tx, rows)))).scalars()
    }
    wanted = indexed_texts(tx, rows)
    return [video for video in videos if held.get(video.row) != wanted.get(video.row)]


def doubled_captions(tx: Session, videos: Sequence[CheckedVideo]) -> dict[VideoId, dict[SegmentId, list[int]]]:
    """{video: {segment: rows of the later captions}} where one recipe said the same twice."""
    query = (
        select(SegmentTable.video_row, SegmentTable.id, CaptionTable.recipe_row, CaptionTable.text, CaptionTable.row)
        .join(SegmentTable, SegmentTable.row == CaptionTable.segment_row)
        .join(RecipeTable, RecipeTable.row == CaptionTable.recipe_row)
        .where(SegmentTable.video_row.in_(rows_in(tx, [one.row for one in videos])), RecipeTable.name != HUMAN)
        .order_by(CaptionTable.ordinal)
    )
    said: dict[tuple[int, str, int, str], list[int]] = {}
    for video, segment, recipe, caption, row in tx.execute(query):
        said.setdefault((video, segment, recipe, caption), []).append(row)
    id_of = {video.row: video.id for video in videos}
    doubled: dict[VideoId, dict[SegmentId, list[int]]] = {}
    for (video, segment, _, _), rows in said.items():
        if len(rows) > 1:
            doubled.setdefault(id_of[video], {}).setdefault(SegmentId(segment), []).extend(rows[1:])
    return doubled


def without_vector(tx: Session, space: str, videos: Sequence[CheckedVideo]) -> dict[VideoId, list[SegmentId]]:
    """Segments of settled videos whose text has no vector in `space`."""
    has_vector = (
        select(EmbeddingTable.row)
        .join(SpaceTable, SpaceTable.row == EmbeddingTable.space_row)
        .where(
            SpaceTable.name == space,
            EmbeddingTable.layer == RecipeTable.name,
            EmbeddingTable.item_kind == "caption",
            EmbeddingTable.item_id == CaptionTable.row,
            EmbeddingTable.vec.is_not(None),
        )
    )
    query = (
        select(SegmentTable.id, SegmentTable.video_row)
        .join(SegmentTextTable, SegmentTextTable.segment_row == SegmentTable.row)
        .join(CaptionTable, CaptionTable.row == SegmentTextTable.caption_row)
        .join(RecipeTable, RecipeTable.row == CaptionTable.recipe_row)
        .where(SegmentTable.video_row.in_(rows_in(tx, [one.row for one in videos if one.settled])))
        .where(~has_vector.exists())
        .order_by(SegmentTable.row)
    )
    return _by_video(videos, tx.execute(query))


def _by_video(videos: Sequence[CheckedVideo], found: Iterable[tuple[str, int]]) -> dict[VideoId, list[SegmentId]]:
    """`found`: (segment, row of its video)."""
    id_of = {video.row: video.id for video in videos}
    grouped: dict[VideoId, list[SegmentId]] = {}
    for segment, video_row in found:
        grouped.setdefault(id_of[video_row], []).append(SegmentId(segment))
    return grouped


def recipes_of(tx: Session, video: VideoId) -> set[Recipe]:
    """The recipes that wrote captions of a video."""
    query = (
        select(RecipeTable.name)
        .join(CaptionTable, CaptionTable.recipe_row == RecipeTable.row)
        .join(SegmentTable, SegmentTable.row == CaptionTable.segment_row)
        .join(VideoTable, VideoTable.row == SegmentTable.video_row)
        .where(VideoTable.id == video)
    )
    return {Recipe(name) for name in tx.execute(query.distinct()).scalars()}


# -- files we made ---------------------------------------------------------------------------------------------------


def keyframes(tx: Session, videos: Sequence[CheckedVideo]) -> list[CheckedKeyframe]:
    """The pictures that are recorded for these videos."""
    query = (
        select(VideoTable.id, SegmentTable.id, DerivedFileTable.path)
        .join(VideoTable, VideoTable.row == DerivedFileTable.video_row)
        .outerjoin(SegmentTable, SegmentTable.row == DerivedFileTable.segment_row)
        .where(DerivedFileTable.video_row.in_(rows_in(tx, [one.row for one in videos])))
        .where(DerivedFileTable.kind == "keyframe", DerivedFileTable.state == "ready")
        .order_by(DerivedFileTable.row)
    )
    return [
        CheckedKeyframe(VideoId(video), None if segment is None else SegmentId(segment), path)
        for video, segment, path in tx.execute(query)
    ]


def recorded_paths(tx: Session, paths: Sequence[str]) -> set[str]:
    """Those of these files that the library knows."""
    query = select(DerivedFileTable.path).where(DerivedFileTable.path.in_(texts_in(tx, paths)))
    return set(tx.execute(query).scalars())


def known_segments(tx: Session, segments: Sequence[str]) -> set[str]:
    return set(tx.execute(select(SegmentTable.id).where(SegmentTable.id.in_(texts_in(tx, segments)))).scalars())


def is_busy(tx: Session, video: VideoId) -> bool:
    """Whether there is work to be done or being done for a video."""
    query = select(func.count()).select_from(Unit).join(VideoTable, VideoTable.row == Unit.video_row)
    return tx.execute(query.where(VideoTable.id == video, Unit.state.in_(OPEN))).scalar_one() > 0


def is_open(tx: Session, key: str) -> bool:
    """Whether this unit of work is still to be done."""
    return tx.execute(select(Unit.row).where(Unit.key == key, Unit.state.in_(OPEN))).scalar() is not None
