"""Which files can be entered in the middle. Loads no decoder."""

# Transport, program and elementary streams are read in order: they are found by bytes, their clocks may start again in
# mid file, and only reading in order tells. AVI stores no presentation times, MXF not always: only without reordering.
SEEKABLE = frozenset({"mov", "matroska", "webm"})
SEEKABLE_IN_ORDER = frozenset({"avi", "mxf"})


def is_surely_seekable(container: str) -> bool:
    """Whether any file of this format (FFmpeg's name, `mov,mp4,m4a`) is, whatever is in it."""
    return bool(SEEKABLE & set(container.split(",")))
