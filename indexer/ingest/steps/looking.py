"""A file is looked at: which video is it? A new one is found by its name and title from here on."""

import base64
import os
from pathlib import Path

from indexer import media
from indexer.domain import MediaInfo, path_text
from indexer.ingest import identity
from indexer.ingest.identity import Entered, Known, New
from indexer.ingest.planning import Origin, decoding_unit, plan
from indexer.ingest.sources import refuse_changed, require_share
from indexer.ingest.task import Done, Task
from indexer.ingest.workbench import Workbench
from indexer.media import FoundFile
from indexer.store import Transaction, jobs, videos
from indexer.store.jobs import Payload
from indexer.store.stand_ins import put_stand_in


def look(bench: Workbench, task: Task) -> None:
    """Raises `MediaError` where the file cannot become a video, `ShareAway` where it cannot be seen now."""
    require_share(bench.database, file_of(task.claim.payload).path)
    file = identity.resolved(media.look_again(file_of(task.claim.payload)))
    known = identity.identify(bench.database, file)
    task.tell(0.5)
    if isinstance(known, Known):
        _go_on(task, known)
        return
    info = media.probe(file.path)
    refuse_changed(file)
    if identity.held_another(bench.database, file):
        _leave_to_its_pictures(task, info)
    else:
        _enter(bench, task, file, known, info)


def file_of(payload: Payload) -> FoundFile:
    path = Path(os.fsdecode(base64.b64decode(str(payload["path_bytes"]))))
    return FoundFile(path, int(payload.get("size") or 0), int(payload.get("mtime_ns") or 0))


def title_of(file: FoundFile, info: MediaInfo) -> str:
    """What the file calls itself, else its name."""
    return info.title or path_text(file.path.stem)


def state_fields(tx: Transaction, entered: Entered, file: FoundFile, info: MediaInfo) -> None:
    """Note what the file says of itself, searchable by name. What an archive said of it before stays."""
    said = videos.fields(tx, entered.video) if entered.had_texts else {}
    videos.set_fields(tx, entered.video, _stated_fields(file, info) | said)


def _stated_fields(file: FoundFile, info: MediaInfo) -> dict[str, str]:
    fields = {
        "recorded": info.recorded_at,
        "timecode": info.start_timecode.text if info.start_timecode else None,
        "reel": info.reel,
        "card": info.card,
        "folder": path_text(file.path.parent.name),
    }
    return {name: value for name, value in fields.items() if value}


def _go_on(task: Task, known: Known) -> None:
    """The content is known: what its video still lacks is done."""

    def write(tx: Transaction) -> Done:
        units = plan(tx, known.video, Origin.of(tx, task.claim))
        jobs.put(tx, units)
        told: dict[str, object] = {"warnings": known.warnings}
        if known.reason == "copy" or all(unit.stage == "fixity" for unit in units):
            told |= {"state": "skipped", "reason": known.reason, "message": known.message}
        return Done(known.video, result=told)

    task.finish(write)


def _leave_to_its_pictures(task: Task, info: MediaInfo) -> None:
    """Other content lay here before: whether this is that video, re-tagged, is known when it is decoded."""
    name = str(task.claim.payload["path_bytes"])
    media_us = info.claimed_duration_us or 0

    def write(tx: Transaction) -> Done:
        jobs.put(tx, [decoding_unit(Origin.of(tx, task.claim), None, path_bytes=name, media_us=media_us)])
        return Done(result={"warnings": info.warnings})

    task.finish(write)


class _TwinWasFaster(Exception):
    """A file of the same content was entered since this one was identified."""


def _enter(bench: Workbench, task: Task, file: FoundFile, new: New, info: MediaInfo) -> None:
    """A new video, with one segment that has no end yet; one of which there are texts has theirs."""

    def write(tx: Transaction) -> Done:
        entered = identity.enter(tx, file, new, info=info, title=title_of(file, info), still=None)
        if not entered.created:
            raise _TwinWasFaster
        state_fields(tx, entered, file, info)
        if not entered.had_texts:
            put_stand_in(tx, entered.video)
        jobs.put(tx, plan(tx, entered.video, Origin.of(tx, task.claim)))
        return Done(entered.video, result={"warnings": (*info.warnings, *entered.warnings)})

    try:
        task.finish(write)
    except _TwinWasFaster:
        known = identity.identify(bench.database, file)
        assert isinstance(known, Known)
        _go_on(task, known)
