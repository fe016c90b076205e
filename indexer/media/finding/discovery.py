"""Find the files of an archive that look like media by their names."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from indexer.library_folder import LibraryFolder
from indexer.media.finding.patterns import Choice

_VIDEO = (
    "264 265 266 360 3g2 3gp amv asf av1 avchd avi avs2 avs3 bik bk2 braw cavs cine cpk crm dav dif divx dnxhd "
    "dnxhr drc dv dvr-ms dvs evc evo f4v flc fli flv gif gxf h261 h263 h264 h265 h266 hdmov hevc ifv insv iv8 ivf "
    "ivr k3g kux lvf lxf m15 m1v m21 m2p m2t m2ts m2v m4v m75 mj2 mjp mjpeg mjpg mk3d mkv mod mov movie mp1v mp2v "
    "mp4 mpe mpeg mpeg1 mpeg2 mpeg4 mpg mpg2 mpg4 mpv mpv2 mqv mts mxf mxg nsv nut nuv obu ogm ogv ogx pmp ps pva "
    "qt qtvr r3d ravi rec rm rmvb roq rv ser smk svi swf thp tivo tod tp trp ts tsa tsv ty usm vc1 vdr viv vivo vmd "
    "vob vqa vro vvc webm wm wmv wtv xesc xmv xvid y4m yuv"
)
# Not the small doubles that cameras write beside a clip: .lrv, .thm.
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

    Folders that are links, hidden files and folders (the `._` twins that Macs leave among them), and libraries of
    Shotlist itself are passed over; links to files are followed. A file that is reached twice is listed once.
    """
    findings = _Findings()
    for path in paths:
        absolute = Path(os.path.abspath(path))  # noqa: PTH100 - a symbolic link must stay as it is
        if absolute.is_dir():
            for entry in _entries(absolute, enters=lambda _: True, shut=findings.unreadable.append):
                _take_if_media(entry, findings)
        else:
            _take(absolute, findings)
    return Discovery(
        tuple(findings.files.values()), findings.ignored, tuple(findings.missing), tuple(findings.unreadable)
    )


def list_files(folder: Path, choice: Choice, *, but: Iterable[Path] = ()) -> Iterator[FoundFile]:
    """The media files below a folder as `discover` finds them, one by one, for folders of any size: those that are
    chosen, less what lies in the folders `but`. Folders that may not be listed hold nothing.
    """
    elsewhere = frozenset(but)
    start = len(os.fsencode(folder)) + (0 if folder == folder.parent else 1)

    def inside(path: str) -> str:
        return os.fsdecode(os.fsencode(path)[start:])

    def enters(path: str) -> bool:
        return choice.enters(inside(path)) and Path(path) not in elsewhere

    for entry in _entries(folder, enters=enters, shut=lambda _: None):
        if not _is_media(entry) or not choice.takes(inside(entry.path)):
            continue
        path = Path(entry.path)
        try:
            status = path.stat()
        except PermissionError:
            yield FoundFile(path, 0, 0)
        except OSError:  # a link that leads nowhere, or a file that has gone since
            continue
        else:
            yield FoundFile(path, status.st_size, status.st_mtime_ns)


def look_again(file: FoundFile) -> FoundFile:
    """The file as it is now: in a large archive, hours may go by between its discovery and its turn. As it was where it
    cannot be looked at; whoever opens it says why."""
    try:
        status = file.path.stat()
    except OSError:
        return file
    return FoundFile(file.path, status.st_size, status.st_mtime_ns)


@dataclass(slots=True)
class _Findings:
    files: dict[Path, FoundFile] = field(default_factory=dict)
    ignored: int = 0
    missing: list[Path] = field(default_factory=list)
    unreadable: list[Path] = field(default_factory=list)


def _entries(
    folder: Path, *, enters: Callable[[str], bool], shut: Callable[[Path], None]
) -> Iterator["os.DirEntry[str]"]:
    """What lies in a folder and those in it and is no folder; `shut` is told of folders that may not be listed."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            if LibraryFolder(here).database_file.exists():
                continue
            entries = list(_visible(here))
        except OSError:
            shut(here)
            continue
        yield from (entry for entry in entries if not _is_folder(entry))
        inner = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False) and enters(entry.path)]
        waiting.extend(Path(path) for path in reversed(inner))


def _visible(folder: Path) -> Iterator["os.DirEntry[str]"]:
    with os.scandir(folder) as entries:
        shown = [entry for entry in entries if not entry.name.startswith(".")]
    yield from sorted(shown, key=lambda entry: os.fsencode(entry.name))


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads round in a circle
        return False


def _is_media(entry: "os.DirEntry[str]") -> bool:
    return os.path.splitext(entry.name)[1].lower() in EXTENSIONS  # noqa: PTH122 (a path is made of what is taken)


def _take_if_media(entry: "os.DirEntry[str]", findings: _Findings) -> None:
    if _is_media(entry):
        _take(Path(entry.path), findings)
    else:
        findings.ignored += 1


def _take(path: Path, findings: _Findings) -> None:
    try:
        status = path.stat()
    except PermissionError:  # it is there; whoever opens it says that it cannot be read
        findings.files.setdefault(path, FoundFile(path, 0, 0))
    except OSError:
        findings.missing.append(path)
    else:
        findings.files.setdefault(path, FoundFile(path, status.st_size, status.st_mtime_ns))
