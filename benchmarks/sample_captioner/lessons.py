"""Lessons: clips cut, mirrored, reversed, frozen and disturbed by lot, with what is to be told of them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.sample_captioner.drawing import FRAMES, ClipTruth, Store, decoded
from benchmarks.sample_captioner.family import FEWEST, FPS, MOST, PAIR
from benchmarks.sample_captioner.filming import Filming, draw_filming, filmed
from benchmarks.sample_captioner.kept_out import is_kept_out
from benchmarks.sample_captioner.masks import MOMENTS, Masks, mask_for, masks_folder
from benchmarks.sample_captioner.seeing import see
from benchmarks.sample_captioner.sight import Sight, backwards, can_reverse, frozen, mirrored, part

Pixels = NDArray[np.uint8]
FROZEN, WHOLE, REVERSED, FEWER, EVEN, MASKED, FILMED = 0.12, 0.6, 0.45, 0.4, 0.3, 0.4, 0.5  # how often


@dataclass(frozen=True, slots=True)
class Take:
    """How a kept clip is shown: which of its pictures in which order, when (s), and what is to be told."""

    sight: Sight
    pictures: tuple[int, ...]
    times: tuple[float, ...]
    flipped: bool = False
    filming: Filming | None = None  # a camera move over a still camera's clip


@dataclass(frozen=True, slots=True)
class Lesson:
    frames: Pixels  # (frames, height, width, 3)
    times: tuple[float, ...]
    sight: Sight
    views: NDArray[np.float32]  # (frames, 3): where the camera looks, as it is shown: x, y, height
    places: dict[str, NDArray[np.float32]] = field(default_factory=dict)  # by noun: (pairs, tokens) shares it covers


@dataclass(frozen=True)
class Clips:
    """Stores side by side."""

    stores: tuple[Store, ...]
    truths: list[tuple[int, ClipTruth]]  # number of the store, truth
    pixels: list[Pixels]
    firsts: list[int]  # number of each store's first clip

    @classmethod
    def of(cls, *stores: Store) -> "Clips":
        kept = [store.truths() for store in stores]
        truths = [(number, truth) for number, some in enumerate(kept) for truth in some]
        firsts = [0, *accumulate(len(some) for some in kept[:-1])]
        return cls(stores, truths, [store.pixels() for store in stores], firsts)

    @cached_property
    def masked(self) -> list[int]:
        """The clips that have masks."""
        return [
            self.firsts[number] + int(path.stem)
            for number, store in enumerate(self.stores)
            for path in sorted(masks_folder(store).glob("*.npy"))
        ]

    def masks(self, clip: int) -> Masks | None:
        store, _ = self.truths[clip]
        path = masks_folder(self.stores[store]) / f"{clip - self.firsts[store]}.npy"
        return np.load(path) if path.exists() else None

    def picture(self, clip: int, number: int) -> Pixels:
        store, truth = self.truths[clip]
        return decoded(np.asarray(self.pixels[store][truth["offsets"][number] : truth["offsets"][number + 1]]))


def batches(clips: Clips, size: int, seed: str) -> Iterator[list[Lesson]]:
    """Endless batches of lessons with equally many frames of one shape; nothing kept out is among them."""
    stream = Random(seed)
    masked = clips.masked or range(len(clips.truths))
    waiting: dict[tuple[int, bool], list[tuple[int, Take]]] = defaultdict(list)
    while True:
        clip = stream.randrange(len(clips.truths)) if stream.random() > MASKED else stream.choice(masked)
        truth = clips.truths[clip][1]
        take = draw_take(truth, stream)
        if take is None or is_kept_out(take.sight):
            continue
        alike = waiting[len(take.pictures), truth["tall"]]
        alike.append((clip, take))
        if len(alike) == size:
            yield [disturbed(lesson(clips, *one), clips, stream) for one in alike]
            alike.clear()


def draw_take(truth: ClipTruth, stream: Random) -> Take | None:
    sight, (start, end) = see(truth), (0.0, 1.0)
    if stream.random() > WHOLE:
        start, end = stream.uniform(0, 0.3), 1 - stream.uniform(0, 0.3)
        cut = part(sight, start, end)
        if cut is None:
            return None
        sight = cut
    count = frames_for((end - start) * truth["seconds"])
    if stream.random() < FEWER:
        count = 2 * stream.randint(FEWEST // 2, count // 2)
    within = 0.5 if stream.random() < EVEN else stream.uniform(0.1, 0.9)
    take = Take(sight, *_shown(truth, start, _shares(start, end, count, within)))
    if stream.random() < FROZEN:
        held = frozen_take(truth, take, stream)
        return mirrored_take(held) if held and stream.random() < 0.5 else held
    if can_reverse(sight) and stream.random() < REVERSED:
        take = reversed_take(take, (end - start) * truth["seconds"])
    take = mirrored_take(take) if stream.random() < 0.5 else take
    return filmed_take(take, stream) if sight.camera == "static" and stream.random() < FILMED else take


def whole_take(truth: ClipTruth) -> Take:
    return Take(see(truth), *_shown(truth, 0.0, _shares(0.0, 1.0, frames_for(truth["seconds"]), 0.5)))


def reversed_take(take: Take, seconds: float) -> Take:
    times = tuple(max(0.0, seconds - time) for time in reversed(take.times))
    return Take(backwards(take.sight), take.pictures[::-1], times, take.flipped)


def mirrored_take(take: Take) -> Take:
    return Take(mirrored(take.sight), take.pictures, take.times, not take.flipped)


def filmed_take(take: Take, stream: Random) -> Take:
    filming = draw_filming(len(take.pictures), stream)
    return replace(take, sight=replace(take.sight, camera=filming.move.name), filming=filming)


def frozen_take(truth: ClipTruth, take: Take, stream: Random) -> Take | None:
    """One picture held for all of the take, whose times it keeps. None where the main thing is not in that picture."""
    at = stream.randrange(FRAMES)
    held = frozen(see(truth), (at + 0.5) / FRAMES)
    return None if held is None else replace(take, sight=held, pictures=(at,) * len(take.pictures))


def frames_for(seconds: float) -> int:
    """Two a second, an even number, within the model's limits."""
    return min(MOST, max(FEWEST, 2 * round(seconds * FPS / 2)))


