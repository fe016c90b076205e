import shutil
from pathlib import Path

import numpy as np
import pytest

from indexer.embedding.sentence_transformer import SentenceTransformerEmbedder
from indexer.errors import ComponentError
from tests.fakes.tiny_sentence_transformer import write_tiny_sentence_transformer

PROMPTS = {"query": "query: ", "passage": "passage: "}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_sentence_transformer(tmp_path_factory.mktemp("prompted"), prompts=PROMPTS)


@pytest.fixture(scope="module")
def plain_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_sentence_transformer(tmp_path_factory.mktemp("plain"), prompts={})


def test_prompts_of_the_model_are_used(folder: Path, plain_folder: Path) -> None:
    prompted, plain = SentenceTransformerEmbedder(folder), SentenceTransformerEmbedder(plain_folder)
    queries, captions = prompted.embed_queries(["a dog"]), prompted.embed_captions(["a dog"])
    np.testing.assert_allclose(queries, plain.embed_queries(["query: a dog"]), atol=1e-5)
    np.testing.assert_allclose(captions, plain.embed_captions(["passage: a dog"]), atol=1e-5)
    assert np.abs(queries - captions).max() > 1e-3


def test_without_prompts_questions_and_captions_are_alike(plain_folder: Path) -> None:
    plain = SentenceTransformerEmbedder(plain_folder)
    np.testing.assert_allclose(plain.embed_queries(["a dog"]), plain.embed_captions(["a dog"]), atol=1e-6)


def test_the_space_tells_models_apart_by_content_not_place(folder: Path, plain_folder: Path, tmp_path: Path) -> None:
    space = SentenceTransformerEmbedder(folder).space
    assert space.startswith("tiny@")
    assert space.endswith("/16")
    assert SentenceTransformerEmbedder(plain_folder).space != space
    elsewhere = shutil.copytree(folder, tmp_path / "tiny")
    assert SentenceTransformerEmbedder(str(elsewhere)).space == space


def test_a_model_is_found_by_name_in_the_local_cache(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = tmp_path / "models--someone--tiny"
    shutil.copytree(folder, repository / "snapshots" / "abc123")
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc123")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    assert SentenceTransformerEmbedder("someone/tiny").space == SentenceTransformerEmbedder(folder).space


@pytest.mark.parametrize("name", ["nobody/nothing", "nothing", "./nothing", "/nothing", "a/b/c/d", "", "what is this?"])
def test_a_missing_model_says_what_to_do(name: str) -> None:
    with pytest.raises(ComponentError, match=r"give the folder|safetensors"):
        SentenceTransformerEmbedder(name)


def test_pickled_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    pickled = Path(shutil.copytree(folder, tmp_path / "pickled"))
    (pickled / "model.safetensors").rename(pickled / "pytorch_model.bin")
    with pytest.raises(ComponentError, match="convert"):
        SentenceTransformerEmbedder(pickled)


def test_pickled_weights_of_a_module_are_refused(folder: Path, tmp_path: Path) -> None:
    pickled = Path(shutil.copytree(folder, tmp_path / "pickled"))
    (pickled / "1_Pooling" / "pytorch_model.bin").write_bytes(b"cos\nsystem\n")
    with pytest.raises(ComponentError, match="convert"):
        SentenceTransformerEmbedder(pickled)


def test_damaged_weights_are_an_error_that_names_the_model(folder: Path, tmp_path: Path) -> None:
    damaged = Path(shutil.copytree(folder, tmp_path / "damaged"))
    (damaged / "model.safetensors").write_bytes(b"\x00" * 100)
    with pytest.raises(ComponentError, match="damaged cannot be loaded"):
        SentenceTransformerEmbedder(damaged)


def test_splits(folder: Path) -> None:
    embedder = SentenceTransformerEmbedder(folder)
    assert not embedder.splits("beach")
    assert embedder.splits("beaches")
    assert embedder.splits("7")
