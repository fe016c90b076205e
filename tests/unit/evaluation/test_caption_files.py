"""Files of captions: each public format as it is published, known by its content, and what is none."""

import gzip
import json
from pathlib import Path

import pytest

from indexer.errors import UsageError
from indexer.evaluation.captions import CaptionFile, Line, read_captions
from indexer.timecode import TimeRange

MSRVTT = {
    "info": {"version": "1.0"},
    "videos": [{"category": 9, "video_id": "video0", "start time": 1.5, "end time": 9.0, "split": "train", "id": 0}],
    "sentences": [
        {"caption": "a car is shown", "video_id": "video0", "sen_id": 0},
        {"caption": " in a\nframe \u2028a man drives ", "video_id": "video0", "sen_id": 1},
    ],
}
ACTIVITYNET = {
    "v_QOlSCBRmfWY": {
        "duration": 82.73,
        "timestamps": [[0.83, 19.86], [-0.2, 60.81], [5, 5]],
        "sentences": ["A woman is seen.", " She dances.", "nothing lasts"],
    }
}
VATEX = [{"videoID": "Ptf_2VRj-V0_000122_000132", "enCap": ["A man swims."], "chCap": ["一个男人", "在游泳"]}]
COCO = {
    "images": [{"id": 7, "file_name": "val/COCO_val2014_000000000007.jpg"}],
    "annotations": [{"id": 1, "image_id": 7, "caption": "a cat"}, {"id": 2, "image_id": 8, "caption": "a dog"}],
}


def span(start: float, end: float) -> TimeRange:
    return TimeRange(round(start * 1e6), round(end * 1e6))


def written(folder: Path, content: object, *, name: str = "any.bin") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (MSRVTT, ("MSR-VTT", (Line("video0", "a car is shown"), Line("video0", "in a frame a man drives")))),
        (
            ACTIVITYNET,
            (
                "ActivityNet Captions",
                (
                    Line("v_QOlSCBRmfWY", "A woman is seen.", span(0.83, 19.86), ("QOlSCBRmfWY",)),
                    Line("v_QOlSCBRmfWY", "She dances.", span(0, 60.81), ("QOlSCBRmfWY",)),
                ),
                ("1 events that do not run forward",),
            ),
        ),
        (
            {"version": "1", "results": {"v_a": [{"sentence": "one", "timestamp": [1, 2.5]}]}, "external_data": {}},
            ("ActivityNet Captions results", (Line("v_a", "one", span(1, 2.5), ("a",)),)),
        ),
        (VATEX, ("VATEX", (Line("Ptf_2VRj-V0_000122_000132", "A man swims."),), ("2 captions in Chinese",))),
        (COCO, ("COCO", (Line("COCO_val2014_000000000007", "a cat", None, ("7",)), Line("8", "a dog", None, ("8",))))),
        ([{"image_id": 7, "caption": "a cat"}], ("COCO results", (Line("7", "a cat"),))),
        (
            {"a.mp4": "one", "b": ["two", "three"]},
            ("JSON", (Line("a.mp4", "one"), Line("b", "two"), Line("b", "three"))),
        ),
        (
            [{"video": "a", "caption": "one"}, {"video_id": "b", "caption": ["two"], "start": 1, "end": 2}],
            ("JSON", (Line("a", "one"), Line("b", "two", span(1, 2)))),
        ),
        (
            '{"video": "a", "category": 1, "captions": ["one", ""]}\n\n{"video": "b", "captions": ["two"]}\n',
            ("JSON", (Line("a", "one"), Line("a", ""), Line("b", "two"))),
        ),
        (
            '\ufeffvideo,caption,start,end\na.mp4,"one, two",,\nb,three,1.5,2\n',
            ("CSV", (Line("a.mp4", "one, two"), Line("b", "three", span(1.5, 2)))),
        ),
        ("key,video_id,sentence\nret0,video7579,a girl\n", ("CSV", (Line("video7579", "a girl"),))),
        (
            "VideoID,Start,End,WorkerID,Source,AnnotationTime,Language,Description\n"
            "mv89psg6zh4,33,46,588,unverified,11,English,A bird bathes.\n"
            "mv89psg6zh4,33,46,588,unverified,11,Slovene,Papagaj se umiva.\n"
            "mv89psg6zh4,33,46,588,unverified,11,English,\n",
            ("MSVD", (Line("mv89psg6zh4_33_46", "A bird bathes."),), ("1 captions in other languages than English",)),
        ),
        (
            "# comment\n\n-4wsuPCjDBc_5_15 a squirrel is eating\n-4wsuPCjDBc_5_15 a squirrel eats\n",
            (
                "MSVD",
                (Line("-4wsuPCjDBc_5_15", "a squirrel is eating"), Line("-4wsuPCjDBc_5_15", "a squirrel eats")),
            ),
        ),
    ],
)
def test_each_format_is_known_by_what_stands_in_it(
    tmp_path: Path, content: object, expected: tuple[object, ...]
) -> None:
    assert read_captions(written(tmp_path, content)) == CaptionFile(*expected)  # type: ignore[arg-type]


def test_gzipped_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(gzip.compress(json.dumps(VATEX).encode()))
    assert read_captions(path).format == "VATEX"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x80\x04\x95", "a pickle, which can run code"),
        (b"PK\x03\x04", "unpack it first"),
        (b"\x1f\x8b\x08\x00broken", "not a file of captions"),
        (b"\xff\xfe\x00", "not a file of captions"),
        (b"", "video,caption"),
        (b"video,text\na,b\n", "video,caption"),
        (b"video,caption\n", "no caption"),
        (b"video,caption\na,one, two\n", "line 2 has not the columns"),
        (b"video,caption\na\n", "line 2 has not the columns"),
        (b"video,caption,start,end\na,one,2,1\n", "line 2.*forward.*seconds"),
        (b"video,caption,start,end\na,one,0:01,0:02\n", "line 2.*seconds"),
        (b'video,caption\n"a,b', "unexpected end of data"),
        (b"a_1_2 one\nno clip\n", "line 2"),
        (b'{"clips": {"a.mp4": {"cuts": []}}}', "no format that is known"),
        (b'{"sentences": [{"caption": 1, "video_id": "a"}]}', "Expected `str`"),
        (b'{"a": {"timestamps": [[1, 2]], "sentences": []}}', "1 timestamps for 0 sentences"),
        (b'[{"video": "", "caption": "one"}]', "without `video`"),
        (b"[]", "no format that is known"),
        (b'{"a": "one"', "truncated"),
        (b'[{"videoID": "a", "enCap": [], "chCap": ["x"]}]', "no caption.*1 captions in Chinese"),
    ],
)
def test_what_is_no_file_of_captions_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "captions.json"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=told) as raised:
        read_captions(path)
    assert "docs/evaluation.md" in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_captions(tmp_path / "nothing.json")
