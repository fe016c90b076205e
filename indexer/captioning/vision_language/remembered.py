"""What was found out about a model on this machine, kept in the user's cache folder for the next time.

Losing it costs a few seconds of finding out again, so whatever cannot be read is as if nothing had been found out.
"""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Under which something was found out: it holds under no others."""

    model: str  # `name@revision`
    device: str  # a GPU's name, or `cpu`
    dtype: str  # such as `bfloat16`


@dataclass(frozen=True, slots=True)
class Findings:
    """Fields that are None were not found out."""

    batch_tokens: int | None = None  # of all clips of a batch together, that fit into memory
    seconds_per_segment: float | None = None


def recall(circumstances: Circumstances) -> Findings:
    """What was found out under these circumstances."""
    return _findings_of(_read(_file()).get(_key(circumstances)))


def remember(
    circumstances: Circumstances, *, batch_tokens: int | None = None, seconds_per_segment: float | None = None
) -> None:
    """Keep what is given beside what is known already, also where several processes do so at once.

    A cache folder that cannot be written to is no reason to stop: then nothing is kept.
    """
    seconds = None if seconds_per_segment is None else float(seconds_per_segment)
    news = {name: value for name, value in asdict(Findings(batch_tokens, seconds)).items() if value}
    file, key = _file(), _key(circumstances)
    try:
        with _alone(file):
            entries = _read(file)
            known = entries.get(key)
            entries[key] = {**(known if isinstance(known, dict) else {}), **news}
            _write(file, entries)
    except OSError:
        return


def _file() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME", "")
    folder = Path(cache) if Path(cache).is_absolute() else Path.home() / ".cache"
    return folder / "shotlist" / "models.json"


def _key(circumstances: Circumstances) -> str:
    return json.dumps([circumstances.model, circumstances.device, circumstances.dtype])


def _findings_of(entry: object) -> Findings:
    if not isinstance(entry, dict):
        return Findings()
    tokens, seconds = entry.get("batch_tokens"), entry.get("seconds_per_segment")
    return Findings(
        batch_tokens=tokens if type(tokens) is int and tokens > 0 else None,
        seconds_per_segment=seconds if isinstance(seconds, float) and 0 < seconds < 1e9 else None,
    )


def _read(file: Path) -> dict[str, object]:
    try:
        whole = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    entries = whole.get("models") if isinstance(whole, dict) and whole.get("v") == _VERSION else None
    return entries if isinstance(entries, dict) else {}


def _write(file: Path, entries: dict[str, object]) -> None:
    number, aside = tempfile.mkstemp(prefix=".models-", dir=file.parent)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as out:
            json.dump({"v": _VERSION, "models": entries}, out, indent=1)
        Path(aside).replace(file)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Reading and writing are one step: no two processes are in here at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
