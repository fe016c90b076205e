"""What a video still lacks, as units of work. Planned twice it is the same work: units are known by their keys."""

import base64
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from indexer import media
from indexer.domain import Recipe, Segment, Stage, VideoId, path_text
from indexer.ingest.fixity import fixity_units
from indexer.ingest.workbench import Captioners, need_of, needed_embedder
from indexer.media import FoundFile
from indexer.store import Transaction, jobs, recipes, segments, spaces, videos
from indexer.store.jobs import Claim, NewUnit, Payload
from indexer.store.recipes import MEASURED
from indexer.timecode import TimeRange

SEGMENTS_A_UNIT = 240  # about forty minutes of footage: little is lost with a worker, and many can share a long video
WEIGHTS: dict[Stage, int] = {
    "looking": 60,
    "embedding": 50,
    "keyframes": 40,
    "pictures": 35,
    "captioning": 30,
    "decoding": 20,
    "fixity": 0,
}
"""Everything is found by its name first; then what one decode began is ended before the next decode begins."""
MODEL_WEIGHT = 10  # captions by a model come last

Urgency = Literal["asked for", "in turn"]


@dataclass(frozen=True, slots=True)
class Origin:
    """What units inherit from the one they follow."""

    file: int | None = None
    priority: int = 0
    newness: int = 0
    asked: "Asked | None" = None

    @classmethod
    def of(cls, tx: Transaction, claim: Claim) -> "Origin":
        """The priority is that of now: it may have been raised while the unit was in hand."""
        file = claim.row if claim.stage == "looking" else claim.file
        return cls(file, jobs.priority_of(tx, claim), claim.newness, Asked.read(claim.payload))


@dataclass(frozen=True, slots=True)
class Asked:
    """A captioner asked for some files, in place of the library's own."""

    recipe: Recipe
    captioner: str

    @classmethod
    def read(cls, payload: Payload) -> "Asked | None":
        recipe, captioner = payload.get("asked_recipe"), payload.get("asked_captioner")
        return cls(Recipe(str(recipe)), str(captioner)) if recipe is not None else None


def looking_unit(file: FoundFile, *, urgency: Urgency, asked: Asked | None = None, tries: int = 0) -> NewUnit:
    """The first unit of a file; `tries` counts those that found it changing."""
    name = base64.b64encode(os.fsencode(file.path)).decode("ascii")
    return NewUnit(
        key=f"looking {name}",
        stage="looking",
        weight=WEIGHTS["looking"],
        payload={
            "path": path_text(file.path),
            "path_bytes": name,
            "size": file.size,
            "mtime_ns": file.mtime_ns,
            "tries": tries,
            **_payload(asked),
        },
        bytes=file.size,
        priority=1 if urgency == "asked for" else 0,
        newness=file.mtime_ns // 1000,
    )


def decoding_unit(origin: Origin, video: VideoId | None, *, path_bytes: str | None, media_us: int) -> NewUnit:
    """`path_bytes`: of a file of which only its pictures can tell which video it is."""
    return NewUnit(
        key=f"decoding {video}" if video else f"decoding file {path_bytes}",
        stage="decoding",
        weight=WEIGHTS["decoding"],
        payload={"path_bytes": path_bytes, **_payload(origin.asked)},
        video=video,
        file=origin.file,
        media_us=media_us,
        priority=origin.priority,
        newness=origin.newness,
    )


def plan(tx: Transaction, video: VideoId, origin: Origin | None = None) -> list[NewUnit]:
    """The units that bring what `video` lacks: segments, pictures, captions by the recipes that are wanted, vectors."""
    origin = origin or Origin()
    found = segments.active(tx, video)
    if found is not None and not videos.has_footage(tx, video):
        return vector_units(tx, video, origin)
    if found is None or found.origin == "imported":
        media_us = videos.claimed_duration_us(tx, video) or 0
        return [decoding_unit(origin, video, path_bytes=None, media_us=media_us), *fixity_units(tx, video)]
    units = fixity_units(tx, video)
    if segments.without_keyframe(tx, video):
        units.append(keyframes_unit(video, origin, media_us=_length(found.segments)))
    units += vector_units(tx, video, origin)
    batches = _batches(found.segments, whole=not _can_be_entered(tx, video))
    for recipe, captioner in _recipes(tx, origin.asked):
        units += _captioning(tx, video, origin, recipe=recipe, captioner=captioner, batches=batches)
    return units


def keyframes_unit(video: VideoId, origin: Origin, *, media_us: int = 0) -> NewUnit:
    """The pictures that segments of `video` lack."""
    return _unit("keyframes", f"keyframes {video}", video, origin, media_us=media_us)


def vector_units(tx: Transaction, video: VideoId, origin: Origin | None = None) -> list[NewUnit]:
    """The vectors that what is there of `video` lacks, by embedders of pictures, and by one of texts that is to take
    the place of the one in use."""
    found = segments.active(tx, video)
    origin, media_us = origin or Origin(), _length(found.segments) if found else 0
    return [
        *_texts_units(tx, video, origin, media_us=media_us),
        *pictures_units(tx, video, origin, media_us=media_us),
    ]


