"""One decode gives what detectors see, what may stand for segments, and what captioners want: the same pictures."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from indexer.domain import Frame, Pixels
from indexer.media import (
    Spooled,
    SpoolOrder,
    decode_jpeg,
    encode_jpeg,
    frames_at,
    make_placeholder,
    picture_hash,
    probe,
    read_and_spool,
    read_frames,
)
from indexer.media.reading.spooling import laplacian_variance

VideoMaker = Callable[..., Path]
SIZE = (64, 36)
SAMPLES = Path(__file__).resolve().parents[3] / "data" / "samples"
FILM = SAMPLES / "harbour-at-sunset.mp4"


def passed(path: Path, order: SpoolOrder) -> tuple[list[Frame], list[Spooled]]:
    both = list(read_and_spool(path, size=SIZE, stream_index=probe(path).stream_index, order=order))
    return [one for one in both if isinstance(one, Frame)], [one for one in both if isinstance(one, Spooled)]


@pytest.fixture(scope="module")
def film() -> tuple[list[Frame], list[Spooled]]:
    return passed(FILM, SpoolOrder(128, ((64, 4.0),)))


class TestThePass:
    def test_detectors_see_what_they_see_without_it(self, film: tuple[list[Frame], list[Spooled]]) -> None:
        plain = list(read_frames(FILM, size=SIZE, stream_index=0))
        assert [frame.t_us for frame in film[0]] == [frame.t_us for frame in plain]
        assert all(np.array_equal(one.pixels, other.pixels) for one, other in zip(film[0], plain, strict=True))

    def test_every_second_has_one_candidate(self, film: tuple[list[Frame], list[Spooled]]) -> None:
        frames, spooled = film
        candidates = [one for one in spooled if one.sharpness is not None]
        seconds = [one.t_us // 1_000_000 for one in candidates]
        assert seconds == sorted({frame.t_us // 1_000_000 for frame in frames})
        assert {one.t_us for one in candidates} <= {frame.t_us for frame in frames}
        assert all(one.longest_side == 128 and one.sharpness for one in candidates)

    def test_samples_are_those_shown_at_an_even_pace(self, film: tuple[list[Frame], list[Spooled]]) -> None:
        frames, spooled = film
        samples = [one for one in spooled if one.sharpness is None]
        end = frames[-1].t_us + frames[-1].duration_us
        shown = [max(frame.t_us for frame in frames if frame.t_us <= time) for time in range(0, end, 250_000)]
        assert [one.t_us for one in samples] == list(dict.fromkeys(shown))

    def test_the_pictures_are_those_that_seeking_finds(self, film: tuple[list[Frame], list[Spooled]]) -> None:
        for side in (64, 128):
            kept = [one for one in film[1] if one.longest_side == side][::7]
            found = frames_at(FILM, [one.t_us for one in kept], longest_side=side, stream_index=0)
            for one, frame in zip(kept, found, strict=True):
                assert (one.t_us, one.duration_us) == (frame.t_us, frame.duration_us)
                assert one.jpeg == encode_jpeg(frame.pixels, quality=90 if side == 64 else 88)

    def test_slow_footage_gives_each_picture_once(self, make_video: VideoMaker) -> None:
        path = make_video("a.mkv", stamps=[0, 40, 100])
        _, spooled = passed(path, SpoolOrder(64, ((32, 8.0),)))
        assert [one.t_us // 100_000 for one in spooled if one.sharpness is None] == [
            0,
            16,
        ]  # the last is over before its moment comes
        assert len([one for one in spooled if one.sharpness is not None]) == 3

    def test_flat_pictures_are_candidates_only_where_all_are(self, tmp_path: Path) -> None:
        level = np.full((48, 64, 3), 90, np.uint8)
        drawn = np.where(np.indices((48, 64)).sum(0)[..., None] % 16 < 8, 60, 120).repeat(3, 2).astype(np.uint8)
        path = tmp_path / "a.mkv"
        write(path, [level] * 10 + [drawn] + [level] * 13 + [level] * 12)
        _, spooled = passed(path, SpoolOrder(64))
        assert spooled[0].t_us == 417_000
        assert spooled[1].t_us // 1_000_000 == 1


def write(path: Path, pictures: list[Pixels]) -> None:
    import av
    from av.video.stream import VideoStream

    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=24)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = pictures[0].shape[1], pictures[0].shape[0], "yuv444p"
        for pixels in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))


class TestJpeg:
    def test_comes_back(self) -> None:
        pixels = painted(3)
        assert np.abs(decode_jpeg(encode_jpeg(pixels), longest_side=640).astype(int) - pixels).mean() < 3

    @pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", encode_jpeg(np.zeros((8, 9, 3), np.uint8))])
    def test_what_is_none_or_too_large_is_refused(self, content: bytes) -> None:
        with pytest.raises(ValueError, match=r"JPEG|larger"):
            decode_jpeg(content, longest_side=8)


def hash_distance(one: bytes, other: bytes) -> int:
    """How many bits differ."""
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


class TestLikeness:
    @pytest.mark.parametrize("seed", range(6))
    def test_a_picture_is_known_again(self, seed: int) -> None:
        pixels = painted(seed)
        known = picture_hash(pixels)
        worse = decode_jpeg(encode_jpeg(pixels, quality=40), longest_side=640)
        for other in (worse, scaled(pixels, 0.5), scaled(pixels, 0.9), scaled(worse, 1.2)):
            assert hash_distance(known, picture_hash(other)) <= 6

    def test_others_are_told_apart(self) -> None:
        hashes = [picture_hash(painted(seed)) for seed in range(12)]
        assert min(hash_distance(a, b) for place, a in enumerate(hashes) for b in hashes[:place]) >= 14

    @pytest.mark.parametrize("shape", [(360, 640), (640, 360), (3, 700), (1, 1)])
    def test_placeholders_are_tiny(self, shape: tuple[int, int]) -> None:
        import io

        from PIL import Image

        noise = np.random.default_rng(1).integers(0, 255, (*shape, 3), np.uint8)
        content = make_placeholder(noise)
        assert len(content) < 300
        with Image.open(io.BytesIO(content), formats=["WEBP"]) as picture:
            assert max(picture.size) <= 16


def test_sharper_pictures_have_more_of_a_laplacian() -> None:
    pixels = painted(1)
    assert laplacian_variance(pixels) > 2 * laplacian_variance(scaled(scaled(pixels, 0.25), 4))
    assert laplacian_variance(np.zeros((2, 9, 3), np.uint8)) == 0.0


def painted(seed: int) -> Pixels:
    """Discs of many sizes on a slope of light, as a seed has it."""
    random = np.random.default_rng(seed)
    rows, columns = np.indices((180, 320))
    picture = (rows[..., None] * random.uniform(-0.5, 0.5, 3) + columns[..., None] * random.uniform(-0.3, 0.3, 3)) + 120
    for _ in range(14):
        inside = (rows - random.integers(180)) ** 2 + (columns - random.integers(320)) ** 2 < random.integers(
            10, 70
        ) ** 2
        picture[inside] = random.uniform(0, 255, 3)
    return np.clip(picture, 0, 255).astype(np.uint8)


def scaled(pixels: Pixels, factor: float) -> Pixels:
    from PIL import Image

    size = (round(pixels.shape[1] * factor), round(pixels.shape[0] * factor))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR), np.uint8)
