"""Models are downloaded from a hub of the test's own, speaking the real protocol: what is wanted, and nothing else."""

import errno
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants

from indexer.captioning.vision_language.catalogue.finding import find_model
from indexer.captioning.vision_language.catalogue.pulling import Offer, _told_clearly, pull_model
from indexer.errors import ComponentError
from tests.fakes.hub_folders import weights_header
from tests.fakes.model_hub import COMMIT, ModelHub, Repository, serve_hub

WEIGHTS = weights_header(1000) + bytes(1000)


def config(family: str = "qwen3_vl", **more: object) -> bytes:
    return json.dumps({"model_type": family, **more}).encode()


def repositories() -> dict[str, Repository]:
    return {
        "a/good": Repository(
            {
                "config.json": config(auto_map={"AutoModel": "modeling.Own"}),
                "model.safetensors": WEIGHTS,
                "chat_template.jinja": b"{{ messages }}",
                "merges.txt": b"a b",
                "tokenizer.model": b"pieces",
                "pytorch_model.bin": b"pickled",
                "modeling.py": b"code",
                "consolidated.safetensors": b"again",
                "onnx/model.safetensors": b"again",
                "README.md": b"words",
            }
        ),
        "a/gated": Repository({"config.json": config(), "model.safetensors": WEIGHTS}, refusal=(403, "GatedRepo")),
        "a/pickled": Repository({"config.json": config(), "pytorch_model.bin": b"pickled"}),
        "a/bare": Repository({"model.safetensors": WEIGHTS}),
        "a/huge": Repository(
            {"config.json": config(), "model.safetensors": WEIGHTS}, stated_sizes={"model.safetensors": 10**16}
        ),
        "a/coded": Repository(
            {"config.json": config("internvl_chat", auto_map={"AutoModel": "m.M"}), "model.safetensors": WEIGHTS}
        ),
        "Qwen/Qwen3-VL-2B-Instruct": Repository({"config.json": config(), "model.safetensors": WEIGHTS}),
    }


@pytest.fixture
def hub(hub_cache: Path) -> Iterator[ModelHub]:
    with serve_hub(repositories()) as served:
        yield served


def pull(name: str, hub: ModelHub) -> Offer:
    offers: list[Offer] = []
    pull_model(name, begun=offers.append, endpoint=hub.url)
    return offers[0]


def test_weights_and_small_files_come_and_nothing_else(hub: ModelHub) -> None:
    offer = pull("a/good", hub)
    wanted = ["chat_template.jinja", "config.json", "merges.txt", "model.safetensors", "tokenizer.model"]
    assert [file.name for file in offer.files] == sorted(hub.asked) == wanted
    assert (offer.revision, offer.licence) == (COMMIT, "apache-2.0")
    assert offer.bytes == sum(len(repositories()["a/good"].files[file]) for file in wanted)
    found = find_model("a/good")
    assert found.revision == COMMIT
    assert sorted(file.name for file in found.folder.iterdir()) == wanted


def test_a_short_name_pulls_what_it_stands_for(hub: ModelHub) -> None:
    assert pull("qwen3-vl-2b", hub).name == "Qwen/Qwen3-VL-2B-Instruct"
    assert find_model("qwen3-vl-2b").revision == COMMIT


def test_what_is_here_is_not_downloaded_again(hub: ModelHub) -> None:
    pull("a/good", hub)
    hub.asked.clear()
    pull("a/good", hub)
    assert hub.asked == []


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("a/nothing", "there is no model 'a/nothing' on the hub, or it is private"),
        ("a/gated", "want its licence to be accepted: .* hf auth login"),
        ("a/pickled", "can run code"),
        ("a/bare", "has no config.json"),
        ("a/huge", r"takes 10000000\.\d GB on the disk, and .* GB are free"),
        ("a/coded", "program code of its own"),
        ("no/such/folder", "neither a folder nor a hub name"),
    ],
)
def test_what_cannot_be_used_is_refused_before_its_weights_come(hub: ModelHub, name: str, word: str) -> None:
    with pytest.raises(ComponentError, match=word):
        pull(name, hub)
    assert "model.safetensors" not in hub.asked


def test_a_hub_that_is_away(hub_cache: Path) -> None:
    with serve_hub({}) as gone:
        pass
    with pytest.raises(ComponentError, match=r"the hub cannot be reached .* give the path of a copy"):
        pull("a/good", gone)


def test_offline_mode_is_named(hub: ModelHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ComponentError, match="while HF_HUB_OFFLINE is set"):
        pull("a/good", hub)


def test_a_disk_that_is_full(hub_cache: Path) -> None:
    with pytest.raises(ComponentError, match=r"disk is full; .* shotlist models pull a/b$"), _told_clearly("a/b"):
        raise OSError(errno.ENOSPC, "No space left on device")
