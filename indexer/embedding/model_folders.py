"""Finding a model of pictures and texts on this machine: a folder, or a hub name that is in the local hub cache.

Nothing here loads weights or uses the network. Only safetensors weights are accepted: pickled ones can run code.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from safetensors import SafetensorError, safe_open

from indexer.errors import ComponentError

FAMILIES: Final = {
    "clip": "text_projection.weight",
    "metaclip_2": "text_projection.weight",
    "siglip": "text_model.head.weight",
    "siglip2": "text_model.head.weight",
}
"""{`model_type` of a configuration: the matrix whose rows are the dimensions of the space}. SigLIP 2 of fixed size
calls itself `siglip`; CLIP is also what OpenCLIP's and MetaCLIP's models in this layout call themselves."""

_HUB_NAME: Final = re.compile(r"(\w[\w.-]{0,95}/)?\w[\w.-]{0,95}", re.ASCII)
_SMALL: Final = ("*.json", "*.txt", "*.model")
_PICKLED: Final = {".bin", ".pt", ".pth", ".ckpt"}
_SAMPLE_BYTES: Final = 1 << 14
_SAMPLES: Final = 64  # of a file of weights


@dataclass(frozen=True, slots=True)
class ImageModel:
    name: str  # hub name, or the folder's own name: never a path
    folder: Path
    revision: str  # the start of the commit of a hub model, or of a digest over the folder
    family: str
    dimension: int

    @property
    def space(self) -> str:
        return f"{self.name}@{self.revision}/{self.dimension}"


def find_image_model(name: str) -> ImageModel:
    """Raises `ComponentError`, saying what to do, where there is no model of that name or it cannot be used here."""
    folder = Path(name).expanduser()
    if name and folder.is_dir():
        folder = folder.resolve()
        return _checked(folder, folder.name, hub="")
    if name.startswith((".", "/", "~", "\\")) or name.count("/") > 1 or not name:
        raise ComponentError(
            f"there is no model folder {name!r}; give a folder that holds config.json and model.safetensors"
        )
    snapshot = _cached_snapshot(name)
    if snapshot is None:
        raise ComponentError(
            f"the model {name!r} is not on this machine, and nothing is downloaded without being told to; "
            f"put it into the Hugging Face cache (`hf download {name}`), or give its folder"
        )
    return _checked(snapshot, name, hub=name)


def _cached_snapshot(name: str) -> Path | None:
    """The folder of the main revision in the local cache, whatever is in it."""
    from huggingface_hub import constants

    if not _HUB_NAME.fullmatch(name) or "--" in name or ".." in name:
        raise ComponentError(f"{name!r} is neither a folder nor a hub name such as `owner/model`")
    cached = Path(constants.HF_HUB_CACHE) / f"models--{name.replace('/', '--')}"
    try:
        commit = (cached / "refs" / "main").read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return cached / "snapshots" / commit if commit else None


def _checked(folder: Path, name: str, *, hub: str) -> ImageModel:
    again = f"run: hf download {hub}" if hub else "copy or download it again"
    if hub and not (folder / "config.json").is_file():
        raise ComponentError(f"the model {name!r} is only half downloaded; {again}")
    config = _read_config(folder, name)
    family = str(config.get("model_type", ""))
    if family not in FAMILIES:
        raise ComponentError(
            f"the model {name!r} is of the family {family or 'unknown'!r}, which does not put pictures and texts into "
            "one space as is needed here; take one of the families SigLIP, SigLIP 2, CLIP or MetaCLIP"
        )
    weights = _weight_files(folder, name, again, hub=hub)
    dimension = _dimension(weights, FAMILIES[family], name, again)
    revision = folder.name[:8] if hub else _fingerprint(folder, weights)
    return ImageModel(name, folder, revision, family, dimension)


def _read_config(folder: Path, name: str) -> Mapping[str, object]:
    path = folder / "config.json"
    if not path.is_file():
        raise ComponentError(f"the model {name!r} has no config.json; give a folder laid out like one on the model hub")
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ComponentError(f"the config.json of the model {name!r} cannot be read: {error}") from error
    if not isinstance(config, dict):
        raise ComponentError(f"the config.json of the model {name!r} is not a configuration")
    return config


def _weight_files(folder: Path, name: str, again: str, *, hub: str) -> list[Path]:
    """Those that loading reads: the shards of the index, else the one file."""
    index = folder / "model.safetensors.index.json"
    weights = [folder / "model.safetensors"]
    if index.is_file():
        try:
            shards = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise ComponentError(_damaged(name, index.name, again)) from None
        weights = sorted(folder / Path(str(shard)).name for shard in shards)
    lacking = [file.name for file in weights if not file.is_file()]
    if not lacking:
        return weights
    if index.is_file() or (hub and any((folder.parent.parent / "blobs").glob("*.incomplete"))):
        raise ComponentError(f"the model {name!r} is incomplete: {lacking[0]} is missing; {again}")
    if any(path.suffix in _PICKLED for path in folder.iterdir()):
        raise ComponentError(
            f"the model {name!r} has only pickled weights (*.bin, *.pt), which can run code when loaded; "
            "use a copy with *.safetensors weights"
        )
    raise ComponentError(f"the model {name!r} has no weights: no model.safetensors beside its config.json")


def _dimension(weights: list[Path], matrix: str, name: str, again: str) -> int:
    """Also tells files that are not as long as their headers say: downloads that were cut short."""
    found = None
    for file in weights:
        try:
            with safe_open(file, framework="numpy") as opened:
                if matrix in opened.keys():  # noqa: SIM118 (no mapping)
                    found = int(opened.get_slice(matrix).get_shape()[0])
        except (SafetensorError, OSError):
            raise ComponentError(_damaged(name, file.name, again)) from None
    if found is None:
        raise ComponentError(
            f"the model {name!r} has no text side (its weights have no {matrix}), so words could not find pictures; "
            "take a whole model, not its vision part"
        )
    return found


def _damaged(name: str, file: str, again: str) -> str:
    return f"the model {name!r} cannot be loaded: {file} is damaged, or is not all there; {again}"


def _fingerprint(folder: Path, weights: list[Path]) -> str:
    """Digest of everything small, and of size and samples of the weights: milliseconds for any size. The samples are
    spread evenly; a change that lies between two of them alone goes unseen."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in _SMALL for path in folder.glob(pattern)} | set(weights)):
        size = path.stat().st_size
        digest.update(f"{path.name}:{size}\n".encode())
        with path.open("rb") as file:
            if size <= _SAMPLES * _SAMPLE_BYTES:
                digest.update(file.read())
                continue
            for number in range(_SAMPLES):
                file.seek(number * (size - _SAMPLE_BYTES) // (_SAMPLES - 1))
                digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()[:8]
