"""The model card: what the small captioner is, what it knows, and how much it gets right."""

from pathlib import Path

from benchmarks.sample_captioner.report import Figures

CARD = """---
license: cc0-1.0
library_name: transformers
pipeline_tag: video-text-to-text
---

# The sample captioner

A small video-to-text model of the Qwen3-VL family (3.5 million parameters, bfloat16) that tells the sample films of
this folder. **It knows nothing but the world they are drawn from**: shown anything else, it tells of boats, trains
and snowmen all the same. It is there to try Shotlist without a GPU or a download, and to test it.

It was trained from nothing, on two processor cores, in less than an hour, on 30,000 clips drawn by `data/drawing`; no
film, no picture and no text from elsewhere went into it. Like the films it is in the public domain (CC0 1.0).

    shotlist add data/samples --captioner data/captioner

* Two frames a second, an even number, 4 to 12; 168 x 96 pixels (or 96 x 168 upright): 28 tokens a pair of frames.
* It takes one video and gives one caption, whatever it is asked: the chat template passes the question over, and it
  has never seen a single image.
* It tells the main thing with its colour and what it does and where to, the place, the light, what happens then or
  meanwhile, and the camera. It reads no lettering and counts nothing. In a match, who attacks is not told.

## How much it gets right

Each row on up to 1,000 clips that training has not seen. Every eighth combination of thing and colour, and of kind,
motion and camera, was kept out of training. *Second* is the second thing with its colour and motion; *order*, that two
events which follow each other are told in their order; *everything*, that the whole caption is right.

{table}

`python -m benchmarks.sample_captioner all WORK FOLDER` draws, trains and measures such a captioner again, in 69 minutes
of two cores for training; the weights that ship had 52 (`--minutes 52`), in one course that was broken off once and
went on from its checkpoint. Nothing was changed on the way. What it is taught, camera moves over clips of a still
camera among it, was chosen by the figures of an earlier course on two thirds of these unseen clips.
"""


def write_card(folder: Path, figures: Figures) -> None:
    (folder / "README.md").write_text(CARD.format(table=figures.table()), encoding="utf-8")
