"""The trained sample captioner writes the same of a segment alone and beside others."""

from pathlib import Path

import pytest

from indexer.captioning import Clip
from indexer.captioning.vision_language.captioner import TransformersCaptioner, open_captioner
from indexer.domain import VideoId, segment_of
from indexer.ingest import stages
from indexer.media import probe

DATA = Path(__file__).parents[2] / "data"
SPANS = {"harbour-at-sunset.mp4": ((0, 7_000_000), (8_000_000, 11_000_000)), "city-by-night.mp4": ((0, 4_000_000),)}

pytestmark = pytest.mark.skipif(
    not (DATA / "captioner" / "model.safetensors").is_file(), reason="the sample captioner has not been trained here"
)


def clips_of(captioner: TransformersCaptioner) -> list[Clip]:
    """Of unequal lengths, so of unequal frame counts."""
    clips: list[Clip] = []
    for name, spans in SPANS.items():
        source = stages.Source(DATA / "samples" / name, probe(DATA / "samples" / name).stream_index, "fast")
        segments = [segment_of(VideoId("v1"), start, end) for start, end in spans]
        clips += stages.clips(source, segments=segments, wants=captioner.wants)
    return clips


def test_texts_alone_and_in_a_batch_are_equal() -> None:
    captioner = open_captioner(str(DATA / "captioner"), device="cpu")
    clips = clips_of(captioner)
    assert len({len(clip.frames) for clip in clips}) > 1
    together = [draft.text for draft in captioner.captions(clips)]
    assert together == [next(captioner.captions([clip])).text for clip in clips]
    assert len(set(together)) == len(together)
