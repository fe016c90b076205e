"""Finding a vision-language model on this machine: a folder, or a hub name that is in the local hub cache.

Nothing here loads weights or uses the network. Only safetensors weights are accepted: pickled ones can run code.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.errors import ComponentError

_SAMPLE_BYTES: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class ModelSource:
    name: str  # hub name, or the folder's own name: never a path
    folder: Path
    revision: str  # commit of a hub model, else `sha256:` and the start of a digest over the folder
    bytes: int  # of all weights
    family: str  # `model_type` of its configuration


def find_model(name: str) -> ModelSource:
    """Raises `ComponentError`, saying what to do, where there is no usable model of that name."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        return _from_folder(folder.resolve())
    if _reads_as_path(name):
        raise ComponentError(
            f"there is no model folder {name!r}; give a folder that holds config.json and *.safetensors"
        )
    snapshot = cached_snapshot(name)
    if snapshot is None:
        raise ComponentError(
            f"the model {name!r} is not on this machine, and nothing is downloaded without being told to; "
            f"run `hf download {name}` once, or give the path of a folder that holds the model"
        )
    return check_folder(snapshot, name=name, revision=snapshot.name)


def cached_snapshot(name: str) -> Path | None:
    """The folder of the hub model `name` at its cached main revision. Its name is the commit."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        config = try_to_load_from_cache(name, "config.json")
    except HFValidationError:
        raise ComponentError(f"{name!r} is neither a folder nor a hub name such as `owner/model`") from None
    return Path(config).parent if isinstance(config, str) else None


def check_folder(folder: Path, *, name: str, revision: str) -> ModelSource:
    """Refuse what cannot be a model that is safe to load."""
    config = _read_config(folder, name)
    weights = sorted(folder.glob("*.safetensors"))
    if not weights:
        if any(folder.glob("*.bin")) or any(folder.glob("*.pt")) or any(folder.glob("*.pth")):
            raise ComponentError(
                f"the model {name!r} has only pickled weights (*.bin, *.pt), which can run code when loaded; "
                "use a copy with *.safetensors weights"
            )
        raise ComponentError(f"the model {name!r} has no weights: no *.safetensors file beside its config.json")
    missing = _missing_shards(folder)
    if missing:
        raise ComponentError(f"the model {name!r} is incomplete: {missing[0]} is missing; download it again")
    size = sum(path.stat().st_size for path in weights)
    return ModelSource(name, folder, revision, size, str(config.get("model_type", "")))


def _from_folder(folder: Path) -> ModelSource:
    found = check_folder(folder, name=folder.name, revision="")
    return ModelSource(found.name, folder, f"sha256:{_fingerprint(folder)}", found.bytes, found.family)


def _fingerprint(folder: Path) -> str:
    """Short digest of everything small, and of size and samples of the weights: milliseconds for any size."""
    digest = hashlib.sha256()
    small = [path for pattern in ("*.json", "*.jinja", "*.txt", "*.model") for path in folder.glob(pattern)]
    for path in sorted({*small, *folder.glob("*.safetensors")}):
        size = path.stat().st_size
        digest.update(f"{path.name}:{size}\n".encode())
        with path.open("rb") as file:
            for start in (0, size // 2, max(0, size - _SAMPLE_BYTES)) if path.suffix == ".safetensors" else (0,):
                file.seek(start)
                digest.update(file.read(_SAMPLE_BYTES if path.suffix == ".safetensors" else -1))
    return digest.hexdigest()[:12]


def _read_config(folder: Path, name: str) -> dict[str, object]:
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


def _missing_shards(folder: Path) -> list[str]:
    index = folder / "model.safetensors.index.json"
    if not index.is_file():
        return []
    try:
        named = json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()
    except (OSError, ValueError, KeyError, AttributeError):
        return [index.name]
    return sorted({str(shard) for shard in named if not (folder / str(shard)).is_file()})


def _reads_as_path(name: str) -> bool:
    return name.startswith((".", "/", "~", "\\")) or name.count("/") > 1 or "\\" in name
