"""The JSON shapes of the command line: stable, versioned, documented in docs/json.md."""

import base64
import json
import os
from collections.abc import Mapping
from pathlib import Path

import click

from indexer.domain import (
    FailedUnit,
    FileReport,
    IngestReport,
    Keyframe,
    MediaInfo,
    StageProgress,
    Video,
    WorkStatus,
    path_text,
)
from indexer.errors import MediaError, MediaRefused
from indexer.library import (
    Checked,
    Finding,
    FixityFinding,
    FixityStatus,
    LibraryStatus,
    MovedFolder,
    RegisteredFolder,
    SegmentDetail,
    WatchedFolder,
)

VERSION = 1
Json = Mapping[str, object]


def print_line(value: Json) -> None:
    """One object on one line of stdout."""
    click.echo(json.dumps({"v": VERSION, **value}, ensure_ascii=False))


def path_fields(path: Path | None) -> dict[str, object]:
    """`path`, and `path_bytes` (base64) where the name is not UTF-8 and `path` has replacement characters."""
    if path is None:
        return {"path": None}
    raw = os.fsencode(path)
    try:
        return {"path": raw.decode("utf-8")}
    except UnicodeDecodeError:
        return {"path": path_text(path), "path_bytes": base64.b64encode(raw).decode("ascii")}


def video_line(video: Video) -> Json:
    return {
        "video": video.id,
        "title": video.title,
        "paths": [path_fields(location.path)["path"] for location in video.locations],
        "files": [path_fields(location.path) | {"online": location.online} for location in video.locations],
        "duration_us": video.duration_us,
        "state": video.state,
        "recorded_at": video.recorded_at,
        "start_timecode": video.start_timecode.text if video.start_timecode else None,
        "rate": str(video.rate) if video.rate else None,
        "width": video.width,
        "height": video.height,
        "codec": video.codec,
    }


def segment_line(detail: SegmentDetail, folder: Path) -> Json:
    """`folder` is the library's: keyframe paths are given whole."""
    facets: dict[str, list[str]] = {}
    for facet in detail.facets:
        facets.setdefault(facet.name, []).append(facet.value)
    return {
        "segment": detail.segment.id,
        "start_us": detail.segment.start_us,
        "end_us": detail.segment.end_us,
        "captions": [
            {"text": caption.text, "recipe": caption.recipe, "problem": caption.problem} for caption in detail.captions
        ],
        "scene": detail.scene,
        "keyframes": [_keyframe_fields(keyframe, folder) for keyframe in detail.keyframes],
        "facets": facets,
    }


def _keyframe_fields(keyframe: Keyframe, folder: Path) -> Json:
    known = keyframe.hash.hex() if keyframe.hash else None
    return {"t_us": keyframe.t_us, "path": str(folder / keyframe.path), "hash": known}


def status_line(status: LibraryStatus) -> Json:
    return {
        "videos": status.videos,
        "incomplete": status.incomplete,
        "offline": status.offline,
        "segments": status.segments,
        "captions": status.captions,
        "vectors": status.vectors,
        "duration_us": status.duration_us,
        "captioner": status.captioner,
        "recipes": list(status.recipes),
        "folders": list(status.folders),
    }


def work_line(work: WorkStatus) -> Json:
    return {
        "paused": work.paused,
        "waiting": work.waiting,
        "deferred": work.deferred,
        "failed": work.failed,
        "refused": work.refused,
        "speed": work.speed,
        "eta_s": work.eta_s,
        "about": work.about,
        "measuring": list(work.measuring),
        "waits_for": list(work.waits_for),
        "stages": [_stage_fields(stage) for stage in work.stages],
        "running": [
            {
                "stage": unit.stage,
                "recipe": unit.recipe,
                "video": unit.video,
                "title": unit.title,
                "share": unit.share,
                "worker": unit.worker,
                "seconds": unit.seconds,
            }
            for unit in work.running
        ],
        "workers": [
            {
                "worker": one.name,
                "lanes": list(one.lanes),
                "captioners": list(one.captioners),
                "quiet_s": one.quiet_s,
            }
            for one in work.workers
        ],
        "failures": [{"state": one.state, "reason": one.reason, "units": one.units} for one in work.failures],
    }


def failure_line(unit: FailedUnit) -> Json:
    return {
        "unit": unit.unit,
        "stage": unit.stage,
        "state": unit.state,
        "reason": unit.reason,
        "message": unit.message,
        "video": unit.video,
        "title": unit.title,
        **path_fields(unit.path),
    }


