"""Finding a vision-language model on this machine: a folder, or a short or hub name that is in the local hub cache.

Nothing here loads weights or uses the network. Only safetensors weights are accepted: pickled ones can run code.
"""

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.captioning.vision_language.catalogue.architectures import require_architecture
from indexer.captioning.vision_language.catalogue.known import KNOWN, hub_name
from indexer.captioning.vision_language.catalogue.weights import DamagedWeightsError, require_whole, weight_files
from indexer.errors import ComponentError

_HUB_NAME: Final = re.compile(r"(\w[\w.-]{0,95}/)?\w[\w.-]{0,95}", re.ASCII)  # and without `--` and `..`
_SAMPLE_BYTES: Final = 1 << 14
_SAMPLES: Final = 64  # of a file of weights
_PICKLED: Final = {".bin", ".pt", ".pth", ".ckpt"}


@dataclass(frozen=True, slots=True)
class ModelSource:
    name: str  # hub name, or the folder's own name: never a path
    folder: Path
    revision: str  # commit of a hub model, else `sha256:` and the start of a digest over the folder
    bytes: int  # of all weights
    family: str  # `model_type` of its configuration


def find_model(name: str) -> ModelSource:
    """Raises `ComponentError`, saying what to do, where there is no model of that name or it cannot be used here."""
    folder = Path(name).expanduser()
    if name and folder.is_dir():
        source = _from_folder(folder.resolve())
    elif _reads_as_path(name):
        raise ComponentError(
            f"there is no model folder {name!r}; give a folder that holds config.json and *.safetensors"
        )
    else:
        hub = hub_name(name)
        snapshot = cached_snapshot(hub)
        if snapshot is None:
            raise ComponentError(_not_here(name))
        source = check_folder(snapshot, name=hub, revision=snapshot.name)
    require_architecture(read_config(source.folder, source.name), name=source.name)
    return source


def cached_snapshot(hub: str) -> Path | None:
    """The folder of the hub model at the commit that is its main revision in the cache; the folder's name is that
    commit. It may hold anything, even nothing, where a download was cut short."""
    cached = cache_folder(hub)
    try:
        commit = (cached / "refs" / "main").read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return cached / "snapshots" / commit if commit else None


def cache_folder(hub: str) -> Path:
    """Where the local hub cache keeps that model, if it does. Raises `ComponentError` for what is no hub name."""
    from huggingface_hub import constants

    if not _HUB_NAME.fullmatch(hub) or "--" in hub or ".." in hub:
        raise ComponentError(f"{hub!r} is neither a folder nor a hub name such as `owner/model`")
    return Path(constants.HF_HUB_CACHE) / f"models--{hub.replace('/', '--')}"


def check_folder(folder: Path, *, name: str, revision: str) -> ModelSource:
    """Refuse what is not whole, or not safe to load."""
    again = f"run: shotlist models pull {name}" if revision else "copy or download it again"
    if revision and not _has_begun(folder):
        raise ComponentError(f"the model {name!r} is only half downloaded; {again}")
    config = read_config(folder, name)
    try:
        weights = weight_files(folder)
        lacking = [file.name for file in weights if not file.is_file()]
        if not weights:
            raise ComponentError(_no_weights(folder, name))
        if lacking:
            raise ComponentError(f"the model {name!r} is incomplete: {lacking[0]} is missing; {again}")
        for file in weights:
            require_whole(file)
    except DamagedWeightsError as error:
        raise ComponentError(
            f"the model {name!r} cannot be loaded: {error.args[0]} is damaged, or is not all there; {again}"
        ) from None
    size = sum(path.stat().st_size for path in weights)
    return ModelSource(name, folder, revision, size, str(config.get("model_type", "")))


def read_config(folder: Path, name: str) -> Mapping[str, object]:
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


def why_no_weights(files: Iterable[str], name: str) -> str:
    """For people: what is wrong with a model that has these files, of which none is a *.safetensors."""
    kinds = {Path(file).suffix for file in files}
    if kinds & _PICKLED:
        return (
            f"the model {name!r} has only pickled weights (*.bin, *.pt), which can run code when loaded; "
            "use a copy with *.safetensors weights"
        )
    if ".gguf" in kinds:
        return (
            f"the model {name!r} has only GGUF weights, which are for servers such as llama.cpp and Ollama; "
            "let one of these serve it, and name it as openai:MODEL@URL"
        )
    return f"the model {name!r} has no weights: no *.safetensors file beside its config.json"


def _has_begun(snapshot: Path) -> bool:
    """Its configuration and its first weights have come, or it is of a kind that has none."""
    files = [file.name for file in snapshot.iterdir()] if snapshot.is_dir() else []
    blobs = snapshot.parent.parent / "blobs"
    return "config.json" in files and (
        any(file.endswith(".safetensors") for file in files) or not any(blobs.glob("*.incomplete"))
    )


def _no_weights(folder: Path, name: str) -> str:
    return why_no_weights((file.name for file in folder.iterdir()), name)


def _not_here(name: str) -> str:
    shorts = [model.short for model in KNOWN]
    if "/" not in name and name.lower() not in shorts:
        near = difflib.get_close_matches(name.lower(), shorts, n=1)
        meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(shorts)}"
        return f"there is no captioner {name!r}; {meant} Or give a hub name such as `owner/model`, or a folder"
    return (
        f"the model {name!r} is not on this machine, and nothing is downloaded without being told to; "
        f"run once: shotlist models pull {name}"
    )


def _from_folder(folder: Path) -> ModelSource:
    found = check_folder(folder, name=folder.name, revision="")
    return ModelSource(found.name, folder, f"sha256:{_fingerprint(folder)}", found.bytes, found.family)


def _fingerprint(folder: Path) -> str:
    """Short digest of everything small, and of size and samples of the weights: milliseconds for any size.

    The samples are spread evenly from a file's beginning to its end, so that fine-tunes are told apart that leave most
    layers as they were. A change that lies between two samples alone goes unseen.
    """
    digest = hashlib.sha256()
    small = [path for pattern in ("*.json", "*.jinja", "*.txt", "*.model") for path in folder.glob(pattern)]
    for path in sorted({*small, *folder.glob("*.safetensors")}):
        size = path.stat().st_size
        digest.update(f"{path.name}:{size}\n".encode())
        with path.open("rb") as file:
            if path.suffix != ".safetensors" or size <= _SAMPLES * _SAMPLE_BYTES:
                digest.update(file.read())
                continue
            for number in range(_SAMPLES):
                file.seek(number * (size - _SAMPLE_BYTES) // (_SAMPLES - 1))
                digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()[:12]


def _reads_as_path(name: str) -> bool:
    return name.startswith((".", "/", "~", "\\")) or name.count("/") > 1 or "\\" in name
