"""How far each recipe of captions is: what it covers, what it cost, what is still to come."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from indexer.domain import Recipe, VideoId
from indexer.errors import UsageError
from indexer.store import settings
from indexer.store.active_segments import TILING, of_active
from indexer.store.jobs import OPEN
from indexer.store.recipes import HUMAN, MEASURED, is_measured
from indexer.store.tables import CaptionTable, RecipeTable, SegmentationTable, SegmentTable, VideoTable
from indexer.store.work_tables import WorkUnitTable as Unit

COMING = "coming_recipe"
"""The setting: the recipe that is switched to when nothing of it is open any more."""

_CAPTIONED = (TILING, SegmentTable.end_us.is_not(None), SegmentationTable.origin != "imported")
"""Of what is listed: the segments that captioners are to write about."""

_NO_WORK = dict.fromkeys(("cost_us", "media_us", "open_units", "open_media_us", "failed_units"), 0)


@dataclass(frozen=True, slots=True)
class RecipeCoverage:
    """What one recipe of captions covers. `number` names it for people, and stays."""

    number: int
    recipe: Recipe
    captioner: str | None  # what `--captioner` calls it, where that was noted
    place: int | None  # in the order of search, from 1; None: computed beside, not searched
    wanted: bool  # every video is to have it
    coming: bool  # it is switched to when nothing of it is open any more
    segments: int  # that it wrote on
    empty: int  # of these: there is no text of it, and they are searched by another if there is one
    failed: int  # of the empty ones: what it answered was no caption; `retry` asks again
    of_segments: int
    videos: int  # wholly covered
    of_videos: int
    cost_us: int  # time its captioning took, so far
    media_us: int  # footage that went through it at that cost
    open_units: int
    open_media_us: int
    failed_units: int  # their segments are searched by another text if there is one, until `retry`
    tokens_read: int  # that its captions cost, where they were counted
    tokens_written: int

    @property
    def share(self) -> float:
        """0..1 of all segments."""
        return self.segments / self.of_segments if self.of_segments else 0.0

    @property
    def eta_us(self) -> int | None:
        """What is open, at its measured cost, for one worker; None where nothing is open or nothing was measured."""
        if not self.open_units or not self.media_us:
            return None
        return self.open_media_us * self.cost_us // self.media_us


def coverage(tx: Session) -> list[RecipeCoverage]:
    """Every recipe of captions: those that are searched in their order, then the others as they came. Segments whose
    end is not known yet are not counted: they are not cut yet."""
    lengths, written, work, comes = _segments_by_video(tx), _written_by_video(tx), _work(tx), coming(tx)
    by_preference = (RecipeTable.preference.is_(None), RecipeTable.preference, RecipeTable.row)
    stored = tx.execute(select(RecipeTable).where(RecipeTable.name != HUMAN).order_by(*by_preference)).scalars().all()
    found = []
    for place, one in enumerate(stored, start=1):
        if one.preference is not None or one.captioner is not None or one.row in written:
            of_videos = written.get(one.row, {})
            told = RecipeCoverage(
                number=one.row,
                recipe=Recipe(one.name),
                captioner=one.captioner or (MEASURED if is_measured(Recipe(one.name)) else None),
                place=None if one.preference is None else place,
                wanted=one.wanted,
                coming=one.name == comes,
                segments=sum(one.segments for one in of_videos.values()),
                empty=sum(one.empty for one in of_videos.values()),
                failed=sum(one.failed for one in of_videos.values()),
                tokens_read=sum(one.tokens_read for one in of_videos.values()),
                tokens_written=sum(one.tokens_written for one in of_videos.values()),
                of_segments=sum(lengths.values()),
                videos=sum(of_videos.get(video, _NOTHING).segments == count for video, count in lengths.items()),
                of_videos=len(lengths),
                **work.get(one.name, _NO_WORK),
            )
            found.append(told)
    return found


def find_recipe(tx: Session, name_or_number: str) -> Recipe:
    """The recipe of captions of this number or name, or the only one whose captioner is called so. Raises
    `UsageError`."""
    known = coverage(tx)
    for fits in (
        [one.recipe for one in known if str(one.number) == name_or_number],
        [one.recipe for one in known if one.recipe == name_or_number],
        [one.recipe for one in known if one.captioner == name_or_number],
    ):
        if len(fits) > 1:
            raise UsageError(f"several recipes are by {name_or_number}: give the number of one (shotlist recipes)")
        if fits:
            return fits[0]
    raise UsageError(f"no recipe has the number or name {name_or_number!r}; see: shotlist recipes")


def lacking(tx: Session, recipe: Recipe) -> list[VideoId]:
    """Videos that have segments on which `recipe` has not written, the newest first."""
    row = tx.execute(select(RecipeTable.row).where(RecipeTable.name == recipe)).scalar()
    written = {video: one.segments for video, one in _written_by_video(tx).get(row or 0, {}).items()}
    short = [video for video, count in _segments_by_video(tx).items() if written.get(video, 0) < count]
    ids = dict(tx.execute(select(VideoTable.row, VideoTable.id)).all())
    return [VideoId(ids[video]) for video in sorted(short, reverse=True)]


def coming(tx: Session) -> Recipe | None:
    """The recipe that is switched to when it is complete."""
    noted = settings.get(tx, COMING)
    return None if noted is None else Recipe(noted)


def forgotten(tx: Session, recipe: Recipe) -> list[VideoId]:
    """Videos that lack `recipe`, and of which no unit of it is open or has failed: nobody asked for it yet."""
    asked = select(VideoTable.id).join(Unit, Unit.video_row == VideoTable.row)
    asked = asked.where(Unit.recipe == recipe, Unit.stage == "captioning", Unit.state != "done")
    known = set(tx.execute(asked).scalars())
    return [video for video in lacking(tx, recipe) if video not in known]


def without_work(tx: Session) -> list[VideoId]:
    """Videos that are not complete, and of which nothing is open or has failed: something they lack is still to be
    asked for."""
    unit = select(Unit.row).where(Unit.video_row == VideoTable.row, Unit.state != "done", Unit.stage != "fixity")
    return [
        VideoId(id_) for id_ in tx.execute(select(VideoTable.id).where(~VideoTable.complete, ~unit.exists())).scalars()
    ]


def _segments_by_video(tx: Session) -> dict[int, int]:
    query = of_active(select(SegmentationTable.video_row, func.count()), *_CAPTIONED)
    return dict(tx.execute(query.group_by(SegmentationTable.video_row)).all())


class _Written(NamedTuple):
    """What a recipe wrote on a video's segments, of how many there is no text, and of how many because that failed."""

    segments: int
    empty: int
    failed: int
    tokens_read: int
    tokens_written: int


