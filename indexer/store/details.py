"""Reading what is kept of segments: one query a kind of thing, however many segments."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import cast

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from indexer.domain import (
    Caption,
    CaptionProblem,
    Facet,
    Keyframe,
    Recipe,
    Segment,
    SegmentId,
    TokenCost,
    VideoId,
)
from indexer.store.active_segments import active_segments, of_active, segment_rows
from indexer.store.places import row_of
from indexer.store.row_lists import Dialect, bound, dialect_of, rows_bound, rows_in
from indexer.store.scenes import active_scenes
from indexer.store.tables import (
    CaptionTable,
    DerivedFileTable,
    EmbeddingTable,
    FacetTable,
    RecipeTable,
    SegmentTable,
    SegmentTextTable,
    VideoTable,
)


@dataclass(frozen=True, slots=True)
class SegmentDetail:
    """A segment with all that is kept of it. `keyframes`: the first stands for it. `active` is the caption it is
    searched by; `scene` which of the video's scenes it begins in, from 1, where these are known."""

    segment: Segment
    captions: tuple[Caption, ...]
    keyframes: tuple[Keyframe, ...]
    facets: tuple[Facet, ...]
    active: Caption | None
    scene: int | None = None


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """`segments` counts those of active segmentations, `captions` every text, `vectors` the live ones of any space."""

    videos: int
    segments: int
    captions: int
    vectors: int
    duration_us: int


def details(tx: Session, video: VideoId) -> list[SegmentDetail]:
    """The active segments in order of time, each with its captions (the searched one first), pictures and facets."""
    segments = active_segments(tx, video)
    rows = segment_rows(tx, [segment.id for segment in segments])
    captions = _captions_of(tx, rows.values())
    keyframes = keyframes_of(tx, rows.values())
    facets = facets_of(tx, rows.values())
    scene_starts = [scene.start_us for scene in active_scenes(tx, row_of(tx, video))]
    found = []
    for segment in segments:
        row = rows[segment.id]
        of_segment = captions.get(row, [])
        searched = next((caption for caption, is_active in of_segment if is_active), None)
        found.append(
            SegmentDetail(
                segment,
                captions=tuple(caption for caption, _ in of_segment),
                keyframes=tuple(keyframes.get(row, ())),
                facets=tuple(facets.get(row, ())),
                active=searched,
                scene=bisect_right(scene_starts, segment.start_us) or None,
            )
        )
    return found


def counts(tx: Session) -> StoreCounts:
    segments = of_active(select(func.count(SegmentTable.row)))
    return StoreCounts(
        videos=tx.execute(select(func.count()).select_from(VideoTable)).scalar_one(),
        segments=tx.execute(segments).scalar_one(),
        captions=tx.execute(select(func.count()).select_from(CaptionTable)).scalar_one(),
        vectors=tx.execute(select(func.count()).where(EmbeddingTable.vec.is_not(None))).scalar_one(),
        duration_us=int(tx.execute(select(func.sum(VideoTable.duration_us))).scalar() or 0),
    )


def facets_of(tx: Session, segment_rows: Iterable[int]) -> dict[int, list[Facet]]:
    """{segment row: its facets, by name}; what several recipes agree on is given once."""
    found: dict[int, dict[Facet, None]] = {}
    for row, name, value in tx.execute(_facets(dialect_of(tx)), bound(tx, segment_rows)):
        found.setdefault(row, {})[Facet(name, value)] = None
    return {row: sorted(facets, key=lambda facet: facet.name) for row, facets in found.items()}


def keyframes_of(tx: Session, segment_rows: Iterable[int]) -> dict[int, list[Keyframe]]:
    """{segment row: its pictures, the one that stands for it first}."""
    found: dict[int, list[Keyframe]] = {}
    rows = tx.execute(_keyframes(dialect_of(tx)), bound(tx, segment_rows))
    for row, segment, t_us, recipe, path, ordinal, placeholder, picture_hash in rows:
        if row is not None and t_us is not None:
            picture = Keyframe(SegmentId(segment), t_us, Recipe(recipe), path, ordinal, placeholder, picture_hash)
            found.setdefault(row, []).append(picture)
    return found


@cache
def _facets(dialect: Dialect) -> Select[int, str, str]:
    listed = FacetTable.segment_row.in_(rows_bound(dialect))
    return select(FacetTable.segment_row, FacetTable.name, FacetTable.value).where(listed).order_by(FacetTable.row)


@cache
def _keyframes(
    dialect: Dialect,
) -> Select[int | None, str, int | None, str, str, int, bytes | None, bytes | None]:
    return (
        select(
            DerivedFileTable.segment_row,
            SegmentTable.id,
            DerivedFileTable.t_us,
            RecipeTable.name,
            DerivedFileTable.path,
            DerivedFileTable.ordinal,
            DerivedFileTable.placeholder,
            DerivedFileTable.hash,
        )
        .join(SegmentTable, SegmentTable.row == DerivedFileTable.segment_row)
        .join(RecipeTable, RecipeTable.row == DerivedFileTable.recipe_row)
        .where(
            DerivedFileTable.segment_row.in_(rows_bound(dialect)),
            DerivedFileTable.kind == "keyframe",
            DerivedFileTable.state == "ready",
        )
        .order_by(DerivedFileTable.ordinal, DerivedFileTable.row.desc())
    )


def _captions_of(tx: Session, segment_rows: Iterable[int]) -> dict[int, list[tuple[Caption, bool]]]:
    """{segment row: its captions, each with whether it is the one that is searched, that one first}."""
    found: dict[int, list[tuple[Caption, bool]]] = {}
    is_active = SegmentTextTable.caption_row.is_not(None)
    rows = tx.execute(
        select(CaptionTable, SegmentTable.id, RecipeTable.name, is_active)
        .join(SegmentTable, SegmentTable.row == CaptionTable.segment_row)
        .join(RecipeTable, RecipeTable.row == CaptionTable.recipe_row)
        .outerjoin(SegmentTextTable, SegmentTextTable.caption_row == CaptionTable.row)
        .where(CaptionTable.segment_row.in_(rows_in(tx, segment_rows)))
        .order_by(is_active.desc(), CaptionTable.row)
    )
    for stored, segment, recipe, searched in rows:
        caption = Caption(
            SegmentId(segment),
            stored.text,
            Recipe(recipe),
            stored.ordinal,
            stored.language,
            cast("CaptionProblem | None", stored.problem),
            _cost_of(stored),
        )
        found.setdefault(stored.segment_row, []).append((caption, bool(searched)))
    return found


def _cost_of(stored: CaptionTable) -> TokenCost | None:
    if stored.tokens_read is None or stored.tokens_written is None:
        return None
    return TokenCost(stored.tokens_read, stored.tokens_written)
