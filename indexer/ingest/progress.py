"""How the work stands: counts from the ledger, speed and time left from what was measured in the last minutes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.domain import FailureCount, LivingWorker, Recipe, RunningUnit, StageProgress, VideoId, WorkStatus
from indexer.ingest import estimates
from indexer.ingest.estimates import Left
from indexer.store import Transaction, jobs, outcomes, progress, recipes, workers
from indexer.store.progress import STAGES, Amount, Counted, Held, Kind, LookedAt, Measure, PutOff

WINDOW_US = 10 * 60 * 1_000_000
LAST_UNITS = 50  # where none of a kind was done in the window, these tell what it costs
_TELLS = 0.05  # the share of a unit in hand from which on it tells what it costs


def work_status(tx: Transaction) -> WorkStatus:
    """All that is known of the work of a library at this moment."""
    return status_of(read_figures(tx))


@dataclass(frozen=True, slots=True)
class Figures:
    """What a ledger tells at one moment."""

    now_us: int
    paused: bool
    workers: tuple[LivingWorker, ...]
    counts: Mapping[tuple[Kind, Counted], Amount]
    held: tuple[Held, ...]
    in_window: Mapping[Kind, Measure]
    before: Mapping[Kind, Measure]  # of kinds of which none was done in the window
    looked_at: LookedAt
    wanted: tuple[tuple[Recipe, str], ...]
    completed_us: int  # footage that became wholly searchable in the window
    put_off: tuple[PutOff, ...] = ()
    failures: tuple[FailureCount, ...] = ()
    names: Mapping[int, tuple[VideoId | None, Path | None, str]] | None = None

    def of(self, *states: Counted) -> dict[Kind, Amount]:
        """{kind: how much of it is in these states}."""
        found: dict[Kind, Amount] = {}
        for (kind, state), amount in self.counts.items():
            if state in states:
                found[kind] = found.get(kind, Amount()) + amount
        return found


def read_figures(tx: Transaction) -> Figures:
    now = jobs.now_us(tx)
    counts = progress.counts(tx)
    held = progress.held(tx)
    in_window = progress.measured(tx, since_us=now - WINDOW_US)
    is_open = bool(held) or any(state in ("ready", "deferred") for _, state in counts)
    unmeasured = {kind for kind, state in counts if state == "done"} - set(in_window) if is_open else set()
    last = {kind: progress.latest(tx, kind, limit=LAST_UNITS) for kind in unmeasured}
    return Figures(
        now_us=now,
        paused=jobs.is_paused(tx),
        workers=tuple(workers.living(tx)),
        counts=counts,
        held=tuple(held),
        in_window=in_window,
        before={kind: measure for kind, measure in last.items() if measure is not None},
        looked_at=progress.looked_at(tx) if is_open else LookedAt(0, 0, 0, 0),
        wanted=tuple(recipes.wanted(tx)),
        completed_us=progress.completed_us(tx, since_us=now - WINDOW_US),
        put_off=tuple(progress.put_off(tx)) if any(state == "deferred" for _, state in counts) else (),
        failures=tuple(progress.failures(tx)),
        names=outcomes.names_of(tx, [unit.row for unit in held]),
    )


def status_of(figures: Figures) -> WorkStatus:
    """What the figures come to."""
    to_do = _to_do(figures)
    unseen = sum(amount.bytes for kind, amount in to_do.items() if kind.stage == "looking")
    unseen_us = estimates.footage_in_files(unseen, figures.looked_at)
    work = {
        kind: Left(amount, _cost(figures, kind), estimates.lanes_for(figures.workers, kind))
        for kind, amount in _amounts_left(figures, to_do, unseen_us or 0.0).items()
    }
    time = estimates.time_left(work)
    is_known = unseen_us is not None and not figures.paused
    ready = figures.of("ready")
    stuck = {kind: amount.units for kind, amount in ready.items() if not estimates.lanes_for(figures.workers, kind)}
    deferred = sum(amount.units for amount in figures.of("deferred").values())
    return WorkStatus(
        paused=figures.paused,
        workers=figures.workers,
        stages=_stages(figures, work, unseen_us or 0.0),
        running=_running(figures),
        waiting=sum(amount.units for amount in ready.values()) + deferred + sum(one.overdue for one in figures.held),
        deferred=deferred + sum(stuck.values()),
        failures=figures.failures,
        speed=estimates.speed_of(figures.completed_us, span_us=_span_us(figures)),
        eta_s=time.eta_s if is_known else None,
        about=unseen > 0 or any(amount.unknown for kind, amount in to_do.items() if _is_by_footage(kind)),
        measuring=() if figures.paused else time.measuring if unseen_us is not None else ("looking",),
        waits_for=(*_short_of_workers(figures, stuck), *(_put_off(one) for one in figures.put_off)),
    )


# -- what is left ----------------------------------------------------------------------------------------------------


def _to_do(figures: Figures) -> dict[Kind, Amount]:
    """What can be worked at now: what is ready, and what is in hand, as far as it is not done."""
    found = figures.of("ready")
    for unit in figures.held:
        left = 1.0 if unit.overdue else 1.0 - unit.share
        whole = unit.amount
        part = replace(whole, media_us=round(whole.media_us * left), bytes=round(whole.bytes * left))
        found[unit.kind] = found.get(unit.kind, Amount()) + part
    return found


def _amounts_left(figures: Figures, to_do: Mapping[Kind, Amount], unseen_us: float) -> dict[Kind, float]:
    """What is left of each kind, in what its cost goes by; what is to come down from earlier stages is in it."""
    others = {kind: estimates.yardstick(kind.stage, some) for kind, some in to_do.items() if not _is_by_footage(kind)}
    done = figures.of("done")
    asked = figures.of("ready", "deferred", "done", "refused", "failed")
    known = {kind: 0.0 for kind in asked if _is_by_footage(kind)}
    own = {kind: estimates.footage_of(some, figures.looked_at) for kind, some in to_do.items() if _is_by_footage(kind)}
    shares = estimates.embedded_shares(done, _with_held(asked, figures.held))
    by_footage = estimates.flow(known | own, unseen_us=unseen_us, wanted=figures.wanted, embedded=shares)
    return others | {kind: amount for kind, amount in by_footage.items() if amount > 0}


def _with_held(asked: Mapping[Kind, Amount], held: tuple[Held, ...]) -> dict[Kind, Amount]:
    found = dict(asked)
    for unit in held:
        found[unit.kind] = found.get(unit.kind, Amount()) + unit.amount
    return found


def _is_by_footage(kind: Kind) -> bool:
    return kind.stage not in ("looking", "fixity")


# -- what was measured -----------------------------------------------------------------------------------------------


def _cost(figures: Figures, kind: Kind) -> float | None:
    """What one of the kind's yardstick cost lately, units in hand included as far as they tell."""
    measures = [one for one in (figures.in_window.get(kind) or figures.before.get(kind),) if one is not None]
    for unit in figures.held:
        done = _part_done(unit, of=unit.share)
        if unit.kind == kind and unit.share >= _TELLS and estimates.yardstick(kind.stage, done) > 0:
            measures.append(Measure(done, round(unit.seconds * 1e6), 0))
    return estimates.cost_of(kind.stage, measures)


