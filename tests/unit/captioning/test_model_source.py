"""Models are found, or refused with a word on what to do; nothing is downloaded and nothing unsafe is taken."""

import json
import sys
from pathlib import Path

import pytest

from indexer.captioning import choose_captioner, make_captioner
from indexer.captioning.vision_language.catalogue.finding import find_model
from indexer.captioning.vision_language.catalogue.installed import choose_best, installed_models
from indexer.errors import ComponentError
from tests.fakes.hub_folders import COMMIT, cache_model, cached, write_model


@pytest.mark.parametrize("name", ["./nowhere", "/no/such/folder", "~/nowhere-at-all", "a/b/c"])
def test_a_missing_folder_is_named(name: str) -> None:
    with pytest.raises(ComponentError, match="no model folder"):
        find_model(name)


def test_a_folder_without_weights(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ComponentError, match="no weights"):
        find_model(str(tmp_path))


@pytest.mark.parametrize(
    ("weights", "word"),
    [("pytorch_model.bin", "can run code"), ("model.pt", "can run code"), ("q4.gguf", r"openai:MODEL@URL")],
)
def test_a_folder_with_only_weights_of_another_kind(tmp_path: Path, weights: str, word: str) -> None:
    with pytest.raises(ComponentError, match=word):
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


@pytest.mark.parametrize("index", ["{", "[]", '{"weight_map": 3}', "{}"])
def test_a_folder_with_a_damaged_index(tmp_path: Path, index: str) -> None:
    (write_model(tmp_path) / "model.safetensors.index.json").write_text(index)
    with pytest.raises(ComponentError, match=r"index\.json is damaged"):
        find_model(str(tmp_path))


@pytest.mark.parametrize("size", [0, 7, 8, 60, 1099])
def test_weights_that_are_not_all_there(tmp_path: Path, size: int) -> None:
    weights = write_model(tmp_path) / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:size])
    with pytest.raises(ComponentError, match=r"model\.safetensors is damaged, or is not all there; copy or download"):
        find_model(str(tmp_path))


def test_other_copies_of_the_weights_count_for_nothing(tmp_path: Path) -> None:
    write_model(tmp_path, size=1000)
    alone = find_model(str(tmp_path)).bytes
    (tmp_path / "model.fp16.safetensors").write_bytes(b"whatever")
    assert find_model(str(tmp_path)).bytes == alone


def test_a_folder_recipe_changes_with_its_weights_and_names_no_path(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "my model")
    first = find_model(str(folder))
    assert first.name == "my model"
    assert first.revision.startswith("sha256:")
    assert find_model(str(folder)).revision == first.revision
    weights = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(weights[:-1] + b"1")
    assert find_model(str(folder)).revision != first.revision


@pytest.mark.parametrize("share", [0.1, 0.3, 0.7, 0.9])
def test_a_part_of_large_weights_that_changed_changes_the_recipe(tmp_path: Path, share: float) -> None:
    folder, size = write_model(tmp_path / "tuned", size=40_000_000), 40_000_000
    first = find_model(str(folder)).revision
    with (folder / "model.safetensors").open("r+b") as weights:
        weights.seek(int(size * share))
        weights.write(b"1" * (size // 32))
    assert find_model(str(folder)).revision != first


# -- the hub cache ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["someone/some-model", "qwen3-vl-2b", "Qwen3-VL-2B"])
def test_what_is_not_here_says_what_to_run(hub_cache: Path, name: str) -> None:
    with pytest.raises(ComponentError, match=f"shotlist models pull {name}$"):
        make_captioner(name)


@pytest.mark.parametrize(("name", "word"), [("qwen3-vl-4", "did you mean qwen3-vl-4b?"), ("zzz", "smolvlm2-256m, ")])
def test_a_short_name_that_is_none(hub_cache: Path, name: str, word: str) -> None:
    with pytest.raises(ComponentError, match=word):
        find_model(name)


@pytest.mark.parametrize("name", ["--what--..is this", "a/../b", "", "a/b:main", "-a/b", "a//b", "ä/b", "a/b\n"])
def test_what_is_no_name_at_all(hub_cache: Path, name: str) -> None:
    with pytest.raises(ComponentError, match=r"neither a folder nor a hub name|no model folder|no captioner"):
        find_model(name)


def test_a_cached_hub_name_is_pinned_to_its_commit(hub_cache: Path) -> None:
    cache_model(hub_cache, "someone/some-model")
    source = find_model("someone/some-model")
    assert (source.name, source.revision) == ("someone/some-model", COMMIT)


def test_a_short_name_is_kept_as_the_hub_name(hub_cache: Path) -> None:
    cache_model(hub_cache, "Qwen/Qwen3-VL-2B-Instruct")
    assert find_model("qwen3-vl-2b").name == "Qwen/Qwen3-VL-2B-Instruct"


def test_a_download_that_has_not_begun_its_weights(hub_cache: Path) -> None:
    folder = cached(hub_cache, "a/half")
    (folder / "snapshots" / COMMIT).mkdir(parents=True)
    with pytest.raises(ComponentError, match=r"only half downloaded; run: shotlist models pull a/half$"):
        find_model("a/half")
    (folder / "snapshots" / COMMIT / "config.json").write_text("{}")
    (folder / "blobs").mkdir()
    (folder / "blobs" / "1234.incomplete").touch()
    with pytest.raises(ComponentError, match=r"only half downloaded; run: shotlist models pull a/half$"):
        find_model("a/half")


def test_a_download_that_lacks_a_shard(hub_cache: Path) -> None:
    snapshot = cache_model(hub_cache, "a/half", weights="model-00001-of-00002.safetensors")
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (snapshot / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}))
    with pytest.raises(ComponentError, match=r"incomplete: .* run: shotlist models pull a/half$"):
        find_model("a/half")


