"""Combinations that training never sees: about one in eight of thing x colour, and of kind x motion x camera."""

from zlib import crc32

from benchmarks.sample_captioner.sight import Sight

SALT = 8  # the first under which nothing in the eight sample films is kept out
ONE_IN = 8


def colour_is_kept_out(sight: Sight) -> bool:
    """The main thing in this colour."""
    main = sight.main
    return main.colour is not None and _drawn(f"{sight.kind}/{main.noun}/{main.colour}")


def motion_is_kept_out(sight: Sight) -> bool:
    """The main thing doing this, that way, while the camera moves so."""
    main = sight.main
    return not sight.is_frozen and _drawn(f"{sight.kind}/{main.doing}/{main.heading}/{sight.camera}")


def is_kept_out(sight: Sight) -> bool:
    return colour_is_kept_out(sight) or motion_is_kept_out(sight)


def _drawn(combination: str) -> bool:
    return crc32(f"{SALT}/{combination}".encode()) % ONE_IN == 0
