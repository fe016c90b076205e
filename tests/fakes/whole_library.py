"""All that a library holds, told so that two libraries of the same footage can be compared: rows by what they are
about and not by their numbers, files by their bytes. Times, counts of tries and names of index files are left out."""

import hashlib
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from indexer.store.tables import Base

_OF_THIS_RUN = {
    *("row", "id", "added_at", "written_at", "at", "hashed_at", "checked_at", "seq", "change_seq", "file", "sha256"),
    *("epoch", "attempts", "deaths", "owner", "lease_until_us", "cost_us", "not_before_us", "priority", "result"),
    *("queued_us", "started_us", "ended_us", "seen_us"),
}
_POINTS_TO = {"item_id": "caption"}  # beside the columns `TABLE_row`
_LABELS = {
    "video": ("title",),
    "root": ("path",),
    "recipe": ("name",),
    "space": ("name",),
    "segment": ("video_row", "start_us", "end_us"),
    "segmentation": ("video_row", "recipe_row"),
    "caption": ("segment_row", "recipe_row", "ordinal"),
    "work_unit": ("stage", "video_row", "recipe"),
}

Row = Mapping[str, object]


def tell_all(library: Path) -> dict[str, list[str]]:
    """{table: its rows, sorted}, and the pictures as `keyframes`."""
    connection = sqlite3.connect(library / "library.db")
    connection.row_factory = sqlite3.Row
    tables = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in Base.metadata.tables}
    connection.close()
    rows = {name: {row["row"]: dict(row) for row in some if "row" in row.keys()} for name, some in tables.items()}  # noqa: SIM118
    names = _names(rows)
    told = {
        table: sorted(repr([_told(column, row[column], rows, names) for column in sorted(row.keys())]) for row in some)
        for table, some in tables.items()
    }
    return told | {"keyframes": _pictures(library, names)}


def _names(rows: Mapping[str, Mapping[int, Row]]) -> dict[str, str]:
    """{id: what it stands for} of videos and segments, whose ids are another library's."""
    return {
        str(row["id"]): f"<{_label(table, number, rows)}>"
        for table in ("segment", "video")
        for number, row in rows[table].items()
    }


def _told(column: str, value: object, rows: Mapping[str, Mapping[int, Row]], names: Mapping[str, str]) -> object:
    if column in _OF_THIS_RUN:
        return None
    table = _POINTS_TO.get(column, column.removesuffix("_row").replace("file", "work_unit"))
    if isinstance(value, int) and table in rows and (column.endswith("_row") or column in _POINTS_TO):
        return column, _label(table, value, rows)
    if isinstance(value, bytes):
        return column, hashlib.sha256(value).hexdigest()
    return column, _renamed(value, names) if isinstance(value, str) else value


def _label(table: str, number: int, rows: Mapping[str, Mapping[int, Row]]) -> str:
    row = rows[table].get(number)
    if row is None:
        return "nothing"
    parts = []
    for column in _LABELS[table]:
        value, owner = row[column], column.removesuffix("_row")
        parts.append(_label(owner, value, rows) if owner != column and isinstance(value, int) else str(value))
    return "/".join(parts)


def _renamed(text: str, names: Mapping[str, str]) -> str:
    for identifier, name in names.items():
        text = text.replace(identifier, name)
    return text


def _pictures(library: Path, names: Mapping[str, str]) -> list[str]:
    files = [path for path in (library / "keyframes").rglob("*") if path.is_file() and not path.name.startswith(".")]
    return sorted(
        _renamed(f"{path.parent.name}/{path.stem} {hashlib.sha256(path.read_bytes()).hexdigest()}", names)
        for path in files
    )
