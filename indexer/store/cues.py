"""Lines of speech and of text in the picture. A line counts for every active segment it shares some time with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, SQLColumnExpression, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from indexer.store import cue_fulltext, words
from indexer.store.active_segments import of_active
from indexer.store.gathering import each_once, gather
from indexer.store.import_tables import CueTable
from indexer.store.row_lists import insert_new, rows_in
from indexer.store.shared_time import FOREVER_US, on_one_line, sharing_time
from indexer.store.tables import SegmentTable
from indexer.timecode import TimeRange

CueKind = Literal["transcript", "screen_text"]

_DEEP = 5_000  # lines ranked where many segments are allowed: these are looked up, the rest is not
_FEW = 20_000  # allowed segments whose lines are looked up first, so that a narrow filter finds all it allows
_CUE_SPAN = (CueTable.row, CueTable.video_row, CueTable.start_us, func.coalesce(CueTable.end_us, FOREVER_US))
_SEGMENT_SPAN = (
    SegmentTable.row,
    SegmentTable.video_row,
    SegmentTable.start_us,
    func.coalesce(SegmentTable.end_us, FOREVER_US),
)


@dataclass(frozen=True, slots=True)
class Cue:
    """One line. `end_us` None: to the end of a video whose length is not known."""

    start_us: int
    end_us: int | None
    text: str
    language: str = "und"


class CueChange(NamedTuple):
    """How many lines came to a video that were not there, and how many went."""

    new: int
    taken: int


def replace_cues(tx: Session, video_row: int, kind: CueKind, source: str, cues: Sequence[Cue]) -> int:
    """Let these be all lines that `source` has of a video in their languages, or none at all if there are none; the
    same as before changes nothing. Returns how many came that were not there."""
    return put_cues(tx, {(video_row, kind, source): cues})[video_row].new


def put_cues(tx: Session, given: Mapping[tuple[int, CueKind, str], Sequence[Cue]]) -> dict[int, CueChange]:
    """As `replace_cues`, for many at once: {(video row, kind, source): its lines}. Returns {video row: changes}."""
    stored: dict[tuple[int, CueKind, str], dict[Cue, int]] = {}
    of_videos = CueTable.video_row.in_(rows_in(tx, {row for row, _, _ in given}))
    for one in tx.execute(select(CueTable).where(of_videos)).scalars() if given else ():
        stored.setdefault((one.video_row, one.kind, one.source), {})[_cue(one)] = one.row
    gone: list[int] = []
    entries: list[dict[str, object]] = []
    changes: dict[int, CueChange] = {}
    for place, cues in given.items():
        wanted, there = dict.fromkeys(cues), stored.get(place, {})
        languages = {cue.language for cue in cues}
        left = [row for cue, row in there.items() if cue not in wanted and (cue.language in languages or not cues)]
        fresh = [cue for cue in wanted if cue not in there]
        about: dict[str, object] = dict(zip(("video_row", "kind", "source"), place, strict=True))
        gone += left
        entries += [about | _columns(cue) for cue in fresh]
        new, taken = changes.get(place[0], (0, 0))
        changes[place[0]] = CueChange(new + len(fresh), taken + len(left))
    if gone:
        tx.execute(delete(CueTable).where(CueTable.row.in_(rows_in(tx, gone))))
    insert_new(tx, CueTable, entries)
    return changes


def match_cues(
    tx: Session, stems: Sequence[str], *, kind: CueKind, limit: int, allowed: NDArray[np.int64] | None
) -> list[tuple[int, float, int]]:
    """The best active segments by what was said, or seen as text, in them: (segment row, BM25 of its best line above 0,
    row of that line), best first, ties by row; with `allowed` (sorted rows), only these."""
    asked = [stem for stem in dict.fromkeys(stems) if stem and words.is_token(stem)]
    among = _cues_of(tx, allowed).tolist() if allowed is not None and len(allowed) <= _FEW else None
    scores = dict(cue_fulltext.matched(tx, asked, kind=kind, limit=_DEEP, among=among))
    best: dict[int, tuple[float, int]] = {}
    for cue, segment in _pairs_of_cues(tx, scores).tolist():
        best[segment] = max(best.get(segment, (0.0, 0)), (scores[cue], -cue))
    passing = None if allowed is None else set(allowed.tolist())
    found = [(segment, score, -cue) for segment, (score, cue) in best.items() if passing is None or segment in passing]
    return sorted(found, key=lambda one: (-one[1], one[0]))[:limit]


def segments_with_phrase(tx: Session, stems: Sequence[str]) -> NDArray[np.int64]:
    """Rows (sorted) of active segments in which a line holds these stems one after another."""
    if not stems or not all(map(words.is_token, stems)):
        return np.empty(0, np.int64)
    return each_once(_pairs_of_cues(tx, cue_fulltext.phrase_rows(tx, stems))[:, 1])


def segments_with(tx: Session, kind: CueKind, among: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """Rows (sorted) of active segments, of those given or of all, in which there is a line of this kind."""
    lines = select(*_CUE_SPAN)
    segments = of_active(select(*_SEGMENT_SPAN))
    if among is not None and len(among) <= _FEW:
        given = SegmentTable.row.in_(rows_in(tx, among.tolist()))
        segments = segments.where(given)
        lines = lines.where(CueTable.video_row.in_(select(SegmentTable.video_row).where(given)))
    _, line_videos, line_starts, line_ends = gather(tx, lines.where(CueTable.kind == kind)).T
    told = set(line_videos.tolist())
    rows, videos, starts, ends = gather(tx, segments.where(SegmentTable.video_row.in_(rows_in(tx, told)))).T
    begun = np.searchsorted(np.sort(on_one_line(line_videos, line_starts)), on_one_line(videos, ends), "left")
    over = np.searchsorted(np.sort(on_one_line(line_videos, line_ends)), on_one_line(videos, starts), "right")
    return np.sort(rows[begun > over])


def cue_texts(tx: Session, cue_rows: Iterable[int]) -> dict[int, str]:
    """{cue row: what it says}."""
    query = select(CueTable.row, CueTable.text).where(CueTable.row.in_(rows_in(tx, cue_rows)))
    return dict(tx.execute(query).all())


def first_lines(tx: Session, segment_rows: Sequence[int]) -> dict[int, tuple[CueKind, int]]:
    """{segment row: kind and row of its earliest line}, without the segments that have none."""
    segments = gather(tx, select(*_SEGMENT_SPAN).where(SegmentTable.row.in_(rows_in(tx, segment_rows))))
    among = CueTable.video_row.in_(rows_in(tx, each_once(segments[:, 1]).tolist()))
    lines = gather(tx, select(*_CUE_SPAN).where(among))
    began = dict(lines[:, [0, 2]].tolist())
    earliest: dict[int, int] = {}
    for cue, segment in sorted(sharing_time(lines, segments).tolist(), key=lambda pair: (began[pair[0]], pair[0])):
        earliest.setdefault(segment, cue)
    query = select(CueTable.row, CueTable.kind).where(CueTable.row.in_(rows_in(tx, earliest.values())))
    kinds = dict(tx.execute(query).all())
    return {segment: (kinds[cue], cue) for segment, cue in earliest.items()}


def overlapping(tx: Session, video_row: int, span: TimeRange, *, kind: CueKind | None = None) -> list[Cue]:
    """The lines of a video that share some time with `span`, in order."""
    conditions = [CueTable.video_row == video_row, CueTable.start_us < span.end_us, _ends_after(span.start_us)]
    if kind is not None:
        conditions.append(CueTable.kind == kind)
    return _in_order(tx, conditions)


def of_segment(tx: Session, segment_row: int, *, kind: CueKind | None = None) -> list[Cue]:
    """The lines that share some time with a segment, in order."""
    of_it = select(CueTable.row).join(SegmentTable, _overlap()).where(SegmentTable.row == segment_row)
    return _in_order(tx, [CueTable.row.in_(of_it), *([] if kind is None else [CueTable.kind == kind])])


def spans(tx: Session, video_rows: Sequence[int]) -> dict[int, list[tuple[int, int | None]]]:
    """{video row: start and end of its lines of any kind, in order}."""
    query = select(CueTable.video_row, CueTable.start_us, CueTable.end_us)
    query = query.where(CueTable.video_row.in_(rows_in(tx, video_rows))).order_by(CueTable.start_us, CueTable.row)
    found: dict[int, list[tuple[int, int | None]]] = {}
    for row, start, end in tx.execute(query):
        found.setdefault(row, []).append((start, end))
    return found


def count_cues(tx: Session) -> int:
    return tx.execute(select(func.count()).select_from(CueTable)).scalar_one()


def misread(tx: Session, video_rows: Sequence[int]) -> dict[int, list[int]]:
    """{video row: its lines that are searched by other words than they have}."""
    query = select(CueTable).where(CueTable.video_row.in_(rows_in(tx, video_rows))).order_by(CueTable.row)
    wrong: dict[int, list[int]] = {}
    for one in tx.execute(query).scalars():
        if _analysed(one.text) != {"tokens": one.tokens, "words": one.words}:
            wrong.setdefault(one.video_row, []).append(one.row)
    return wrong


def read_anew(tx: Session, cue_rows: Sequence[int]) -> None:
    """Let these lines be searched by the words they have."""
    for row, said in cue_texts(tx, cue_rows).items():
        tx.execute(update(CueTable).where(CueTable.row == row).values(**_analysed(said)))


def _pairs_of_cues(tx: Session, cue_rows: Iterable[int]) -> NDArray[np.int64]:
    """(n, 2): cue row and segment row, of these lines and the active segments they are heard in."""
    lines = gather(tx, select(*_CUE_SPAN).where(CueTable.row.in_(rows_in(tx, cue_rows))))
    among = SegmentTable.video_row.in_(rows_in(tx, each_once(lines[:, 1]).tolist()))
    return sharing_time(lines, gather(tx, of_active(select(*_SEGMENT_SPAN), among)))


def _overlap() -> ColumnElement[bool]:
    """Of a line and a segment: whether they share some time."""
    return and_(
        CueTable.video_row == SegmentTable.video_row,
        or_(SegmentTable.end_us.is_(None), CueTable.start_us < SegmentTable.end_us),
        _ends_after(SegmentTable.start_us),
    )


def _ends_after(start_us: SQLColumnExpression[int] | int) -> ColumnElement[bool]:
    return or_(CueTable.end_us.is_(None), CueTable.end_us > start_us)


def _cues_of(tx: Session, segment_rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows (sorted) of the lines heard in any of these segments."""
    segments = gather(tx, select(*_SEGMENT_SPAN).where(SegmentTable.row.in_(rows_in(tx, segment_rows.tolist()))))
    among = CueTable.video_row.in_(rows_in(tx, each_once(segments[:, 1]).tolist()))
    return each_once(sharing_time(gather(tx, select(*_CUE_SPAN).where(among)), segments)[:, 0])


def _in_order(tx: Session, conditions: Sequence[ColumnElement[bool]]) -> list[Cue]:
    query = select(CueTable).where(*conditions).order_by(CueTable.start_us, CueTable.row)
    return [_cue(one) for one in tx.execute(query).scalars()]


def _cue(stored: CueTable) -> Cue:
    return Cue(stored.start_us, stored.end_us, stored.text, stored.language)


def _columns(cue: Cue) -> dict[str, object]:
    about: dict[str, object] = {
        "start_us": cue.start_us,
        "end_us": cue.end_us,
        "text": cue.text,
        "language": cue.language,
    }
    return about | _analysed(cue.text)


def _analysed(text: str) -> dict[str, str]:
    return {"tokens": words.index_text(text), "words": words.surface_words(text)}
