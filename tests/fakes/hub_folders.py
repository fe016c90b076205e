"""Folders laid out like models of the hub, without a model in them: true headers, and weights that are all zero."""

import json
import os
from pathlib import Path

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def write_model(
    folder: Path, *, family: str = "qwen3_vl", size: int = 1000, weights: str = "model.safetensors", **config: object
) -> Path:
    """`size` is that of the weights, in bytes: 16 bits for each parameter. They take no room on the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps({"model_type": family, **config}))
    (folder / "chat_template.jinja").write_text("{{ messages }}")
    (folder / weights).write_bytes(weights_header(size))
    os.truncate(folder / weights, len(weights_header(size)) + size)
    return folder


def weights_header(size: int) -> bytes:
    """The beginning of a safetensors file of so many bytes of bfloat16."""
    tensor = {"dtype": "BF16", "shape": [size // 2], "data_offsets": [0, size]}
    header = json.dumps({"__metadata__": {"format": "pt"}, "all": tensor}).encode()
    return len(header).to_bytes(8, "little") + header


def cache_model(hub_cache: Path, name: str, **kind: object) -> Path:
    """A model in a hub cache; gives its snapshot."""
    folder = cached(hub_cache, name)
    return write_model(folder / "snapshots" / COMMIT, **kind)  # type: ignore[arg-type]


def cached(hub_cache: Path, name: str) -> Path:
    """The folder of a model in a hub cache of which only the revision is known."""
    folder = hub_cache / f"models--{name.replace('/', '--')}"
    (folder / "refs").mkdir(parents=True, exist_ok=True)
    (folder / "refs" / "main").write_text(COMMIT)
    return folder
