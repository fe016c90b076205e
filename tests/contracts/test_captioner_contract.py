"""What every captioner keeps to."""

import unicodedata
from collections.abc import Iterator

import numpy as np
import pytest

from indexer.captioning import Captioner, Clip, make_captioner
from indexer.domain import Frame
from indexer.timecode import TimeRange
from tests.fakes.captioners import FakeCaptioner
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.tiny_vision_language_models import write_tiny_image_model, write_tiny_video_model


@pytest.fixture(scope="module", params=["measured", "video model", "image model", "served", "fake"])
def captioner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Captioner:
    match request.param:
        case "measured":
            return make_captioner("measured")
        case "video model":
            return make_captioner(str(write_tiny_video_model(tmp_path_factory.mktemp("models") / "tiny-video")))
        case "image model":
            return make_captioner(str(write_tiny_image_model(tmp_path_factory.mktemp("models") / "tiny-image")))
        case "served":
            return make_captioner(request.getfixturevalue("openai_server").name())
        case _:
            return FakeCaptioner()


@pytest.fixture(scope="module")
def openai_server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as running:
        yield running
        assert running.faults == []


def clip_of(seed: int, frames: int = 4, shape: tuple[int, int] = (48, 64)) -> Clip:
    random = np.random.default_rng(seed)
    base = random.integers(0, 256, (*shape, 3), dtype=np.uint8)
    step = 500_000
    start = seed * 10_000_000
    shown = tuple(Frame(start + n * step, step, np.roll(base, n, axis=1)) for n in range(frames))
    return Clip(TimeRange(start, start + max(1, frames) * step), shown)


class TestCaptioner:
    def test_one_draft_a_clip_in_their_order(self, captioner: Captioner) -> None:
        clips = [clip_of(1), clip_of(2, frames=2), clip_of(3)]
        drafts = list(captioner.captions(clips))
        assert len(drafts) == 3
        assert list(captioner.captions(clips[::-1])) == drafts[::-1]

    def test_no_clips_no_drafts(self, captioner: Captioner) -> None:
        assert list(captioner.captions([])) == []

    def test_a_clip_is_captioned_alike_whatever_stands_beside_it(self, captioner: Captioner) -> None:
        clips = [clip_of(1), clip_of(2, frames=2), clip_of(3), clip_of(4, shape=(64, 48))]
        assert list(captioner.captions(clips)) == [next(captioner.captions([clip])) for clip in clips]

    def test_one_frame_is_enough(self, captioner: Captioner) -> None:
        assert len(list(captioner.captions([clip_of(5, frames=1)]))) == 1

    def test_nothing_is_said_of_a_clip_without_frames(self, captioner: Captioner) -> None:
        drafts = list(captioner.captions([clip_of(1), clip_of(6, frames=0)]))
        assert drafts[1].text == ""
        assert drafts[1].facets == ()
        assert drafts[0] == next(captioner.captions([clip_of(1)]))

    def test_the_recipe_is_one_line_and_stays_the_same(self, captioner: Captioner) -> None:
        before = captioner.recipe
        list(captioner.captions([clip_of(1)]))
        assert captioner.recipe == before
        assert before.strip() == before
        assert len(before.splitlines()) == 1

    def test_what_it_foretells_is_one_line(self, captioner: Captioner) -> None:
        foretold = captioner.foretell()
        assert foretold.isprintable()
        assert foretold == foretold.strip()

    def test_it_wants_frames_within_reason(self, captioner: Captioner) -> None:
        wants = captioner.wants
        assert 0 < wants.per_second <= 60
        assert 1 <= wants.at_least <= wants.at_most <= 256
        assert 32 <= wants.longest_side <= 2048
        assert captioner.window >= 1

    def test_texts_and_facets_are_printable_and_bounded(self, captioner: Captioner) -> None:
        for draft in list(captioner.captions([clip_of(seed) for seed in range(4)])):
            words = [draft.text, *(part for facet in draft.facets for part in (facet.name, facet.value))]
            assert not [
                mark for word in words for mark in word if unicodedata.category(mark) in ("Cc", "Cf", "Co", "Cs")
            ]
            assert len(draft.text) <= 2000
            assert all(facet.name and facet.value for facet in draft.facets)
