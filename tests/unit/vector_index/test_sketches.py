"""The index that looks at sketches first: it must find what comparing everything finds, whatever is allowed."""

from pathlib import Path

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.domain import Vectors
from indexer.vector_index import Rows, VectorIndex, as_kept, faiss_sketched, load_index, new_index

DIMENSION = 48
COUNT = 6_000


@pytest.fixture(autouse=True)
def sketches_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faiss_sketched, "SMALL", 100)


def captions_like(seed: int, count: int) -> Vectors:
    """Vectors in a hundred loose groups, as captions are."""
    dice = np.random.default_rng(seed)
    centres = np.random.default_rng(99).standard_normal((100, DIMENSION))
    drawn = centres[dice.integers(0, 100, count)] + 0.7 * dice.standard_normal((count, DIMENSION))
    unit: Vectors = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    return unit


def filled(kind: str) -> VectorIndex:
    index, vectors = new_index(kind, DIMENSION), captions_like(1, COUNT)
    index.learn(vectors[:: max(1, COUNT // max(1, index.sample_size))])
    for start in range(0, COUNT, 1_500):
        index.add(np.arange(start, start + 1_500) * 3 + 7, vectors[start : start + 1_500])
    return index


def share_found(index: VectorIndex, exact: VectorIndex, allowed: Rows | None) -> float:
    queries = captions_like(2, 20)
    found, true = index.search(queries, 50, allowed)[0], exact.search(queries, 50, allowed)[0]
    return float(np.mean([len({*a} & {*b}) / 50 for a, b in zip(found.tolist(), true.tolist(), strict=True)]))


@pytest.mark.parametrize("share", [None, 0.9, 0.5, 0.12, 0.05, 0.009])
def test_of_the_fifty_best_nearly_all_are_found_whatever_is_allowed(share: float | None) -> None:
    index, exact = filled("sketched-fp16"), filled("exact")
    allowed = None
    if share is not None:
        allowed = np.sort(np.random.default_rng(3).choice(exact.rows, int(share * COUNT), replace=False))
    assert share_found(index, exact, allowed) >= 0.98


def test_a_page_is_full_though_what_is_allowed_lies_far_off() -> None:
    index, whole = filled("sketched-fp16"), filled("flat-fp16")
    query = captions_like(2, 1)
    farthest = np.sort(whole.search(query, COUNT)[0][0][-COUNT // 5 :])
    rows, _ = index.search(query, 60, farthest)
    np.testing.assert_array_equal(rows, whole.search(query, 60, farthest)[0])


def test_it_finds_the_same_after_removing_and_reading_back(tmp_path: Path) -> None:
    index, exact = filled("sketched-fp16"), filled("exact")
    for one in (index, exact):
        one.remove(np.arange(0, 2_000, 2) * 3 + 7)
    index.save(tmp_path / "index")
    loaded = load_index(tmp_path / "index", kind="sketched-fp16", dimension=DIMENSION)
    queries = captions_like(5, 4)
    for before, after in zip(index.search(queries, 30), loaded.search(queries, 30), strict=True):
        np.testing.assert_array_equal(before, after)
    assert share_found(loaded, exact, None) >= 0.98
    fresh = captions_like(6, 1)
    loaded.add(np.array([1]), fresh)
    assert loaded.search(fresh, 1)[0].item() == 1


def test_less_effort_finds_most() -> None:
    index, exact = filled("sketched-fp16"), filled("exact")
    queries = captions_like(7, 20)
    found, true = index.search(queries, 50, effort="most")[0], exact.search(queries, 50)[0]
    shares = [len({*a} & {*b}) / 50 for a, b in zip(found.tolist(), true.tolist(), strict=True)]
    assert np.mean(shares) >= 0.8


@pytest.mark.parametrize("kind", ["exact", "flat-fp16", "flat-sq8", "sketched-fp16"])
def test_what_is_kept_of_a_vector_can_be_told_without_an_index(kind: str) -> None:
    index, vectors = filled(kind), captions_like(1, COUNT)
    np.testing.assert_array_equal(as_kept(kind, vectors[:9]), index.vectors(np.arange(9) * 3 + 7))


class ShortScan:
    """A scan that finds less than was asked for, and fills up as FAISS does."""

    def __init__(self, whole: faiss.IndexPQFastScan) -> None:
        self._whole = whole

    def search(self, queries: Vectors, k: int) -> tuple[NDArray[np.float32], Rows]:
        near, places = self._whole.search(queries, k)
        places[:, k // 2 :] = -1
        return near, places


def test_the_places_of_a_short_scan_that_stand_empty_are_not_the_last_vector() -> None:
    index = filled("sketched-fp16")
    assert isinstance(index, faiss_sketched.FaissSketchedIndex)
    allowed = index.rows[COUNT // 2 :]
    query = index.vectors(allowed[-1:])
    expected = new_index("exact", DIMENSION)
    expected.add(allowed, index.vectors(allowed))
    index._packed = ShortScan(index._scannable())  # type: ignore[assignment]
    rows, _ = index.search(query, 9, allowed)
    np.testing.assert_array_equal(rows, expected.search(query, 9)[0])
