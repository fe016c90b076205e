"""Rows -> what is stated of each video."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from indexer.errors import UsageError
from indexer.ingest.importing.bad_rows import BadRow, RowError
from indexer.ingest.importing.names import Named, Names
from indexer.ingest.importing.rows import Row
from indexer.ingest.importing.times import SourceClock, read_rate, read_time
from indexer.store.cues import Cue, CueKind
from indexer.store.imported_videos import FILE_NAME, IDENTIFIER, joined
from indexer.store.imports import Description, Import, NewVideo
from indexer.store.kept_texts import OVERHANG_US
from indexer.store.video_texts import TAGS
from indexer.timecode import StartTimecode


@dataclass(slots=True)
class Gathered:
    """What rows state of one video, in order. `texts` counts the rows that have one, `rows` all of them."""

    video: Named
    clock: SourceClock
    title: str = ""
    identifier: str = ""
    file_name: str = ""
    fields: dict[str, dict[str, None]] = field(default_factory=dict)
    descriptions: dict[Description, None] = field(default_factory=dict)
    lines: dict[tuple[CueKind, str], dict[Cue, None]] = field(default_factory=dict)
    texts: int = 0
    rows: int = 0

    def add(self, row: Row) -> None:
        """Raises `RowError` where its times make no sense for this video; then nothing of it is taken."""
        span = self._span(row) if row.is_timed else (0, self._duration_us)
        text = row.text or (", ".join(row.tags) if row.is_timed else "")
        if not (text or row.title or row.fields or row.tags or row.identifier):
            raise RowError("no_text", "it has neither a text nor anything else to say of the video")
        self.rows += 1
        self._name(row)
        tags = row.tags if row.is_timed else ()
        if text:
            self.texts += 1
            if row.kind == "description":
                self.descriptions[Description(*span, text, row.author, row.language, tags)] = None
            else:
                self.lines.setdefault((row.kind, row.author), {})[Cue(*span, text, row.language)] = None

    def as_import(self) -> Import:
        known = self.video.known
        identifier = self.identifier or ("" if known else self.video.name)
        named = {FILE_NAME: self.file_name, IDENTIFIER: identifier}
        fields = {name: value for name, value in named.items() if value}
        title = self.title or (None if known else self.video.name)
        return Import(
            known or NewVideo(title or self.video.name, self.clock.rate, self.clock.start),
            title,
            fields | {name: joined(values) for name, values in self.fields.items()},
            tuple(self.descriptions),
            {of: tuple(cues) for of, cues in self.lines.items()},
        )

    @property
    def _duration_us(self) -> int | None:
        return self.video.known.duration_us if self.video.known else None

    def _span(self, row: Row) -> tuple[int, int | None]:
        if self.video.known is None:
            self.clock = SourceClock(self.clock.rate or read_rate(row.rate), self.clock.start or _start(row))
        elif self.clock.rate is None and self.video.known.kind == "imported":
            self.clock = SourceClock(read_rate(row.rate), self.clock.start)
        start = read_time(row.start, self.clock) or 0
        end = read_time(row.end, self.clock)
        last = self._duration_us
        if end is not None and end <= start:
            raise RowError("end_before_start", f"it ends at {row.end} and begins at {row.start or 0}")
        if last is not None and (start >= last or (end is not None and end > last + OVERHANG_US)):
            raise RowError(
                "beyond_end", f"the video has {last / 1e6:.3f} seconds, and this is at {row.end or row.start}"
            )
        return start, last if end is None or (last is not None and end > last) else end

    def _name(self, row: Row) -> None:
        self.title = row.title or self.title
        self.identifier = row.identifier or self.identifier
        has_file = self.video.known is not None and self.video.known.kind == "file"
        if row.identifier and row.video != row.identifier and not has_file:
            self.file_name = self.file_name or row.video
        stated = dict(row.fields)
        if row.tags and not row.is_timed:
            stated[TAGS] = joined(row.tags)
        for name, value in stated.items():
            self.fields.setdefault(name, {})[value] = None


def gather(rows: Iterable[Row | BadRow], names: Names) -> tuple[list[Gathered], list[BadRow]]:
    """What is stated of each video, in the order they are named; and the rows that cannot be entered, by line. New
    names are known to `names` from then on."""
    gathered: dict[Named, Gathered] = {}
    bad: list[BadRow] = []
    for row in rows:
        if isinstance(row, BadRow):
            bad.append(row)
            continue
        video = None
        try:
            video = names.find(row.video, row.identifier)
            is_new = video is None
            video = video or Named(row.name, near=names.near(row.video))
            of_video = gathered.get(video) or Gathered(video, _clock(video))
            of_video.add(row)
        except RowError as error:
            mistaken = f"; {video.mistaken}" if video and video.mistaken else ""
            bad.append(RowError(error.reason, f"{error}{mistaken}").at(row.line))
            continue
        gathered[video] = of_video
        video.identifier = row.identifier or video.identifier
        for name in filter(None, (row.identifier, row.video if is_new else "")):
            names.add(name, video)
    return list(gathered.values()), sorted(bad, key=lambda one: one.line)


def _clock(video: Named) -> SourceClock:
    return SourceClock(video.known.rate, video.known.start_timecode) if video.known else SourceClock()


def _start(row: Row) -> StartTimecode | None:
    """The start timecode that a row states of its video. Raises `RowError`."""
    if not row.start_timecode:
        return None
    rate = read_rate(row.rate)
    start = StartTimecode(row.start_timecode)
    try:
        if rate is not None:
            start.frames(rate)
            return start
    except UsageError as error:
        raise RowError("bad_time", f"start_timecode: {error}") from None
    raise RowError("needs_rate", "a start timecode counts frames; give the rate too, in a column `rate`")
