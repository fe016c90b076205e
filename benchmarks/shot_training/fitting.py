"""Fit the network to the lessons: in torch, on one processor, in minutes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.shot_training.lessons import Exercise
from indexer.segmentation.network import DILATIONS, KINDS, compressed

CHANNELS = 64
WINDOW, BATCH = 192, 32  # frames, windows
_RATE, _DECAY, _DROPPED, _NOISE = 3e-3, 1e-2, 0.1, 0.03
_FILM_SHARE = 0.25  # of the windows are of films as they were cut
_BOUNDARY_WEIGHT, _INSIDE_WEIGHT = 4.0, 1.5  # of a frame that is one, against one that is none
_INSIDE_SHARE, _KIND_SHARE = 0.4, 0.1  # of the loss
_AVERAGED = 0.995  # of the weights is kept at each step in the average that is the outcome
_CLIP = 6.0

Weights = dict[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class _Sequence:
    rows: Tensor  # (f, n) standardised
    truth: Tensor  # (2, n) boundary, inside; -1 where it is open
    kinds: Tensor  # (n,)


class _Network(nn.Module):
    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.input = nn.Conv1d(inputs, CHANNELS, 1)
        self.layers = nn.ModuleList(
            [nn.Conv1d(CHANNELS, CHANNELS, 3, padding=dilation, dilation=dilation) for dilation in DILATIONS]
        )
        self.output = nn.Conv1d(CHANNELS, 2 + len(KINDS), 1)
        self.dropped = nn.Dropout(_DROPPED)

    def forward(self, rows: Tensor) -> Tensor:
        state = functional.relu(self.input(rows))
        for layer in self.layers:
            state = state + self.dropped(functional.relu(layer(state)))
        scores: Tensor = self.output(state)
        return scores


def fit(exercises: Sequence[Exercise], *, seed: int, steps: int) -> Weights:
    """The weights of one member of the network, by the names `indexer.segmentation.network` gives them."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    sample = np.concatenate([compressed(one.features[::7].astype(np.float32)) for one in exercises])
    mean, spread = sample.mean(axis=0), sample.std(axis=0) + 1e-3
    filmed = [_sequence(one, mean, spread) for one in exercises if one.own_edits and len(one.kinds) > WINDOW]
    made = [_sequence(one, mean, spread) for one in exercises if not one.own_edits and len(one.kinds) > WINDOW]
    network = _Network(len(mean)).train()
    optimiser = torch.optim.AdamW(network.parameters(), _RATE, weight_decay=_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=steps)
    average = {name: value.clone() for name, value in network.state_dict().items()}
    for step in range(steps):
        windows = [_window(rng, filmed if filmed and rng.random() < _FILM_SHARE else made) for _ in range(BATCH)]
        rows, truth, kinds = (torch.stack(part) for part in zip(*windows, strict=True))
        loss = _loss(network(rows + torch.randn_like(rows) * _NOISE), truth, kinds)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        kept = min(_AVERAGED, step / (step + 20))
        for name, value in network.state_dict().items():
            average[name].mul_(kept).add_(value, alpha=1 - kept)
        if step % 250 == 249:
            print(f"  {step + 1} of {steps}: {loss.item():.3f}", flush=True)
    return _named(average, mean, spread)


def _sequence(one: Exercise, mean: NDArray[np.float32], spread: NDArray[np.float32]) -> _Sequence:
    rows = np.clip((compressed(one.features.astype(np.float32)) - mean) / spread, -_CLIP, _CLIP)
    truth = np.stack([one.boundary, one.inside])
    return _Sequence(torch.from_numpy(rows.T.copy()), torch.from_numpy(truth), torch.from_numpy(one.kinds).long())


def _window(rng: np.random.Generator, sequences: Sequence[_Sequence]) -> tuple[Tensor, Tensor, Tensor]:
    lengths = np.array([len(one.kinds) for one in sequences])
    one = sequences[int(rng.choice(len(sequences), p=lengths / lengths.sum()))]
    first = int(rng.integers(0, len(one.kinds) - WINDOW))
    frames = slice(first, first + WINDOW)
    return one.rows[:, frames], one.truth[:, frames], one.kinds[frames]


def _loss(scores: Tensor, truth: Tensor, kinds: Tensor) -> Tensor:
    known, target = (truth >= 0).float(), truth.clamp(min=0)
    losses = [
        functional.binary_cross_entropy_with_logits(
            scores[:, place], target[:, place], weight=known[:, place], pos_weight=torch.tensor(weight)
        )
        for place, weight in enumerate((_BOUNDARY_WEIGHT, _INSIDE_WEIGHT))
    ]
    loss = losses[0] + _INSIDE_SHARE * losses[1]
    of_kind = kinds >= 0
    if of_kind.any():
        by_frame = scores[:, 2:].transpose(1, 2)[of_kind]
        loss = loss + _KIND_SHARE * functional.cross_entropy(by_frame, kinds[of_kind])
    return loss


def _named(state: dict[str, Tensor], mean: NDArray[np.float32], spread: NDArray[np.float32]) -> Weights:
    weights = {name: value.numpy() for name, value in state.items()}
    for name in ("input.weight", "output.weight"):
        weights[name] = weights[name][:, :, 0]
    return {"mean": mean, "spread": spread, **weights}
