"""What a file's tags say of its title, its date, its reel and its card.

Names of tags are FFmpeg's, in small letters: containers differ in their case.
"""

import re
from collections.abc import Sequence

from indexer.media.probing.dates import iso_date
from indexer.media.reading.tag_values import Tags, tag_values

_TITLES = ("title", "com.apple.quicktime.title", "com.apple.quicktime.displayname", "material_package_name")
_DATES = (
    "com.apple.quicktime.creationdate",  # with the time zone of the place, so before all others
    "date_recorded",
    "creation_time",
    "com.blackmagic-design.camera.daterecorded",
    "date",
    "modification_date",  # MXF: when it was written; it states no other
)
_REELS = ("reel_name", "com.apple.proapps.reel", "com.arri.camera.reelname", "reel", "tape")
_CARDS = ("com.zcam.camera.storage",)
_CLIP_NAMES = ("com.apple.proapps.clipid", "material_package_name")

_IDENTIFIER = re.compile(r"0x[0-9a-f]{32,}|[0-9a-f]{32,}", re.IGNORECASE)  # a UMID, put where a name belongs

# What cameras call their clips, from their manuals: the first group is the reel (camera letter and reel number), `card`
# what its folder on the card is called.
_CAMERA_NAMES = tuple(
    re.compile(name)
    for name in (
        r"(?P<reel>[A-Z]\d{3})[CD]\d{3}_(?:20)?\d{6}_(?P<card>[RL][0-9A-Z]{3})",  # ARRI: A004C010_20100610_R1JL
        r"(?P<reel>[A-Z]\d{3})_[CLR]\d{3}_\d{4}[0-9A-Z]{2}(?:_\d{3})?",  # RED: A001_C002_0807XY_001
        r"(?P<reel>[A-Z]\d{3})_\d{8}_C\d{3}",  # Blackmagic Design: A001_08071230_C002
        r"(?P<reel>[A-Z]\d{3})[CD]\d{3}_\d{6}[0-9A-Z]{2}(?:_CANON)?",  # Sony, Canon: A001C002_210807XY
        r"(?P<reel>[A-Z]\d{3})C\d{4}_20\d{12}_\d{4}",  # Z CAM: A008C0001_20210808061442_0001
    )
)


def title_of(places: Sequence[Tags]) -> str | None:
    """The embedded title, in one line."""
    return next(tag_values(_TITLES, places), None)


def recorded_at(places: Sequence[Tags]) -> str | None:
    """When it was recorded, in ISO 8601, as exact as the file says; with the time zone of the place where it has it."""
    return next(filter(None, map(iso_date, tag_values(_DATES, places))), None)


def reel_and_card(places: Sequence[Tags], file_name: str) -> tuple[str | None, str | None]:
    """The names of the reel (or tape) and of the card.

    Stated by a tag; else as the camera's clip name tells, which the file keeps in a tag or still bears (`file_name`,
    without suffix), if it is beyond doubt one.
    """
    reel = next((value for value in tag_values(_REELS, places) if not _IDENTIFIER.fullmatch(value)), None)
    card = next(tag_values(_CARDS, places), None)
    for name in [*tag_values(_CLIP_NAMES, places), file_name]:
        for camera_name in _CAMERA_NAMES:
            if match := camera_name.fullmatch(name):
                parts = match.groupdict()
                magazine = parts["reel"] + parts["card"] if parts.get("card") else None
                return reel or parts["reel"], card or magazine
    return reel, card
