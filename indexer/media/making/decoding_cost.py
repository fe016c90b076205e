"""What decoding a file costs at the least: the yardstick for everything that reads one."""

from pathlib import Path

from indexer.media.making.program import time_ffmpeg


def decoding_cost_s(path: Path, *, stream_index: int) -> float:
    """Processor seconds in which the ffmpeg program decodes all pictures of a stream to nothing, on one thread:
    `ffmpeg -threads 1 -i FILE -f null -`. Varies from run to run with what else the machine does.

    Raises `MediaFailed` where the program fails or gets nowhere, `ComponentError` where there is none.
    """
    from indexer.media.reading.opening import file_address, reading_options

    return time_ffmpeg(file_address(path), reading=reading_options(), streams=(str(stream_index),))
