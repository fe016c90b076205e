"""The `measured` captioner: states what can be measured in the pictures. It is not a model and recognises no things.

It needs no weights and no download, and is meant to be right on any footage: shot size and number of faces, camera
movement, movement before a static camera, light, colours, black and white, length. Each word is decided by a number in
`thresholds`; what is uncertain is not said, so a missing word means nothing.
"""

from collections.abc import Callable, Generator, Iterable
from typing import Final

import cv2

from indexer.captioning.base import Clip, FrameRequest, NotWanted, always_wanted
from indexer.captioning.measured import thresholds as limit
from indexer.captioning.measured.faces import find_faces
from indexer.captioning.measured.facts import Facts
from indexer.captioning.measured.light import measure_appearance
from indexer.captioning.measured.motion import measure_motion
from indexer.captioning.measured.picture import luma, without_bars
from indexer.captioning.measured.wording import list_facets, write_caption
from indexer.domain import CaptionDraft, Recipe

RECIPE: Final = Recipe("measured/2")


class MeasuredCaptioner:
    """Writes measured facts only; its recipe, `measured/2`, names no model because there is none."""

    @property
    def recipe(self) -> Recipe:
        return RECIPE

    @property
    def wants(self) -> FrameRequest:
        return FrameRequest(
            per_second=limit.FRAMES_PER_SECOND,
            at_least=limit.FRAMES_AT_LEAST,
            at_most=limit.FRAMES_AT_MOST,
            longest_side=limit.LONGEST_SIDE,
        )

    def foretell(self) -> str:
        return ""

    @property
    def window(self) -> int:
        return 2

    @property
    def note(self) -> str:
        return (
            "measured facts only: camera, faces, light and colours; no model, so no things, people or actions are named"
        )

    def captions(
        self, clips: Iterable[Clip], *, wanted: Callable[[], bool] = always_wanted
    ) -> Generator[CaptionDraft, None, None]:
        """One draft a clip, in order; an empty text for a clip without frames."""
        for clip in clips:
            if not wanted():
                raise NotWanted
            yield _draft(clip)


def measure(clip: Clip) -> Facts:
    """Everything that will be said of a clip of at least one frame."""
    pictures = without_bars(clip.frames)
    lumas = [luma(picture) for picture in pictures]
    return Facts(
        motion=measure_motion(lumas, [frame.t_us for frame in clip.frames]),
        appearance=measure_appearance(pictures),
        faces=find_faces(pictures),
        seconds=clip.span.duration_us / 1e6,
    )


def _draft(clip: Clip) -> CaptionDraft:
    if not clip.frames:
        return CaptionDraft("")
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)  # small pictures: more threads cost more than they bring, and other work runs beside this
    try:
        facts = measure(clip)
    finally:
        cv2.setNumThreads(threads)
    return CaptionDraft(write_caption(facts), list_facets(facts))
