import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from indexer.embedding import make_embedder
from indexer.embedding.minilm import MiniLmEmbedder, packaged_folder
from indexer.embedding.sentence_transformer import SentenceTransformerEmbedder
from indexer.errors import ComponentError

TEXTS = [
    "a man rides a bicycle",
    "A red kite, filmed from below, turns slowly above the treetops.",
    "BT-0431 take 3",
    "",
    "🎬",
    "two dogs play in the snow while a child watches them from the window of a wooden house " * 30,
]


def test_vectors_equal_those_of_sentence_transformers() -> None:
    reference = SentenceTransformerEmbedder(packaged_folder(), device="cpu")
    np.testing.assert_allclose(MiniLmEmbedder().embed_captions(TEXTS), reference.embed_captions(TEXTS), atol=1e-5)


def test_texts_that_mean_alike_lie_closer() -> None:
    caption, alike, other = MiniLmEmbedder().embed_captions(
        ["a man rides a bicycle", "someone is cycling", "a pot of soup on a stove"]
    )
    assert caption @ alike > caption @ other + 0.3


def test_space_names_model_weights_and_dimension() -> None:
    assert make_embedder("minilm").space == "all-MiniLM-L6-v2@53aa5117/384"


@pytest.mark.parametrize(
    ("word", "split"),
    [("bicycle", False), ("Café", False), ("bt0431", True), ("don't", True), ("🎬", True), ("", False)],
)
def test_splits_words_its_vocabulary_lacks(word: str, *, split: bool) -> None:
    assert MiniLmEmbedder().splits(word) is split


def test_altered_weights_are_refused(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ComponentError, match="reinstall"):
        MiniLmEmbedder(folder)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(ComponentError, match="cannot be read"):
        MiniLmEmbedder(tmp_path)


def test_a_broken_vocabulary_is_named(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    (folder / "tokenizer.json").write_text("{")
    with pytest.raises(ComponentError, match="vocabulary"):
        MiniLmEmbedder(folder)


def test_neither_the_room_nor_the_default_embedder_loads_a_framework() -> None:
    program = (
        "import sys; from indexer.embedding import make_embedder\n"
        "print(*sorted({'torch', 'transformers', 'tokenizers'} & set(sys.modules)))\n"
        "make_embedder('minilm').embed_queries(['a dog'])\n"
        "print(*sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "\n\n"


def _copy(folder: Path) -> Path:
    return Path(shutil.copytree(packaged_folder(), folder / "model"))
