"""Descriptions that were written elsewhere. They are texts by people, and kept as such: with who wrote them, and with
what they said before.

In a video that is known by its texts alone each is a segment of its own. In footage those of one span are one text,
joined, which finds its place as everything people write does (`kept_texts`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Literal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from indexer.domain import SegmentId, VideoId, segment_of
from indexer.store import tags as stored_tags
from indexer.store.active_segments import segment_rows
from indexer.store.cue_groups import Span
from indexer.store.import_tables import ImportedTextTable
from indexer.store.recipes import hold_choice
from indexer.store.row_lists import insert_into, insert_new, rows_in
from indexer.store.tables import CaptionTable, EditTable, SegmentTable


@dataclass(frozen=True, slots=True)
class Description:
    """What `source`, a person or a catalogue, says of a span."""

    start_us: int
    end_us: int | None
    text: str
    source: str
    language: str = "und"
    tags: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        return self.start_us, self.end_us


@dataclass(frozen=True, slots=True)
class DescribedVideo:
    """`spans`: whether new descriptions of one span are segments `apart`, or `joined` to one text. What is apart
    already stays so."""

    row: int
    id: VideoId
    spans: Literal["apart", "joined"]
    descriptions: tuple[Description, ...]


@dataclass(slots=True)
class _Entry:
    """A description that is there, or is to be. Rows are None where they are yet to come."""

    said: Description
    segment: SegmentId
    row: int | None = None
    is_new: bool = True


@dataclass(slots=True)
class _Written:
    """A text that is to be written on a segment: of these entries."""

    segment: SegmentId
    entries: list[_Entry]

    @property
    def text(self) -> str:
        return "\n".join(dict.fromkeys(one.said.text for one in self.entries))


@dataclass(slots=True)
class _Plan:
    new: int = 0
    written: list[_Written] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Put:
    """`new`: {video row: how many of its descriptions were new or other}; `segments`: rows of those written about."""

    new: Mapping[int, int]
    segments: set[int]


def put_descriptions(tx: Session, videos: Sequence[DescribedVideo]) -> Put:
    """Enter what is not there yet; a text that alone differs of those that the same source has of the same span takes
    the place of the one it differs from. What is searched is the caller's to choose anew."""
    with_texts = [video for video in videos if video.descriptions]
    there = _stored(tx, with_texts)
    plans = {video.row: _plan(video, there.get(video.row, [])) for video in with_texts}
    return Put({row: plan.new for row, plan in plans.items()}, _write(tx, with_texts, plans))


def _plan(video: DescribedVideo, there: Sequence[_Entry]) -> _Plan:
    """Compare what is given with what is there, span by span."""
    plan = _Plan()
    of_span: dict[Span, list[_Entry]] = {}
    for entry in there:
        of_span.setdefault(entry.said.span, []).append(entry)
    given: dict[tuple[Span, str], dict[Description, None]] = {}
    for said in video.descriptions:
        given.setdefault((said.span, said.source), {})[said] = None
    touched: dict[Span, list[_Entry]] = {}
    for (span, source), wanted in given.items():
        entries = of_span.setdefault(span, [])
        known = {entry.said for entry in entries}
        new = [said for said in wanted if said not in known]
        corrected = _corrected([entry for entry in entries if entry.said.source == source], wanted)
        for said, entry in zip_longest(new, corrected):
            if entry is None:
                nth = len(entries) if video.spans == "apart" else 0
                entry = _Entry(said, segment_of(video.id, *span, nth=nth).id)
                entries.append(entry)
            entry.said, entry.is_new = said, True
            touched.setdefault(span, []).append(entry)
        plan.new += len(new)
    for span, entries in touched.items():
        for segment in dict.fromkeys(entry.segment for entry in entries):
            plan.written.append(_Written(segment, [one for one in of_span[span] if one.segment == segment]))
    return plan


def _corrected(there: Sequence[_Entry], wanted: Collection[Description]) -> list[_Entry]:
    """The text of one source and span that is given otherwise now, if it is plain which: as many texts are given as
    there are, and all but one are the same. Else what is new has nothing to do with what is there."""
    left = [entry for entry in there if entry.said not in wanted]
    return left if len(left) == 1 and len(there) == len(wanted) else []


def _stored(tx: Session, videos: Sequence[DescribedVideo]) -> dict[int, list[_Entry]]:
    """{video row: its descriptions of the time that is spoken of, in order of entry}. What people wrote here of a span
    that is given now for the first time counts as one of them, so that it is not lost behind what comes."""
    rows = [video.row for video in videos]
    starts = [said.start_us for video in videos for said in video.descriptions]
    query = (
        select(ImportedTextTable, SegmentTable.id, SegmentTable.video_row, SegmentTable.start_us, SegmentTable.end_us)
        .join(SegmentTable, SegmentTable.row == ImportedTextTable.segment_row)
        .where(SegmentTable.video_row.in_(rows_in(tx, rows)))
        .where(SegmentTable.start_us.between(min(starts, default=0), max(starts, default=0)))
        .order_by(ImportedTextTable.row)
    )
    found: dict[int, list[_Entry]] = {}
    for one, id_, video, start, end in tx.execute(query):
        said = Description(start, end, one.text, one.source, one.language, tuple(stored_tags.read(one.tags)))
        found.setdefault(video, []).append(_Entry(said, SegmentId(id_), one.row, is_new=False))
    for video, entry in _written_here(tx, videos):
        if all(other.segment != entry.segment for other in found.get(video, ())):
            found.setdefault(video, []).append(entry)
    return found


