"""What a model writes of a clip does not depend on the clips beside it in the batch: for each family that is said so.

Small random models, in float32: the logits of the first new token of each clip, generated alone, against those in a
batch. Rounding differs with the shapes that a sum is split into; the logits themselves are of the order of 1 to 10.
"""

from collections import defaultdict
from collections.abc import Hashable

import pytest
import torch

from indexer.captioning.base import Clip
from indexer.captioning.vision_language.batching import collate, kind_of
from indexer.captioning.vision_language.captioner import open_captioner
from indexer.captioning.vision_language.families import PROVED, batching_of
from indexer.captioning.vision_language.inputs import Prepared
from indexer.captioning.vision_language.ready import Ready
from tests.contracts.test_captioner_contract import clip_of
from tests.fakes.tiny_families import WRITERS

TOLERANCE = 1e-4


@pytest.fixture(scope="module", params=sorted(WRITERS))
def ready(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ready:
    folder = WRITERS[request.param](tmp_path_factory.mktemp("models") / request.param)
    return open_captioner(str(folder), tokens_per_second=40, device="cpu").ready()


def clips() -> list[Clip]:
    """Of unequal lengths, sizes and shapes; the last two alike."""
    return [
        clip_of(1, frames=6),
        clip_of(2, frames=2),
        clip_of(3, frames=4, shape=(64, 48)),
        clip_of(4, frames=5, shape=(40, 96)),
        clip_of(5, frames=3),
        clip_of(6, frames=6),
    ]


def first_logits(ready: Ready, together: list[Prepared]) -> torch.Tensor:
    """(clips, vocabulary) float32."""
    batch = collate(together, pad_id=ready.model.pad_id)
    with torch.inference_mode():
        found = ready.model.network.generate(
            **batch, max_new_tokens=1, do_sample=False, output_logits=True, return_dict_in_generate=True
        )
    logits: torch.Tensor = found.logits[0]  # type: ignore[attr-defined]  # a dictionary was asked for
    return logits


def in_kinds(ready: Ready, prepared: list[Prepared]) -> list[list[int]]:
    kinds: dict[Hashable, list[int]] = defaultdict(list)
    for place, clip in enumerate(prepared):
        kinds[kind_of(clip, ready.batching)].append(place)
    return list(kinds.values())


def test_a_clips_logits_do_not_depend_on_its_neighbours(ready: Ready) -> None:
    prepared = [ready.preparer.prepare(clip) for clip in clips()]
    alone = [first_logits(ready, [clip])[0] for clip in prepared]
    for places in in_kinds(ready, prepared):
        beside = first_logits(ready, [prepared[place] for place in places])
        for row, place in zip(beside, places, strict=True):
            assert torch.allclose(row, alone[place], rtol=0, atol=TOLERANCE), (place, places)


def test_the_proof_would_see_a_difference(ready: Ready) -> None:
    """Logits turn on what is in a clip, by far more than what is tolerated."""
    prepared = [ready.preparer.prepare(clip) for clip in clips()[-2:] + clips()[:1]]
    rows = [first_logits(ready, [clip])[0] for clip in prepared]
    assert (rows[1] - rows[2]).abs().max() > 100 * TOLERANCE


def test_several_clips_go_together(ready: Ready) -> None:
    prepared = [ready.preparer.prepare(clip) for clip in clips()]
    assert max(map(len, in_kinds(ready, prepared))) >= 2


def test_every_family_that_is_said_to_be_proof_is_proved() -> None:
    assert set(PROVED) == set(WRITERS)
    assert batching_of("a family of tomorrow") == "alike"
