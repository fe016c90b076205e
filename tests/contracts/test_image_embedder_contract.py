"""What every image embedder keeps to: small random models of each family, read as true ones are."""

import numpy as np
import pytest

from indexer.domain import Pixels
from indexer.embedding import ImageEmbedder, make_image_embedder
from tests.fakes.tiny_image_models import WRITERS

TEXTS = ["a dog runs on the beach", "a dog", "", "łódź 東京", "file\udce9.mp4", "beach " * 500]


def drawn(seed: int, height: int, width: int) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


PICTURES = [
    drawn(1, 36, 64),
    drawn(2, 64, 36),
    drawn(3, 3, 3),
    np.full((20, 30, 3), 200, np.uint8),
    drawn(4, 90, 160),
    drawn(5, 1, 70),
]


@pytest.fixture(scope="module", params=sorted(WRITERS))
def embedder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ImageEmbedder:
    folder = WRITERS[request.param](tmp_path_factory.mktemp("model") / request.param)
    return make_image_embedder(str(folder), device="cpu")


class TestImageEmbedder:
    def test_rows_are_float32_unit_vectors(self, embedder: ImageEmbedder) -> None:
        for vectors, count in (
            (embedder.embed_pictures(PICTURES), len(PICTURES)),
            (embedder.embed_texts(TEXTS), len(TEXTS)),
        ):
            assert vectors.dtype == np.float32
            assert vectors.shape == (count, embedder.dimension)
            np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_nothing_makes_no_rows(self, embedder: ImageEmbedder) -> None:
        for vectors in (embedder.embed_pictures([]), embedder.embed_texts([])):
            assert vectors.dtype == np.float32
            assert vectors.shape == (0, embedder.dimension)

    def test_rows_are_in_the_order_given_and_do_not_depend_on_their_neighbours(self, embedder: ImageEmbedder) -> None:
        many = PICTURES * 4  # more than go together
        together = embedder.embed_pictures(many)
        for position in (0, 2, 5, 17, len(many) - 1):
            np.testing.assert_allclose(together[position], embedder.embed_pictures([many[position]])[0], atol=1e-5)
        of_texts = embedder.embed_texts(TEXTS * 8)
        for position in (0, 1, 2, 5, 40):
            alone = embedder.embed_texts([TEXTS[position % len(TEXTS)]])[0]
            np.testing.assert_allclose(of_texts[position], alone, atol=1e-5)

    def test_other_pictures_and_texts_have_other_vectors(self, embedder: ImageEmbedder) -> None:
        for vectors in (embedder.embed_pictures(PICTURES[:5]), embedder.embed_texts(TEXTS)):
            cosines = vectors @ vectors.T
            np.fill_diagonal(cosines, 0)
            assert cosines.max() < 0.9999

    def test_pictures_that_may_not_be_written_to_are_taken_and_left_alone(self, embedder: ImageEmbedder) -> None:
        picture = drawn(1, 36, 64)
        before = picture.copy()
        picture.flags.writeable = False
        np.testing.assert_allclose(embedder.embed_pictures([picture])[0], embedder.embed_pictures([before])[0])
        np.testing.assert_array_equal(picture, before)

    def test_the_space_is_stable_and_names_the_dimension(self, embedder: ImageEmbedder) -> None:
        assert embedder.space == embedder.space
        assert embedder.space.endswith(f"/{embedder.dimension}")
