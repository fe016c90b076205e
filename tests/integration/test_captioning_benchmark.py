"""The GPU benchmark at toy shapes on the processor: that it runs through, and what its figures are made of."""

from pathlib import Path

import pytest

from benchmarks.captioning.arithmetic import Tower, peak_of, prefill_operations
from benchmarks.captioning.gpu import measure_shape, table
from benchmarks.captioning.looping import loop_footage

FILM = Path(__file__).parents[2] / "data" / "samples" / "harbour-at-sunset.mp4"


def test_a_toy_goes_all_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with loop_footage(FILM, minutes=1 / 3) as footage:
        figures = measure_shape("toy", footage, tokens_per_second=8, device="cpu")
    assert figures["segments"] == 2
    assert float(str(figures["times_real_time"])) > 0
    assert 0 <= float(str(figures["idle_share"])) < 1
    assert float(str(figures["prefill_tflops"])) > 0
    assert "toy, random weights" in table([figures])


def test_the_arithmetic_is_that_of_the_derived_table() -> None:
    """Qwen3-VL 4B, 88 vision tokens a second: 7.41 TFLOP for the prompt of 956 tokens of a segment of ten seconds."""
    text = Tower(36, 2560, 9728, gated=True, kv_share=8 / 32, query_share=32 * 128 / 2560)
    nothing = Tower(0, 1, 1, gated=False)
    found = prefill_operations(nothing, text, patches=0, patches_together=0, prompt=956)
    assert found / 1e12 == pytest.approx(7.41, rel=0.1)


def test_peaks_are_found_by_name() -> None:
    assert peak_of("NVIDIA H100 80GB HBM3") == 990e12
    assert peak_of("the processor") is None
