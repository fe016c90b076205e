"""What `measured` says of real segments, against what a person saw in them: on a few of the labelled clips.

`python -m benchmarks.measured_captions` tells the same of all 213.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.measured_captions import Judged, Label, judge, read_clips, read_labels
from indexer.captioning.measured import MeasuredCaptioner
from indexer.domain import CaptionDraft

CLIPS = frozenset(
    {
        *("drtv_360p.mp4", "nasa_13013.mp4", "psd_issue195_sar_pal.mp4", "psd_testvideo_720p.mp4"),
        *("sorenson_sports_svq3.mov", "tv_mpeg2_interlaced_partial.mpg"),
    }
)


@pytest.fixture(scope="module")
def drafts(bench: Path) -> Mapping[Label, CaptionDraft]:
    labels = [label for label in read_labels() if label.clip in CLIPS]
    written = MeasuredCaptioner().captions(read_clips(bench / "footage", labels))
    return dict(zip(labels, written, strict=True))


@pytest.fixture(scope="module")
def judged(drafts: Mapping[Label, CaptionDraft]) -> list[Judged]:
    return [one for label, draft in drafts.items() for one in judge(label, draft)]


@pytest.mark.footage
class TestMeasuredFootage:
    def test_next_to_nothing_false_is_said(self, drafts: Mapping[Label, CaptionDraft]) -> None:
        false = [
            (label.clip, label.start_us, one.word)
            for label, draft in drafts.items()
            for one in judge(label, draft)
            if one.right is False
        ]
        assert false == []

    @pytest.mark.parametrize(
        ("word", "least"),
        [
            *(("faces: any", 0.9), ("shot: medium", 0.8), ("camera: static", 0.6)),
            *(("light: dark", 0.7), ("movement: some", 0.35)),
        ],
    )
    def test_enough_is_said_to_be_of_use(self, judged: list[Judged], word: str, least: float) -> None:
        hoped_for = [one for one in judged if one.word == word and one.hoped_for]
        assert len(hoped_for) >= 10
        assert sum(one.said for one in hoped_for) >= least * len(hoped_for)

    def test_every_real_segment_gets_a_text(self, drafts: Mapping[Label, CaptionDraft]) -> None:
        assert all(draft.text.endswith(".") for draft in drafts.values())
