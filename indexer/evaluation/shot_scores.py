"""Scores found edits against labels.

One found edit can satisfy one label and the other way round; labels take the nearest that is free, hard cuts first.

- A hard cut is found by what touches the `tolerance` frames on both sides of it (and half a frame, for rounding).
- A gradual edit is found by what touches it, or the `tolerance` frames on both sides of it.
- What touches an ignored stretch counts neither way.
- A second find inside a fade that was found counts neither way: its two halves are often told apart.

Everything else is a false alarm, named by what it fell on.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from indexer.domain import Cut
from indexer.evaluation.shot_labels import Edit, LabelledClip

TOLERANCE = 2  # frames
_NEAR = 3  # frames from an edit within which a false alarm is `near an edit`
_BESIDE = 2  # frames from a distractor within which a false alarm fell on it

Found = tuple[int, int]
"""(first, last) microseconds of an edit that was found; of a hard cut twice the same."""


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    start_us: int
    end_us: int
    fell_on: str  # `near an edit`, `plain picture`, or the distractors there: `flash+zoom`


@dataclass(frozen=True, slots=True)
class Agreement:
    """How what was found in one clip agrees with its labels."""

    clip: str
    found: tuple[Edit, ...]
    missed: tuple[Edit, ...]
    false_alarms: tuple[FalseAlarm, ...]


@dataclass(frozen=True, slots=True)
class Score:
    found: int
    total: int
    false: int

    @property
    def precision(self) -> float:
        """1 where nothing was claimed."""
        return self.found / (self.found + self.false) if self.found + self.false else 1.0

    @property
    def recall(self) -> float:
        """1 where there is nothing to find."""
        return self.found / self.total if self.total else 1.0

    @property
    def f1(self) -> float:
        either = self.precision + self.recall
        return 2 * self.precision * self.recall / either if either else 0.0


@dataclass(frozen=True, slots=True)
class ShotTable:
    """The scores over several clips. False alarms are of no kind, so each counts against hard cuts and gradual edits
    alike."""

    overall: Score
    hard: Score
    gradual: Score
    by_kind: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # found, total
    false_alarms: Mapping[str, int] = field(default_factory=dict)  # by what they fell on, the most first


def compare(clip: LabelledClip, found: Sequence[Found | Cut], *, tolerance: int = TOLERANCE) -> Agreement:
    spans = sorted((one.start_us, one.end_us) if isinstance(one, Cut) else one for one in found)
    slack = (tolerance + 0.5) * clip.frame_period_us
    matched = _matched(clip.edits, spans, slack)
    taken = set(matched.values())
    false = tuple(_false_alarms(clip, [span for k, span in enumerate(spans) if k not in taken], matched, slack=slack))
    return Agreement(
        clip.name,
        tuple(edit for k, edit in enumerate(clip.edits) if k in matched),
        tuple(edit for k, edit in enumerate(clip.edits) if k not in matched),
        false,
    )


def tally(agreements: Sequence[Agreement]) -> ShotTable:
    found = [edit for one in agreements for edit in one.found]
    edits = found + [edit for one in agreements for edit in one.missed]
    false = [alarm.fell_on for one in agreements for alarm in one.false_alarms]
    of_kind, found_of_kind = Counter(edit.kind for edit in edits), Counter(edit.kind for edit in found)
    return ShotTable(
        Score(len(found), len(edits), len(false)),
        Score(sum(edit.hard for edit in found), sum(edit.hard for edit in edits), len(false)),
        Score(sum(not edit.hard for edit in found), sum(not edit.hard for edit in edits), len(false)),
        {kind: (found_of_kind[kind], of_kind[kind]) for kind in sorted(of_kind)},
        dict(Counter(false).most_common()),
    )


def _matched(edits: Sequence[Edit], spans: Sequence[Found], slack: float) -> dict[int, int]:
    """Which found span each edit takes, both by their place."""
    matched: dict[int, int] = {}
    free = dict(enumerate(spans))
    for number in sorted(range(len(edits)), key=lambda k: (not edits[k].hard, edits[k].start_us)):
        edit = edits[number]
        near = [k for k, span in free.items() if _touches(span, edit.start_us, edit.end_us, slack=slack)]
        if near:
            middle = edit.start_us + edit.end_us
            matched[number] = min(near, key=lambda k: abs(sum(spans[k]) - middle))
            del free[matched[number]]
    return matched


def _false_alarms(
    clip: LabelledClip, spans: Sequence[Found], matched: Mapping[int, int], *, slack: float
) -> Iterator[FalseAlarm]:
    faded = [edit for k, edit in enumerate(clip.edits) if k in matched and edit.kind.startswith("fade")]
    for span in spans:
        ignored = any(_touches(span, one.start_us, one.end_us, slack=0) for one in clip.ignored)
        if not ignored and not any(_touches(span, fade.start_us, fade.end_us, slack=slack) for fade in faded):
            yield FalseAlarm(*span, _fell_on(clip, span))


def _fell_on(clip: LabelledClip, span: Found) -> str:
    near, beside = _NEAR * clip.frame_period_us, _BESIDE * clip.frame_period_us
    if any(_touches(span, edit.start_us, edit.end_us, slack=near) for edit in clip.edits):
        return "near an edit"
    seen = {one.kind for one in clip.distractors if _touches(span, one.start_us, one.end_us, slack=beside)}
    return "+".join(sorted(seen)) or "plain picture"


def _touches(span: Found, start_us: int, end_us: int, *, slack: float) -> bool:
    return span[1] >= start_us - slack and span[0] <= end_us + slack
