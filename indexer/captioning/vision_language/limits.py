"""What a model can be shown, read from the small files of its folder: no torch, no weights."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from indexer.captioning.vision_language.families import Way, bounds_each_frame, way_of
from indexer.errors import ComponentError

Json: TypeAlias = "Mapping[str, object]"


@dataclass(frozen=True, slots=True)
class Grid:
    """Pictures of any size are cut into squares of `factor` pixels, a token each; `temporal` frames share one."""

    factor: int
    temporal: int
    least_pixels: int
    most_pixels: int
    pixels_of: Literal["clip", "frame"]


@dataclass(frozen=True, slots=True)
class Square:
    """Every picture becomes a square of `side` pixels and so many vision tokens, whatever its shape."""

    side: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Limits:
    way: Way
    picture: Grid | Square
    most_per_second: float
    least_frames: int
    most_frames: int


_MOST_PER_SECOND = 2.0  # of models that do not say: what those that do were trained with
_MOST_FRAMES = 64
_LEAST_FRAMES = 2


def read_limits(folder: Path, *, name: str, family: str) -> Limits:
    """Raises `ComponentError` where the folder holds no model that can be asked about pictures."""
    config, chat = _read(folder / "config.json"), _has_chat(folder)
    way = way_of(family, chat="template" if chat else "none")
    if way is None:
        raise ComponentError(f"{name!r} cannot follow a prompt about pictures: it has no chat template for images")
    nested, plain = _read(folder / "processor_config.json"), _read(folder / "preprocessor_config.json")
    pictures = _part(nested, "image_processor") or plain
    if way == "video":
        pictures = _part(nested, "video_processor") or _read(folder / "video_preprocessor_config.json") or plain
    sampling = _part(pictures, "video_sampling")
    return Limits(
        way=way,
        picture=_picture(family, config=config, processor=nested, pictures=pictures),
        most_per_second=_number(pictures, "fps") or _number(sampling, "fps") or _MOST_PER_SECOND,
        least_frames=int(_number(pictures, "min_frames") or _LEAST_FRAMES),
        most_frames=int(_number(pictures, "max_frames") or _number(sampling, "max_frames") or _MOST_FRAMES),
    )


def _picture(family: str, *, config: Json, processor: Json, pictures: Json) -> Grid | Square:
    vision = _part(config, "vision_config")
    patch = int(_number(pictures, "patch_size") or _number(vision, "patch_size") or 16)
    merge = _number(pictures, "merge_size")
    if merge:
        size = _part(pictures, "size")
        return Grid(
            factor=patch * int(merge),
            temporal=int(_number(pictures, "temporal_patch_size") or 1),
            least_pixels=int(_number(pictures, "min_pixels") or _number(size, "shortest_edge") or 0),
            most_pixels=int(_number(pictures, "max_pixels") or _number(size, "longest_edge") or 1 << 24),
            pixels_of="frame" if bounds_each_frame(family) else "clip",
        )
    side = _side(pictures) or int(_number(vision, "image_size") or 384)
    return Square(side, _tokens(family, config=config, processor=processor, patches=side // patch))


def _tokens(family: str, *, config: Json, processor: Json, patches: int) -> int:
    """Vision tokens of a square of `patches` patches a side."""
    if family == "llava_onevision":
        return math.ceil(patches / 2) ** 2  # its frames are pooled by two
    if family == "llava_next_video":
        return (patches // 2) ** 2
    for place, names in (
        (processor, ("image_seq_length", "image_seq_len")),
        (config, ("image_seq_length", "mm_tokens_per_image")),
    ):
        for name in names:
            if said := _number(place, name):
                return int(said)
    scale = _number(config, "scale_factor") or _number(processor, "pooling_ratio")
    ratio = 1.0 if not scale else scale if scale < 1 else 1 / scale
    return max(1, round((patches * ratio) ** 2))


def _side(pictures: Json) -> int | None:
    for name in ("crop_size", "max_image_size", "size"):
        stated = pictures.get(name)
        if isinstance(stated, int):
            return stated
        size = stated if isinstance(stated, Mapping) else {}
        for edge in ("height", "shortest_edge", "longest_edge"):
            if (pixels := _number(size, edge)) and pixels <= 2048:
                return int(pixels)
    return None


def _has_chat(folder: Path) -> bool:
    if any((folder / name).is_file() for name in ("chat_template.jinja", "chat_template.json")):
        return True
    return any("chat_template" in _read(folder / name) for name in ("tokenizer_config.json", "processor_config.json"))


def _read(path: Path) -> Json:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ComponentError(f"{path.name} of the model cannot be read: {error}; download it again") from error
    return found if isinstance(found, dict) else {}


def _part(whole: Json, name: str) -> Json:
    part = whole.get(name)
    return part if isinstance(part, Mapping) else {}


def _number(whole: Json, name: str) -> float | None:
    number = whole.get(name)
    return number if isinstance(number, (int, float)) and not isinstance(number, bool) and number > 0 else None
