"""What is new, growing or missing in a watched folder: the decisions, for all histories of a few files."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from indexer.ingest.watching import Knowledge, Moment, Settling, compare
from indexer.store.watched import Sight

SECOND_NS = 1_000_000_000
SETTLE_S = 10.0
START_NS = 1_000_000 * SECOND_NS
NOTHING = Knowledge({}, {})
PATHS = st.sampled_from([b"/a.mov", b"/b.mov", b"/c\xff.mov"])
SIGHTS = st.builds(Sight, st.integers(0, 2), st.integers(-20, 20).map(lambda s: START_NS + s * SECOND_NS))


def at(seconds: float) -> Moment:
    return Moment(500 + seconds, START_NS + int(seconds * SECOND_NS))


def test_an_old_file_is_ready_at_the_second_look() -> None:
    old = {b"/a.mov": Sight(5, START_NS - 60 * SECOND_NS)}
    first = compare(NOTHING, old.items(), {}, now=at(0), settle_s=SETTLE_S)
    assert (dict(first.ready), set(first.growing)) == ({}, set(old))
    second = compare(NOTHING, old.items(), first.growing, now=at(1), settle_s=SETTLE_S)
    assert (dict(second.ready), set(second.growing)) == (old, set())


def test_an_only_look_believes_old_files_at_once_and_no_young_ones() -> None:
    seen = {b"/old.mov": Sight(5, START_NS - 60 * SECOND_NS), b"/young.mov": Sight(5, START_NS - 2 * SECOND_NS)}
    found = compare(NOTHING, seen.items(), {}, now=at(0), settle_s=SETTLE_S, patience="once")
    assert (set(found.ready), set(found.growing)) == ({b"/old.mov"}, {b"/young.mov"})


def test_a_growing_file_is_waited_for_from_its_last_change_on() -> None:
    settling: dict[bytes, Settling] = {}
    ready_at = []
    for second in range(0, 40, 2):
        sight = Sight(min(second, 12), START_NS + min(second, 12) * SECOND_NS)
        changes = compare(NOTHING, [(b"/a.mov", sight)], settling, now=at(second), settle_s=SETTLE_S)
        settling = dict(changes.growing)
        ready_at += [second] * len(changes.ready)
    assert ready_at[0] == 22


def test_dates_of_the_future_are_waited_out_by_the_clock() -> None:
    sight = Sight(5, START_NS + 10**6 * SECOND_NS)
    settling: dict[bytes, Settling] = {}
    for second, is_ready in ((0, False), (9, False), (10, True)):
        changes = compare(NOTHING, [(b"/a.mov", sight)], settling, now=at(second), settle_s=SETTLE_S)
        assert bool(changes.ready) is is_ready
        settling = dict(changes.growing)


@given(st.dictionaries(PATHS, SIGHTS), st.dictionaries(PATHS, SIGHTS), st.dictionaries(PATHS, SIGHTS))
def test_what_is_known_as_it_is_costs_nothing(
    located: dict[bytes, Sight], asked: dict[bytes, Sight], seen: dict[bytes, Sight]
) -> None:
    known = Knowledge(located, asked)
    found = compare(known, seen.items(), {}, now=at(0), settle_s=0.0, patience="once")
    touched = set(found.ready) | set(found.growing)
    assert touched == {path for path, sight in seen.items() if sight not in (located.get(path), asked.get(path))}
    assert not set(found.ready) & set(found.growing)
    assert set(found.missing) == set(located) - set(seen)


@dataclass
class World:
    """A folder, and a library that does at once what it is asked to."""

    files: dict[bytes, Sight] = field(default_factory=dict)
    library: dict[bytes, Sight] = field(default_factory=dict)
    settling: dict[bytes, Settling] = field(default_factory=dict)
    changed_at: dict[bytes, float] = field(default_factory=dict)
    now_s: float = 0.0

    def look(self) -> set[bytes]:
        known = Knowledge(self.library, {})
        changes = compare(known, self.files.items(), self.settling, now=at(self.now_s), settle_s=SETTLE_S)
        self.settling = dict(changes.growing)
        self.library.update(changes.ready)
        for path in changes.missing:
            del self.library[path]
        return set(changes.ready)


ACTIONS = st.one_of(
    st.tuples(st.just("write"), PATHS),
    st.tuples(st.just("delete"), PATHS),
    st.tuples(st.just("forget"), PATHS),  # the watcher ends and another begins
    st.tuples(st.just("look"), PATHS),
)


@given(st.lists(st.tuples(st.floats(0.1, 8), ACTIONS), max_size=40))
def test_whatever_happens_nothing_is_taken_early_and_all_is_taken_in_the_end(
    history: list[tuple[float, tuple[str, bytes]]],
) -> None:
    world = World()
    for pause, (action, path) in history:
        world.now_s += pause
        match action:
            case "write":
                world.files[path] = Sight(world.files.get(path, Sight(0, 0)).size + 1, at(world.now_s).wall_ns)
                world.changed_at[path] = world.now_s
            case "delete":
                world.files.pop(path, None)
            case "forget":
                world.settling = {}
            case _:
                for ready in world.look():
                    assert world.now_s - world.changed_at[ready] >= SETTLE_S - 1e-6
    for _ in range(3):
        world.now_s += SETTLE_S
        world.look()
    assert world.library == world.files
    assert not world.settling
    assert not world.look()