_NOTHING = _Written(0, 0, 0, 0, 0)


def _written_by_video(tx: Session) -> dict[int, dict[int, _Written]]:
    """{recipe row: {video row: what it wrote there}}."""
    told = (
        func.count(),
        func.sum(case((CaptionTable.text == "", 1), else_=0)),
        func.count(CaptionTable.problem),
        func.coalesce(func.sum(CaptionTable.tokens_read), 0),
        func.coalesce(func.sum(CaptionTable.tokens_written), 0),
    )
    query = (
        of_active(
            select(CaptionTable.recipe_row, SegmentationTable.video_row, *told),
            *_CAPTIONED,
        )
        .join(CaptionTable, CaptionTable.segment_row == SegmentTable.row)
        .where(CaptionTable.ordinal == 0)
        .group_by(CaptionTable.recipe_row, SegmentationTable.video_row)
    )
    found: dict[int, dict[int, _Written]] = {}
    for recipe, video, *counts in tx.execute(query):
        found.setdefault(recipe, {})[video] = _Written(*(int(count) for count in counts))
    return found


def _work(tx: Session) -> dict[str, dict[str, int]]:
    """{recipe: {cost_us, media_us, open_units, open_media_us, failed_units}} of its captioning."""
    is_open, is_done = Unit.state.in_(OPEN), Unit.state == "done"
    query = select(
        Unit.recipe,
        func.sum(Unit.cost_us).label("cost_us"),
        func.sum(case((is_done, Unit.media_us), else_=0)).label("media_us"),
        func.sum(case((is_open, 1), else_=0)).label("open_units"),
        func.sum(case((is_open, Unit.media_us * (1 - Unit.share)), else_=0)).label("open_media_us"),
        func.sum(case((Unit.state == "failed", 1), else_=0)).label("failed_units"),
    ).where(Unit.stage == "captioning", Unit.recipe.is_not(None))
    return {
        str(one.recipe): {name: int(getattr(one, name)) for name in _NO_WORK}
        for one in tx.execute(query.group_by(Unit.recipe))
    }