# -- what the installed libraries can run ----------------------------------------------------------------------------


def test_a_model_that_brings_code_is_refused(tmp_path: Path) -> None:
    write_model(tmp_path, family="internvl_chat", auto_map={"AutoModel": "modeling.Chat"})
    with pytest.raises(ComponentError, match="program code of its own, which is never run"):
        find_model(str(tmp_path))


def test_a_native_family_may_bring_code_which_is_not_run(tmp_path: Path) -> None:
    write_model(tmp_path, family="qwen3_vl", auto_map={"AutoModel": "modeling.Own"})
    assert find_model(str(tmp_path)).family == "qwen3_vl"


def test_a_family_that_is_newer_than_the_library(tmp_path: Path) -> None:
    write_model(tmp_path, family="qwen9_vl", transformers_version="9.1.0")
    with pytest.raises(ComponentError, match=r"`qwen9_vl`, which transformers .* needs transformers 9.1.0 or later"):
        find_model(str(tmp_path))


def test_a_model_of_another_kind(tmp_path: Path) -> None:
    write_model(tmp_path, family="bert")
    with pytest.raises(ComponentError, match="writes no texts about pictures"):
        find_model(str(tmp_path))


def test_a_configuration_without_a_family(tmp_path: Path) -> None:
    write_model(tmp_path, family="")
    with pytest.raises(ComponentError, match="has no model_type"):
        find_model(str(tmp_path))


def test_packages_that_are_missing_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_model(tmp_path, family="smolvlm", quantization_config={"quant_method": "gptq"})
    monkeypatch.setitem(sys.modules, "num2words", None)
    monkeypatch.setitem(sys.modules, "gptqmodel", None)
    with pytest.raises(ComponentError, match="pip install gptqmodel num2words"):
        find_model(str(tmp_path))


def test_families_are_listed_as_the_installed_library_knows_them() -> None:
    from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES

    from indexer.captioning.vision_language.catalogue.architectures import PICTURE_FAMILIES
    from indexer.captioning.vision_language.catalogue.installed import FAMILIES
    from indexer.captioning.vision_language.families import VIDEO_FAMILIES

    assert set(MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES) >= PICTURE_FAMILIES | VIDEO_FAMILIES
    assert set(FAMILIES) <= PICTURE_FAMILIES | VIDEO_FAMILIES


# -- auto ------------------------------------------------------------------------------------------------------------


def test_auto_without_models_is_measured_and_says_so(hub_cache: Path) -> None:
    choice = choose_captioner("auto")
    assert choice.captioner.recipe.startswith("measured/")
    assert "no general model" in choice.note


def test_auto_takes_the_preferred_family_then_the_largest_that_fits(hub_cache: Path) -> None:
    cache_model(hub_cache, "a/older", family="qwen2_vl", size=2_000_000_000)
    cache_model(hub_cache, "a/small", family="qwen3_vl", size=600_000_000)
    cache_model(hub_cache, "a/good", family="qwen3_vl", size=900_000_000)
    cache_model(hub_cache, "a/huge", family="qwen3_vl", size=9_000_000_000)
    assert len(installed_models()) == 4
    best = choose_best(installed_models(), lambda source: source.bytes < 5_000_000_000)
    assert best is not None
    assert best.name == "a/good"
    assert choose_best(installed_models(), lambda source: False) is None


def test_auto_takes_what_fits_into_this_machine(hub_cache: Path) -> None:
    cache_model(hub_cache, "a/small", family="qwen3_vl", size=600_000_000)
    cache_model(hub_cache, "a/huge", family="qwen3_vl", size=9_000_000_000_000)
    choice = choose_captioner("auto")
    assert choice.captioner.recipe.partition(" ")[2].startswith("a/small@")
    assert "best model in the local hub cache" in choice.note


def test_auto_takes_no_toys_no_text_models_and_nothing_that_could_not_be_asked(hub_cache: Path) -> None:
    cache_model(hub_cache, "a/toy", family="qwen3_vl", size=9_000_000)
    cache_model(hub_cache, "a/text", family="llama", size=900_000_000)
    cache_model(hub_cache, "a/pickled", family="qwen3_vl", size=900_000_000, weights="pytorch_model.bin")
    (cache_model(hub_cache, "a/silent", size=900_000_000) / "chat_template.jinja").unlink()
    (hub_cache / "models--a--empty" / "refs").mkdir(parents=True)
    assert choose_captioner("auto").captioner.recipe.startswith("measured/")


def test_measured_spends_no_tokens() -> None:
    with pytest.raises(ComponentError, match="leave --tokens-per-second out"):
        choose_captioner("measured?tokens_per_second=88")
