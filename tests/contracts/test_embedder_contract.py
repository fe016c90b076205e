"""What every embedder keeps to."""

import numpy as np
import pytest

from indexer.embedding import Embedder, make_embedder
from tests.fakes.embedders import HashEmbedder
from tests.fakes.tiny_sentence_transformer import write_tiny_sentence_transformer

TEXTS = ["a dog runs on the beach", "a dog", "the beach", "runs on", "dog dog dog dog dog dog", "a", "on a beach"]


@pytest.fixture(scope="module", params=["minilm", "sentence-transformers", "hash"])
def embedder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    match request.param:
        case "minilm":
            return make_embedder("minilm")
        case "sentence-transformers":
            prompts = {"query": "query: ", "document": ""}
            return make_embedder(
                str(write_tiny_sentence_transformer(tmp_path_factory.mktemp("model"), prompts=prompts))
            )
        case _:
            return HashEmbedder()


class TestEmbedder:
    def test_rows_are_float32_unit_vectors(self, embedder: Embedder) -> None:
        for vectors in (embedder.embed_captions(TEXTS), embedder.embed_queries(TEXTS)):
            assert vectors.dtype == np.float32
            assert vectors.shape == (len(TEXTS), embedder.dimension)
            np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_no_texts_make_no_rows(self, embedder: Embedder) -> None:
        for vectors in (embedder.embed_captions([]), embedder.embed_queries([])):
            assert vectors.dtype == np.float32
            assert vectors.shape == (0, embedder.dimension)

    def test_rows_are_in_the_order_of_the_texts(self, embedder: Embedder) -> None:
        backward = embedder.embed_captions(TEXTS[::-1])
        np.testing.assert_allclose(embedder.embed_captions(TEXTS), backward[::-1], atol=1e-5)

    def test_a_vector_does_not_depend_on_its_neighbours(self, embedder: Embedder) -> None:
        many = TEXTS * 10 + ["the beach on the beach " * 20]
        together = embedder.embed_captions(many)
        for position in (0, 1, 5, len(many) - 1):
            np.testing.assert_allclose(together[position], embedder.embed_captions([many[position]])[0], atol=1e-5)

    def test_different_texts_have_different_vectors(self, embedder: Embedder) -> None:
        cosines = embedder.embed_captions(TEXTS) @ embedder.embed_captions(TEXTS).T
        np.fill_diagonal(cosines, 0)
        assert cosines.max() < 0.9999

    @pytest.mark.parametrize(
        "text", ["", " ", "🐕🏖️", "a dog\x00\n", "łódź 東京 كلب", "file\udce9.mp4", "beach " * 20_000, "x" * 50_000]
    )
    def test_any_text_has_a_unit_vector(self, embedder: Embedder, text: str) -> None:
        for vectors in (embedder.embed_captions([text, "a dog"]), embedder.embed_queries([text])):
            np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_knows_which_words_it_has_whole(self, embedder: Embedder) -> None:
        assert not embedder.splits("dog")
        assert not embedder.splits("beach")
        assert embedder.splits("bt0431zqx")

    def test_the_space_is_stable_and_names_the_dimension(self, embedder: Embedder) -> None:
        assert embedder.space == embedder.space
        assert str(embedder.dimension) in embedder.space
