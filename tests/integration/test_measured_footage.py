"""What `measured` says of real shots, against what a person saw in them.

Two sets, both labelled from strips of frames. `SHOTS` were at hand while the thresholds were chosen, and some of their
labels were settled by looking again where the captioner spoke, so they guard against going back and prove no more.
`UNSEEN` were drawn at random from the other shots of the bench (beginning before 170 s) and labelled before the
captioner ran on them. On that first run 21 of its 25 facets judged here were right: camera 8 of 8, light 12 of 13,
faces 0 of 1 (a cartoon rabbit's), picture 1 of 3 (two white titles on black, called black and white). The titles were
mended after that, so this set too is spent: measure on other footage next time.
"""

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pytest

from indexer.captioning.base import Clip
from indexer.captioning.measured import MeasuredCaptioner
from indexer.domain import CaptionDraft, Frame
from indexer.timecode import TimeRange

ANY = ("*",)  # not to be decided from the pictures: neither right nor wrong


@dataclass(frozen=True)
class Shot:
    """What may be said of a stretch of a clip. The first camera and light value is the one hoped for, if any."""

    file: str
    start: float
    end: float
    camera: tuple[str, ...] = ()
    faces: int = 0  # that can be seen; 0 means that none may be claimed
    shot: tuple[str, ...] = ()
    light: tuple[str, ...] = ()
    picture: tuple[str, ...] = ()


