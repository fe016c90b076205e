"""One hit, of nothing that is there."""

from pathlib import Path

from indexer.domain import Evidence, Hit, Recipe, SegmentId, VideoId

HIT = Hit(
    video=VideoId("v1"),
    identifier=None,
    title="Harbour",
    path=Path("/footage/a.mp4"),
    segment=SegmentId("s1"),
    start_us=1_000_000,
    end_us=None,
    timecode="00:00:01:00",
    text="a boat",
    recipe=Recipe("measured/1"),
    score=0.5,
    strength="fair",
    evidence=(Evidence("words", 1, "caption", ("boat",)),),
    keyframe=None,
)
