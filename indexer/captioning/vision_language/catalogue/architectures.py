"""Whether the installed libraries can run a model, told from its configuration before anything is loaded.

The usual families are told from a list, in no time; for any other one transformers itself is asked, which takes
seconds to import.
"""

from collections.abc import Mapping
from importlib.metadata import version
from importlib.util import find_spec
from typing import Final

from indexer.captioning.vision_language.families import VIDEO_FAMILIES
from indexer.errors import ComponentError

PICTURE_FAMILIES: Final = frozenset({
    "aya_vision", "blip", "blip-2", "florence2", "gemma3", "git", "idefics2", "idefics3", "instructblip", "lfm2_vl",
    "llava", "llava_next", "mistral3", "mllama", "paligemma", "vipllava",
})  # fmt: skip
"""Families that see pictures and no video, and that transformers knows; a test compares."""

_PACKAGES: Final = {"torch": "torch", "torchvision": "torchvision", "transformers": "transformers", "PIL": "pillow"}
_FAMILY_PACKAGES: Final = {"smolvlm": {"num2words": "num2words"}}
_QUANTISED_PACKAGES: Final = {
    "awq": {"gptqmodel": "gptqmodel"},
    "gptq": {"gptqmodel": "gptqmodel"},
    "bitsandbytes": {"bitsandbytes": "bitsandbytes", "accelerate": "accelerate"},
    "compressed-tensors": {"compressed_tensors": "compressed-tensors"},
}


def require_architecture(config: Mapping[str, object], *, name: str) -> None:
    """Raise `ComponentError`, saying what to do, for a model that is no vision-language model, needs code of its own,
    or needs a newer or a further library. `name` is for the message."""
    family = config.get("model_type")
    if not isinstance(family, str) or not family:
        raise ComponentError(f"the model {name!r} does not say of what family it is: its config.json has no model_type")
    _require_packages(config, family, name=name)
    if family not in VIDEO_FAMILIES | PICTURE_FAMILIES:
        _require_known(config, family, name=name)


def _require_known(config: Mapping[str, object], family: str, *, name: str) -> None:
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES
    from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES

    if family in MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES:
        return
    if family in CONFIG_MAPPING_NAMES:
        raise ComponentError(
            f"{name!r} cannot be loaded as a vision-language model: its family `{family}` writes no texts about "
            "pictures; see: shotlist models list"
        )
    if config.get("auto_map"):
        raise ComponentError(
            f"{name!r} brings program code of its own, which is never run; look for a copy of it that transformers "
            "loads natively (often the same name with `-HF` or `-hf`), or take one of: shotlist models list"
        )
    made_with, here = config.get("transformers_version"), version("transformers")
    needed = f"transformers {made_with} or later" if made_with and made_with != here else "a later transformers"
    raise ComponentError(
        f"{name!r} is of the family `{family}`, which transformers {here} does not know; it needs {needed}, so update "
        "Shotlist, or take one of: shotlist models list"
    )


def _require_packages(config: Mapping[str, object], family: str, *, name: str) -> None:
    packages = {**_PACKAGES, **_FAMILY_PACKAGES.get(family, {})}
    if method := quantised_by(config):
        packages |= _QUANTISED_PACKAGES.get(method, {})
    lacking = sorted(package for module, package in packages.items() if find_spec(module) is None)
    if lacking:
        raise ComponentError(f"the model {name!r} needs what is not installed; run: pip install {' '.join(lacking)}")


def quantised_by(config: Mapping[str, object]) -> str | None:
    """The method by which weights are packed into fewer bits; None where they are not."""
    stated = config.get("quantization_config")
    return str(stated.get("quant_method", "unknown")) if isinstance(stated, Mapping) else None
