"""`make demo` promises right hits: hold it to the truth of the sample footage."""

import json
from pathlib import Path

import pytest

from data.demo import CAPTIONER, QUESTIONS, SAMPLES
from indexer.store import words
from tests.integration.command_line import run

TRUTH = json.loads((SAMPLES / "truth.json").read_text())["videos"]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "library"
    assert run("add", SAMPLES, "--captioner", CAPTIONER, library=folder).code == 0
    return folder


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_first_two_hits_are_right(library: Path, question: str) -> None:
    hits = run("search", question, "--limit", 2, "--json", library=library).lines[:-1]
    assert {Path(hit["path"]).name for hit in hits} == QUESTIONS[question]


@pytest.mark.parametrize(
    ("question", "truth"), list(zip(QUESTIONS, ["boat", "turtle", "train", "plough"], strict=False))
)
def test_what_is_found_is_really_there(library: Path, question: str, truth: str) -> None:
    for hit in run("search", question, "--limit", 2, "--json", library=library).lines[:-1]:
        shots = TRUTH[Path(hit["path"]).name]["shots"]
        overlapping = [shot for shot in shots if shot["start_us"] < hit["end_us"] and shot["end_us"] > hit["start_us"]]
        assert any(truth in shot["description"] for shot in overlapping)


def test_the_questions_use_no_word_of_the_captions(library: Path) -> None:
    said = {
        token.stem
        for video in run("videos", "--json", library=library).lines
        for segment in run("segments", video["video"], "--json", library=library).lines
        for caption in segment["captions"]
        for token in words.tokens(f"{caption['text']} {video['title']}")
    }
    for question in list(QUESTIONS)[:-1]:
        asked = {token.stem for token in words.tokens(question) if token.word not in words.STOP_WORDS}
        assert asked.isdisjoint(said), question