def _written_here(tx: Session, videos: Sequence[DescribedVideo]) -> list[tuple[int, _Entry]]:
    """(video row, last text that is to be seen) of the given spans about which somebody wrote."""
    ids = {
        segment_of(video.id, *said.span).id: (video.row, said.span) for video in videos for said in video.descriptions
    }
    query = (
        select(SegmentTable.id, CaptionTable.text, CaptionTable.source, CaptionTable.language)
        .join(EditTable, EditTable.segment_row == SegmentTable.row)
        .join(CaptionTable, CaptionTable.row == EditTable.caption_row)
        .where(SegmentTable.row.in_(rows_in(tx, segment_rows(tx, ids).values())))
        .where(EditTable.action == "write", ~CaptionTable.rejected)
        .order_by(EditTable.row)
    )
    last = {SegmentId(id_): said for id_, *said in tx.execute(query)}
    return [
        (ids[id_][0], _Entry(Description(*ids[id_][1], text, source, language), id_))
        for id_, (text, source, language) in last.items()
    ]


def _write(tx: Session, videos: Sequence[DescribedVideo], plans: Mapping[int, _Plan]) -> set[int]:
    """Returns the rows of the segments that were written about."""
    written = [(video, one) for video in videos for one in plans[video.row].written]
    if not written:
        return set()
    spans = {
        one.segment: {
            "id": one.segment,
            "video_row": video.row,
            "start_us": one.entries[0].said.start_us,
            "end_us": one.entries[0].said.end_us,
        }
        for video, one in written
    }
    insert_new(tx, SegmentTable, list(spans.values()))
    rows = segment_rows(tx, spans)
    captions = _write_captions(tx, written, rows)
    changed, new = [], []
    for caption, (_, one) in zip(captions, written, strict=True):
        for entry in one.entries:
            about = _columns(entry.said) | {"segment_row": rows[entry.segment], "caption_row": caption}
            if entry.row is None:
                new.append(about)
            else:
                changed.append(about | {"row": entry.row})
    if changed:
        tx.execute(update(ImportedTextTable), changed)
    insert_new(tx, ImportedTextTable, new)
    return set(rows.values())


def _write_captions(
    tx: Session, written: Sequence[tuple[DescribedVideo, _Written]], rows: Mapping[SegmentId, int]
) -> Sequence[int]:
    """Rows of the captions, each with the deed that wrote it. Ordinals are unique in a video, as of `edits`."""
    recipe_row, now = hold_choice(tx), datetime.now(UTC).isoformat(timespec="seconds")
    ordinals = _next_ordinals(tx, {video.row for video, _ in written}, recipe_row)
    captions = []
    for video, one in written:
        ordinal = ordinals.get(video.row, 0)
        ordinals[video.row] = ordinal + 1
        captions.append(
            {
                "segment_row": rows[one.segment],
                "recipe_row": recipe_row,
                "ordinal": ordinal,
                "text": one.text,
                "language": one.entries[-1].said.language,
                "source": _author(one.entries),
                "rejected": False,
                "written_at": now,
            }
        )
    insertion = insert_into(tx, CaptionTable).returning(CaptionTable.row, sort_by_parameter_order=True)
    caption_rows = tx.execute(insertion, captions).scalars().all()
    deeds = [
        {
            "segment_row": caption["segment_row"],
            "caption_row": row,
            "action": "write",
            "author": caption["source"],
            "at": now,
        }
        for caption, row in zip(captions, caption_rows, strict=True)
    ]
    tx.execute(insert_into(tx, EditTable), deeds)
    return caption_rows


def _next_ordinals(tx: Session, video_rows: Iterable[int], recipe_row: int) -> dict[int, int]:
    query = (
        select(SegmentTable.video_row, func.max(CaptionTable.ordinal) + 1)
        .join(SegmentTable, SegmentTable.row == CaptionTable.segment_row)
        .where(SegmentTable.video_row.in_(rows_in(tx, video_rows)), CaptionTable.recipe_row == recipe_row)
        .group_by(SegmentTable.video_row)
    )
    return dict(tx.execute(query).all())


def _author(entries: Sequence[_Entry]) -> str:
    """Whoever is new, else whoever wrote last."""
    new = [entry.said.source for entry in entries if entry.is_new]
    return new[-1] if new else entries[-1].said.source


def _columns(said: Description) -> dict[str, str]:
    return {
        "source": said.source,
        "text": said.text,
        "language": said.language,
        "tags": stored_tags.written(said.tags),
    }