SHOTS = (
    Shot("angel_one_vp9_360p.webm", 42.8, 47.4, ("static",), 2, ("close-up",), ()),
    Shot("angel_one_vp9_360p.webm", 47.64, 50.4, ANY, 1, ("close-up", "medium"), ("dark",)),
    Shot("bangkok_360p.mp4", 0.08, 10.0, ("static", "pan left")),
    Shot("bbb_360p_300s.mp4", 2.62, 11.7, ("tilt down",), light=("bright", "daylight-like")),
    Shot("bbb_360p_300s.mp4", 91.54, 99.6, ("static",), light=("daylight-like", "bright")),
    Shot("bbb_360p_300s.mp4", 127.0, 137.0, ("static",), light=("bright", "daylight-like")),
    Shot("bbb_360p_300s.mp4", 284.83, 292.0, ("static",), light=("daylight-like", "bright")),
    Shot("cosmos_laundromat_sdr.mp4", 0.92, 5.8, ANY, light=("dark",)),
    Shot("cosmos_laundromat_sdr.mp4", 26.92, 31.5, ("tilt up",), light=("dark", "warm")),
    Shot("drtv_360p.mp4", 26.64, 30.7, ("static",), 2, ("medium",), ("dark",)),
    Shot("drtv_360p.mp4", 42.88, 52.8, ("static",), 2, ("medium",), ("dark",)),
    Shot("drtv_360p.mp4", 60.96, 65.8, ("static",), 2, ("medium",), ("dark",)),
    Shot("drtv_360p.mp4", 72.0, 82.0, ("static",), 2, ("medium",), ("dark",)),
    Shot("gola_360p.mp4", 84.44, 93.1, ("zoom in",), 2, ("medium", "wide"), ("dark",)),
    Shot("gola_360p.mp4", 108.72, 113.3, ("static",), light=("dark",)),
    Shot("handheld_seattle.avi", 0.07, 10.0, ("hand-held",), light=("daylight-like", "bright")),
    Shot("jobs_vertical.mp4", 0.07, 10.0, ("static",), 1, ("wide", "medium"), ("dark",)),
    Shot("nasa_13013.mp4", 8.16, 12.8, ("zoom out",), light=("dark",)),
    Shot("news_fr_360p.mp4", 3.28, 6.1, ("pan left",), 1, ("medium",), ("high contrast", "bright")),
    Shot("news_fr_360p.mp4", 6.36, 9.6, ("static",), light=("high contrast", "bright")),
    Shot("psd_goldeneye_vfr_drop3.mp4", 3.88, 8.5, ("static",), 1, (), ("dark", "cool")),
    Shot("psd_issue195_sar_pal.mp4", 19.44, 25.0, ANY, light=("dark",)),
    Shot("psd_testvideo_720p.mp4", 8.07, 11.1, ("static",)),
    Shot("sintel_excerpt_mpeg1.mpg", 3.88, 5.7, ANY, light=("warm",)),
    Shot("sintel_trailer_480x204.mp4", 29.12, 31.6, ANY, 1, ANY, ("warm", "bright")),
    Shot(
        "sorenson_sports_svq3.mov",
        33.47,
        36.1,
        ("pan right", "pan left", "hand-held"),
        light=("daylight-like", "bright"),
    ),
    Shot("trip_to_the_moon_trailer.mp4", 29.46, 33.3, ("static",), picture=("black and white",)),
    Shot("trip_to_the_moon_trailer.mp4", 35.0, 37.8, ("static",), picture=("black and white",)),
    Shot("ukulele_360p60.mp4", 0.03, 10.0, ("static",), 2, ("medium",), ("high contrast", "bright")),
)
_TOON = ("bright", "daylight-like")
UNSEEN = (
    Shot("angel_one_vp9_360p.webm", 56.8, 59.48, ("static",), 4, ("wide", "medium"), ("dark",)),
    Shot("bbb_360p_300s.mp4", 63.92, 69.33, ("static",), light=_TOON),
    Shot("bbb_360p_300s.mp4", 73.59, 75.46, ("static",), light=("cool", *_TOON)),
    Shot("bbb_360p_300s.mp4", 75.67, 79.88, ("static",)),
    Shot("bbb_360p_300s.mp4", 112.8, 117.88, ("static",), light=_TOON),
    Shot("bbb_360p_300s.mp4", 123.59, 126.79, ("static",), light=_TOON),
    Shot("bbb_360p_300s.mp4", 149.21, 155.92, ("static",), light=_TOON),
    Shot("bbb_360p_300s.mp4", 168.13, 169.46, ("static",), light=_TOON),
    Shot("drtv_360p.mp4", 12.76, 15.64, ("static",), 2, ("medium",), ("dark",)),
    Shot("drtv_360p.mp4", 69.28, 71.8, ("static",), 1, ("close-up",), ("dark",)),
    Shot("drtv_360p.mp4", 83.8, 85.52, ("static",), 1, ("medium",), ("dark",)),
    Shot("gola_360p.mp4", 41.08, 44.16, ANY, 2, ("close-up",), ("dark", "cool")),
    Shot("gola_360p.mp4", 51.36, 53.04, ANY, 1, ("close-up", "medium"), ("high contrast",)),
    Shot("gola_360p.mp4", 57.8, 59.68, ANY, 1, ("medium",), ("dark",)),
    Shot("gola_360p.mp4", 103.72, 108.08, ("static",), light=("dark",)),
    Shot("gola_360p.mp4", 123.08, 126.48, ANY),
    Shot("sintel_excerpt_mpeg1.mpg", 12.84, 13.96, ANY, light=("warm", "bright")),
    Shot("sintel_trailer_480x204.mp4", 33.05, 34.79, ANY, light=("warm", "bright")),
    Shot("sorenson_sports_svq3.mov", 0.64, 2.1, ("zoom in",), light=("dark",)),
    Shot("sorenson_sports_svq3.mov", 24.1, 25.43, ("zoom in",), light=("dark",)),
    Shot("sorenson_sports_svq3.mov", 26.24, 27.6, ("tilt up",), light=("daylight-like", "bright", "cool")),
    Shot(
        "trip_to_the_moon_trailer.mp4", 6.48, 7.64, ("static",), 0, (), ("dark", "high contrast"), ("black and white",)
    ),
    Shot(
        "trip_to_the_moon_trailer.mp4",
        23.36,
        25.29,
        ("static",),
        0,
        (),
        ("dark", "high contrast"),
        ("black and white",),
    ),
    Shot("trip_to_the_moon_trailer.mp4", 33.51, 34.67, ("zoom in",), 0, (), ("dark",), ("black and white",)),
)
NAMES = ("camera", "faces", "shot", "light", "picture")


