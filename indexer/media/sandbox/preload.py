"""What the fork server loads once, so that each sandboxed child starts in milliseconds. Imported by nothing else."""

import av.subtitles.stream  # noqa: F401 - PyAV loads it late

import indexer.media.probing.facts
import indexer.media.probing.probe
import indexer.media.reading.frames
import indexer.media.reading.sampling  # noqa: F401
