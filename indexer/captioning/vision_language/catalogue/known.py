"""Models with short names: general ones that the installed transformers knows natively, so none runs code of its own.

Speeds are derived, not measured (docs/captioners.md says how): seconds of video a second on one H100, for segments of
ten seconds with 8 frames and 80 new tokens, in batches of 64, at 40 % of its arithmetic and 60 % of its bandwidth.
"""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class KnownModel:
    short: str
    hub: str
    licence: str
    parameters: float  # in billions
    tokens_per_second: float | None  # vision tokens a second of video that `speed` is for
    speed: float | None  # times real time
    basis: Literal["derived", "measured"] = "derived"

    @property
    def weights_gb(self) -> float:
        """In 16 bits, as on a GPU."""
        return 2 * self.parameters


_APACHE: Final = "Apache-2.0"

KNOWN: Final = (
    KnownModel("smolvlm2-256m", "HuggingFaceTB/SmolVLM2-256M-Video-Instruct", _APACHE, 0.256, 51, 1796),
    KnownModel("smolvlm2-500m", "HuggingFaceTB/SmolVLM2-500M-Video-Instruct", _APACHE, 0.507, 51, 1418),
    KnownModel("smolvlm2-2.2b", "HuggingFaceTB/SmolVLM2-2.2B-Instruct", _APACHE, 2.25, 65, 347),
    KnownModel("qwen3-vl-2b", "Qwen/Qwen3-VL-2B-Instruct", _APACHE, 2.13, 88, 490),
    KnownModel("qwen3-vl-4b", "Qwen/Qwen3-VL-4B-Instruct", _APACHE, 4.44, 88, 279),
    KnownModel("qwen3-vl-8b", "Qwen/Qwen3-VL-8B-Instruct", _APACHE, 8.77, 88, 171),
    KnownModel("internvl3.5-1b", "OpenGVLab/InternVL3_5-1B-HF", _APACHE, 1.06, 205, 313),
    KnownModel("internvl3.5-2b", "OpenGVLab/InternVL3_5-2B-HF", _APACHE, 2.3, 205, 227),
    KnownModel("internvl3.5-4b", "OpenGVLab/InternVL3_5-4B-HF", _APACHE, 4.7, 205, 130),
    KnownModel("internvl3.5-8b", "OpenGVLab/InternVL3_5-8B-HF", _APACHE, 8.5, 205, 85),
    KnownModel("llava-onevision-0.5b", "llava-hf/llava-onevision-qwen2-0.5b-ov-hf", _APACHE, 0.89, 157, 549),
    KnownModel("llava-onevision-7b", "llava-hf/llava-onevision-qwen2-7b-ov-hf", _APACHE, 8.0, 157, 121),
    KnownModel("videollama3-2b", "lkhl/VideoLLaMA3-2B-Image-HF", _APACHE, 2.0, None, None),
)


def hub_name(name: str) -> str:
    """What a short name stands for; any other name as it is."""
    return next((model.hub for model in KNOWN if model.short == name.lower()), name)


def known_model(hub: str) -> KnownModel | None:
    return next((model for model in KNOWN if model.hub == hub), None)
