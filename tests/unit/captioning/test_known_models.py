"""The table of short names: names that are names, families that load natively, and speeds that follow from shapes."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from indexer.captioning.vision_language.catalogue.known import KNOWN, hub_name, known_model
from indexer.captioning.vision_language.room import gpu_memory_gb

PAGE = Path(__file__).resolve().parents[3] / "docs" / "captioners.md"


class Shape(NamedTuple):
    """Of a model, and of one segment of ten seconds with 8 frames that it is shown."""

    vision_tflop: float  # of all frames, through the vision encoder
    body: float  # parameters of the language model less its embedding, in units of 10^9
    head: float  # and those that are read for every new token besides
    layers: int
    kv_width: int  # of keys, and of values, of one layer
    query_width: int
    prompt: int  # tokens


SHAPES = {
    "smolvlm2-256m": Shape(1.71, 0.106, 0.028, 30, 192, 576, 656),
    "smolvlm2-500m": Shape(1.71, 0.315, 0.047, 32, 320, 960, 656),
    "smolvlm2-2.2b": Shape(5.33, 1.61, 0.101, 24, 2048, 2048, 792),
    "qwen3-vl-2b": Shape(2.44, 1.41, 0.311, 28, 1024, 2048, 956),
    "qwen3-vl-4b": Shape(2.44, 3.63, 0.389, 36, 1024, 4096, 956),
    "qwen3-vl-8b": Shape(3.29, 6.95, 0.622, 36, 1024, 4096, 956),
    "internvl3.5-1b": Shape(5.8, 0.44, 0.155, 28, 1024, 2048, 2200),
    "internvl3.5-2b": Shape(5.8, 1.41, 0.311, 28, 1024, 2048, 2200),
    "internvl3.5-4b": Shape(5.8, 3.63, 0.389, 36, 1024, 4096, 2200),
    "internvl3.5-8b": Shape(5.8, 6.95, 0.622, 36, 1024, 4096, 2200),
    "llava-onevision-0.5b": Shape(5.33, 0.358, 0.136, 24, 128, 896, 1660),
    "llava-onevision-7b": Shape(5.33, 6.53, 0.545, 28, 512, 3584, 1660),
}
FLOPS, BANDWIDTH = 0.40 * 990e12, 0.60 * 3.35e12  # what one H100 does of its 990 TFLOP/s and 3.35 TB/s
SEGMENT_S, WRITTEN, BATCH = 10, 80, 64


@pytest.mark.parametrize("short", SHAPES)
def test_a_derived_speed_follows_from_the_shape(short: str) -> None:
    """The vision encoder and the prompt are bound by arithmetic; each new token reads the weights, shared by the batch,
    and the keys and values of its own clip."""
    shape = SHAPES[short]
    attention = 2 * shape.layers * shape.prompt**2 * shape.query_width
    arithmetic = shape.vision_tflop * 1e12 + 2 * shape.body * 1e9 * shape.prompt + attention
    kept = 2 * 2 * shape.layers * shape.kv_width * (shape.prompt + WRITTEN / 2)
    read = WRITTEN * (2 * (shape.body + shape.head) * 1e9 / BATCH + kept)
    speed = SEGMENT_S / (arithmetic / FLOPS + read / BANDWIDTH)
    model = next(model for model in KNOWN if model.short == short)
    assert model.basis == "derived"
    assert model.speed == pytest.approx(speed, rel=0.04)


def test_a_model_has_a_speed_if_it_has_a_shape() -> None:
    assert {model.short for model in KNOWN if model.speed is not None} == set(SHAPES)


def test_names_are_told_apart() -> None:
    assert len({model.short for model in KNOWN}) == len({model.hub for model in KNOWN}) == len(KNOWN)
    assert all(re.fullmatch(r"[a-z0-9.-]+", model.short) and "/" in model.hub for model in KNOWN)


def test_a_short_name_in_any_case_stands_for_a_hub_name_and_others_for_themselves() -> None:
    assert hub_name("Qwen3-VL-4b") == "Qwen/Qwen3-VL-4B-Instruct"
    assert hub_name("someone/some-model") == "someone/some-model"
    assert known_model("someone/some-model") is None


def test_the_page_tells_of_each_what_the_program_does() -> None:
    page = PAGE.read_text()
    for model in KNOWN:
        speed = "" if model.speed is None else f"{model.speed:.0f}x at {model.tokens_per_second:.0f}"
        row = f"| `{model.short}` | {model.hub} | {model.licence} | {model.weights_gb:.1f} GB |"
        assert f"{row} {gpu_memory_gb(model):.1f} GB | {speed} |".replace("  ", " ") in page, model.short
