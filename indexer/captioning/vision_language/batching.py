"""Which clips go through a model together, and how their tensors become one batch."""

from collections.abc import Hashable, Sequence
from typing import Final

import torch
from torch.nn.functional import pad

from indexer.captioning.vision_language.families import Batching
from indexer.captioning.vision_language.inputs import Prepared
from indexer.captioning.vision_language.loaded import Tensors

_OF_TOKENS: Final = frozenset({"input_ids", "attention_mask", "mm_token_type_ids", "token_type_ids"})


def kind_of(prepared: Prepared, batching: Batching) -> Hashable:
    """Clips of one kind may go together."""
    if batching == "any":
        return None
    return prepared.shapes if batching == "alike" else id(prepared)


def choose_batch(
    waiting: Sequence[Prepared], *, batching: Batching, most_tokens: int, new_tokens: int
) -> tuple[list[int], bool]:
    """Places of the clips of the next batch, ascending, and whether no more would have fitted.

    The one that has waited longest is in it; beside it those nearest in length, so that little is padded, as long as
    their number times the longest of them, and what is written, keeps within `most_tokens`.
    """
    first = waiting[0]
    kind = kind_of(first, batching)
    others = [at for at in range(1, len(waiting)) if kind_of(waiting[at], batching) == kind]
    chosen, longest = [0], first.tokens
    for at in sorted(others, key=lambda at: abs(waiting[at].tokens - first.tokens)):
        longest = max(longest, waiting[at].tokens)
        if (len(chosen) + 1) * (longest + new_tokens) > most_tokens:
            return sorted(chosen), True
        chosen.append(at)
    return sorted(chosen), batching == "alone" or 2 * (longest + new_tokens) > most_tokens


def collate(clips: Sequence[Prepared], *, pad_id: int) -> Tensors:
    """Prompts are padded on the left; pictures follow one another, or make one tensor with empty frames at its end
    where a family keeps the frames of a clip together."""
    batch: Tensors = {}
    for name in clips[0].tensors:
        tensors = [clip.tensors[name] for clip in clips]
        if name in _OF_TOKENS:
            batch[name] = _padded(tensors, dimension=1, value=pad_id if name == "input_ids" else 0, left=True)
        else:
            uneven = tensors[0].ndim > 3 and len({tensor.shape[1] for tensor in tensors}) > 1
            batch[name] = _padded(tensors, dimension=1, value=0, left=False) if uneven else torch.cat(tensors)
    return batch


def pinned(batch: Tensors) -> Tensors:
    """In memory from which a GPU copies while it computes."""
    return {name: tensor.pin_memory() for name, tensor in batch.items()}


def _padded(tensors: Sequence[torch.Tensor], *, dimension: int, value: int, left: bool) -> torch.Tensor:
    longest = max(tensor.shape[dimension] for tensor in tensors)
    whole = []
    for tensor in tensors:
        lacking = longest - tensor.shape[dimension]
        behind = [0, 0] * (tensor.ndim - dimension - 1)
        whole.append(pad(tensor, [*behind, lacking, 0] if left else [*behind, 0, lacking], value=value))
    return torch.cat(whole)
