"""Let a process read no files but some: Linux's Landlock (Documentation/userspace-api/landlock of the kernel)."""

import ctypes
import os
import site
import struct
import sys
import sysconfig
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from indexer.media.sandbox.confinement import forbid_new_privileges

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same number on every machine
_ASK_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # how many rights to files a version knows
_RIGHTS_SINCE = 16

_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")  # of the system; Python's own are asked for


def allow_reading(files: Iterable[Path], *, modules: Iterable[str]) -> bool:
    """From now on this thread, and all it starts, can open nothing but `files` (to read them, and what is below where
    they are folders) and the code of Python and of `modules`. False where the system does not offer it."""
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION) if sys.platform == "linux" else -1
    if version < 1 or not forbid_new_privileges():
        return False
    everything = struct.pack("Q", (1 << _RIGHTS.get(version, _RIGHTS_SINCE)) - 1)
    rules = libc.syscall(_CREATE_RULESET, everything, len(everything), 0)
    if rules < 0:
        return False
    try:
        for path in {*map(Path, _LIBRARIES), *_code(modules), *files}:
            with suppress(OSError, ValueError):  # what is not there need not be allowed; the reader will say so
                _allow(libc, rules, path)
        return bool(libc.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _code(modules: Iterable[str]) -> set[Path]:
    """Where code is loaded from: never a whole folder that happens to be on `sys.path`."""
    places = {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    places.update(_library_folder(sysconfig.get_config_var("LIBDIR"), Path(sys.base_prefix)))
    if site.ENABLE_USER_SITE:  # `pip install --user`; told where when Python started, with its environment
        places.add(Path(site.getusersitepackages()))
    for name in modules:
        package = sys.modules.get(name.partition(".")[0])
        places.update(Path(folder) for folder in getattr(package, "__path__", ()))
    return places


def _library_folder(told: str | None, prefix: Path) -> set[Path]:
    """Where Python says its shared libraries are (Conda's and Nix's are not the system's), if that is below its own
    prefix: what was written down when it was built may by now be any folder."""
    if not told or not Path(told).is_dir():
        return set()
    folder, prefix = Path(told).resolve(), prefix.resolve()
    return {folder} if prefix in folder.parents else set()


def _allow(libc: ctypes.CDLL, rules: int, path: Path) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = _READ_FILE | _READ_FOLDER if path.is_dir() else _READ_FILE
        libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)
