"""Videos that are known by name: those of the library, and new ones of which there is no file yet."""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from indexer.domain import VideoId
from indexer.store.dates import read_date
from indexer.store.places import locations_of
from indexer.store.row_lists import insert_into, rows_in, texts_in
from indexer.store.tables import VideoFieldTable, VideoTable
from indexer.store.video_texts import TAGS, refresh_video_texts
from indexer.timecode import StartTimecode

IDENTIFIER = "identifier"
FILE_NAME = "file_name"
REEL = "reel"
"""Fields of a video: what the archive calls it, what its file was called there, the reel it is or is of, and words
that are given for all of it, separated by `; `."""

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d.*)?)?)?")
_NO_FILE = {
    **dict.fromkeys(("width", "height", "rotation"), 0),
    **dict.fromkeys(("codec", "pixel_format", "container"), ""),
}
_ID_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True, slots=True)
class NamedVideo:
    """A video of the library, and by what an import may name it: `identifier` and `file_name` as an archive calls it;
    `paths` are whole, and also of files that are away; `below_roots` are the same paths from their registered folder
    on, in that order; `reel` is what its file states."""

    row: int
    id: VideoId
    kind: Literal["file", "imported", "live"]
    duration_us: int | None
    rate: Fraction | None
    start_timecode: StartTimecode | None
    identifier: str = ""
    file_name: str = ""
    paths: tuple[str, ...] = ()
    below_roots: tuple[str, ...] = ()
    reel: str = ""


@dataclass(frozen=True, slots=True)
class NewVideo:
    title: str
    rate: Fraction | None = None
    start_timecode: StartTimecode | None = None


def named_videos(tx: Session) -> list[NamedVideo]:
    """Every video, in order of entry."""
    stored = tx.execute(
        select(
            VideoTable.row,
            VideoTable.id,
            VideoTable.kind,
            VideoTable.duration_us,
            VideoTable.rate,
            VideoTable.start_timecode,
        ).order_by(VideoTable.row)
    ).all()
    query = select(VideoFieldTable.video_row, VideoFieldTable.name, VideoFieldTable.value)
    called = query.where(VideoFieldTable.name.in_((IDENTIFIER, FILE_NAME, REEL)))
    names = {(row, name): value for row, name, value in tx.execute(called)}
    places = locations_of(tx, [one.row for one in stored if one.kind != "imported"])
    return [
        NamedVideo(
            one.row,
            VideoId(one.id),
            one.kind,
            one.duration_us,
            None if one.rate is None else Fraction(one.rate),
            None if one.start_timecode is None else StartTimecode(one.start_timecode),
            names.get((one.row, IDENTIFIER), ""),
            names.get((one.row, FILE_NAME), ""),
            tuple(str(location.path) for location in places.get(one.row, ())),
            tuple(location.relative_path for location in places.get(one.row, ())),
            names.get((one.row, REEL), "") if one.kind == "file" else "",
        )
        for one in stored
    ]


def make_videos(tx: Session, new: Sequence[NewVideo]) -> list[NamedVideo]:
    """Enter videos of which there is no file, in this order."""
    if not new:
        return []
    now = datetime.now(UTC).isoformat(timespec="seconds")
    entries = [
        {
            "id": "v" + "".join(secrets.choice(_ID_LETTERS) for _ in range(12)),
            "kind": "imported",
            "title": one.title,
            "rate": None if one.rate is None else str(one.rate),
            "start_timecode": None if one.start_timecode is None else one.start_timecode.text,
            "complete": True,  # nothing can be made of it
            "added_at": now,
            **_NO_FILE,
        }
        for one in new
    ]
    insertion = insert_into(tx, VideoTable).returning(VideoTable.row, sort_by_parameter_order=True)
    rows = tx.execute(insertion, entries).scalars().all()
    return [
        NamedVideo(row, VideoId(str(entry["id"])), "imported", None, one.rate, one.start_timecode)
        for row, entry, one in zip(rows, entries, new, strict=True)
    ]


def describe_videos(
    tx: Session, titles: Mapping[int, str], fields: Mapping[int, Mapping[str, str]], *, new: Iterable[int] = ()
) -> set[int]:
    """Set titles and fields of videos by their rows, leaving what is not named as it is; tags come to those that are
    there. Returns the rows of the videos of which anything changed, and of the `new` ones."""
    changed = _set_titles(tx, titles) | _set_fields(tx, fields) | set(new)
    if changed:
        refresh_video_texts(tx, changed)
    return changed


def _set_titles(tx: Session, titles: Mapping[int, str]) -> set[int]:
    query = select(VideoTable.row, VideoTable.title).where(VideoTable.row.in_(rows_in(tx, titles)))
    new = {row for row, before in tx.execute(query) if before != titles[row]}
    if new:
        tx.execute(update(VideoTable), [{"row": row, "title": titles[row]} for row in sorted(new)])
    return new


def _set_fields(tx: Session, fields: Mapping[int, Mapping[str, str]]) -> set[int]:
    before = _stated(tx, fields)
    new: dict[tuple[int, str], str] = {}
    for row, stated in fields.items():
        for name, value in stated.items():
            there = before.get((row, name), "")
            now = joined([*there.split("; "), *value.split("; ")]) if name == TAGS else value
            if now != there:
                new[row, name] = now
    if new:
        insertion = insert_into(tx, VideoFieldTable)
        replaced = insertion.on_conflict_do_update(
            index_elements=["video_row", "name"], set_={"value": insertion.excluded["value"]}
        )
        tx.execute(replaced, [{"video_row": row, "name": name, "value": now} for (row, name), now in new.items()])
        _set_dates(tx, {row: now for (row, name), now in new.items() if name == "recorded"})
    return {row for row, _ in new}


def joined(values: Iterable[str]) -> str:
    """Several values of one field as one, each once."""
    return "; ".join(dict.fromkeys(value for value in values if value))


def _stated(tx: Session, fields: Mapping[int, Mapping[str, str]]) -> dict[tuple[int, str], str]:
    asked = {name for stated in fields.values() for name in stated}
    query = select(VideoFieldTable.video_row, VideoFieldTable.name, VideoFieldTable.value).where(
        VideoFieldTable.video_row.in_(rows_in(tx, fields)), VideoFieldTable.name.in_(texts_in(tx, asked))
    )
    return {(row, name): value for row, name, value in tx.execute(query)}


def _set_dates(tx: Session, recorded: Mapping[int, str]) -> None:
    """A date that is stated, in whatever form, is when the video was recorded, where no file says so."""
    read = {row: text if _DATE.fullmatch(text) else read_date(text) for row, text in recorded.items()}
    dates = {row: date for row, date in read.items() if date is not None}
    if dates:
        imported = (VideoTable.row.in_(rows_in(tx, dates)), VideoTable.kind == "imported")
        rows = tx.execute(select(VideoTable.row).where(*imported)).scalars().all()
        if rows:
            tx.execute(update(VideoTable), [{"row": row, "recorded_at": dates[row]} for row in rows])
