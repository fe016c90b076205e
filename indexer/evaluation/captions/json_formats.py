"""The public formats of captions that are JSON, one function each, and which of them a value has.

- MSR-VTT (Xu et al. 2016): `videos` and `sentences`.
- ActivityNet Captions (Krishna et al. 2017): events with times in seconds; and what its evaluation takes as results.
- VATEX (Wang et al. 2019): ten English and ten Chinese captions a video; the English ones are read.
- COCO (Chen et al. 2015): `images` and `annotations`; and what its evaluation takes as results.
- Plain: `{"VIDEO": "caption"}`, `{"VIDEO": ["caption", ...]}`, or objects of `video` with `caption` or `captions`.
"""

from collections.abc import Callable, Iterable

import msgspec

from indexer.errors import UsageError
from indexer.evaluation.captions.lines import CaptionFile, Line, bare_name
from indexer.timecode import TimeRange


def read(data: object) -> CaptionFile:
    """Raises `UsageError` or `msgspec.ValidationError` where it is none of them."""
    reader = _reader_of_object(data) if isinstance(data, dict) else _reader_of_list(data)
    if reader is None:
        raise UsageError("its JSON is of no format that is known here")
    return reader(data)


def seconds(start: float, end: float) -> TimeRange:
    """Raises `UsageError` where it does not run forward. Data sets round: what begins before 0 begins at 0."""
    return TimeRange(max(round(start * 1_000_000), 0), round(end * 1_000_000))


Reader = Callable[[object], CaptionFile]


def _reader_of_object(data: dict[object, object]) -> Reader | None:
    first = next(iter(data.values()), None)
    if "sentences" in data:
        return _msrvtt
    if "annotations" in data:
        return _coco
    if "results" in data:
        return _activitynet_results
    if isinstance(first, dict):
        return _activitynet if "timestamps" in first else None
    return _plain_object if isinstance(first, str | list) else None


def _reader_of_list(data: object) -> Reader | None:
    first = data[0] if isinstance(data, list) and data else None
    if not isinstance(first, dict):
        return None
    if "enCap" in first:
        return _vatex
    if "image_id" in first:
        return _coco_results
    return _plain_objects if {"video", "video_id"} & first.keys() else None


class _Sentence(msgspec.Struct):
    video_id: str
    caption: str


class _Msrvtt(msgspec.Struct):
    sentences: list[_Sentence]


def _msrvtt(data: object) -> CaptionFile:
    read_in = msgspec.convert(data, _Msrvtt)
    return CaptionFile("MSR-VTT", tuple(Line(one.video_id, one.caption) for one in read_in.sentences))


class _Events(msgspec.Struct):
    timestamps: list[tuple[float, float]]
    sentences: list[str]

    def __post_init__(self) -> None:
        if len(self.timestamps) != len(self.sentences):
            raise ValueError(f"{len(self.timestamps)} timestamps for {len(self.sentences)} sentences")


def _activitynet(data: object) -> CaptionFile:
    found = msgspec.convert(data, dict[str, _Events])
    return _timed(
        "ActivityNet Captions",
        (
            (video, text, *times)
            for video, events in found.items()
            for text, times in zip(events.sentences, events.timestamps, strict=True)
        ),
    )


class _Event(msgspec.Struct):
    sentence: str
    timestamp: tuple[float, float]


class _Results(msgspec.Struct):
    results: dict[str, list[_Event]]


def _activitynet_results(data: object) -> CaptionFile:
    found = msgspec.convert(data, _Results).results
    return _timed(
        "ActivityNet Captions results",
        ((video, event.sentence, *event.timestamp) for video, events in found.items() for event in events),
    )


def _timed(name: str, told: Iterable[tuple[str, str, float, float]]) -> CaptionFile:
    """Events that last no time, of which the public files have a few, are left out."""
    lines, backward = [], 0
    for video, text, start, end in told:
        if end <= max(start, 0):
            backward += 1
            continue
        lines.append(Line(video, text, seconds(start, end), (video.removeprefix("v_"),)))
    return CaptionFile(name, tuple(lines), (f"{backward} events that do not run forward",) if backward else ())


class _Vatex(msgspec.Struct):
    videoID: str  # noqa: N815 (the file's own word)
    enCap: list[str]  # noqa: N815
    chCap: list[str] = []  # noqa: N815


def _vatex(data: object) -> CaptionFile:
    videos = msgspec.convert(data, list[_Vatex])
    chinese = sum(len(one.chCap) for one in videos)
    lines = tuple(Line(one.videoID, text) for one in videos for text in one.enCap)
    return CaptionFile("VATEX", lines, (f"{chinese} captions in Chinese",) if chinese else ())


class _Image(msgspec.Struct):
    id: int | str
    file_name: str = ""


class _Annotation(msgspec.Struct):
    image_id: int | str
    caption: str


class _Coco(msgspec.Struct):
    annotations: list[_Annotation]
    images: list[_Image] = []


def _coco(data: object) -> CaptionFile:
    found = msgspec.convert(data, _Coco)
    files = {str(one.id): bare_name(one.file_name) for one in found.images if one.file_name}
    numbers = [(str(one.image_id), one.caption) for one in found.annotations]
    lines = (Line(files.get(number, number), text, also=(number,)) for number, text in numbers)
    return CaptionFile("COCO", tuple(lines))


def _coco_results(data: object) -> CaptionFile:
    found = msgspec.convert(data, list[_Annotation])
    return CaptionFile("COCO results", tuple(Line(str(one.image_id), one.caption) for one in found))


def _plain_object(data: object) -> CaptionFile:
    found = msgspec.convert(data, dict[str, str | list[str]])
    return CaptionFile("JSON", tuple(Line(video, text) for video, told in found.items() for text in _several(told)))


class _Told(msgspec.Struct):
    video: str = ""
    video_id: str = ""
    caption: str | list[str] = []
    captions: list[str] = []
    start: float | None = None
    end: float | None = None

    def __post_init__(self) -> None:
        if not (self.video or self.video_id):
            raise ValueError("an object without `video`")


def _plain_objects(data: object) -> CaptionFile:
    lines = []
    for one in msgspec.convert(data, list[_Told]):
        span = None if one.start is None or one.end is None else seconds(one.start, one.end)
        told = (*_several(one.caption), *one.captions)
        lines += [Line(one.video or one.video_id, text, span) for text in told]
    return CaptionFile("JSON", tuple(lines))


def _several(told: str | list[str]) -> list[str]:
    return [told] if isinstance(told, str) else told
