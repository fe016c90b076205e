"""What is in a file, as text: in whatever encoding, compressed or not, and of which format it is."""

import codecs
import gzip
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from indexer.domain import path_text
from indexer.errors import UsageError

Format = Literal["jsonl", "json", "csv", "tsv", "srt", "vtt"]
FORMATS: tuple[Format, ...] = get_args(Format)
STANDARD_INPUT = Path("-")

_BY_SUFFIX: dict[str, Format] = {f".{name}": name for name in FORMATS} | {".ndjson": "jsonl"}
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class TextFile:
    """`name`: of the file, without what says that it is compressed. `notes`: what a person should know of it."""

    name: str
    format: Format
    text: str
    notes: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """The name without its last suffix."""
        return self.name.rpartition(".")[0] or self.name


def read_text_file(path: Path, format: Format | None = None) -> TextFile:
    """`-` is standard input. Raises `UsageError` for a file that cannot be read, or is of no format known here."""
    if path == STANDARD_INPUT and format is None:
        raise UsageError(f"standard input has no name to tell its format by; give it with --format {'|'.join(FORMATS)}")
    name = "standard input" if path == STANDARD_INPUT else path_text(path.name)
    name = name[: -len(".gz")] if name.lower().endswith(".gz") else name
    known = format or _BY_SUFFIX.get(Path(name.lower()).suffix)
    if known is None:
        raise UsageError(f"{path_text(path)}: its name does not tell its format; give it with --format")
    try:
        content = sys.stdin.buffer.read() if path == STANDARD_INPUT else path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path_text(path)} cannot be read: {error.strerror}") from None
    text, notes = decode(content, name)
    return TextFile(name, known, text, notes)


def decode(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text of a file's bytes, and what to say of how it was read. Raises `UsageError` for damaged compression."""
    if content.startswith(_GZIP):
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise UsageError(f"{name} is compressed and damaged: {error}") from None
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace"), ()
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        note = f"{name} is not UTF-8 and was read as Windows-1252; if letters are wrong, save it as UTF-8"
        return content.decode("cp1252", "replace"), (note,)