def _stage_fields(stage: StageProgress) -> Json:
    return {
        "stage": stage.stage,
        "recipe": stage.recipe,
        "waiting": stage.waiting,
        "running": stage.running,
        "done": stage.done,
        "refused": stage.refused,
        "failed": stage.failed,
        "left_us": stage.left_us,
        "speed": stage.speed,
        "eta_s": stage.eta_s,
    }


def root_line(folder: RegisteredFolder) -> Json:
    return {"root": folder.name, **path_fields(folder.path), "files": folder.files, "online": folder.online}


def moved_line(moved: MovedFolder) -> Json:
    return {**root_line(moved.folder), "moved": moved.files, "found": moved.found}


def watched_line(folder: WatchedFolder) -> Json:
    return {
        **path_fields(folder.path),
        "include": list(folder.include),
        "exclude": list(folder.exclude),
        "settle_s": folder.settle_s,
    }


def fixity_line(status: FixityStatus) -> Json:
    counts = status.counts
    return {
        "files": counts.files,
        "hashed": counts.hashed,
        "changed": counts.changed,
        "unreadable": counts.unreadable,
        "oldest": counts.oldest,
        "recording": status.recording,
    }


def finding_line(finding: FixityFinding) -> Json:
    file = finding.file
    return {
        "video": file.video,
        **path_fields(file.path),
        "finding": finding.finding,
        "message": finding.message,
        "sha256": file.sha256,
        "hashed_at": file.hashed_at,
        "checked_at": file.checked_at,
    }


def probe_line(path: Path, info: MediaInfo) -> Json:
    return {
        **path_fields(path),
        "state": "readable",
        "reason": None,
        "message": "",
        "warnings": list(info.warnings),
        "container": info.container,
        "claimed_duration_us": info.claimed_duration_us,
        "start_us": info.start_us,
        "stream": info.stream_index,
        "stream_choice": info.stream_choice,
        "codec": info.codec,
        "width": info.width,
        "height": info.height,
        "rotation": info.rotation,
        "pixel_shape": str(info.pixel_shape),
        "pixel_format": info.pixel_format,
        "bits": info.bits,
        "transfer": info.transfer,
        "hdr": info.hdr,
        "interlaced": info.interlaced,
        "rate": str(info.rate) if info.rate else None,
        "average_rate": str(info.average_rate) if info.average_rate else None,
        "audio_stream": info.audio_stream_index,
        "audio_choice": info.audio_choice,
        "audio_codec": info.audio_codec,
        "start_timecode": info.start_timecode.text if info.start_timecode else None,
        "drop_frame": info.start_timecode.drop_frame if info.start_timecode else None,
        "timecode_source": info.timecode_source,
        "reel": info.reel,
        "card": info.card,
        "recorded_at": info.recorded_at,
        "title": info.title,
        "streams": [
            {"index": one.index, "kind": one.kind, "codec": one.codec, "detail": one.detail, "language": one.language}
            for one in info.streams
        ],
    }


def unreadable_line(path: Path, error: MediaError) -> Json:
    state = "refused" if isinstance(error, MediaRefused) else "failed"
    return {**path_fields(path), "state": state, "reason": error.reason, "message": error.message, "warnings": []}


def file_fields(report: FileReport) -> Json:
    return {
        **path_fields(report.path),
        "state": report.state,
        "reason": report.reason,
        "message": report.message,
        "warnings": list(report.warnings),
        "video": report.video,
        "duration_us": report.duration_us,
        "segments": report.segments,
    }


def report_object(report: IngestReport) -> Json:
    return {
        "v": VERSION,
        "files": [file_fields(one) for one in report.files],
        "ignored": report.ignored,
        "seconds": round(report.seconds, 3),
        "captioner": report.captioner,
        "notes": list(report.notes),
    }


def verify_line(told: Finding | Checked, *, mended: bool | None = None) -> Json:
    """`mended`: whether it is mended now; None where nobody asked for that."""
    if isinstance(told, Checked):
        return {"checked": told.what, "count": told.count, "remarks": list(told.remarks)}
    return {
        "finding": told.kind,
        "subject": path_text(told.subject),
        **(path_fields(Path(told.subject)) if told.kind in ("file_missing", "file_changed") else {}),
        "message": told.message,
        "mend": told.mend,
        "video": told.video,
        "segments": list(told.segments),
        **({} if mended is None else {"mended": mended}),
    }
