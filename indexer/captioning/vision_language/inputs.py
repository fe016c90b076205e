"""From a clip to what a model takes: pictures as tensors, and the prompt with their times.

Each clip is prepared by itself, so that nothing of it can depend on others; batches are put together afterwards.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from indexer.captioning.base import Clip
from indexer.captioning.vision_language.budget import FramePlan
from indexer.captioning.vision_language.families import opening_words
from indexer.captioning.vision_language.limits import Grid, Limits
from indexer.captioning.vision_language.loaded import LoadedModel, Tensors
from indexer.domain import Frame, Pixels
from indexer.timecode import TimeRange

_TOKEN_IDS: Final = ("image_token_id", "video_token_id", "image_token_index", "video_token_index")
_ASKED_S: Final = (37, 41)  # times that stand in a prompt only where somebody wrote them there


@dataclass(frozen=True, slots=True)
class Prepared:
    """One clip, ready to go into a batch. Tensors are on the processor, pictures in the model's own precision."""

    tensors: Tensors
    tokens: int  # of the prompt, those of pictures included
    vision_tokens: int

    @property
    def shapes(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Clips of equal shapes go together without any padding."""
        return tuple(sorted((name, tuple(tensor.shape)) for name, tensor in self.tensors.items()))


@dataclass(frozen=True, slots=True)
class Asking:
    """How a family of models is asked."""

    family: str
    limits: Limits
    frames: FramePlan
    prompt: str


class Preparer:
    """Threads may share it."""

    def __init__(self, model: LoadedModel, asking: Asking) -> None:
        self._model = model
        self._asking = asking
        self._picture_ids = _picture_ids(model)
        self._tells_times = asking.limits.way != "video" or self._times_come_through()

    def prepare(self, clip: Clip) -> Prepared:
        """`clip` has at least one frame."""
        way = self._asking.limits.way
        if way == "one image":
            found = self._one_image(sharpest(clip.frames))
        elif way == "images":
            found = self._images(clip)
        else:
            found = self._video(clip)
        return self._prepared(found)

    def _video(self, clip: Clip) -> Mapping[str, object]:
        frames = self._evened(clip.frames)
        prompt = self._asking.prompt if self._tells_times else f"{_telling(clip)} {self._asking.prompt}"
        return self._model.processor(
            text=[self._chat([{"type": "video"}, {"type": "text", "text": prompt}])],
            videos=[_stack(frames)],
            video_metadata=[_metadata(clip.span, frames)],
            do_sample_frames=False,
            return_tensors="pt",
            **self._sizes("video_processor", len(frames)),
        )

    def _images(self, clip: Clip) -> Mapping[str, object]:
        content = [part for frame in clip.frames for part in _timed_image(frame, clip.span)]
        return self._model.processor(
            text=[self._chat([*content, {"type": "text", "text": self._asking.prompt}])],
            images=[[_own(frame) for frame in clip.frames]],
            return_tensors="pt",
            **self._sizes("image_processor", 1),
        )

    def _one_image(self, frame: Frame) -> Mapping[str, object]:
        words = opening_words(self._asking.family)
        text = {} if words is None else {"text": [words]}
        return self._model.processor(images=[_own(frame)], return_tensors="pt", **text)

    def _evened(self, frames: Sequence[Frame]) -> list[Frame]:
        """The last one again where a model looks at frames by twos: else it would go unseen."""
        picture = self._asking.limits.picture
        temporal = picture.temporal if isinstance(picture, Grid) else 1
        return [*frames, *[frames[-1]] * (-len(frames) % temporal)]

    def _sizes(self, part: str, frames: int) -> dict[str, object]:
        """What holds the processor to the budget, whatever the shape of the pictures."""
        processor, picture = getattr(self._model.processor, part), self._asking.limits.picture
        options: dict[str, object] = {}
        if isinstance(picture, Grid) and self._asking.frames.most_pixels is not None:
            most = self._asking.frames.most_pixels * (frames if picture.pixels_of == "clip" else 1)
            most = max(min(most, picture.most_pixels), picture.least_pixels)
            options["size"] = {"shortest_edge": picture.least_pixels, "longest_edge": most}
        if getattr(processor, "cap_pixels_per_frame", False) is None:
            options["cap_pixels_per_frame"] = False
        if getattr(processor, "do_image_splitting", False):
            options["do_image_splitting"] = False  # a frame is not worth many pictures
        return options

    def _chat(self, content: list[dict[str, str]]) -> str:
        message: dict[str, object] = {"role": "user", "content": content}
        return self._model.processor.apply_chat_template([message], add_generation_prompt=True, tokenize=False)

    def _times_come_through(self) -> bool:
        """Whether the family's own processor tells the model when frames were taken, in words or by their positions."""
        self._tells_times = True
        first, second = _ASKED_S
        pixels = np.zeros((64, 64, 3), dtype=np.uint8)
        times = [1_000_000 * second for second in (first, first, second, second)]
        clip = Clip(TimeRange(0, 60_000_000), tuple(Frame(t_us, 1_000_000, pixels) for t_us in times))
        found = self._video(clip)
        if "second_per_grid_ts" in found:
            return True
        ids = found["input_ids"]
        assert isinstance(ids, torch.Tensor)
        said = self._model.processor.batch_decode(ids.tolist(), skip_special_tokens=False)[0]
        return all(re.search(rf"\b{time}\b", said) for time in _ASKED_S)

    def _prepared(self, found: Mapping[str, object]) -> Prepared:
        tensors = {name: self._as_tensor(value) for name, value in found.items() if _is_numbers(value)}
        ids = tensors.get("input_ids")
        if ids is None:
            return Prepared(tensors, 0, 0)
        seen = int(torch.isin(ids, self._picture_ids).sum())
        return Prepared(tensors, ids.shape[1], seen)

    def _as_tensor(self, value: object) -> torch.Tensor:
        tensor = value if isinstance(value, torch.Tensor) else torch.as_tensor(value)
        is_picture = tensor.is_floating_point() and tensor.ndim > 1
        return tensor.to(self._model.plan.dtype) if is_picture else tensor


def sharpest(frames: Sequence[Frame]) -> Frame:
    """The frame with the strongest edges; of equal ones the one nearest to the middle."""
    middle = (len(frames) - 1) / 2
    order = sorted(range(len(frames)), key=lambda at: abs(at - middle))
    return frames[max(order, key=lambda at: _edges(frames[at].pixels))]


def _edges(pixels: Pixels) -> float:
    grey = pixels.mean(axis=2)
    return float(sum(np.square(np.diff(grey, axis=axis)).mean() for axis in (0, 1) if grey.shape[axis] > 1))


def _picture_ids(model: LoadedModel) -> torch.Tensor:
    places = (model.processor, model.network.config)
    found = {getattr(place, name, None) for place in places for name in _TOKEN_IDS}
    return torch.tensor(sorted(number for number in found if isinstance(number, int)))


def _is_numbers(value: object) -> bool:
    return isinstance(value, torch.Tensor) or (
        isinstance(value, list) and bool(value) and all(isinstance(number, (int, float)) for number in value)
    )


def _own(frame: Frame) -> NDArray[np.uint8]:
    return frame.pixels.copy()  # torch wants to own them


def _stack(frames: Sequence[Frame]) -> NDArray[np.uint8]:
    """(frames, height, width, 3) uint8."""
    return np.stack([frame.pixels for frame in frames])


def _metadata(span: TimeRange, frames: Sequence[Frame]) -> dict[str, object]:
    """True times, as a video of a thousand frames a second of which only ours were picked: exact to the millisecond."""
    milliseconds = [round(_seconds(frame, span) * 1000) for frame in frames]
    return {
        "fps": 1000.0,
        "total_num_frames": max(1, span.duration_us // 1000, milliseconds[-1] + 1),
        "frames_indices": milliseconds,
        "duration": span.duration_us / 1e6,
        "height": frames[0].pixels.shape[0],
        "width": frames[0].pixels.shape[1],
    }


def _telling(clip: Clip) -> str:
    times = ", ".join(f"{_seconds(frame, clip.span):.1f}" for frame in clip.frames)
    return f"The frames were taken at {times} seconds."


def _timed_image(frame: Frame, span: TimeRange) -> list[dict[str, str]]:
    return [{"type": "text", "text": f"At {_seconds(frame, span):.1f} seconds:"}, {"type": "image"}]


def _seconds(frame: Frame, span: TimeRange) -> float:
    return max(0, frame.t_us - span.start_us) / 1e6
