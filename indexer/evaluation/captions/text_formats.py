"""The formats of captions that are text: CSV with a header line, and the two of MSVD (Chen and Dolan 2011)."""

import csv
import io
import re

from indexer.errors import UsageError
from indexer.evaluation.captions.json_formats import seconds
from indexer.evaluation.captions.lines import CaptionFile, Line

_MSVD_LINE = re.compile(r"(\S+_\d+_\d+)\s+(.+)")
_VIDEO, _CAPTION = ("video", "video_id", "file"), ("caption", "sentence")


def read(content: str) -> CaptionFile:
    """Raises `UsageError` where it is none of them."""
    lines = [line for line in content.splitlines() if line.strip() and not line.startswith("#")]
    if lines and _MSVD_LINE.fullmatch(lines[0]):
        return _msvd_lines(lines)
    rows = csv.DictReader(io.StringIO(content), strict=True)
    header = rows.fieldnames or ()
    try:
        if {"VideoID", "Start", "End", "Description"} <= set(header):
            return _msvd_table(rows)
        return _table(rows)
    except csv.Error as error:
        raise UsageError(f"line {rows.line_num}: {error}") from None


def _msvd_lines(lines: list[str]) -> CaptionFile:
    found = []
    for number, line in enumerate(lines, 1):
        one = _MSVD_LINE.fullmatch(line)
        if one is None:
            raise UsageError(f"line {number} of its captions is not a clip and a caption")
        found.append(Line(one[1], one[2]))
    return CaptionFile("MSVD", tuple(found))


def _msvd_table(rows: "csv.DictReader[str]") -> CaptionFile:
    """The crowd's own table: clips are named by a video, a start and an end; many languages, of which English is
    read."""
    lines, foreign = [], 0
    for row in rows:
        if (row.get("Language") or "English") != "English":
            foreign += 1
        elif row["Description"]:
            lines.append(Line(f"{row['VideoID']}_{row['Start']}_{row['End']}", row["Description"]))
    left_out = (f"{foreign} captions in other languages than English",) if foreign else ()
    return CaptionFile("MSVD", tuple(lines), left_out)


def _table(rows: "csv.DictReader[str]") -> CaptionFile:
    header = rows.fieldnames or ()
    video = next((name for name in _VIDEO if name in header), None)
    caption = next((name for name in _CAPTION if name in header), None)
    if video is None or caption is None:
        raise UsageError("a CSV file begins with a line that names its columns: video,caption and perhaps start,end")
    return CaptionFile("CSV", tuple(_line(row, video, caption, number=rows.line_num) for row in rows))


def _line(row: dict[str, str], video: str, caption: str, *, number: int) -> Line:
    if not row[video] or row[caption] is None or None in row:
        raise UsageError(f"line {number} has not the columns of the first one; quote captions with commas")
    start, end = row.get("start"), row.get("end")
    if not start or not end:
        return Line(row[video], row[caption])
    try:
        return Line(row[video], row[caption], seconds(float(start), float(end)))
    except (ValueError, UsageError) as error:
        raise UsageError(f"line {number}: {error}; start and end are seconds") from None
