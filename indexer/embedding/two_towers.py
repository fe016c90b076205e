"""SigLIP, SigLIP 2, CLIP and MetaCLIP: one tower for pictures, one for texts, and one space for both.

Radford et al., "Learning transferable visual models from natural language supervision", 2021 (CLIP); Zhai et al.,
"Sigmoid loss for language image pre-training", 2023 (SigLIP); Tschannen et al., "SigLIP 2", 2025. Models are data from
strangers: only safetensors weights are read, no code of the model's own is run, and nothing is downloaded.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast

import numpy as np

from indexer.domain import Pixels, Vectors
from indexer.embedding.model_folders import ImageModel, find_image_model
from indexer.embedding.tokens import readable
from indexer.errors import ComponentError

_PICTURES_AT_ONCE: Final = 16
_TEXTS_AT_ONCE: Final = 32


class _Network(Protocol):
    """The part of a model that is used; what it gives has a `pooler_output`, (n, dimension)."""

    def get_image_features(self, **inputs: object) -> Any: ...

    def get_text_features(self, **inputs: object) -> Any: ...


@dataclass(frozen=True, slots=True)
class _Loaded:
    network: _Network
    processor: Any  # of whichever class the family has
    longest: int  # tokens of a text that count
    device: str


class TwoTowerEmbedder:
    """Pictures and texts by a model of these families. Weights are read when they are first needed; always in float32,
    so that a library may move between machines. Threads may share it."""

    def __init__(self, model: str, *, device: str = "auto") -> None:
        """`model`: a folder, or a name found in the local Hugging Face cache. Looks at files only. Raises
        `ComponentError` where it is not here, not whole, not safe to load, or of another family."""
        self._model = find_image_model(model)
        self._device = device
        self._loaded: _Loaded | None = None
        self._loading = threading.Lock()

    @property
    def space(self) -> str:
        """The model's name, its revision (the files of a revision include the preprocessing) and the dimension."""
        return self._model.space

    @property
    def dimension(self) -> int:
        return self._model.dimension

    def embed_pictures(self, pictures: Sequence[Pixels]) -> Vectors:
        """Raises `ComponentError` where the model cannot be loaded."""
        vectors = np.empty((len(pictures), self.dimension), np.float32)
        for start in range(0, len(pictures), _PICTURES_AT_ONCE):
            some = [np.array(one) for one in pictures[start : start + _PICTURES_AT_ONCE]]  # torch wants its own
            vectors[start : start + len(some)] = self._see(self._read(), some)
        return vectors

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """Raises `ComponentError` where the model cannot be loaded."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            some = [readable(text) for text in texts[start : start + _TEXTS_AT_ONCE]]
            vectors[start : start + len(some)] = self._understand(self._read(), some)
        return vectors

    def _see(self, loaded: _Loaded, pictures: list[Pixels]) -> Vectors:
        inputs = loaded.processor.image_processor(
            pictures, return_tensors="pt", input_data_format="channels_last", device=loaded.device
        )
        return _features(loaded.network.get_image_features, inputs, loaded.device)

    def _understand(self, loaded: _Loaded, texts: list[str]) -> Vectors:
        # SigLIP was trained on texts filled up to its whole length, and reads the last place, filled or not.
        inputs = loaded.processor(
            text=texts,
            padding="max_length" if self._model.family.startswith("siglip") else True,
            truncation=True,
            max_length=loaded.longest,
            return_tensors="pt",
        )
        return _features(loaded.network.get_text_features, inputs, loaded.device)

    def _read(self) -> _Loaded:
        with self._loading:
            if self._loaded is None:
                self._loaded = _load(self._model, self._device)
            return self._loaded


def _features(tower: Any, inputs: Any, device: str) -> Vectors:
    import torch

    with torch.inference_mode():
        found = tower(**{name: value.to(device) for name, value in inputs.items()}).pooler_output
        unit = torch.nn.functional.normalize(found.float(), dim=-1)
    return cast("Vectors", unit.cpu().numpy())


def _load(model: ImageModel, device: str) -> _Loaded:
    from safetensors import SafetensorError
    from transformers import AutoModel, AutoProcessor

    from indexer.embedding.devices import choose_device
    from indexer.embedding.quiet_loading import no_progress_bars

    chosen = choose_device(device)
    try:
        with no_progress_bars():
            processor = AutoProcessor.from_pretrained(model.folder, local_files_only=True, trust_remote_code=False)
            network, found = AutoModel.from_pretrained(
                model.folder,
                local_files_only=True,
                trust_remote_code=False,
                use_safetensors=True,
                dtype="float32",
                output_loading_info=True,
            )
            lacking = sorted({*found["missing_keys"], *(name for name, *_ in found["mismatched_keys"])})
            if lacking:  # the library would draw them by lot
                raise OSError(f"{len(lacking)} of its weights are missing or of another shape, such as {lacking[0]}")
            network.to(chosen).eval()
    except (OSError, ValueError, KeyError, ImportError, AttributeError, RuntimeError, SafetensorError) as error:
        reason = " ".join(str(error).split())[:300]
        raise ComponentError(f"{model.name!r} cannot be loaded as an image embedder: {reason}") from error
    if not hasattr(processor, "image_processor") or not hasattr(processor, "tokenizer"):
        raise ComponentError(
            f"{model.name!r} has no settings for pictures or no vocabulary: fetch preprocessor_config.json and the "
            "tokenizer's files too"
        )
    return _Loaded(network, processor, int(network.config.text_config.max_position_embeddings), chosen)
