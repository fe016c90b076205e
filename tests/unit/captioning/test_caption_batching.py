"""Which clips go through a model together, and how much memory they may take."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from indexer.captioning.vision_language.batching import choose_batch, collate
from indexer.captioning.vision_language.families import Batching
from indexer.captioning.vision_language.inputs import Prepared
from indexer.captioning.vision_language.memory import BatchLimit, Measures, bytes_per_token

NEW = 10
MEASURES = Measures(layers=28, kv_width=1024, width=2048, inner_width=6144, vision_width=4096, bytes=2)


def prepared(tokens: int, frames: int = 2) -> Prepared:
    tensors = {"input_ids": torch.ones((1, tokens), dtype=torch.long), "pixel_values": torch.ones((frames, 3, 4, 4))}
    return Prepared(tensors, tokens, 0)


lengths = st.lists(st.integers(1, 50), min_size=1, max_size=12)


@given(lengths, st.integers(1, 400), st.sampled_from(("any", "alike", "alone")))
def test_a_batch_holds_the_first_and_keeps_within_the_limit(lengths: list[int], most: int, batching: Batching) -> None:
    chosen, _full = choose_batch(
        [prepared(length) for length in lengths], batching=batching, most_tokens=most, new_tokens=NEW
    )
    assert chosen[0] == 0
    assert chosen == sorted(set(chosen))
    taken = [lengths[place] for place in chosen]
    assert len(chosen) == 1 or len(chosen) * (max(taken) + NEW) <= most
    if batching == "alike":
        assert len(set(taken)) == 1
    if batching == "alone":
        assert chosen == [0]


@given(lengths, st.integers(1, 400))
def test_a_batch_that_is_not_full_holds_all_that_may_go_with_the_first(lengths: list[int], most: int) -> None:
    waiting = [prepared(length) for length in lengths]
    chosen, full = choose_batch(waiting, batching="any", most_tokens=most, new_tokens=NEW)
    assert full or len(chosen) == len(lengths)


def test_the_nearest_in_length_go_together() -> None:
    waiting = [prepared(tokens) for tokens in (30, 5, 31, 50, 29)]
    assert choose_batch(waiting, batching="any", most_tokens=3 * 41, new_tokens=NEW) == ([0, 2, 4], True)


def test_prompts_are_padded_on_the_left_and_pictures_follow_one_another() -> None:
    batch = collate([prepared(2, frames=1), prepared(4, frames=3)], pad_id=7)
    assert batch["input_ids"].tolist() == [[7, 7, 1, 1], [1, 1, 1, 1]]
    assert batch["pixel_values"].shape == (4, 3, 4, 4)


def test_frames_of_a_clip_that_stay_together_are_padded_with_empty_ones() -> None:
    clips = [Prepared({"pixel_values": torch.ones((1, frames, 3, 4, 4))}, 0, 0) for frames in (1, 3)]
    pixels = collate(clips, pad_id=0)["pixel_values"]
    assert pixels.shape == (2, 3, 3, 4, 4)
    assert pixels[0, 1:].abs().sum() == 0
    assert pixels[1].min() == 1


def test_the_estimate_is_of_the_right_size() -> None:
    """A model of this kind keeps 114,688 bytes of keys and values a token."""
    assert 2 * 114_688 < bytes_per_token(MEASURES) < 10 * 114_688


@given(st.integers(0, 10**12), st.lists(st.integers(1, 10**6), max_size=5))
def test_what_failed_is_never_tried_again(free: int, failures: list[int]) -> None:
    limit = BatchLimit.estimated(MEASURES, free=free)
    for failed in failures:
        limit.halve(failed)
        limit.learn(tokens=1000, taken=1, free=10**12)  # that much room, it seems: still not
        assert limit.tokens <= max(1, failed // 2)
    assert limit.tokens >= 1


def test_a_limit_grows_with_what_is_measured_and_shrinks_with_it() -> None:
    limit = BatchLimit(1000)
    limit.learn(tokens=1000, taken=10**9, free=10**11)
    assert limit.tokens == 4000
    limit.learn(tokens=4000, taken=10**9, free=10**9)
    assert limit.tokens == 3200