def lesson(clips: Clips, clip: int, take: Take) -> Lesson:
    kept = {number: clips.picture(clip, number) for number in set(take.pictures)}
    frames = np.stack([kept[number] for number in take.pictures])
    views = np.array([clips.truths[clip][1]["views"][number] for number in take.pictures], np.float32)
    if take.flipped:
        frames, views = frames[:, :, ::-1].copy(), views * np.array([-1, 1, 1], np.float32)
    if take.filming:
        frames, views = filmed(frames, take.filming)
        return Lesson(frames, take.times, take.sight, views)  # where things are now is not known
    return Lesson(frames, take.times, take.sight, views, _places(clips, clip, take))


def disturbed(shown: Lesson, clips: Clips, stream: Random) -> Lesson:
    """As decoders, scalers and joins disturb: brighter or darker, softer, noisy, squeezed, the rest of a dissolve."""
    frames = shown.frames
    if stream.random() < 0.7:
        gain, lift = stream.uniform(0.9, 1.1), stream.uniform(-8, 8)
        frames = np.clip(np.arange(256) * gain + lift, 0, 255).astype(np.uint8)[frames]
    if stream.random() < 0.3:
        width = stream.uniform(0.3, 0.8)
        frames = np.stack([cv2.GaussianBlur(frame, (3, 3), width) for frame in frames])
    if stream.random() < 0.3:
        noise = np.random.default_rng(stream.getrandbits(32)).integers(-5, 6, frames.shape, dtype=np.int16)
        frames = np.clip(frames + noise, 0, 255).astype(np.uint8)
    if stream.random() < 0.3:
        frames = _closer(frames, stream)
    if not shown.sight.is_frozen and stream.random() < 0.15:
        frames = _dissolving(frames, clips, stream)
    return replace(shown, frames=np.ascontiguousarray(frames))


def _closer(frames: Pixels, stream: Random) -> Pixels:
    height, width = frames.shape[1:3]
    share = stream.uniform(0.0, 0.04)
    left, top = stream.uniform(0, share) * width, stream.uniform(0, share) * height
    matrix = np.array([[1 / (1 - share), 0, -left / (1 - share)], [0, 1 / (1 - share), -top / (1 - share)]])
    return np.stack(
        [cv2.warpAffine(frame, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE) for frame in frames]
    )


def _dissolving(frames: Pixels, clips: Clips, stream: Random) -> Pixels:
    """The first or the last picture still has something of another shot, or of black."""
    other = clips.picture(stream.randrange(len(clips.truths)), stream.randrange(FRAMES))
    if other.shape != frames.shape[1:] or stream.random() < 0.3:
        other = np.zeros_like(frames[0])
    at, share = stream.choice((0, -1)), stream.uniform(0.1, 0.5)
    frames = frames.copy()
    frames[at] = cv2.addWeighted(frames[at], 1 - share, other, share, 0)
    return frames


def _places(clips: Clips, clip: int, take: Take) -> dict[str, NDArray[np.float32]]:
    """Of clips that have masks: where each thing that is told of is, pair by pair."""
    truth, kept = clips.truths[clip][1], clips.masks(clip)
    if kept is None:
        return {}
    pairs = zip(take.pictures[::PAIR], take.pictures[1::PAIR], strict=True)
    moments = [(first + second) * MOMENTS // (2 * FRAMES) for first, second in pairs]
    shape = (len(moments), *((7, 4) if truth["tall"] else (4, 7)))
    places = {}
    for noun in {one.noun for one in take.sight.happenings}:
        mask = mask_for(truth, kept, noun)
        if mask is not None:
            squares = mask[moments].reshape(shape).astype(np.float32) / np.float32(255)
            places[noun] = np.asarray(squares[:, :, ::-1] if take.flipped else squares).reshape(len(moments), -1)
    return places


def _shares(start: float, end: float, count: int, within: float) -> list[float]:
    return [start + (index + within) / count * (end - start) for index in range(count)]


def _shown(truth: ClipTruth, start: float, shares: list[float]) -> tuple[tuple[int, ...], tuple[float, ...]]:
    pictures = tuple(min(FRAMES - 1, int(share * FRAMES)) for share in shares)
    times = tuple(max(0.0, ((number + 0.5) / FRAMES - start) * truth["seconds"]) for number in pictures)
    return pictures, times
