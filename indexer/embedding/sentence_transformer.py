"""Any sentence-transformers model that is on this machine, by folder or by name.

Models are data from strangers: only safetensors weights are read (a pickle can run code), no code of the model's own
is run, and nothing is downloaded.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from huggingface_hub import snapshot_download
from huggingface_hub.errors import LocalEntryNotFoundError
from safetensors import SafetensorError
from sentence_transformers import SentenceTransformer

from indexer.domain import Vectors
from indexer.embedding.quiet_loading import no_progress_bars
from indexer.embedding.tokens import readable
from indexer.errors import ComponentError

_BATCH = 32
_SHAPING_FILES = ("*.json", "*.txt", "*.model", "*.safetensors")
_BROKEN = (OSError, ValueError, KeyError, RuntimeError, ImportError, AttributeError, SafetensorError)


class SentenceTransformerEmbedder:
    """A sentence-transformers model, with its own prompts for questions and for documents where it defines them.

    Runs on the GPU where there is one, always in float32, so that a library may move between machines.
    """

    def __init__(self, model: str | Path, *, device: str | None = None) -> None:
        """`model`: a folder, or a name found in the local Hugging Face cache. Raises `ComponentError`."""
        name, folder = _find_folder(model)
        _require_safetensors(folder)
        try:
            with no_progress_bars():
                self._model = SentenceTransformer(
                    str(folder),
                    device=device,
                    local_files_only=True,
                    trust_remote_code=False,
                    model_kwargs={"use_safetensors": True, "dtype": "float32"},
                )
        except _BROKEN as error:
            raise ComponentError(f"the embedder {model} cannot be loaded: {error}") from error
        self._dimension = self._measure_dimension()
        self._space = f"{name}@{_digest(folder)[:8]}/{self._dimension}"

    @property
    def space(self) -> str:
        """The model's name, a digest over all its files (weights, vocabulary, pooling, prompts) and the dimension."""
        return self._space

    @property
    def dimension(self) -> int:
        return self._dimension

    def embed_captions(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self._dimension), np.float32)
        prompt = self._prompt("document", "passage", "corpus")
        return self._unit(
            self._model.encode_document(_clean(texts), prompt=prompt, batch_size=_BATCH, show_progress_bar=False)
        )

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self._dimension), np.float32)
        prompt = self._prompt("query")
        return self._unit(
            self._model.encode_query(_clean(texts), prompt=prompt, batch_size=_BATCH, show_progress_bar=False)
        )

    def splits(self, word: str) -> bool:
        tokenizer = self._model.tokenizer
        # Byte-level vocabularies hold most words only with the space before them.
        pieces = min((tokenizer.tokenize(text) for text in (readable(word), f" {readable(word)}")), key=len)
        return len(pieces) > 1 or tokenizer.unk_token in pieces

    def _prompt(self, *names: str) -> str:
        """The first of these prompts that is not empty. Left alone, sentence-transformers 6.2 takes its own empty
        placeholder for `document` before a model's `passage`."""
        prompts = self._model.prompts
        return next((prompt for name in names if (prompt := prompts.get(name))), "")

    def _measure_dimension(self) -> int:
        """By embedding something: what a configuration says need not be so."""
        return int(self._model.encode(["x"], show_progress_bar=False).shape[1])

    @staticmethod
    def _unit(vectors: Vectors) -> Vectors:
        """Not every model ends with a normalising step."""
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Vectors = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32, copy=False)
        return unit


def _clean(texts: Sequence[str]) -> list[str]:
    return [readable(text) for text in texts]


def _find_folder(model: str | Path) -> tuple[str, Path]:
    """The model's short name and its folder."""
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder.resolve().name, folder
    if isinstance(model, str) and not model.startswith(("/", ".", "~")):
        for name in (model, f"sentence-transformers/{model}"):
            try:
                return folder.name, Path(snapshot_download(name, local_files_only=True))
            except (LocalEntryNotFoundError, ValueError):  # ValueError: not a name a hub could know
                continue
    raise ComponentError(
        f"there is no embedder {str(model)!r} on this machine, and none is downloaded; give the folder of a "
        "sentence-transformers model, put the model into the Hugging Face cache first, or use 'minilm'"
    )


def _require_safetensors(folder: Path) -> None:
    parts = _part_folders(folder)
    if not any(list(part.glob("*.safetensors")) for part in parts):
        raise ComponentError(
            f"{folder} has no weights in safetensors format; convert the model, other formats can run code"
        )
    for part in parts:
        if list(part.glob("*.bin")) and not list(part.glob("*.safetensors")):
            raise ComponentError(f"{part} has its weights in a format that can run code; convert it to safetensors")


def _part_folders(folder: Path) -> list[Path]:
    """The model's folder and those of its modules, as `modules.json` lists them."""
    listing = folder / "modules.json"
    try:
        modules = json.loads(listing.read_text("utf-8")) if listing.exists() else []
        paths = {folder / module["path"] for module in modules}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ComponentError(f"{listing} cannot be read ({error}); fetch the model again") from error
    return sorted({folder, *(path for path in paths if path.is_dir())})


def _digest(folder: Path) -> str:
    """SHA-256 over the names and contents of all files that shape a vector."""
    digest = hashlib.sha256()
    for part in _part_folders(folder):
        for path in sorted(path for pattern in _SHAPING_FILES for path in part.glob(pattern)):
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            digest.update(f"{path.relative_to(folder)} {content}\n".encode())
    return digest.hexdigest()