def _part_done(unit: Held, *, of: float) -> Amount:
    return Amount(0, round(unit.amount.media_us * of), round(unit.amount.bytes * of))


def _speed(figures: Figures, kind: Kind) -> float | None:
    measure = figures.in_window.get(kind)
    media_us = float(measure.amount.media_us if measure else 0)
    for unit in figures.held:
        if unit.kind == kind and not unit.overdue:
            in_window = min(1.0, WINDOW_US / 1e6 / unit.seconds) if unit.seconds else 1.0
            media_us += _part_done(unit, of=unit.share * in_window).media_us
    return estimates.speed_of(media_us, span_us=_span_us(figures))


def _span_us(figures: Figures) -> float:
    """The time over which speed is measured: the window, or since the first unit in it was taken."""
    begun = [measure.began_us for measure in figures.in_window.values()]
    begun += [figures.now_us - round(unit.seconds * 1e6) for unit in figures.held]
    return figures.now_us - max(figures.now_us - WINDOW_US, min(begun, default=figures.now_us))


# -- what is told ----------------------------------------------------------------------------------------------------


def _stages(figures: Figures, work: Mapping[Kind, Left], unseen_us: float) -> tuple[StageProgress, ...]:
    kinds = {kind for kind, _ in figures.counts} | {unit.kind for unit in figures.held} | set(work)
    ordered = sorted(kinds, key=lambda kind: (STAGES.index(kind.stage), kind.needs, kind.recipe or ""))
    return tuple(_stage(figures, kind, work.get(kind), unseen_us=unseen_us) for kind in ordered)


def _stage(figures: Figures, kind: Kind, left: Left | None, *, unseen_us: float) -> StageProgress:
    overdue = sum(unit.kind == kind and unit.overdue for unit in figures.held)
    footage = unseen_us if kind.stage == "looking" else left.amount if left and _is_by_footage(kind) else 0.0
    eta_us = 0.0 if left is None else left.eta_us

    def units(state: Counted) -> int:
        return figures.counts.get((kind, state), Amount()).units

    return StageProgress(
        stage=kind.stage,
        recipe=kind.recipe,
        waiting=units("ready") + units("deferred") + overdue,
        running=sum(unit.kind == kind for unit in figures.held) - overdue,
        done=units("done"),
        refused=units("refused"),
        failed=units("failed"),
        left_us=round(footage),
        speed=_speed(figures, kind),
        eta_s=None if eta_us is None or figures.paused else eta_us / 1e6,
    )


def _running(figures: Figures) -> tuple[RunningUnit, ...]:
    names = figures.names or {}
    nameless: tuple[VideoId | None, Path | None, str] = (None, None, "")
    return tuple(
        RunningUnit(
            stage=unit.kind.stage,
            recipe=unit.kind.recipe,
            video=unit.video,
            title=names.get(unit.row, nameless)[2],
            share=unit.share,
            worker=unit.worker,
            seconds=unit.seconds,
        )
        for unit in figures.held
        if not unit.overdue
    )


def _short_of_workers(figures: Figures, stuck: Mapping[Kind, int]) -> list[str]:
    if stuck and not figures.workers:
        return [f"{_units(sum(stuck.values()))} for a worker; start one with: shotlist worker"]
    told: dict[str, int] = {}
    for kind, units in stuck.items():
        if kind.captioner is not None and kind.needs == "model":
            what = f"that can run {kind.captioner}; start one where it is installed with: shotlist worker"
        else:
            what = f"that takes more than captions; start one with: shotlist worker --has {kind.needs}"
        told[what] = told.get(what, 0) + units
    return [f"{_units(units)} for a worker {what}" for what, units in told.items()]


def _put_off(one: PutOff) -> str:
    return f"{_units(one.units)}: {one.message}" if one.alike else f"{_units(one.units)}, one of them: {one.message}"


def _units(count: int) -> str:
    return "1 unit waits" if count == 1 else f"{count} units wait"
