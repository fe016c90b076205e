"""What is known of families of models, by the `model_type` of their configuration. Pure; knows no torch."""

from typing import Final, Literal

Way = Literal["video", "images", "one image"]
"""How frames go in: as one video with their times, as several pictures with their times in the prompt, or the sharpest
one alone."""

Batching = Literal["any", "alike", "alone"]
"""Which clips may go through a model together without changing what it writes of each: any, only those whose inputs
have the same shapes throughout (nothing is padded), or none."""

VIDEO_FAMILIES: Final = frozenset({
    "cohere_compass", "cosmos3_edge", "cosmos3_omni", "dots3_note", "ernie4_5_vl_moe", "exaone4_5", "gemma4",
    "gemma4_unified", "glm46v", "glm4v", "glm5_next", "glmga", "hyperclovax_vision_v2", "internvl", "kimi_k25",
    "lfm3_vl", "llava_next_video", "llava_onevision", "minicpm_ocr", "minicpmv4_6", "minicpmv4_7", "minimax_m3_vl",
    "molmo2", "muse_glimmer", "muse_spark", "nemotron_h_omni", "perception_lm", "qwen2_5_vl", "qwen2_vl", "qwen3_5",
    "qwen3_5_moe", "qwen3_vl", "qwen3_vl_moe", "qwen4_exp", "smolvlm", "video_llama_3", "video_llava",
})  # fmt: skip
"""Those of the installed transformers that write texts and have a video processor; a test compares."""

_ONE_IMAGE: Final[dict[str, str | None]] = {
    "blip": None,
    "blip-2": None,
    "git": None,
    "florence2": "<MORE_DETAILED_CAPTION>",
    "paligemma": "<image>caption en",
}
"""Families that write a caption of one picture and follow no prompt; the words that begin it where they need some."""

PROVED: Final[dict[str, Batching]] = {
    "blip": "any",
    "git": "any",
    "internvl": "any",
    "llava": "any",
    "llava_onevision": "alike",  # one tensor holds the frames of all clips, so they must be equally many
    "qwen2_5_vl": "any",
    "qwen3_vl": "any",
    "smolvlm": "any",
    "video_llama_3": "any",
}
"""Which clips of a family may go together, proved by tests/contracts/test_batch_proof.py with small random models."""

_PIXELS_OF_EACH_FRAME: Final = frozenset({"exaone4_5", "hyperclovax_vision_v2", "qwen2_5_vl", "qwen2_vl"})
"""Families with a picture grid whose processor bounds the pixels of each frame; the others bound those of the clip."""


def way_of(family: str, *, chat: Literal["template", "none"]) -> Way | None:
    """None where a model of this family cannot be asked for a caption: it follows chats, and has no template of one."""
    if chat == "none":
        return "one image" if family in _ONE_IMAGE else None
    return "video" if family in VIDEO_FAMILIES else "images"


def batching_of(family: str) -> Batching:
    """A family that nobody has proved goes with its like: nothing is padded then, so nothing can leak from padding."""
    return PROVED.get(family, "alike")


def bounds_each_frame(family: str) -> bool:
    return family in _PIXELS_OF_EACH_FRAME


def opening_words(family: str) -> str | None:
    """What a family of one picture is given to go on from."""
    return _ONE_IMAGE.get(family)
