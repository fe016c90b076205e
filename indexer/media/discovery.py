"""Find the files of an archive that look like media by their names."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from indexer.library_folder import LibraryFolder

_VIDEO = (
    "3g2 3gp amv asf avi av1 avchd dav divx drc dv dvr-ms evo f4v flc fli flv gxf h264 h265 hevc ifv ivf m1v m2p m2t "
    "m2ts m2v m4v mjpeg mjpg mj2 mkv mk3d mod mov movie mp2v mp4 mpe mpeg mpeg4 mpg mpv mqv mts mxf nsv nut obu ogm "
    "ogv ogx ps qt rec rm rmvb rv svi tod tp trp ts ty vc1 vdr vob vro webm wm wmv wtv xesc y4m yuv"
)
# These are no footage, but a file of an archive that looks like media must be in the report with its reason.
_SOUND = "aac ac3 aif aifc aiff amr ape au caf dts eac3 flac m4a m4b mka mp2 mp3 oga ogg opus tta w64 wav wma wv"
_PLAYLISTS = "asx concat ffconcat m3u m3u8 mpd pls sdp smil wpl xspf"
EXTENSIONS = frozenset(f".{name}" for name in f"{_VIDEO} {_SOUND} {_PLAYLISTS}".split())


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to look into. Its absolute path may hold bytes that are no UTF-8 (as surrogates)."""

    path: Path
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Discovery:
    files: tuple[FoundFile, ...]  # in a stable order: by name, a folder's files before its folders
    ignored: int  # files in the folders that are not media by their names
    missing: tuple[Path, ...] = ()  # named, but not there; or broken links in a folder
    unreadable: tuple[Path, ...] = ()  # folders that may not be listed


def discover(paths: Iterable[Path]) -> Discovery:
    """The media files below folders, and the files that are named themselves, whatever they are called.

    Folders that are links, hidden files and folders, and libraries of Shotlist itself are passed over. A file that is
    reached twice is listed once.
    """
    findings = _Findings()
    for path in paths:
        absolute = Path(os.path.abspath(path))  # noqa: PTH100 - a symbolic link must stay as it is
        if absolute.is_dir():
            _walk(absolute, findings)
        else:
            _take(absolute, findings)
    return Discovery(
        tuple(findings.files.values()), findings.ignored, tuple(findings.missing), tuple(findings.unreadable)
    )


@dataclass(slots=True)
class _Findings:
    files: dict[Path, FoundFile] = field(default_factory=dict)
    ignored: int = 0
    missing: list[Path] = field(default_factory=list)
    unreadable: list[Path] = field(default_factory=list)


def _walk(folder: Path, findings: _Findings) -> None:
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        if LibraryFolder(here).database_file.exists():
            continue
        try:
            entries = list(_visible(here))
        except OSError:
            findings.unreadable.append(here)
            continue
        for entry in entries:
            if not entry.is_dir():
                _take_if_media(entry, findings)
        folders = [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
        waiting.extend(reversed(folders))


def _visible(folder: Path) -> Iterator["os.DirEntry[str]"]:
    with os.scandir(folder) as entries:
        shown = [entry for entry in entries if not entry.name.startswith(".")]
    yield from sorted(shown, key=lambda entry: os.fsencode(entry.name))


def _take_if_media(entry: "os.DirEntry[str]", findings: _Findings) -> None:
    path = Path(entry.path)
    if path.suffix.lower() in EXTENSIONS:
        _take(path, findings)
    else:
        findings.ignored += 1


def _take(path: Path, findings: _Findings) -> None:
    try:
        status = path.stat()
    except OSError:
        findings.missing.append(path)
    else:
        findings.files.setdefault(path, FoundFile(path, status.st_size, status.st_mtime_ns))
