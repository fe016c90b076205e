"""Finding a model of pictures and texts, and what is said where it cannot be used."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from indexer.embedding import make_image_embedder
from indexer.embedding.model_folders import find_image_model
from indexer.errors import ComponentError
from tests.fakes.hub_folders import COMMIT, cached
from tests.fakes.tiny_image_models import write_clip, write_siglip, write_siglip2


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("models") / "tiny-clip")


@pytest.fixture
def copy(clip: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(clip, tmp_path / "tiny-clip"))


@pytest.fixture
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def refused(model: Path | str) -> str:
    with pytest.raises(ComponentError) as told:
        make_image_embedder(str(model))
    return str(told.value)


def test_a_model_is_found_by_name_in_the_local_cache_and_known_by_its_commit(clip: Path, hub_cache: Path) -> None:
    shutil.copytree(clip, cached(hub_cache, "someone/tiny") / "snapshots" / COMMIT)
    found = make_image_embedder("someone/tiny", device="cpu")
    assert found.space == f"someone/tiny@{COMMIT[:8]}/24"
    assert found.embed_texts(["a dog"]).shape == (1, 24)


def test_the_space_of_a_folder_follows_its_content_and_not_its_place(clip: Path, copy: Path) -> None:
    assert find_image_model(str(copy)).space == find_image_model(str(clip)).space
    settings = copy / "processor_config.json"
    settings.write_text(settings.read_text().replace("0.26", "0.27"))  # the preprocessing is part of it
    assert find_image_model(str(copy)).space != find_image_model(str(clip)).space


def test_a_model_that_is_not_here_says_how_it_comes(hub_cache: Path) -> None:
    assert "hf download someone/nothing" in refused("someone/nothing")
    assert "give a folder" in refused(hub_cache / "nothing")
    assert "neither a folder nor a hub name" in refused("what is this?")
    assert "give a folder" in refused("")


def test_half_a_download_says_how_it_goes_on(clip: Path, hub_cache: Path) -> None:
    snapshot = cached(hub_cache, "someone/tiny") / "snapshots" / COMMIT
    assert "half downloaded" in refused("someone/tiny")
    snapshot.mkdir(parents=True)
    shutil.copy(clip / "config.json", snapshot)
    blobs = snapshot.parent.parent / "blobs"
    blobs.mkdir()
    (blobs / "abc.incomplete").touch()
    assert "model.safetensors is missing; run: hf download someone/tiny" in refused("someone/tiny")


def test_weights_that_were_cut_short_are_told(copy: Path) -> None:
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    assert "damaged, or is not all there" in refused(copy)


def test_a_missing_shard_is_told(copy: Path) -> None:
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors"}}
    (copy / "model.safetensors.index.json").write_text(json.dumps(index))
    assert "model-00001-of-00002.safetensors is missing" in refused(copy)


def test_pickled_weights_are_refused(copy: Path) -> None:
    (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
    assert "can run code" in refused(copy)
    (copy / "pytorch_model.bin").unlink()
    assert "has no weights" in refused(copy)


@pytest.mark.parametrize("family", ["bert", "siglip_vision_model", "dinov2", None])
def test_other_families_are_told_of_those_that_will_do(copy: Path, family: str | None) -> None:
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, "model_type": family}))
    assert "SigLIP, SigLIP 2, CLIP or MetaCLIP" in refused(copy)


def test_weights_that_do_not_fit_the_configuration_are_told_and_not_drawn_by_lot(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    config["text_config"]["num_hidden_layers"] = 3
    (copy / "config.json").write_text(json.dumps(config))
    with pytest.raises(ComponentError, match="missing or of another shape"):
        make_image_embedder(str(copy), device="cpu").embed_texts(["a dog"])


def test_a_device_that_is_not_here_is_told(clip: Path) -> None:
    with pytest.raises(ComponentError, match="no device 'cuda:7'"):
        make_image_embedder(str(clip), device="cuda:7").embed_texts(["a dog"])


def test_siglip_reads_texts_filled_up_to_its_whole_length(tmp_path: Path) -> None:
    """Its vector is made at the last place, filled or not: unfilled it would be another one."""
    import torch
    from transformers import AutoModel, AutoProcessor

    for write, longest in ((write_siglip, 32), (write_siglip2, 64)):
        folder = write(tmp_path / write.__name__)
        processor, model = AutoProcessor.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
        inputs = processor(text=["a dog"], padding="max_length", max_length=longest, return_tensors="pt")
        assert inputs["input_ids"].shape == (1, longest)
        with torch.inference_mode():
            expected = model.get_text_features(**inputs).pooler_output[0].numpy()
        found = make_image_embedder(str(folder), device="cpu").embed_texts(["a dog", "a long text beside it"])[0]
        np.testing.assert_allclose(found, expected / np.linalg.norm(expected), atol=1e-5)


def test_its_space_is_known_without_loading_anything(clip: Path) -> None:
    looked = (
        "import sys; from indexer.embedding import make_image_embedder\n"
        f"make_image_embedder({str(clip)!r}).space\n"
        "print([name for name in ('torch', 'transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", looked], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
