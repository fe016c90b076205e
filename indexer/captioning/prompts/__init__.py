"""Prompts as versioned text files. A changed text is a new file; its digest is part of every recipe it shapes."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import ComponentError


@dataclass(frozen=True, slots=True)
class Prompt:
    name: str
    text: str
    digest: str  # 8 hexadecimal digits of the text's SHA-256


def read_prompt(name: str) -> Prompt:
    path = Path(__file__).parent / f"{name}.txt"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in path.parent.glob("*.txt")))
        raise ComponentError(f"there is no prompt {name!r}; there are: {known}")
    text = " ".join(path.read_text(encoding="utf-8").split())
    return Prompt(name, text, hashlib.sha256(text.encode()).hexdigest()[:8])
