"""What every vector index keeps to, measured against the exact one."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from indexer.domain import Vectors
from indexer.errors import ComponentError, LibraryError
from indexer.vector_index import Rows, VectorIndex, load_index, new_index

DIMENSION = 48
KINDS = ["exact", "flat-fp16", "flat-sq8", "sketched-fp16"]
TOLERANCE = {"exact": 1e-6, "flat-fp16": 1e-3, "flat-sq8": 0.02, "sketched-fp16": 1e-3}
RECALL = {"exact": 1.0, "flat-fp16": 0.99, "flat-sq8": 0.95, "sketched-fp16": 0.99}


def drawn_vectors(seed: int, count: int, dimension: int = DIMENSION) -> Vectors:
    drawn = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    unit: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit


def as_rows(*numbers: int) -> Rows:
    return np.array(numbers, np.int64)


def filled(kind: str, count: int = 500) -> VectorIndex:
    index = new_index(kind, DIMENSION)
    index.add(np.arange(count, dtype=np.int64) * 3 + 7, drawn_vectors(1, count))
    return index


@pytest.mark.parametrize("kind", KINDS)
class TestVectorIndex:
    def test_says_what_it_is(self, kind: str) -> None:
        index = new_index(kind, DIMENSION)
        assert (index.kind, index.dimension, len(index)) == (kind, DIMENSION, 0)

    def test_an_empty_index_answers_with_padding(self, kind: str) -> None:
        for allowed in (None, as_rows(), as_rows(4)):
            rows, scores = new_index(kind, DIMENSION).search(drawn_vectors(2, 2), 3, allowed)
            assert rows.tolist() == [[-1] * 3] * 2
            assert np.isneginf(scores).all()

    def test_a_stored_vector_is_its_own_best_match(self, kind: str) -> None:
        index, vectors = filled(kind), drawn_vectors(1, 500)
        rows, scores = index.search(vectors[:20], 1)
        assert rows[:, 0].tolist() == [position * 3 + 7 for position in range(20)]
        np.testing.assert_allclose(scores[:, 0], 1, atol=TOLERANCE[kind])

    def test_shapes_types_and_order(self, kind: str) -> None:
        rows, scores = filled(kind).search(drawn_vectors(3, 4), 9)
        assert rows.shape == scores.shape == (4, 9)
        assert rows.dtype == np.int64
        assert scores.dtype == np.float32
        assert (np.diff(scores, axis=1) <= 0).all()
        assert all(len(set(line)) == 9 for line in rows.tolist())

    def test_finds_nearly_all_of_the_ten_best(self, kind: str) -> None:
        queries = drawn_vectors(4, 100)
        found, _ = filled(kind, 3000).search(queries, 10)
        true, _ = filled("exact", 3000).search(queries, 10)
        recall = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(found.tolist(), true.tolist(), strict=True)])
        assert recall >= RECALL[kind]

    @pytest.mark.parametrize("share", [0.001, 0.005, 0.05, 0.5, 1.0])
    def test_only_allowed_rows_are_found(self, kind: str, share: float) -> None:
        index, exact = filled(kind, 2000), filled("exact", 2000)
        everything = np.arange(2000, dtype=np.int64) * 3 + 7
        allowed = np.sort(np.random.default_rng(5).choice(everything, int(2000 * share), replace=False))
        rows, scores = index.search(drawn_vectors(6, 3), 20, allowed)
        assert set(rows.flat) - {-1} <= set(allowed.tolist())
        true_rows, true_scores = exact.search(drawn_vectors(6, 3), 20, allowed)
        assert ((rows == -1) == (true_rows == -1)).all()
        np.testing.assert_allclose(scores, true_scores, atol=TOLERANCE[kind])

    def test_allowed_rows_it_does_not_have_are_passed_over(self, kind: str) -> None:
        rows, _ = filled(kind).search(drawn_vectors(6, 1), 3, as_rows(0, 7, 8, 10, 10**9))
        assert sorted(rows[0].tolist()) == [-1, 7, 10]

    def test_removed_rows_are_gone_and_the_others_stay(self, kind: str) -> None:
        index, vectors = filled(kind), drawn_vectors(1, 500)
        index.remove(as_rows(7, 13, 999_999))
        index.remove(as_rows())
        assert len(index) == 498
        rows, _ = index.search(vectors[:4], 1)
        assert rows[1, 0] == 10
        assert rows[3, 0] == 16
        assert not {7, 13} & set(index.search(vectors[:4], 498)[0].flat)

    def test_rows_may_come_in_any_order(self, kind: str) -> None:
        index, vectors = new_index(kind, DIMENSION), drawn_vectors(7, 3)
        index.add(as_rows(2**40, 5), vectors[:2])
        index.add(as_rows(1), vectors[2:])
        assert index.search(vectors, 1)[0][:, 0].tolist() == [2**40, 5, 1]
        assert index.search(vectors, 1, as_rows(1, 2**40))[0][0].tolist() == [2**40]

    def test_it_tells_what_it_keeps(self, kind: str) -> None:
        index, vectors = filled(kind), drawn_vectors(1, 500)
        index.remove(as_rows(7, 13))
        assert sorted(index.rows.tolist()) == [place * 3 + 7 for place in range(500) if place not in (0, 2)]
        np.testing.assert_allclose(index.vectors(as_rows(22, 10)), vectors[[5, 1]], atol=TOLERANCE[kind])
        assert index.vectors(as_rows()).shape == (0, DIMENSION)
        for missing in (as_rows(7), as_rows(10, 1), as_rows(10**6)):
            with pytest.raises(KeyError):
                index.vectors(missing)
        with pytest.raises(KeyError):
            new_index(kind, DIMENSION).vectors(as_rows(1))

    def test_what_it_keeps_of_a_vector_does_not_depend_on_the_others(self, kind: str) -> None:
        alone, vectors = new_index(kind, DIMENSION), drawn_vectors(1, 500)
        alone.add(as_rows(22), vectors[5:6])
        np.testing.assert_array_equal(alone.vectors(as_rows(22)), filled(kind).vectors(as_rows(22)))

    def test_saved_and_loaded_it_answers_alike(self, kind: str, tmp_path: Path) -> None:
        index, queries = filled(kind), drawn_vectors(8, 5)
        index.remove(as_rows(10))
        index.save(tmp_path / "odd \udce9 name")
        loaded = load_index(tmp_path / "odd \udce9 name", kind=kind, dimension=DIMENSION)
        assert len(loaded) == len(index)
        for before, after in zip(index.search(queries, 7), loaded.search(queries, 7), strict=True):
            np.testing.assert_array_equal(before, after)
        loaded.add(as_rows(1), drawn_vectors(9, 1))
        assert loaded.search(drawn_vectors(9, 1), 1)[0].item() == 1

    def test_an_empty_index_can_be_saved(self, kind: str, tmp_path: Path) -> None:
        new_index(kind, DIMENSION).save(tmp_path / "empty")
        assert len(load_index(tmp_path / "empty", kind=kind, dimension=DIMENSION)) == 0

    def test_another_dimension_is_refused(self, kind: str, tmp_path: Path) -> None:
        filled(kind).save(tmp_path / "index")
        with pytest.raises(LibraryError, match="reindex"):
            load_index(tmp_path / "index", kind=kind, dimension=DIMENSION + 1)

    def test_another_kind_is_refused(self, kind: str, tmp_path: Path) -> None:
        filled(kind).save(tmp_path / "index")
        for other in set(KINDS) - {kind}:
            with pytest.raises(LibraryError, match="reindex"):
                load_index(tmp_path / "index", kind=other, dimension=DIMENSION)

    def test_a_changed_byte_is_noticed(self, kind: str, tmp_path: Path) -> None:
        path = tmp_path / "index"
        filled(kind).save(path)
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        with pytest.raises(LibraryError, match="reindex"):
            load_index(path, kind=kind, dimension=DIMENSION)

    @pytest.mark.parametrize("length", [0, 3, 100, 5000])
    def test_a_cut_file_is_refused(self, kind: str, length: int, tmp_path: Path) -> None:
        path = tmp_path / "index"
        filled(kind).save(path)
        path.write_bytes(path.read_bytes()[:length])
        with pytest.raises(LibraryError, match="reindex"):
            load_index(path, kind=kind, dimension=DIMENSION)

    def test_a_missing_file_is_refused(self, kind: str, tmp_path: Path) -> None:
        with pytest.raises(LibraryError, match="reindex"):
            load_index(tmp_path / "none", kind=kind, dimension=DIMENSION)

    def test_vectors_of_another_dimension_are_refused(self, kind: str) -> None:
        with pytest.raises(ValueError, match="dimensions"):
            filled(kind).search(drawn_vectors(1, 1, DIMENSION + 1), 1)
        with pytest.raises(ValueError, match="dimensions"):
            filled(kind).add(as_rows(1), drawn_vectors(1, 1, DIMENSION + 1))
        with pytest.raises(ValueError, match="2 rows for 1"):
            filled(kind).add(as_rows(1, 2), drawn_vectors(1, 1))

    def test_random_operations_agree_with_the_exact_index(self, kind: str, tmp_path: Path) -> None:
        machine = _machine(kind, tmp_path)
        machine.TestCase.settings = settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        )
        machine.TestCase("runTest").debug()


def test_an_unknown_kind_is_named(tmp_path: Path) -> None:
    with pytest.raises(ComponentError, match="'ivf'"):
        new_index("ivf", 4)
    with pytest.raises(ComponentError, match="'ivf'"):
        load_index(tmp_path, kind="ivf", dimension=4)


def _machine(kind: str, folder: Path) -> type[RuleBasedStateMachine]:
    class Operations(RuleBasedStateMachine):
        @initialize()
        def start(self) -> None:
            self.index, self.exact = new_index(kind, DIMENSION), new_index("exact", DIMENSION)
            self.used: list[int] = []

        @rule(rows=st.sets(st.integers(0, 500), max_size=40), seed=st.integers(0, 99))
        def add(self, rows: set[int], seed: int) -> None:
            fresh = as_rows(*(rows - set(self.used)))
            self.used.extend(fresh.tolist())
            for index in (self.index, self.exact):
                index.add(fresh, drawn_vectors(seed, len(fresh)))

        @rule(rows=st.sets(st.integers(0, 500), max_size=40))
        def remove(self, rows: set[int]) -> None:
            for index in (self.index, self.exact):
                index.remove(as_rows(*rows))
            assert len(self.index) == len(self.exact)

        @rule()
        def save_and_load(self) -> None:
            self.index.save(folder / "index")
            self.index = load_index(folder / "index", kind=kind, dimension=DIMENSION)

        @rule(seed=st.integers(0, 99), k=st.integers(1, 30), allowed=st.none() | st.sets(st.integers(0, 600)))
        def search(self, seed: int, k: int, allowed: set[int] | None) -> None:
            within = None if allowed is None else as_rows(*sorted(allowed))
            queries = drawn_vectors(seed, 2)
            rows, scores = self.index.search(queries, k, within)
            true_rows, true_scores = self.exact.search(queries, k, within)
            assert ((rows == -1) == (true_rows == -1)).all()
            np.testing.assert_allclose(scores, true_scores, atol=TOLERANCE[kind])

    return Operations
