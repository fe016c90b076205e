"""Caption texts of the bench, for measuring search without any footage."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench"


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    video: str
    text: str
    start_us: int
    end_us: int


def read_lines(path: Path) -> Iterator[dict[str, object]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_corpus(name: str) -> list[Document]:
    """The documents of a corpus; those without times are given consecutive spans of ten seconds."""
    documents: list[Document] = []
    for number, line in enumerate(read_lines(BENCH / "retrieval" / "corpora" / f"{name}.docs.jsonl.gz")):
        start = float(str(line.get("start", 10 * number)))
        end = float(str(line.get("end", start + 10)))
        span = (round(start * 1e6), max(round(end * 1e6), round(start * 1e6) + 1))
        documents.append(Document(str(line["id"]), str(line["video"]), str(line["text"]), *span))
    return documents
