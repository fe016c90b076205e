"""What was found out about a model is there the next time; what cannot be read is as if nothing had been."""

import multiprocessing
from pathlib import Path

import pytest

from indexer.captioning.vision_language.remembered import Circumstances, Findings, recall, remember

ONE = Circumstances("owner/model@abc", "NVIDIA H100", "bfloat16")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "shotlist" / "models.json"


def test_nothing_is_known_at_first(file: Path) -> None:
    assert recall(ONE) == Findings()
    assert not file.exists()


def test_findings_come_together_and_newer_ones_replace_older(file: Path) -> None:
    remember(ONE, batch_tokens=4096)
    remember(ONE, seconds_per_segment=1)
    assert recall(ONE) == Findings(4096, 1.0)
    remember(ONE, batch_tokens=2048)
    assert recall(ONE) == Findings(2048, 1.0)


@pytest.mark.parametrize(
    "other",
    [
        Circumstances("owner/model@def", "NVIDIA H100", "bfloat16"),
        Circumstances("owner/model@abc", "NVIDIA A10", "bfloat16"),
        Circumstances("owner/model@abc", "NVIDIA H100", "float16"),
    ],
)
def test_they_hold_under_no_other_circumstances(file: Path, other: Circumstances) -> None:
    remember(ONE, batch_tokens=4096)
    assert recall(other) == Findings()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"v": 9, "models": {}}',
        '{"v": 1, "models": []}',
        '{"v": 1, "models": {"[\\"owner/model@abc\\", \\"NVIDIA H100\\", \\"bfloat16\\"]": 5}}',
        '{"v": 1, "models": {"[\\"owner/model@abc\\", \\"NVIDIA H100\\", \\"bfloat16\\"]": {"batch_tokens": "9"}}}',
        '{"v": 1, "models": {"[\\"owner/model@abc\\", \\"NVIDIA H100\\", \\"bfloat16\\"]": {"batch_tokens": -9}}}',
        '{"v": 1, "models": {"[\\"owner/model@abc\\", \\"NVIDIA H100\\", \\"bfloat16\\"]": {"batch_tokens": true}}}',
    ],
)
def test_a_damaged_file_is_as_none_and_is_written_anew(file: Path, content: str) -> None:
    file.parent.mkdir()
    file.write_text(content)
    assert recall(ONE) == Findings()
    remember(ONE, batch_tokens=4096)
    assert recall(ONE) == Findings(4096)


def test_a_cache_that_cannot_be_written_to_is_no_error(file: Path) -> None:
    file.parent.write_text("a file where a folder should be")
    remember(ONE, batch_tokens=4096)
    assert recall(ONE) == Findings()


def test_processes_lose_nothing_of_each_other(file: Path) -> None:
    processes = [multiprocessing.get_context("fork").Process(target=_remember_many, args=(n,)) for n in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    found = [
        recall(Circumstances(f"model {n}.{k}", "cpu", "float32")).batch_tokens for n in range(4) for k in range(25)
    ]
    assert found == [1000 * n + k + 1 for n in range(4) for k in range(25)]
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".")] == []


def _remember_many(number: int) -> None:
    for count in range(25):
        remember(Circumstances(f"model {number}.{count}", "cpu", "float32"), batch_tokens=1000 * number + count + 1)
