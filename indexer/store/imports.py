"""Entering what an archive knows already: descriptions, lines of speech and of text in the picture, names and fields;
of videos that are here, away, or never seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer.store.active_texts import refresh_active_texts
from indexer.store.cues import Cue, CueKind, put_cues
from indexer.store.imported_segments import list_segments
from indexer.store.imported_texts import DescribedVideo, Description, put_descriptions
from indexer.store.imported_videos import NamedVideo, NewVideo, describe_videos, make_videos, named_videos
from indexer.store.kept_texts import place_texts
from indexer.store.recipes import hold_choice
from indexer.store.row_lists import rows_in
from indexer.store.tables import VideoTable
from indexer.store.tags import place_tags

__all__ = ["Description", "Entered", "Import", "Kind", "NamedVideo", "NewVideo", "named_videos", "put_imports"]

Kind = Literal["description", "transcript", "screen_text"]
"""What a text is. The last two are lines (`cues`)."""


@dataclass(frozen=True, slots=True)
class Import:
    """What is stated of one video. `lines`: {(kind, source): all that this source has of this kind}."""

    video: NamedVideo | NewVideo
    title: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    descriptions: tuple[Description, ...] = ()
    lines: Mapping[tuple[CueKind, str], tuple[Cue, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of an `Import`: how many of its texts were new or other than before, and whether its names were."""

    video: NamedVideo
    texts: int
    named: bool


def put_imports(tx: Session, batch: Sequence[Import]) -> list[Entered]:
    """Enter all this, each video once in a batch. What is there already changes nothing; what differs from what the
    same source said before takes its place. Names and descriptions are searched by words when this is committed; the
    descriptions' vectors are the caller's to make."""
    videos = _videos(tx, batch)
    by_row = {video.row: one for video, one in zip(videos, batch, strict=True)}
    held = select(VideoTable.row).where(VideoTable.row.in_(rows_in(tx, by_row))).order_by(VideoTable.row)
    tx.execute(held.with_for_update(key_share=True))
    hold_choice(tx)
    titles = {row: one.title for row, one in by_row.items() if one.title is not None}
    new = [row for row, one in by_row.items() if isinstance(one.video, NewVideo)]
    named = describe_videos(tx, titles, {row: one.fields for row, one in by_row.items() if one.fields}, new=new)
    lines = put_cues(tx, {(row, *of): said for row, one in by_row.items() for of, said in one.lines.items()})
    described = put_descriptions(tx, [_described(video, by_row[video.row]) for video in videos])
    texts = {row: lines.get(row, 0) + described.new.get(row, 0) for row in by_row}
    changed = [
        video
        for video, one in zip(videos, batch, strict=True)
        if texts[video.row] or one.lines or video is not one.video
    ]
    _follow(tx, changed, described.segments)
    return [Entered(video, texts[video.row], named=video.row in named) for video in videos]


def _videos(tx: Session, batch: Sequence[Import]) -> list[NamedVideo]:
    made = iter(make_videos(tx, [one.video for one in batch if isinstance(one.video, NewVideo)]))
    return [next(made) if isinstance(one.video, NewVideo) else one.video for one in batch]


def _described(video: NamedVideo, given: Import) -> DescribedVideo:
    return DescribedVideo(video.row, video.id, "apart" if video.kind == "imported" else "joined", given.descriptions)


def _follow(tx: Session, videos: Sequence[NamedVideo], written: set[int]) -> None:
    """Let what is searched follow what was entered."""
    by_texts_alone = {video.row: video.id for video in videos if video.kind == "imported"}
    touched = written | list_segments(tx, by_texts_alone)
    place_tags(tx, list(by_texts_alone))
    for video in videos:
        if video.row not in by_texts_alone:
            touched |= place_texts(tx, video.row)
    refresh_active_texts(tx, touched)