def pictures_units(tx: Transaction, video: VideoId, origin: Origin, *, media_us: int) -> list[NewUnit]:
    """The vectors that keyframes of `video` lack."""
    lacking = [one for one in spaces.chosen(tx, "pictures") if spaces.lacks(tx, "pictures", one.space, video)]
    units = [_unit("pictures", f"pictures {video} {one.space}", video, origin, media_us=media_us) for one in lacking]
    return [
        replace(
            unit,
            needs="model",
            captioner=needed_embedder("pictures", one.space),
            recipe=Recipe(one.space),
        )
        for unit, one in zip(units, lacking, strict=True)
    ]


def _texts_units(tx: Transaction, video: VideoId, origin: Origin, *, media_us: int) -> list[NewUnit]:
    """The vectors that texts of `video` lack by the embedder that is to take the place of the one in use."""
    comes = spaces.coming(tx, "texts")
    if comes is None or not spaces.lacks(tx, "texts", comes.space, video):
        return []
    unit = _unit("embedding", f"embedding {video} {comes.space}", video, origin, media_us=media_us)
    return [replace(unit, captioner=needed_embedder("texts", comes.space))]


def embedding_unit(tx: Transaction, claim: Claim) -> NewUnit:
    """What follows a captioning unit: the vectors of its texts."""
    span = f"{claim.payload['start_us']}-{claim.payload['end_us']}"
    return NewUnit(
        key=f"embedding {claim.video} {claim.recipe} {span}",
        stage="embedding",
        weight=WEIGHTS["embedding"],
        payload=claim.payload,
        recipe=claim.recipe,
        video=claim.video,
        file=claim.file,
        media_us=claim.media_us,
        priority=jobs.priority_of(tx, claim),
        newness=claim.newness,
    )


def _captioning(
    tx: Transaction,
    video: VideoId,
    origin: Origin,
    *,
    recipe: Recipe,
    captioner: str,
    batches: Sequence[Sequence[Segment]],
) -> list[NewUnit]:
    lacking = {segment.id for segment in segments.uncaptioned(tx, video, recipe)}
    units = []
    for number, batch in enumerate(batches):
        missing = [segment for segment in batch if segment.id in lacking]
        if missing:
            span = TimeRange(batch[0].start_us, max(segment.span.end_us for segment in batch))
            units.append(
                NewUnit(
                    key=f"captioning {video} {recipe} {span.start_us}-{span.end_us}",
                    stage="captioning",
                    weight=WEIGHTS["captioning"] if need_of(captioner) == "cpu" else MODEL_WEIGHT,
                    payload={"start_us": span.start_us, "end_us": span.end_us, **_payload(origin.asked)},
                    needs=need_of(captioner),
                    captioner=captioner,
                    recipe=recipe,
                    video=video,
                    file=origin.file,
                    media_us=sum(segment.span.duration_us for segment in missing),
                    priority=origin.priority,
                    newness=origin.newness - number,  # a video's beginning first
                )
            )
    return units


def is_best_to_come(tx: Transaction, claim: Claim, captioners: Captioners) -> bool:
    """Whether no better captions are on their way than those of this captioning unit, so that they deserve vectors.
    Those of a captioner that is not on this machine may be long in coming."""
    if claim.captioner != MEASURED:
        return True
    return not captioners.here(name for _, name in _recipes(tx, Asked.read(claim.payload)) if name != MEASURED)


def captioner_names(tx: Transaction, asked: Asked | None) -> list[str]:
    """Who is to write about a video; `asked` as its units say."""
    return [name for _, name in _recipes(tx, asked)]


def _recipes(tx: Transaction, asked: Asked | None) -> list[tuple[Recipe, str]]:
    """What is to be written of a video: by what was asked for its file, else by all that the library wants."""
    wanted = recipes.wanted(tx)
    if asked is None:
        return wanted
    cheap = [(recipe, name) for recipe, name in wanted if name == MEASURED]
    return list(dict.fromkeys([*cheap, (asked.recipe, asked.captioner)]))


def _payload(asked: Asked | None) -> Payload:
    return {} if asked is None else {"asked_recipe": asked.recipe, "asked_captioner": asked.captioner}


def _unit(stage: Stage, key: str, video: VideoId, origin: Origin, *, media_us: int) -> NewUnit:
    return NewUnit(
        key=key,
        stage=stage,
        weight=WEIGHTS[stage],
        payload=_payload(origin.asked),
        video=video,
        file=origin.file,
        media_us=media_us,
        priority=origin.priority,
        newness=origin.newness,
    )


def _length(found: Sequence[Segment]) -> int:
    return sum(segment.span.duration_us for segment in found if segment.end_us is not None)


def _batches(found: Sequence[Segment], *, whole: bool) -> list[Sequence[Segment]]:
    size = max(1, len(found)) if whole else SEGMENTS_A_UNIT
    return [found[start : start + size] for start in range(0, len(found), size)]


def _can_be_entered(tx: Transaction, video: VideoId) -> bool:
    """Whether a batch of segments can be read without all that lies before them."""
    decoded = videos.decoded(tx, video)
    container = videos.load(tx, [video])[0].container
    return decoded is not None and decoded.reading == "fast" and media.is_surely_seekable(container)
