"""Training programmes: shots joined by edits whose place and kind are known, and disturbed by what is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.shot_training.disturbances import disturbed
from benchmarks.shot_training.drawn import draw_card
from benchmarks.shot_training.joins import Join, joined, length_of
from benchmarks.shot_training.takes import HEIGHT, WIDTH, Look, Pictures, Rng, Shot, nearer, take
from indexer.segmentation.network import KINDS

SHOTS = 36  # in a programme
NO_KIND = -1
_JOINS: dict[Join, float] = {"cut": 0.60, "dissolve": 0.14, "fade": 0.09, "wipe": 0.07, "slide": 0.08, "flash": 0.02}
_TAIL = 51  # frames beyond a shot's end that the next edit may take
_INTERVALS = 0.02
_SHORT_SHOT = 25


@dataclass(frozen=True, slots=True)
class Lesson:
    """n frames and the truth about them. `boundary` (n,): 1 around the middle of an edit, 0 elsewhere, -1 where nobody
    can say; `inside` (n,): 1 in every frame of an edit; `kinds` (n,): places in `KINDS`, or -1."""

    pictures: NDArray[np.uint8]  # (n, 36, 64, 3) RGB
    boundary: NDArray[np.float32]
    inside: NDArray[np.float32]
    kinds: NDArray[np.int8]


@dataclass(slots=True)
class _Cutting:
    """A programme in the making."""

    rng: Rng
    places: Mapping[str, Sequence[Shot]]
    names: list[str]
    chances: NDArray[np.float64]
    camera: bool
    look: Look
    place: str | None = None
    shot: Shot | None = None
    parts: list[tuple[Pictures, NDArray[np.float32], NDArray[np.float32], NDArray[np.int8]]] = field(
        default_factory=list
    )

    def add(self, frames: Pictures, join: Join | None = None) -> None:
        """Frames of a shot, or all those of an edit."""
        count = len(frames)
        boundary, inside = np.zeros(count, np.float32), np.zeros(count, np.float32)
        kinds = np.full(count, NO_KIND, np.int8)
        if join is not None:
            inside[:], kinds[:] = 1, kind_of(join)
            mark_middle(boundary, 0, count)
        self.parts.append((frames, boundary, inside, kinds))

    def next_take(self, join: Join, count: int) -> Pictures:
        """Another place, another take of the same place, the same take later, or a card."""
        rng, chance = self.rng, self.rng.random()
        if chance < 0.06:
            self.place = None
            card = draw_card(int(rng.integers(1 << 31)), count)
            return np.stack([cv2.resize(one, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA) for one in card]).astype(
                np.float32
            )
        if self.place is not None and self.shot is not None and join == "cut" and chance < 0.18:
            again = take(rng, self.shot, count, look=self.look.nearly(rng), camera=self.camera)
            return nearer(rng, again) if rng.random() < 0.6 else again
        shots = self.places[self.place] if self.place is not None else ()
        if len(shots) < 2 or rng.random() > (0.45 if join == "cut" else 0.25):
            self.place = self.names[int(rng.choice(len(self.names), p=self.chances))]
            shots = self.places[self.place]
            self.look = Look.drawn(rng) if rng.random() < 0.8 else self.look
        self.shot = shots[int(rng.integers(len(shots)))]
        return take(rng, self.shot, count, look=self.look.nearly(rng), camera=self.camera)


def programme(seed: int, places: Mapping[str, Sequence[Shot]], weights: Mapping[str, float]) -> Lesson:
    """A programme of `SHOTS` shots from `places`, chosen by `weights`. The same seed gives the same programme."""
    rng = np.random.default_rng(seed)
    names = sorted(places)
    chances = np.array([weights[name] for name in names])
    plain = rng.random() < 0.12
    cutting = _Cutting(rng, places, names, chances / chances.sum(), not plain, Look.drawn(rng))
    tail = cutting.next_take("cut", _TAIL)
    cutting.add(_from_nothing(rng, tail[:1]))
    for _ in range(SHOTS):
        join: Join = list(_JOINS)[int(rng.choice(len(_JOINS), p=list(_JOINS.values())))]
        mixed, length = length_of(rng, join), _shot_length(rng)
        frames = cutting.next_take(join, mixed + length + _TAIL)
        if mixed:
            cutting.add(joined(rng, join, tail[:mixed], frames[:mixed]), join)
        body = frames[mixed : mixed + length]
        body = body if plain else disturbed(rng, body)
        if not mixed:
            cutting.add(body[:1], "cut")
            body = body[1:]
        cutting.add(body)
        tail = frames[mixed + length :]
        if rng.random() < _INTERVALS:
            tail = _interval(rng, cutting, tail)
    cutting.add(_from_nothing(rng, tail[:1])[::-1])
    return _finished(rng, cutting)


def _from_nothing(rng: Rng, first: Pictures) -> Pictures:
    """What a video may begin with, and backward end with, and is no edit: black, and a fade in."""
    if rng.random() < 0.4:
        return first
    shares = np.linspace(0, 1, int(rng.uniform(5, 40)), dtype=np.float32)[:, None, None, None]
    black = np.zeros((int(rng.integers(0, 40)), HEIGHT, WIDTH, 3), np.float32)
    return np.concatenate([black, first * shares])


def _interval(rng: Rng, cutting: _Cutting, tail: Pictures) -> Pictures:
    """A fade out, some seconds of black, and what comes out of it: two edits. Returns what follows."""
    length = length_of(rng, "fade")
    shares = np.linspace(1, 0, length, dtype=np.float32)[:, None, None, None]
    cutting.add(tail[:length] * shares, "fade")
    cutting.add(np.zeros((int(rng.uniform(50, 110)), HEIGHT, WIDTH, 3), np.float32))
    cutting.place = None
    after = cutting.next_take("cut", length + _SHORT_SHOT + _TAIL)
    if rng.random() < 0.5:
        cutting.add(after[:length] * shares[::-1], "fade")
    else:
        cutting.add(after[:1], "cut")
        cutting.add(after[1:length])
    cutting.add(after[length : length + _SHORT_SHOT])
    return after[length + _SHORT_SHOT :]


def kind_of(join: Join) -> int:
    return KINDS.index(join) if join in KINDS else KINDS.index("cut")


def mark_middle(boundary: NDArray[np.float32], first: int, end: int) -> None:
    """One frame of a cut, two of a short edit, five of a longer one."""
    middle = (first + end) // 2
    reach = (2, 3) if end - first > 8 else (1, 1)
    boundary[max(first, middle - reach[0]) : min(end, middle + reach[1])] = 1


def _shot_length(rng: Rng) -> int:
    lengths = ((20, 110), (10, 22), (110, 240), (4, 10))
    return int(rng.uniform(*lengths[int(rng.choice(4, p=[0.6, 0.2, 0.12, 0.08]))]))


def _finished(rng: Rng, cutting: _Cutting) -> Lesson:
    """With noise, repeated frames, fields of two frames woven into one, or coarse coding, now and then, over all of
    it."""
    frames, boundary, inside, kinds = (np.concatenate(part) for part in zip(*cutting.parts, strict=True))
    if rng.random() < 0.35:
        frames = frames + rng.normal(0, rng.uniform(0.5, 4), frames.shape).astype(np.float32)
    if rng.random() < 0.2:
        every = int(rng.integers(2, 6))
        order = np.arange(len(frames))
        frames = frames[order - (order % every == every - 1)]
    if rng.random() < 0.1:
        woven = np.flatnonzero(np.isin(np.arange(len(frames) - 1) % 5, (1, 2)))  # 3:2 pulldown, seen small
        frames[woven] = (frames[woven] + frames[woven + 1]) / 2
    if rng.random() < 0.3:
        step = int(rng.integers(4, 14))
        frames = frames // step * step + step // 2
    return Lesson(np.clip(frames, 0, 255).astype(np.uint8), boundary, inside, kinds)
