"""What decoding costs at the least."""

from pathlib import Path

import pytest

from indexer.errors import MediaFailed
from indexer.media import decoding_cost_s
from indexer.media.making import program
from tests.fakes.drawn_clips import draw_clip


def test_it_is_what_the_program_says_it_took(tmp_path: Path) -> None:
    path = draw_clip(tmp_path / "a.mp4", seed=1, shots=(300,), size=(640, 360))
    assert decoding_cost_s(path, stream_index=0) > 0


def test_what_cannot_be_decoded_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_text("no film")
    with pytest.raises(MediaFailed, match=r"said: .*Invalid data") as raised:
        decoding_cost_s(path, stream_index=0)
    assert raised.value.reason == "ffmpeg_failed"
    assert "bench:" not in raised.value.message


def test_it_reads_nothing_but_the_file(tmp_path: Path) -> None:
    draw_clip(tmp_path / "a.mp4", seed=1)
    named = tmp_path / "named.mp4"
    named.write_text("ffconcat version 1.0\nfile a.mp4\n")
    with pytest.raises(MediaFailed, match="failed, and said") as raised:
        decoding_cost_s(named, stream_index=0)
    assert raised.value.reason == "ffmpeg_failed"


def test_it_says_no_end_of_things_in_vain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = draw_clip(tmp_path / "a.mp4", seed=1)
    monkeypatch.setattr(program, "_MOST_SAID", 100)
    with pytest.raises(MediaFailed) as raised:
        decoding_cost_s(path, stream_index=0)
    assert raised.value.reason == "ffmpeg_failed"
