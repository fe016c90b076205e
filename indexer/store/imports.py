"""Entering what an archive knows already: descriptions, lines of speech and of text in the picture, names and fields;
of videos that are here, away, or never seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer.errors import LibraryError
from indexer.store.active_texts import refresh_active_texts
from indexer.store.cues import Cue, CueChange, CueKind, put_cues
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
    """What is stated of one video. `lines`: {(kind, source): all that this source has of this kind, in the
    languages these are in}."""

    video: NamedVideo | NewVideo
    title: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    descriptions: tuple[Description, ...] = ()
    lines: Mapping[tuple[CueKind, str], tuple[Cue, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of an `Import`: how many of its texts were new or other than before, whether its names were, and how
    many lines of the same source it took away."""

    video: NamedVideo
    texts: int
    named: bool
    lines_taken: int = 0


def put_imports(tx: Session, batch: Sequence[Import]) -> list[Entered]:
    """Enter all this, each video once in a batch. What is there already changes nothing; what differs from what the
    same source said before takes its place. Names and descriptions are searched by words when this is committed; the
    descriptions' vectors are the caller's to make.

    Raises `LibraryError`, and enters nothing, where one of the videos was removed since they were read."""
    known = _held(tx, [one.video for one in batch if isinstance(one.video, NamedVideo)])
    videos = _videos(tx, batch, known)
    by_row = {video.row: one for video, one in zip(videos, batch, strict=True)}
    hold_choice(tx)
    titles = {row: one.title for row, one in by_row.items() if one.title is not None}
    new = [row for row, one in by_row.items() if isinstance(one.video, NewVideo)]
    named = describe_videos(tx, titles, {row: one.fields for row, one in by_row.items() if one.fields}, new=new)
    lines = put_cues(tx, {(row, *of): said for row, one in by_row.items() for of, said in one.lines.items()})
    described = put_descriptions(tx, [_described(video, by_row[video.row]) for video in videos])
    of_lines = {row: lines.get(row, CueChange(0, 0)) for row in by_row}
    texts = {row: of_lines[row].new + described.new.get(row, 0) for row in by_row}
    changed = [
        video
        for video, one in zip(videos, batch, strict=True)
        if texts[video.row] or one.lines or isinstance(one.video, NewVideo)
    ]
    _follow(tx, changed, described.segments)
    return [Entered(one, texts[one.row], one.row in named, of_lines[one.row].taken) for one in videos]


def _held(tx: Session, videos: Sequence[NamedVideo]) -> dict[int, NamedVideo]:
    """Hold these videos, and tell them as they are: {row: video}. They were read in another transaction: since then
    one may have gone, and its row may be that of another; or it may have got a file."""
    rows = rows_in(tx, (one.row for one in videos))
    held = select(VideoTable.row, VideoTable.id, VideoTable.kind).where(VideoTable.row.in_(rows))
    found = tx.execute(held.order_by(VideoTable.row).with_for_update(key_share=True))
    there = {row: (id_, kind) for row, id_, kind in found}
    gone = [one.id for one in videos if there.get(one.row, ("", ""))[0] != one.id]
    if gone:
        raise LibraryError(f"{gone[0]} was removed from the library while this was read; run the same import again")
    return {one.row: replace(one, kind=there[one.row][1]) for one in videos}


def _videos(tx: Session, batch: Sequence[Import], known: Mapping[int, NamedVideo]) -> list[NamedVideo]:
    made = iter(make_videos(tx, [one.video for one in batch if isinstance(one.video, NewVideo)]))
    return [next(made) if isinstance(one.video, NewVideo) else known[one.video.row] for one in batch]


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
