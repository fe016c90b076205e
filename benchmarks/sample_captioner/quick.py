"""The model's own mathematics, arranged for a batch of equal clips on a processor.

All pairs of frames go through one attention call, the patch convolution is a product of matrices, and everything is
computed in one number format: with native bfloat16 half the bytes are moved. `tests` hold it to the model's own pass.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional
from transformers import Qwen3VLForConditionalGeneration
from transformers.vision_utils import get_vision_interpolation_indices_and_weights, get_vision_position_ids


class Linear(Protocol):
    """The part of a layer that is used; so for the others."""

    weight: Tensor
    bias: Tensor | None


class LayerNorm(Protocol):
    weight: Tensor
    bias: Tensor
    normalized_shape: Sequence[int]
    eps: float


class RootNorm(Protocol):
    weight: Tensor
    variance_epsilon: float


class Merger(Protocol):
    norm: LayerNorm
    linear_fc1: Linear
    linear_fc2: Linear
    hidden_size: int
    use_postshuffle_norm: bool


class Attention(Protocol):
    qkv: Linear
    proj: Linear
    num_heads: int


class Perceptron(Protocol):
    linear_fc1: Linear
    linear_fc2: Linear


class Block(Protocol):
    norm1: LayerNorm
    norm2: LayerNorm
    attn: Attention
    mlp: Perceptron


class PatchEmbedding(Protocol):
    proj: Linear


class Visual(Protocol):
    patch_embed: PatchEmbedding
    pos_embed: Callable[[Tensor], Tensor]
    rotary_pos_emb: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
    blocks: Sequence[Block]
    merger: Merger
    deepstack_merger_list: Sequence[Merger]
    deepstack_visual_indexes: list[int]
    num_grid_per_side: int
    interpolation_mode: str
    interpolation_align_corners: bool
    spatial_merge_size: int


@dataclass(frozen=True, slots=True)
class Layout:
    """What is alike in all clips of a batch."""

    grid: tuple[int, int]  # patches down, across
    pairs: int
    prompt: Tensor  # (batch, length) token numbers up to where the caption begins
    video_token: int


@dataclass(frozen=True, slots=True)
class Passed:
    logits: Tensor  # (batch, caption length, vocabulary): of each caption token, given those before it
    seen: Tensor  # (batch, pairs, tokens a pair, hidden): what the text is given to see
    asked: Tensor  # (batch, hidden): the last token before the caption
    after: Tensor  # (batch, pairs, hidden): the token that follows each pair, which has read all pairs so far


def run(model: Qwen3VLForConditionalGeneration, patches: Tensor, layout: Layout, captions: Tensor) -> Passed:
    """`patches` (batch, pairs, patches, values) in the format to compute in; `captions` (batch, length) tokens."""
    seen, early = _look(model.model.visual, patches, layout.grid)
    batch = patches.shape[0]
    tokens = torch.cat([layout.prompt, captions[:, :-1]], dim=1)
    where = tokens[0] == layout.video_token
    hidden = functional.embedding(tokens, _cast(model.model.language_model.embed_tokens.weight, patches))
    places = torch.nonzero(where).flatten()
    hidden = hidden.index_copy(1, places, seen.view(batch, len(places), -1))
    hidden = _read(model, hidden, layout, where, [one.view(batch, len(places), -1) for one in early])
    start = layout.prompt.shape[1] - 1
    head = _cast(model.lm_head.weight, patches)
    after = torch.nonzero(where[:-1] & ~where[1:]).flatten() + 1
    return Passed(functional.linear(hidden[:, start:], head), seen, hidden[:, start], hidden[:, after])


def _look(visual: Visual, patches: Tensor, grid: tuple[int, int]) -> tuple[Tensor, list[Tensor]]:
    batch, pairs, count, _ = patches.shape
    one = torch.tensor([[1, *grid]])
    indices, weights = get_vision_interpolation_indices_and_weights(
        one,
        num_grid_per_side=visual.num_grid_per_side,
        mode=visual.interpolation_mode,
        align_corners=visual.interpolation_align_corners,
        spatial_merge_size=visual.spatial_merge_size,
    )
    places = (visual.pos_embed(indices) * weights[:, :, None]).sum(1).to(patches.dtype)
    kernel = visual.patch_embed.proj
    hidden = functional.linear(patches.flatten(0, 1), _cast(kernel.weight, patches).flatten(1), _bias(kernel, patches))
    hidden = hidden + places
    cos, sin = visual.rotary_pos_emb(hidden, get_vision_position_ids(one, visual.spatial_merge_size))
    turn = (cos.to(patches.dtype)[None, None], sin.to(patches.dtype)[None, None])
    early = []
    for number, block in enumerate(visual.blocks):
        hidden = hidden + _look_around(block.attn, _layer_norm(block.norm1, hidden), turn)
        inner = functional.gelu(_linear(block.mlp.linear_fc1, _layer_norm(block.norm2, hidden)), approximate="tanh")
        hidden = hidden + _linear(block.mlp.linear_fc2, inner)
        if number in visual.deepstack_visual_indexes:
            merger = visual.deepstack_merger_list[visual.deepstack_visual_indexes.index(number)]
            early.append(_merge(merger, hidden).view(batch, pairs, count // 4, -1))
    return _merge(visual.merger, hidden).view(batch, pairs, count // 4, -1), early


def _look_around(attention: Attention, hidden: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    rows, count, width = hidden.shape
    query, key, value = _linear(attention.qkv, hidden).view(rows, count, 3, attention.num_heads, -1).unbind(2)
    query, key = (_turned(one.transpose(1, 2), turn) for one in (query, key))
    mixed = _attend(query, key, value.transpose(1, 2))
    return _linear(attention.proj, mixed.transpose(1, 2).reshape(rows, count, width))


def _merge(merger: Merger, hidden: Tensor) -> Tensor:
    if merger.use_postshuffle_norm:
        hidden = _layer_norm(merger.norm, hidden.reshape(-1, merger.hidden_size))
    else:
        hidden = _layer_norm(merger.norm, hidden).reshape(-1, merger.hidden_size)
    return _linear(merger.linear_fc2, functional.gelu(_linear(merger.linear_fc1, hidden)))


def _read(
    model: Qwen3VLForConditionalGeneration, hidden: Tensor, layout: Layout, where: Tensor, early: list[Tensor]
) -> Tensor:
    text = model.model.language_model
    cos, sin = text.rotary_emb(hidden, _positions(model, layout, where))
    turn = (cos.to(hidden.dtype).unsqueeze(1), sin.to(hidden.dtype).unsqueeze(1))
    places = torch.nonzero(where).flatten()
    length = hidden.shape[1]
    future = torch.full((length, length), -1e4, dtype=hidden.dtype).triu(1)
    for number, layer in enumerate(text.layers):
        attention, mlp = layer.self_attn, layer.mlp
        normed = _rms_norm(layer.input_layernorm, hidden)
        shape = (*hidden.shape[:2], -1, attention.head_dim)
        query = _turned(
            _rms_norm(attention.q_norm, _linear(attention.q_proj, normed).view(shape)).transpose(1, 2), turn
        )
        key = _turned(_rms_norm(attention.k_norm, _linear(attention.k_proj, normed).view(shape)).transpose(1, 2), turn)
        value = _linear(attention.v_proj, normed).view(shape).transpose(1, 2)
        mixed = _attend(query, key, value, future)
        hidden = hidden + _linear(attention.o_proj, mixed.transpose(1, 2).flatten(2))
        normed = _rms_norm(layer.post_attention_layernorm, hidden)
        inner = functional.silu(_linear(mlp.gate_proj, normed)) * _linear(mlp.up_proj, normed)
        hidden = hidden + _linear(mlp.down_proj, inner)
        if number < len(early):
            hidden = hidden.index_add(1, places, early[number])
    return _rms_norm(text.norm, hidden)


def _attend(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None) -> Tensor:
    """Written out: on a processor, in bfloat16, the fused attention's backward pass is several times slower."""
    shape, scale = query.shape, query.shape[-1] ** -0.5
    query, key, value = (one.reshape(-1, *shape[2:]) for one in (query, key, value))
    added = query.new_zeros(1, 1, 1) if mask is None else mask[None]
    scores = torch.baddbmm(added, query, key.transpose(1, 2), beta=0 if mask is None else 1, alpha=scale)
    return torch.bmm(functional.softmax(scores, dim=-1), value).view(shape)


