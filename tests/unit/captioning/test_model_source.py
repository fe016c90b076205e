"""Models are found, or refused with a word on what to do; nothing is downloaded and nothing unsafe is taken."""

import json
import os
from pathlib import Path

import pytest
from huggingface_hub import constants

from indexer.captioning import choose_captioner, make_captioner
from indexer.captioning.installed_models import best_installed, installed_models
from indexer.captioning.model_source import find_model
from indexer.errors import ComponentError

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def write_model(
    folder: Path, *, family: str = "qwen3_vl", size: int = 1000, weights: str = "model.safetensors"
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps({"model_type": family}))
    (folder / weights).touch()
    os.truncate(folder / weights, size)  # a hole: takes no room on disk
    return folder


@pytest.fixture
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty local hub cache in place of the machine's own."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.file_download.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def cache_model(hub_cache: Path, name: str, **kind: object) -> Path:
    folder = hub_cache / f"models--{name.replace('/', '--')}"
    (folder / "refs").mkdir(parents=True)
    (folder / "refs" / "main").write_text(COMMIT)
    return write_model(folder / "snapshots" / COMMIT, **kind)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["./nowhere", "/no/such/folder", "~/nowhere-at-all", "a/b/c"])
def test_a_missing_folder_is_named(name: str) -> None:
    with pytest.raises(ComponentError, match="no model folder"):
        find_model(name)


def test_a_folder_without_weights(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ComponentError, match="no weights"):
        find_model(str(tmp_path))


@pytest.mark.parametrize("weights", ["pytorch_model.bin", "model.pt"])
def test_a_folder_with_only_pickled_weights(tmp_path: Path, weights: str) -> None:
    with pytest.raises(ComponentError, match="can run code"):
        find_model(str(write_model(tmp_path, weights=weights)))


@pytest.mark.parametrize(("config", "word"), [(None, "no config.json"), ("{", "cannot be read"), ("[]", "not a conf")])
def test_a_folder_without_a_readable_configuration(tmp_path: Path, config: str | None, word: str) -> None:
    write_model(tmp_path)
    if config is None:
        (tmp_path / "config.json").unlink()
    else:
        (tmp_path / "config.json").write_text(config)
    with pytest.raises(ComponentError, match=word):
        find_model(str(tmp_path))


def test_a_folder_with_a_missing_shard(tmp_path: Path) -> None:
    write_model(tmp_path, weights="model-00001-of-00002.safetensors")
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}))
    with pytest.raises(ComponentError, match=r"model-00002-of-00002\.safetensors is missing"):
        find_model(str(tmp_path))


def test_a_folder_recipe_changes_with_its_weights_and_names_no_path(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "my model")
    first = make_captioner(str(folder)).recipe
    assert str(tmp_path) not in first
    assert first.startswith("transformers/1 my_model@sha256:")
    assert make_captioner(str(folder)).recipe == first
    (folder / "model.safetensors").write_bytes(b"1" + bytes(999))
    assert make_captioner(str(folder)).recipe != first


def test_an_uncached_hub_name_says_what_to_run(hub_cache: Path) -> None:
    with pytest.raises(ComponentError, match="hf download someone/some-model"):
        make_captioner("someone/some-model")


def test_what_is_no_name_at_all(hub_cache: Path) -> None:
    with pytest.raises(ComponentError, match="neither a folder nor a hub name"):
        make_captioner("--what--..is this")


def test_a_cached_hub_name_is_pinned_to_its_commit(hub_cache: Path) -> None:
    cache_model(hub_cache, "someone/some-model")
    assert make_captioner("someone/some-model").recipe.startswith(f"transformers/1 someone/some-model@{COMMIT} ")


def test_auto_without_models_is_measured_and_says_so(hub_cache: Path) -> None:
    choice = choose_captioner("auto")
    assert choice.captioner.recipe == "measured/1"
    assert "no general model" in choice.note


def test_auto_takes_the_preferred_family_then_the_largest_that_fits(hub_cache: Path) -> None:
    cache_model(hub_cache, "a/older", family="qwen2_vl", size=2_000_000_000)
    cache_model(hub_cache, "a/small", family="qwen3_vl", size=600_000_000)
    cache_model(hub_cache, "a/good", family="qwen3_vl", size=900_000_000)
    cache_model(hub_cache, "a/huge", family="qwen3_vl", size=9_000_000_000)
    best = best_installed(5_000_000_000)
    assert best is not None
    assert best.name == "a/good"
    assert len(installed_models()) == 4
    choice = choose_captioner("auto")
    assert choice.captioner.recipe.startswith("transformers/1 a/")
    assert "best model in the local hub cache" in choice.note


def test_auto_takes_no_toys_no_text_models_and_nothing_half_downloaded(hub_cache: Path) -> None:
    cache_model(hub_cache, "a/toy", family="qwen3_vl", size=9_000_000)
    cache_model(hub_cache, "a/text", family="llama", size=900_000_000)
    cache_model(hub_cache, "a/pickled", family="qwen3_vl", size=900_000_000, weights="pytorch_model.bin")
    (hub_cache / "models--a--empty" / "refs").mkdir(parents=True)
    assert choose_captioner("auto").captioner.recipe == "measured/1"
