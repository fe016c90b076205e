"""What is to be described, with what people wrote of it; and which candidate stands against each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.errors import UsageError
from indexer.evaluation.captions.lines import Line, overlap
from indexer.timecode import TimeRange

_SAME = 0.5  # how far two people's stretches must overlap for both to have described the same


@dataclass(frozen=True, slots=True)
class Reference:
    """A video, or a stretch of one, and the captions people gave it. `number` is its place among all."""

    number: int
    video: str
    names: frozenset[str]
    span: TimeRange | None
    captions: tuple[str, ...]

    @property
    def title(self) -> str:
        if self.span is None:
            return self.video
        return f"{self.video} {self.span.start_us / 1e6:g}-{self.span.end_us / 1e6:g} s"


@dataclass(frozen=True, slots=True)
class Match:
    """The candidates of the references that have one, in order of these; and what was left out, by name."""

    pairs: tuple[tuple[Reference, str], ...]
    missing: tuple[str, ...]  # references without a candidate
    unused: tuple[str, ...]  # videos of candidates without a reference


def gather(files: Sequence[Sequence[Line]]) -> tuple[Reference, ...]:
    """What several files say of the same belongs together: of the same video, or of stretches of it that overlap by at
    least half of what they cover together (the greatest overlap counts; within one file only equal ones). In the order
    they are first named."""
    gathered: list[_Gathered] = []
    by_video: dict[str, list[_Gathered]] = defaultdict(list)
    for lines in files:
        before = {video: list(found) for video, found in by_video.items()}
        own: dict[tuple[str, TimeRange | None], _Gathered] = {}
        for line in filter(lambda line: line.text, lines):
            key = (line.video, line.span)
            if key not in own:
                own[key] = _same(line, before.get(line.video, ())) or _Gathered(line)
            if not own[key].captions:
                gathered.append(own[key])
                by_video[line.video].append(own[key])
            own[key].captions.append(line.text)
    return tuple(
        Reference(number, one.first.video, one.first.names, one.first.span, tuple(one.captions))
        for number, one in enumerate(gathered)
    )


def match(references: Sequence[Reference], candidates: Iterable[Line]) -> Match:
    """A reference to a whole video takes the candidate of its video; where candidates are of stretches, the longest. A
    reference to a stretch takes the candidate whose stretch overlaps it most. Raises `UsageError` where a video has
    several candidates for the whole of it."""
    by_name: dict[str, list[Line]] = defaultdict(list)
    videos = []
    for line in candidates:
        videos.append(line)
        for name in line.names:
            by_name[name].append(line)
    pairs, missing = [], []
    for one in references:
        found = _best(one, [line for name in sorted(one.names) for line in by_name.get(name, ())])
        if found is None:
            missing.append(one.title)
        else:
            pairs.append((one, found.text))
    known = frozenset[str]().union(*(one.names for one in references))
    unused = dict.fromkeys(line.video for line in videos if not line.names & known)
    return Match(tuple(pairs), tuple(missing), tuple(unused))


class _Gathered:
    def __init__(self, first: Line) -> None:
        self.first = first
        self.captions: list[str] = []


def _same(line: Line, known: Iterable[_Gathered]) -> _Gathered | None:
    if line.span is None:
        return next((one for one in known if one.first.span is None), None)
    timed = [(overlap(line.span, one.first.span), one) for one in known if one.first.span is not None]
    share, best = max(timed, key=lambda pair: pair[0], default=(0.0, None))
    return best if share >= _SAME else None


def _best(reference: Reference, lines: Sequence[Line]) -> Line | None:
    if reference.span is None:
        whole = {line for line in lines if line.span is None}
        if len(whole) > 1:
            raise UsageError(f"{reference.video} has {len(whole)} candidates; give one caption a video")
        timed = [line for line in lines if line.span is not None]
        return next(iter(whole), None) or max(timed, key=_length, default=None)
    shares = [(overlap(reference.span, line.span), line) for line in lines if line.span is not None]
    share, best = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return best if share > 0 else None


def _length(line: Line) -> int:
    return line.span.duration_us if line.span else 0