def read_clip(path: Path, shot: Shot) -> Clip:
    """Frames as the captioner wants them, read plainly; times count from the first frame."""
    wants = MeasuredCaptioner().wants
    frames: list[Frame] = []
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        first: float | None = None
        if shot.start > 5 and shot.file.endswith(".mp4") and stream.start_time is not None and stream.time_base:
            first = float(stream.start_time * stream.time_base)
            container.seek(int((shot.start + first - 1) / stream.time_base), stream=stream)
        for picture in container.decode(stream):
            if picture.pts is None or picture.time_base is None:
                continue
            seconds = float(picture.pts * picture.time_base)
            first = seconds if first is None else first
            seconds -= first
            if seconds >= shot.end:
                break
            if seconds >= shot.start + len(frames) / wants.per_second - 1e-6:
                scale = wants.longest_side / max(picture.width, picture.height)
                width, height = round(picture.width * scale), round(picture.height * scale)
                pixels = picture.to_ndarray(format="rgb24", width=width, height=height)
                frames.append(Frame(round(seconds * 1e6), 125_000, np.asarray(pixels, dtype=np.uint8)))
    return Clip(TimeRange(round(shot.start * 1e6), round(shot.end * 1e6)), tuple(frames))


def allowed(shot: Shot, name: str, value: str) -> bool:
    match name:
        case "camera" | "light":
            return getattr(shot, name) == ANY or value in getattr(shot, name)
        case "shot":
            return bool(shot.faces) and (shot.shot == ANY or value in shot.shot)
        case "faces":
            return value == str(shot.faces) or (value == "3+" and shot.faces >= 3)
        case _:
            return value in shot.picture


def values(draft: CaptionDraft, name: str) -> list[str]:
    return [facet.value for facet in draft.facets if facet.name == name]


@pytest.fixture(scope="module")
def said(bench: Path) -> dict[Shot, CaptionDraft]:
    captioner = MeasuredCaptioner()
    return {shot: captioner.caption([read_clip(bench / "footage" / shot.file, shot)])[0] for shot in (*SHOTS, *UNSEEN)}


@pytest.mark.footage
class TestMeasuredFootage:
    def test_next_to_nothing_false_is_said(self, said: dict[Shot, CaptionDraft]) -> None:
        false = [
            (shot.file, shot.start, name, value)
            for shot, draft in said.items()
            for name in NAMES
            for value in values(draft, name)
            if not allowed(shot, name, value)
        ]
        assert false == [
            # a face on a computer's screen is taken for the shot's own
            ("psd_goldeneye_vfr_drop3.mp4", 3.88, "shot", "medium"),
            # a cartoon rabbit's face
            ("bbb_360p_300s.mp4", 75.67, "faces", "1"),
            # white letters on black
            ("sorenson_sports_svq3.mov", 24.1, "light", "high contrast"),
        ]

    def test_no_face_is_seen_where_none_is(self, said: dict[Shot, CaptionDraft]) -> None:
        wrong = [
            (shot.file, shot.start) for shot, draft in said.items() if "face" in draft.text.lower() and not shot.faces
        ]
        assert wrong == [("bbb_360p_300s.mp4", 75.67)]

    def test_enough_is_said_to_be_of_use(self, said: dict[Shot, CaptionDraft]) -> None:
        moving = [shot for shot in SHOTS if shot.camera and shot.camera != ANY]
        named = [shot for shot in moving if shot.camera[0] in values(said[shot], "camera")]
        assert len(named) >= 0.6 * len(moving)
        peopled = [shot for shot in SHOTS if shot.faces]
        seen = [shot for shot in peopled if "face" in said[shot].text.lower()]
        assert len(seen) >= 0.4 * len(peopled)
        printed = [shot for shot in SHOTS if shot.picture]
        assert [values(said[shot], "picture") for shot in printed] == [list(shot.picture) for shot in printed]

    def test_every_real_shot_gets_a_text(self, said: dict[Shot, CaptionDraft]) -> None:
        assert all(draft.text.endswith(".") and draft.facets for draft in said.values())
