"""Speed and time left: near the truth where costs are steady, and unsaid where nothing was measured."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.domain import LivingWorker, Need, Recipe, Stage
from indexer.ingest import estimates
from indexer.ingest.estimates import Left, TimeLeft
from indexer.ingest.progress import WINDOW_US, Figures, status_of
from indexer.store.progress import Amount, Held, Kind, LookedAt, Measure, PutOff
from tests.fakes.simulated_work import MEASURED, MODEL, Simulation

HOUR = 3_600_000_000
DECODING, KEYFRAMES = Kind("decoding"), Kind("keyframes")
CAPTIONING, BY_MODEL = Kind("captioning", MEASURED, "cpu", "measured"), Kind("captioning", MODEL, "model", "some-model")
EMBEDDING = Kind("embedding", MEASURED)
CPU = LivingWorker("a", ("cpu", "cpu"), (), 0.0)
GPU = LivingWorker("b", ("model",), ("some-model",), 0.0)

costs = st.fixed_dictionaries(
    {stage: st.floats(0.01, 0.5) for stage in ("decoding", "keyframes", "captioning", "embedding")}
)


@settings(max_examples=40, deadline=None)
@given(
    lengths=st.lists(st.integers(200, 400), min_size=60, max_size=80),
    costs=costs,
    cpu=st.integers(1, 3),
    with_model=st.booleans(),
)
def test_after_a_tenth_the_time_left_is_right_to_a_fifth(
    lengths: list[int], costs: dict[Stage, float], cpu: int, *, with_model: bool
) -> None:
    lanes: dict[Need, int] = {"cpu": cpu, "model": 1}
    total_s = max(Simulation(lengths, costs, lanes, with_model).run())
    simulation = Simulation(lengths, costs, lanes, with_model)
    checked = 0
    for now_s in simulation.run():
        if now_s >= total_s * (0.1 + 0.1 * checked) and checked < 7:
            checked += 1
            eta_s = status_of(simulation.figures()).eta_s
            assert eta_s is not None
            assert abs(eta_s - (total_s - now_s)) <= 0.2 * (total_s - now_s)
    assert checked == 7
    assert status_of(simulation.figures()).eta_s == 0.0


def figures(**changes: object) -> Figures:
    empty = Figures(
        now_us=24 * HOUR,
        paused=False,
        workers=(CPU,),
        counts={},
        held=(),
        in_window={},
        before={},
        looked_at=LookedAt(0, 0, 0, 0),
        wanted=(),
        completed_us=0,
    )
    return replace(empty, **changes)  # type: ignore[arg-type]


def measured(kind: Kind, cost: float) -> dict[Kind, Measure]:
    return {kind: Measure(Amount(1, HOUR, 100), round(cost * HOUR), 24 * HOUR - WINDOW_US)}


READY = {(KEYFRAMES, "ready"): Amount(4, 8 * HOUR), (KEYFRAMES, "done"): Amount(1, HOUR)}


def test_nothing_to_do_takes_no_time() -> None:
    status = status_of(figures())
    assert (status.eta_s, status.waiting, status.stages, status.waits_for) == (0.0, 0, (), ())


def test_time_left_is_cost_by_lanes() -> None:
    status = status_of(figures(counts=READY, in_window=measured(KEYFRAMES, 0.25)))
    assert status.eta_s == 3600.0  # 8 hours at a quarter hour each, two lanes
    (stage,) = status.stages
    assert (stage.waiting, stage.done, stage.left_us, stage.eta_s) == (4, 1, 8 * HOUR, 3600.0)
    assert stage.speed == 6.0  # an hour of footage in ten minutes


def test_what_was_done_long_ago_tells_the_cost_but_no_speed() -> None:
    status = status_of(figures(counts=READY, before=measured(KEYFRAMES, 0.25)))
    assert (status.eta_s, status.stages[0].speed) == (3600.0, None)


def test_a_unit_in_hand_tells_of_itself() -> None:
    held = Held(KEYFRAMES, Amount(1, 4 * HOUR), 0.25, 300.0, False, "a", 1, None)
    status = status_of(figures(held=(held,)))
    assert status.stages[0].left_us == 3 * HOUR
    assert status.eta_s == 450.0  # an hour of footage took 300 s: three take 900, by two lanes
    assert status.stages[0].speed == 12.0
    overdue = status_of(figures(held=(replace(held, overdue=True),)))
    assert (overdue.waiting, overdue.running, overdue.stages[0].running) == (1, (), 0)
    assert overdue.stages[0].left_us == 4 * HOUR


def test_unmeasured_stages_keep_the_time_left_unsaid() -> None:
    counts = {(DECODING, "ready"): Amount(2, 2 * HOUR)}
    status = status_of(figures(counts=counts, wanted=((MEASURED, "measured"),), in_window=measured(DECODING, 0.5)))
    assert (status.eta_s, set(status.measuring)) == (None, {"keyframes", "captioning"})
    assert {stage.stage: stage.left_us for stage in status.stages} == dict.fromkeys(
        ("decoding", "keyframes", "captioning"), 2 * HOUR
    )


def test_no_time_left_is_said_while_paused() -> None:
    status = status_of(figures(counts=READY, in_window=measured(KEYFRAMES, 0.25), paused=True))
    assert (status.eta_s, status.stages[0].eta_s, status.measuring) == (None, None, ())


def test_work_nobody_can_do_is_told_and_not_in_the_time_left() -> None:
    counts = {**READY, (BY_MODEL, "ready"): Amount(12, HOUR), (BY_MODEL, "deferred"): Amount(3, HOUR)}
    away = PutOff("away", 3, "the disk of tapes is away", alike=True)
    asked = figures(counts=counts, in_window=measured(KEYFRAMES, 0.25) | measured(BY_MODEL, 2.0), put_off=(away,))
    status = status_of(asked)
    assert (status.eta_s, status.waiting, status.deferred) == (3600.0, 19, 15)
    assert [sentence.split(";")[0] for sentence in status.waits_for] == [
        "12 units wait for a worker that can run some-model",
        "3 units wait: the disk of tapes is away",
    ]
    helped = status_of(replace(asked, workers=(CPU, GPU)))
    assert (helped.eta_s, helped.deferred, len(helped.waits_for)) == (7200.0, 3, 1)
    alone = status_of(replace(asked, workers=()))
    assert alone.eta_s is None
    assert alone.waits_for[0].startswith("16 units wait for a worker; start one")


def test_files_not_looked_at_yet_count_by_the_footage_of_the_others() -> None:
    looking = Kind("looking")
    ready = {(looking, "ready"): Amount(10, 0, 5_000, 10), (looking, "done"): Amount(4, 0, 1_000, 4)}
    costs = measured(looking, 0) | measured(DECODING, 0.1) | measured(KEYFRAMES, 0.1)
    asked = figures(counts=ready, in_window=costs, looked_at=LookedAt(4, 1_000, 2, 2 * HOUR))
    status = status_of(asked)
    assert status.about
    assert status.eta_s == 3600.0  # ten hours, a fifth of an hour each, two lanes
    unknown = status_of(replace(asked, looked_at=LookedAt(0, 0, 0, 0)))
    assert (unknown.eta_s, unknown.measuring) == (None, ("looking",))


def test_fixity_keeps_nobody_waiting() -> None:
    fixity = Kind("fixity")
    status = status_of(figures(counts={(fixity, "ready"): Amount(5, 0, 500)}, in_window=measured(fixity, 0.1)))
    assert status.eta_s == 0.0
    assert status.stages[0].eta_s == 900.0  # 0.1 h for 100 bytes


# -- parts -----------------------------------------------------------------------------------------------------------

amounts = st.dictionaries(st.sampled_from([DECODING, KEYFRAMES, CAPTIONING, BY_MODEL, EMBEDDING]), st.floats(0, 1e12))


@given(own=amounts, unseen=st.floats(0, 1e12), share=st.floats(0, 1))
def test_what_is_left_comes_down_to_later_stages(own: dict[Kind, float], unseen: float, share: float) -> None:
    left = estimates.flow(own, unseen_us=unseen, wanted=((MEASURED, "measured"),), embedded={MEASURED: share})
    assert all(left[kind] >= own[kind] for kind in own)
    assert left[DECODING] == own.get(DECODING, 0) + unseen
    assert left[KEYFRAMES] >= left[DECODING]
    assert left[CAPTIONING] >= left[DECODING]
    assert left.get(BY_MODEL, 0) == own.get(BY_MODEL, 0)  # not wanted of new footage
    assert left.get(EMBEDDING, 0.0) >= left[CAPTIONING] * share * 0.999


lefts = st.builds(Left, st.floats(0, 1e9), st.none() | st.floats(0, 10), st.integers(0, 4))


@given(st.dictionaries(st.sampled_from([DECODING, KEYFRAMES, CAPTIONING, BY_MODEL, EMBEDDING]), lefts))
def test_time_left_is_never_negative_nor_less_than_any_part_takes(work: dict[Kind, Left]) -> None:
    time = estimates.time_left(work)
    if time.eta_s is not None:
        assert time.eta_s >= 0
        assert all(left.eta_us is None or left.eta_us / 1e6 <= time.eta_s for left in work.values())
    elif time.measuring:
        assert any(left.amount > 0 and left.cost_us is None for left in work.values())


def test_more_work_never_takes_less_time() -> None:
    work = {DECODING: Left(10e6, 2.0, 2), BY_MODEL: Left(10e6, 1.0, 1)}
    assert estimates.time_left(work) == TimeLeft(10.0, ())
    assert estimates.time_left(work | {KEYFRAMES: Left(10e6, 2.0, 2)}) == TimeLeft(20.0, ())


def test_a_worker_is_able_where_it_has_what_units_need() -> None:
    assert estimates.lanes_for([CPU, GPU], DECODING) == 2
    assert estimates.lanes_for([CPU, GPU], BY_MODEL) == 1
    assert estimates.lanes_for([CPU], BY_MODEL) == 0
    other = Kind("captioning", Recipe("vlm/1 other"), "model", "other")
    assert estimates.lanes_for([CPU, GPU], other) == 0
