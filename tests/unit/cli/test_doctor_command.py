"""What `doctor` says of the parts that index footage."""

from pathlib import Path

import pytest

from tests.integration.command_line import run


def test_it_says_which_detector_is_used_and_what_spools_take(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    (spool / "a.spool").write_bytes(bytes(20_000_000))
    told = run("doctor", library=tmp_path)
    assert told.code == 0, told.out
    assert "detector  standard: standard/" in told.out
    assert "detector  thorough " in told.out
    assert "0.02 GB of the 10 GB that SHOTLIST_SPOOL_GB allows" in told.out


def test_a_detector_that_is_none_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOTLIST_DETECTOR", "guess")
    monkeypatch.setenv("SHOTLIST_SPOOL_GB", "0")
    told = run("doctor", library=tmp_path)
    assert told.code == 1
    assert "detector  PROBLEM: there is no shot detector 'guess'; choose standard" in told.out
    assert "spool     no pictures are kept" in told.out


def test_it_says_how_a_model_would_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOTLIST_DEVICE", "cpu")
    told = run("doctor", library=tmp_path)
    assert "captioner a model would run on the processor in float32, sdpa attention, " in told.out
    assert "SHOTLIST_DEVICE is cpu" in told.out


def test_a_device_that_is_not_here_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOTLIST_DEVICE", "cuda:9")
    told = run("doctor", library=tmp_path)
    assert told.code == 1
    assert "captioner PROBLEM: there is no device 'cuda:9'" in told.out
