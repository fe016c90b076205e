import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.domain import Pixels
from indexer.segmentation.features import REACH, features
from indexer.segmentation.neighbourhood import neighbourhood
from indexer.segmentation.network import REACH as NETWORK_REACH
from indexer.segmentation.network import packaged
from tests.fakes.drawn_footage import shot

LEAST_OF_SIX = 18 + 3  # the column that tells whether a picture from before is there again, among six and six


def pictures(*shots: tuple[int, int]) -> Pixels:
    return np.stack([picture for number, count in shots for picture in shot(number, count)])


def test_the_packaged_network_is_trained_on_these_features() -> None:
    numbers = features(pictures((1, 5)))
    assert numbers.shape[0] == 5
    for member in packaged().members:
        assert member["mean"].shape == member["spread"].shape == (numbers.shape[1],)


def test_a_still_picture_differs_from_nothing() -> None:
    numbers = features(np.repeat(pictures((1, 1)), 60, axis=0))
    by_step = numbers[:, :45].reshape(60, 5, 9)
    assert np.abs(by_step[:, :, :7]).max() < 1e-3  # the other two say how little shape it has


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 100), st.integers(1, 60))
def test_some_rows_are_those_of_all_when_their_surroundings_are_there(first: int, count: int) -> None:
    footage = pictures((1, 50), (2, 40), (3, 70))
    whole = features(footage)
    begin, end = max(0, first - REACH), min(len(footage), first + count + REACH)
    part = features(footage[begin:end], slice(first - begin, first - begin + count))
    np.testing.assert_allclose(part, whole[first : first + count], atol=1e-4)


def test_what_is_there_again_after_a_flash_is_told_from_what_is_gone() -> None:
    rows = np.zeros((60, 8), np.float32)
    rows[:, 0] = 1
    rows[30:32] = np.eye(8, dtype=np.float32)[1]  # a flash
    rows[45:] = np.eye(8, dtype=np.float32)[2]  # a cut
    numbers = neighbourhood(rows)
    assert numbers[30, LEAST_OF_SIX] < 0.01
    assert numbers[45, LEAST_OF_SIX] > 0.99


def test_other_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="64x36"):
        features(np.zeros((3, 18, 32, 3), np.uint8))


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 200), st.integers(1, 80), st.integers(0, 2**31))
def test_a_score_depends_on_no_more_than_the_network_reaches(first: int, count: int, seed: int) -> None:
    network = packaged()
    numbers = np.random.default_rng(seed).random((400, len(network.members[0]["mean"])), np.float32)
    whole = network(numbers)
    begin, end = max(0, first - NETWORK_REACH), min(400, first + count + NETWORK_REACH)
    part = network(numbers[begin:end]).of(slice(first - begin, first - begin + count))
    np.testing.assert_allclose(part.boundary, whole.boundary[first : first + count], atol=1e-4)
    np.testing.assert_allclose(part.inside, whole.inside[first : first + count], atol=1e-4)
