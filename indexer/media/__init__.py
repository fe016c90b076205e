"""Reading footage: the only room that opens media files, and the only one that starts other programs.

Its corners: `finding` (which files there are), `sandbox` (a process of its own for what touches them), `reading`
(frames at their times), `pictures` (the pixels people see), `probing` (what a file says), `making` (clips and others).
Importing it loads no decoder: FFmpeg is loaded inside the sandbox, or when `read_frames` or `frames_at` is first used.
"""

from typing import TYPE_CHECKING

from indexer.media.finding.discovery import EXTENSIONS, Discovery, FoundFile, discover, list_files, look_again
from indexer.media.finding.fingerprint import fingerprint
from indexer.media.finding.patterns import Choice
from indexer.media.finding.patterns import require_sane as require_sane_pattern
from indexer.media.finding.whole import WholeHash, hash_whole
from indexer.media.making.clips import cut_clip, extract_audio, make_proxy, save_still
from indexer.media.making.decoding_cost import decoding_cost_s
from indexer.media.making.program import FfmpegProgram, ffmpeg_program, media_versions
from indexer.media.pictures.jpeg import decode_jpeg, encode_jpeg, is_same_picture, is_whole_jpeg
from indexer.media.pictures.likeness import make_placeholder, picture_hash
from indexer.media.pictures.stills import read_picture
from indexer.media.probing.probe import probe
from indexer.media.reading.sampling import sampled_pictures
from indexer.media.reading.seekable import is_surely_seekable
from indexer.media.reading.spooled import SAMPLE_QUALITY, Spooled, SpoolOrder
from indexer.media.reading.timeline import DecodeNotes
from indexer.media.sandbox.child import beat
from indexer.media.sandbox.limits import Limits, use_limits
from indexer.media.sandbox.running import preload, run_sandboxed
from indexer.media.sandbox.self_test import describe_confinement

if TYPE_CHECKING:
    from indexer.media.reading.frames import frames_at, read_and_spool, read_frames

__all__ = [
    "EXTENSIONS",
    "SAMPLE_QUALITY",
    "Choice",
    "DecodeNotes",
    "Discovery",
    "FfmpegProgram",
    "FoundFile",
    "Limits",
    "SpoolOrder",
    "Spooled",
    "WholeHash",
    "beat",
    "cut_clip",
    "decode_jpeg",
    "decoding_cost_s",
    "describe_confinement",
    "discover",
    "encode_jpeg",
    "extract_audio",
    "ffmpeg_program",
    "fingerprint",
    "frames_at",
    "hash_whole",
    "is_same_picture",
    "is_whole_jpeg",
    "is_surely_seekable",
    "list_files",
    "look_again",
    "make_placeholder",
    "make_proxy",
    "media_versions",
    "picture_hash",
    "preload",
    "probe",
    "read_and_spool",
    "read_frames",
    "read_picture",
    "require_sane_pattern",
    "run_sandboxed",
    "sampled_pictures",
    "save_still",
    "use_limits",
]


def __getattr__(name: str) -> object:
    if name in ("frames_at", "read_and_spool", "read_frames"):
        from indexer.media.reading import frames

        return getattr(frames, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
