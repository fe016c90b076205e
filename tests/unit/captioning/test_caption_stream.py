"""Clips in, drafts out, in order, whatever happens on the way."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from indexer.captioning.base import Clip, NotWanted
from indexer.captioning.vision_language.batching import collate
from indexer.captioning.vision_language.captioner import open_captioner
from indexer.captioning.vision_language.generating import Stream
from indexer.captioning.vision_language.loaded import Length
from indexer.captioning.vision_language.memory import BatchLimit
from indexer.captioning.vision_language.ready import Ready
from indexer.captioning.vision_language.remembered import recall
from indexer.domain import CaptionDraft
from indexer.errors import ComponentError, MediaError
from tests.contracts.test_captioner_contract import clip_of
from tests.fakes.cramped_models import BrokenModel, CrampedModel
from tests.fakes.tiny_vision_language_models import write_tiny_image_model


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    folder = write_tiny_image_model(tmp_path_factory.mktemp("models") / "tiny-image")
    return open_captioner(str(folder), device="cpu").ready()


@pytest.fixture
def ready(loaded: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ready:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return replace(loaded, length=Length(6), limit=BatchLimit(100_000))


def cramped(ready: Ready, most: int) -> CrampedModel:
    model = ready.model
    return CrampedModel(model.network, model.processor, model.plan, model.pad_id, most=most)


def written(ready: Ready, clips: list[Clip], window: int = 8) -> list[CaptionDraft]:
    return list(Stream(ready, window=window).drafts(clips))


CLIPS = [clip_of(seed, frames=2 + seed % 3) for seed in range(7)]


def test_drafts_are_the_same_whatever_the_window_and_the_limit(ready: Ready) -> None:
    alone = written(replace(ready, limit=BatchLimit(1)), CLIPS, window=1)
    assert len({draft.text for draft in alone}) > 1
    assert written(ready, CLIPS) == alone
    assert written(replace(ready, limit=BatchLimit(1200)), CLIPS, window=3) == alone


def test_a_draft_tells_what_it_cost(ready: Ready) -> None:
    costs = [draft.cost for draft in written(ready, CLIPS[:1])]
    assert costs[0] is not None
    assert costs[0].read > 400
    assert 1 <= costs[0].written <= 6


def test_batches_are_halved_until_they_fit_and_that_is_remembered(ready: Ready) -> None:
    model = cramped(ready, most=2)
    small = replace(ready, model=model)
    assert written(small, CLIPS) == written(ready, CLIPS)
    assert max(model.given) > 2
    assert small.limit.tokens < 100_000
    assert recall(small.circumstances).batch_tokens == small.limit.tokens


def test_a_clip_that_does_not_fit_alone_is_told_with_what_to_do(ready: Ready) -> None:
    with pytest.raises(ComponentError, match="needs more memory than is free on the processor"):
        written(replace(ready, model=cramped(ready, most=0)), CLIPS[:2])


def test_another_failure_comes_to_the_reader(ready: Ready) -> None:
    model = ready.model
    broken = BrokenModel(model.network, model.processor, model.plan, model.pad_id)
    with pytest.raises(RuntimeError, match="the network is broken"):
        written(replace(ready, model=broken), CLIPS)


def test_drafts_of_the_clips_before_a_failure_of_the_footage_come_first(ready: Ready) -> None:
    def failing() -> Iterator[Clip]:
        yield from CLIPS[:3]
        raise MediaError("damaged", "the file ends here")

    drafts = Stream(ready, window=8).drafts(failing())
    assert [next(drafts) for _ in range(3)] == written(ready, CLIPS[:3])
    with pytest.raises(MediaError, match="the file ends here"):
        next(drafts)


def test_no_more_clips_are_read_than_the_window(ready: Ready) -> None:
    read = []

    def told() -> Iterator[Clip]:
        for number, clip in enumerate(CLIPS):
            read.append(number)
            yield clip

    drafts = Stream(ready, window=2).drafts(told())
    next(drafts)
    assert len(read) <= 3
    drafts.close()


def test_closing_early_ends_every_thread(ready: Ready) -> None:
    before = set(threading.enumerate())
    drafts = Stream(ready, window=8).drafts(CLIPS)
    next(drafts)
    drafts.close()
    assert set(threading.enumerate()) <= before


# -- drafts that are not wanted any more -----------------------------------------------------------------------------


@pytest.fixture
def layers(ready: Ready) -> torch.nn.ModuleList:
    """Of the text model, in their order."""
    lists = [found for found in ready.model.network.modules() if isinstance(found, torch.nn.ModuleList)]
    return lists[-1]


def test_a_stream_that_waits_for_a_slow_model_ends_when_it_is_not_wanted(
    ready: Ready, layers: torch.nn.ModuleList
) -> None:
    """The model would take minutes."""
    before = set(threading.enumerate())
    slow = replace(ready, length=Length(1000, exactly=True))
    hook = layers[0].register_forward_pre_hook(lambda *_: time.sleep(0.3))
    try:
        answers = iter([True, False])
        with pytest.raises(NotWanted):
            list(Stream(slow, window=8).drafts(CLIPS, wanted=lambda: next(answers)))
    finally:
        hook.remove()
    assert set(threading.enumerate()) <= before


def test_a_batch_that_is_not_wanted_ends_before_the_next_layer(ready: Ready, layers: torch.nn.ModuleList) -> None:
    unwanted, reached = threading.Event(), []
    hooks = [
        layers[0].register_forward_pre_hook(lambda *_: unwanted.set()),
        layers[1].register_forward_hook(lambda *_: reached.append(1)),
    ]
    prepared = ready.preparer.prepare(CLIPS[0])
    try:
        with pytest.raises(NotWanted):
            ready.model.write(collate([prepared], pad_id=0), Length(6), unwanted=unwanted)
        assert reached == []
        assert ready.model.write(collate([prepared], pad_id=0), Length(6)).rows
    finally:
        for hook in hooks:
            hook.remove()


def test_a_batch_that_waits_its_turn_and_is_not_wanted_gives_it_up(ready: Ready) -> None:
    unwanted = threading.Event()
    unwanted.set()
    with ready.model._alone, pytest.raises(NotWanted):
        ready.model.write({}, Length(6), unwanted=unwanted)


def test_padding_is_not_taken_for_words_that_were_said(ready: Ready) -> None:
    """Clips are padded here with a token that the model is about to write: a penalty on it would change the text."""
    short, long = (ready.preparer.prepare(clip_of(3, frames=frames)) for frames in (2, 6))
    alone = ready.model.write(collate([short], pad_id=0), Length(12), style="no repeating").rows[0]
    for pad_id in set(alone):
        batch = collate([short, long], pad_id=pad_id)
        assert batch["attention_mask"][0, 0] == 0
        assert ready.model.write(batch, Length(12), style="no repeating").rows[0] == alone


def test_several_threads_may_caption_at_once(ready: Ready) -> None:
    expected = written(ready, CLIPS)
    found: list[list[CaptionDraft]] = []
    threads = [threading.Thread(target=lambda: found.append(written(ready, CLIPS))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 3
