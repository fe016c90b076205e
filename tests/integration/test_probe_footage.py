"""What a probe says of real and of odd footage."""

import json
from pathlib import Path

import pytest

from indexer.domain import MediaInfo
from indexer.media import probe

pytestmark = pytest.mark.footage


def probed(bench: Path, name: str) -> MediaInfo:
    return probe(bench / "footage" / name)


def test_the_first_of_two_video_streams(bench: Path) -> None:
    info = probed(bench, "nasa_13013.mp4")
    assert info.stream_choice == "the first of 2 video streams (320x180; the other is 480x270)"
    assert (info.stream_index, info.audio_stream_index, len(info.streams)) == (0, 1, 6)
    assert info.audio_choice == "the first of 2 sound streams"


@pytest.mark.parametrize("name", ["odd/cover_is_stream_0.mp4", "tv_mpeg2_interlaced_partial.mpg"])
def test_covers_are_passed_over(bench: Path, name: str) -> None:
    info = probed(bench, name)
    assert "is a cover picture" in info.stream_choice
    assert next(one.kind for one in info.streams if one.index == info.stream_index) == "video"


@pytest.mark.parametrize(
    ("name", "start_us"),
    [
        ("odd/base.mp4", 0),
        ("cosmos_laundromat_sdr.mp4", 83_333),
        ("sintel_excerpt_mpeg1.mpg", 541_667),
        ("odd/video_starts_late.mp4", 1_500_000),
        ("odd/start_1h.ts", 3_601_400_000),
        ("odd/pts_wrap.ts", -617_689),
        ("odd/edit_list_mid_gop.mp4", 0),
    ],
)
def test_where_the_clock_begins(bench: Path, name: str, start_us: int) -> None:
    assert probed(bench, name).start_us == start_us


def test_a_broadcast_keeps_its_timecode_among_the_pictures(bench: Path) -> None:
    """The group's header says :19, but the pictures before its first whole one are lost."""
    info = probed(bench, "tv_mpeg2_interlaced_partial.mpg")
    assert info.start_timecode is not None
    assert (info.start_timecode.text, info.timecode_source) == ("09:18:33:21", "MPEG GOP header")


def test_facts_of_the_odd_files(bench: Path) -> None:
    """Those that the table of odd files states and a probe can tell."""
    told = 0
    for name, facts in json.loads((bench / "footage" / "odd" / "expected.json").read_text()).items():
        if facts["outcome"] != "indexed":
            continue
        info = probed(bench, f"odd/{name}")
        stated = {
            "timecode": info.start_timecode.text if info.start_timecode else None,
            "transfer": info.transfer,
            "interlaced": info.interlaced,
            "size": [info.width, info.height],
        }
        for fact in stated.keys() & facts.keys():
            told += 1
            assert (name, fact, stated[fact]) == (name, fact, facts[fact])
    assert told >= 12
