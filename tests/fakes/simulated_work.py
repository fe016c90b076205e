"""A ledger that is worked by the clock of a simulation: every second of footage costs each stage what it is told to."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from indexer.domain import LivingWorker, Need, Recipe, Stage
from indexer.ingest.progress import LAST_UNITS, WINDOW_US, Figures
from indexer.store.progress import Amount, Counted, Held, Kind, LookedAt, Measure

MEASURED, MODEL = Recipe("measured/1"), Recipe("vlm/1 some-model")
BYTES_A_SECOND = 1_000
LOOKING_S = 0.2
WEIGHTS: dict[Stage, int] = {"looking": 60, "embedding": 50, "keyframes": 40, "captioning": 30, "decoding": 20}


@dataclass
class Unit:
    kind: Kind
    file: int
    media_us: int
    cost_s: float
    started_s: float = 0.0
    ended_s: float | None = None

    @property
    def amount(self) -> Amount:
        looking = self.kind.stage == "looking"
        size = self.media_us * BYTES_A_SECOND // 1_000_000 if looking else 0
        return Amount(1, 0 if looking else self.media_us, size, int(looking))


@dataclass
class Simulation:
    """Files of these lengths (s), worked in `lanes`; `costs`: seconds of a lane for a second of footage, by stage."""

    lengths: Sequence[int]
    costs: Mapping[Stage, float]
    lanes: Mapping[Need, int]
    with_model: bool
    now_s: float = 0.0
    waiting: list[Unit] = field(default_factory=list)
    running: list[Unit] = field(default_factory=list)
    done: list[Unit] = field(default_factory=list)

    def __post_init__(self) -> None:
        for file, length in enumerate(self.lengths):
            self.waiting.append(Unit(Kind("looking"), file, length * 1_000_000, LOOKING_S))

    def run(self) -> Iterator[float]:
        """Works until all is done; yields the time at each end of a unit."""
        ends: list[tuple[float, int, Unit]] = []
        number = 0
        while self.waiting or self.running:
            for unit in self._take():
                number += 1
                unit.started_s = self.now_s
                heapq.heappush(ends, (self.now_s + unit.cost_s, number, unit))
            self.now_s, _, ended = heapq.heappop(ends)
            ended.ended_s = self.now_s
            self.running.remove(ended)
            self.done.append(ended)
            self.waiting += self._followers(ended)
            yield self.now_s

    def figures(self) -> Figures:
        counts: dict[tuple[Kind, Counted], Amount] = {}
        for state, units in (("ready", self.waiting), ("done", self.done)):
            for unit in units:
                key: tuple[Kind, Counted] = (unit.kind, "ready" if state == "ready" else "done")
                counts[key] = counts.get(key, Amount()) + unit.amount
        recent = [unit for unit in self.done if (unit.ended_s or 0) > self.now_s - WINDOW_US / 1e6]
        older = {unit.kind for unit in self.done} - {unit.kind for unit in recent}
        before = {kind: [unit for unit in self.done if unit.kind == kind][-LAST_UNITS:] for kind in older}
        in_window = {kind: [unit for unit in recent if unit.kind == kind] for kind in {unit.kind for unit in recent}}
        looked = [unit for unit in self.done if unit.kind.stage == "looking"]
        footage = sum(unit.media_us for unit in looked)
        size = sum(unit.amount.bytes for unit in looked)
        lanes: list[Need] = [need for need, count in self.lanes.items() for _ in range(count)]
        return Figures(
            now_us=round(self.now_s * 1e6),
            paused=False,
            workers=(LivingWorker("w", tuple(lanes), ("measured", "some-model"), 0.0),),
            counts=counts,
            held=tuple(self._held(unit, row) for row, unit in enumerate(self.running)),
            in_window={kind: measure(units) for kind, units in in_window.items()},
            before={kind: measure(units) for kind, units in before.items()},
            looked_at=LookedAt(len(looked), size, len(looked), footage),
            wanted=((MEASURED, "measured"), *(((MODEL, "some-model"),) if self.with_model else ())),
            completed_us=0,
        )

    def _held(self, unit: Unit, row: int) -> Held:
        seconds = self.now_s - unit.started_s
        share = seconds / unit.cost_s if unit.cost_s else 0.0
        return Held(unit.kind, unit.amount, share, seconds, overdue=False, worker="w", row=row, video=None)

    def _take(self) -> list[Unit]:
        taken = []
        for need, count in self.lanes.items():
            free = count - sum(unit.kind.needs == need for unit in self.running)
            able = [unit for unit in self.waiting if unit.kind.needs == need]
            for unit in sorted(able, key=lambda unit: -WEIGHTS[unit.kind.stage])[:free]:
                self.waiting.remove(unit)
                self.running.append(unit)
                taken.append(unit)
        return taken

    def _followers(self, unit: Unit) -> list[Unit]:
        best = MODEL if self.with_model else MEASURED
        match unit.kind.stage:
            case "looking":
                kinds = [Kind("decoding")]
            case "decoding":
                kinds = [Kind("keyframes"), Kind("captioning", MEASURED, "cpu", "measured")]
                kinds += [Kind("captioning", MODEL, "model", "some-model")] if self.with_model else []
            case "captioning" if unit.kind.recipe == best:
                kinds = [Kind("embedding", best)]
            case _:
                kinds = []
        return [Unit(kind, unit.file, unit.media_us, self._cost_s(kind, unit.media_us)) for kind in kinds]

    def _cost_s(self, kind: Kind, media_us: int) -> float:
        of_model = 4.0 if kind.needs == "model" else 1.0
        return self.costs[kind.stage] * of_model * media_us / 1e6


def measure(units: Sequence[Unit]) -> Measure:
    amount = sum((unit.amount for unit in units), Amount())
    cost_us = sum(round(unit.cost_s * 1e6) for unit in units)
    return Measure(amount, cost_us, min(round(unit.started_s * 1e6) for unit in units))
