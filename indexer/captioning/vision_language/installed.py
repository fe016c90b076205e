"""Which general vision-language model of the local hub cache `auto` takes. Looks at files only; never downloads."""

from pathlib import Path
from typing import Final

from indexer.captioning.vision_language.finding import ModelSource, check_folder
from indexer.errors import ComponentError

FAMILIES: Final = (
    "qwen3_5", "qwen3_5_moe", "qwen3_vl", "qwen3_vl_moe", "internvl", "qwen2_5_vl", "glm4v", "gemma4", "lfm3_vl",
    "lfm2_vl", "perception_lm", "video_llama_3", "llava_onevision", "smolvlm", "qwen2_vl", "gemma3", "idefics3",
)  # fmt: skip
"""Families that describe any footage, the ones preferred first."""
LEAST_BYTES: Final = 400_000_000  # less is no general model, whatever its family: a test or a toy


def best_installed(budget_bytes: int) -> ModelSource | None:
    """The first family that is there, and of it the largest model whose weights fit into `budget_bytes`."""
    fitting = [
        source
        for source in installed_models()
        if source.family in FAMILIES and LEAST_BYTES <= source.bytes <= budget_bytes
    ]
    return min(fitting, key=lambda source: (FAMILIES.index(source.family), -source.bytes, source.name), default=None)


def installed_models() -> list[ModelSource]:
    """Every complete model of the hub cache that has safetensors weights, of whatever kind."""
    from huggingface_hub import constants

    cache = Path(constants.HF_HUB_CACHE)
    found = []
    for folder in sorted(cache.glob("models--*--*")):
        name = "/".join(folder.name.split("--", 2)[1:])
        try:
            commit = (folder / "refs" / "main").read_text(encoding="utf-8").strip()
            found.append(check_folder(folder / "snapshots" / commit, name=name, revision=commit))
        except (OSError, ComponentError):
            continue  # half downloaded or not a model of ours: not a candidate
    return found


def memory_budget() -> int:
    """Bytes of weights that a captioner may take here: most of a GPU, or little enough for a processor to be of use."""
    import torch

    if torch.cuda.is_available():
        _free, total = torch.cuda.mem_get_info()
        return int(total * 0.7)
    return 5_000_000_000
