"""How much is left to do, and how long that takes at the cost that was measured. Pure: values in, values out.

Work flows from stage to stage, and a unit is there only once the one before it has ended: so the footage that is left
in a stage is that of its own units and of all that is still to come down to it. What a stage costs is measured: time of
one lane for a second of footage (for a file, in `looking`; for a byte, in `fixity`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexer.domain import LivingWorker, Need, Recipe, Stage
from indexer.store.progress import Amount, Kind, LookedAt, Measure
from indexer.store.recipes import MEASURED


@dataclass(frozen=True, slots=True)
class Left:
    """Work of one kind that is still to do, in what it is measured by: files, bytes, or microseconds of footage."""

    amount: float
    cost_us: float | None  # of one lane for one of it; None: not measured yet
    lanes: int  # of living workers that can do it

    @property
    def eta_us(self) -> float | None:
        if self.amount <= 0:
            return 0.0
        return None if self.cost_us is None or not self.lanes else self.amount * self.cost_us / self.lanes


@dataclass(frozen=True, slots=True)
class TimeLeft:
    eta_s: float | None
    measuring: tuple[Stage, ...]  # stages for whose measurement it waits


def is_able(worker: LivingWorker, kind: Kind) -> bool:
    """Whether a worker can do such units."""
    runs = kind.captioner in (None, MEASURED) or kind.captioner in worker.captioners
    return kind.needs in worker.lanes and runs


def lanes_for(workers: Iterable[LivingWorker], kind: Kind) -> int:
    return sum(worker.lanes.count(kind.needs) for worker in workers if is_able(worker, kind))


def footage_of(amount: Amount, looked_at: LookedAt) -> float:
    """The footage (us) that units are about; those of unknown length are taken to be as long as others are."""
    mean = looked_at.media_us / looked_at.with_footage if looked_at.with_footage else 0.0
    return amount.media_us + amount.unknown * mean


def footage_in_files(size: int, looked_at: LookedAt) -> float | None:
    """The new footage (us) to be expected in files that were not looked at yet; None where none was looked at."""
    if size == 0:
        return 0.0
    return size * looked_at.media_us / looked_at.bytes if looked_at.bytes else None


def flow(
    own: Mapping[Kind, float],
    *,
    unseen_us: float,
    wanted: Sequence[tuple[Recipe, str]],
    embedded: Mapping[Recipe, float],
) -> dict[Kind, float]:
    """The footage (us) left in each kind: its own, and what comes down to it.

    `unseen_us`: in files not looked at yet. `wanted`: recipes that every video gets, with their captioners. `embedded`:
    the share of a recipe's captions that got vectors, so far.
    """
    left: dict[Kind, float] = defaultdict(float, own)
    decoding = _kind(own, "decoding", None, None)
    left[decoding] += unseen_us
    to_come = left[decoding]
    keyframes = _kind(own, "keyframes", None, None)
    left[keyframes] += to_come
    for kind in [kind for kind in own if kind.stage == "pictures"]:
        left[kind] += left[keyframes]
    for recipe, captioner in wanted:
        left[_kind(own, "captioning", recipe, captioner)] += to_come
    for kind in [kind for kind in left if kind.stage == "captioning" and kind.recipe is not None]:
        share = embedded.get(kind.recipe, 0.0) if kind.recipe else 0.0
        if share > 0:
            left[_kind(own, "embedding", kind.recipe, None)] += left[kind] * share
    return dict(left)


def embedded_shares(done: Mapping[Kind, Amount], asked: Mapping[Kind, Amount]) -> dict[Recipe, float]:
    """Of each recipe, the share of captioned footage (`done`) that went on to get vectors (`asked`, done or not)."""
    captioned: dict[Recipe, int] = defaultdict(int)
    followed: dict[Recipe, int] = defaultdict(int)
    for kind, amount in done.items():
        if kind.stage == "captioning" and kind.recipe:
            captioned[kind.recipe] += amount.media_us
    for kind, amount in asked.items():
        if kind.stage == "embedding" and kind.recipe:
            followed[kind.recipe] += amount.media_us
    return {recipe: min(1.0, followed[recipe] / footage) for recipe, footage in captioned.items() if footage}


def yardstick(stage: Stage, amount: Amount) -> float:
    """An amount in what the cost of its stage goes by."""
    match stage:
        case "looking":
            return float(amount.units)
        case "fixity":
            return float(amount.bytes)
        case _:
            return float(amount.media_us)


def cost_of(stage: Stage, measures: Iterable[Measure]) -> float | None:
    """Microseconds of one lane for one of the yardstick; None where nothing of a length was measured."""
    some = list(measures)
    amount = sum(yardstick(stage, measure.amount) for measure in some)
    return sum(measure.cost_us for measure in some) / amount if amount > 0 else None


def time_left(work: Mapping[Kind, Left]) -> TimeLeft:
    """How long all of it takes that somebody can do: lanes of one need share its work, and needs go on side by side.

    Unknown while a stage is not measured, or where nobody can do any of it. No smaller than any one kind alone takes.
    """
    open_ = {kind: left for kind, left in work.items() if left.amount > 0 and kind.stage != "fixity"}
    doable = {kind: left for kind, left in open_.items() if left.lanes}
    measuring = tuple(dict.fromkeys(kind.stage for kind, left in doable.items() if left.cost_us is None))
    if measuring or (open_ and not doable):
        return TimeLeft(None, measuring)
    costs: dict[Need, float] = defaultdict(float)
    lanes: dict[Need, int] = defaultdict(int)
    for kind, left in doable.items():
        costs[kind.needs] += left.amount * (left.cost_us or 0.0)
        lanes[kind.needs] = max(lanes[kind.needs], left.lanes)
    together = [costs[need] / lanes[need] for need in costs]
    alone = [left.eta_us or 0.0 for left in doable.values()]
    return TimeLeft(max([0.0, *together, *alone]) / 1e6, ())


def speed_of(media_us: float, *, span_us: float) -> float | None:
    """Footage hours an hour; None where nothing went through."""
    return media_us / span_us if media_us > 0 and span_us > 0 else None


def _kind(known: Mapping[Kind, float], stage: Stage, recipe: Recipe | None, captioner: str | None) -> Kind:
    """The kind of which there are units, else the one there will be."""
    for kind in known:
        if kind.stage == stage and kind.recipe == recipe:
            return kind
    need: Need = "cpu" if captioner in (None, MEASURED) else "model"
    return Kind(stage, recipe, need, captioner)