def _positions(model: Qwen3VLForConditionalGeneration, layout: Layout, where: Tensor) -> Tensor:
    """(3, 1, length): alike in all clips, for all times have equally many tokens."""
    grid = torch.tensor([[layout.pairs, *layout.grid]])
    tokens = torch.zeros(1, len(where), dtype=torch.long)
    positions: Tensor = model.model.get_rope_index(tokens, where[None].int() * 2, video_grid_thw=grid)[0]
    return positions


def _turned(heads: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    first, second = heads.chunk(2, dim=-1)
    return heads * turn[0] + torch.cat((-second, first), dim=-1) * turn[1]


def _linear(layer: Linear, hidden: Tensor) -> Tensor:
    return functional.linear(hidden, _cast(layer.weight, hidden), _bias(layer, hidden))


def _layer_norm(norm: LayerNorm, hidden: Tensor) -> Tensor:
    return functional.layer_norm(
        hidden, norm.normalized_shape, _cast(norm.weight, hidden), _cast(norm.bias, hidden), norm.eps
    )


def _rms_norm(norm: RootNorm, hidden: Tensor) -> Tensor:
    return functional.rms_norm(hidden, norm.weight.shape, _cast(norm.weight, hidden), norm.variance_epsilon)


def _bias(layer: Linear, like: Tensor) -> Tensor | None:
    return None if layer.bias is None else _cast(layer.bias, like)


def _cast(weight: Tensor, like: Tensor) -> Tensor:
    return weight.to(like.dtype)
