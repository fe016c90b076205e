"""What people do to the texts of segments: write, reject, undo. Nothing is overwritten or thrown away.

Every deed is a row of `edit`, in order. A text that was written and taken back is hidden (`rejected`), and so is
one that was rejected; both stay, through every re-captioning and every new segmentation (`kept_texts`).
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from indexer.domain import SegmentId, VideoId
from indexer.errors import UsageError
from indexer.store.active_segments import lock_video
from indexer.store.active_texts import refresh_active_texts
from indexer.store.kept_texts import place_texts
from indexer.store.recipes import hold_choice
from indexer.store.row_lists import insert_into
from indexer.store.tables import CaptionTable, EditTable, SegmentTable, SegmentTextTable, VideoTable

LONGEST_TEXT = 20_000  # characters
LONGEST_AUTHOR = 200

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Edit:
    """One deed. `text` is what was written or rejected. Times are ISO 8601, in UTC."""

    action: Literal["write", "reject"]
    text: str
    author: str
    at: str
    undone_at: str | None
    undone_by: str | None


def write_text(tx: Session, segment: SegmentId, text: str, *, author: str) -> None:
    """Let `text` be what the segment is searched by, above everything else.

    Line breaks become spaces, other control characters go. Raises `UsageError` for an unknown segment and for a text
    that is empty or longer than `LONGEST_TEXT`.
    """
    video_row, segment_row = _begin(tx, segment)
    written, by, now = clean(text), _clean_author(author), _now()
    if not written:
        raise UsageError("a text needs words; to hide the one that is there: shotlist reject")
    if len(written) > LONGEST_TEXT:
        raise UsageError(f"a text may have {LONGEST_TEXT} characters, this one has {len(written)}; shorten it")
    recipe_row = hold_choice(tx)
    last = (
        select(func.max(CaptionTable.ordinal))
        .join(SegmentTable, SegmentTable.row == CaptionTable.segment_row)
        .where(SegmentTable.video_row == video_row, CaptionTable.recipe_row == recipe_row)
    )
    ordinal = tx.execute(last).scalar()
    caption = {
        "segment_row": segment_row,
        "recipe_row": recipe_row,
        "ordinal": 0 if ordinal is None else ordinal + 1,  # unique in the video: texts may come together on one segment
        "text": written,
        "language": "en",
        "source": by,
        "rejected": False,
        "written_at": now,
    }
    insertion = insert_into(tx, CaptionTable).values(**caption).returning(CaptionTable.row)
    _note(tx, "write", segment_row=segment_row, caption_row=tx.execute(insertion).scalar_one(), author=by, at=now)
    _follow(tx, video_row, segment_row)


def reject(tx: Session, segment: SegmentId, *, author: str) -> None:
    """Hide the text the segment is searched by now; the next one in line takes its place, if there is one.

    Raises `UsageError` for an unknown segment, and where nothing is searched.
    """
    video_row, segment_row = _begin(tx, segment)
    by = _clean_author(author)
    searched = select(SegmentTextTable.caption_row).where(SegmentTextTable.segment_row == segment_row)
    caption_row = tx.execute(searched).scalar()
    if caption_row is None:
        raise UsageError(f"segment {segment} is not searched by any text, so there is nothing to reject")
    tx.execute(update(CaptionTable).where(CaptionTable.row == caption_row).values(rejected=True))
    _note(tx, "reject", segment_row=segment_row, caption_row=caption_row, author=by, at=_now())
    _follow(tx, video_row, segment_row)


def undo(tx: Session, segment: SegmentId, *, author: str) -> Edit:
    """Take back the last thing done to the segment's texts that was not taken back yet. Returns what that was.

    Raises `UsageError` for an unknown segment, and where nothing is left to undo.
    """
    video_row, segment_row = _begin(tx, segment)
    by = _clean_author(author)
    query = select(EditTable).where(_about(segment_row), EditTable.undone_at.is_(None)).order_by(EditTable.row.desc())
    last = tx.execute(query.limit(1)).scalar()
    if last is None:
        raise UsageError(f"nothing was done to the texts of segment {segment} that is not undone")
    now = _now()
    tx.execute(update(EditTable).where(EditTable.row == last.row).values(undone_at=now, undone_by=by))
    hidden = last.action == "write"
    tx.execute(update(CaptionTable).where(CaptionTable.row == last.caption_row).values(rejected=hidden))
    text = tx.execute(select(CaptionTable.text).where(CaptionTable.row == last.caption_row)).scalar_one()
    _follow(tx, video_row, segment_row)
    return Edit(last.action, text, last.author, last.at, now, by)


def history(tx: Session, segment: SegmentId) -> list[Edit]:
    """All that people did to the texts of a segment, oldest first. Raises `UsageError` for an unknown segment."""
    _, segment_row = _find(tx, segment)
    query = (
        select(EditTable, CaptionTable.text)
        .join(CaptionTable, CaptionTable.row == EditTable.caption_row)
        .where(_about(segment_row))
        .order_by(EditTable.row)
    )
    return [Edit(one.action, text, one.author, one.at, one.undone_at, one.undone_by) for one, text in tx.execute(query)]


def _about(segment_row: int) -> ColumnElement[bool]:
    """Edits of the texts that are a segment's now, and of those that were written about just its span."""
    now = select(CaptionTable.row).where(CaptionTable.segment_row == segment_row)
    return or_(EditTable.segment_row == segment_row, EditTable.caption_row.in_(now))


def _begin(tx: Session, segment: SegmentId) -> tuple[int, int]:
    """(video row, segment row); nobody else changes what is searched of them until this transaction ends."""
    video, segment_row = _find(tx, segment)
    video_row = lock_video(tx, video)
    hold_choice(tx)
    return video_row, segment_row


def _find(tx: Session, segment: SegmentId) -> tuple[VideoId, int]:
    query = select(VideoTable.id, SegmentTable.row).join(SegmentTable, SegmentTable.video_row == VideoTable.row)
    found = tx.execute(query.where(SegmentTable.id == segment)).one_or_none()
    if found is None:
        raise UsageError(f"there is no segment {segment!r} in this library; `shotlist segments VIDEO` lists them")
    return VideoId(found[0]), found[1]


def _note(
    tx: Session, action: Literal["write", "reject"], *, segment_row: int, caption_row: int, author: str, at: str
) -> None:
    about = {"segment_row": segment_row, "caption_row": caption_row}
    tx.execute(insert_into(tx, EditTable).values(action=action, author=author, at=at, **about))


def _follow(tx: Session, video_row: int, segment_row: int) -> None:
    """Let what is searched follow what was done to a segment's texts."""
    refresh_active_texts(tx, {segment_row, *place_texts(tx, video_row)})


def clean(text: str) -> str:
    """On one line, without control characters, also those that turn the direction of writing round."""
    return " ".join(_CONTROL.sub("", text).split())


def _clean_author(author: str) -> str:
    by = clean(author)
    if not by or len(by) > LONGEST_AUTHOR:
        raise UsageError(f"an author needs a name of 1 to {LONGEST_AUTHOR} characters; give it with --author")
    return by


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
