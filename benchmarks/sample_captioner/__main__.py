"""Draw clips of the sample films' world, train the small captioner on them, measure it and write it as a folder.

    python -m benchmarks.sample_captioner draw WORK [--clips 30000] [--part 0/2]
    python -m benchmarks.sample_captioner train WORK [--minutes 69]
    python -m benchmarks.sample_captioner export WORK FOLDER
    python -m benchmarks.sample_captioner report WORK FOLDER [--json FILE]
    python -m benchmarks.sample_captioner all WORK FOLDER

`draw` may be run side by side, one command a part; drawing and training go on where they were broken off.
How the captioner that ships in `data/captioner` was made is in its model card.
"""

import argparse
from pathlib import Path

import cv2
import torch

from benchmarks.sample_captioner.card import write_card
from benchmarks.sample_captioner.drawing_all import draw, draw_all, stores
from benchmarks.sample_captioner.export import export
from benchmarks.sample_captioner.fitting import CORES, fit, resume
from benchmarks.sample_captioner.lessons import Clips
from benchmarks.sample_captioner.report import report

FILMS = Path(__file__).resolve().parents[2] / "data" / "samples"


def main() -> None:
    arguments = _arguments()
    cv2.setNumThreads(1)
    torch.set_num_threads(CORES)
    work: Path = arguments.work
    if arguments.command == "draw" and arguments.part:
        number, _, parts = arguments.part.partition("/")
        draw(work, arguments.clips, int(number), int(parts))
    elif arguments.command in ("draw", "all"):
        draw_all(work, arguments.clips, CORES)
    if arguments.command in ("train", "all"):
        fit(stores(work, "train"), work / "course", arguments.minutes)
    if arguments.command in ("export", "all"):
        course = resume(work / "course")
        export(course.model, course.tokenizer, arguments.folder)
    if arguments.command in ("report", "all"):
        measure(work, arguments.folder, arguments.json or work / "report.json")


def measure(work: Path, folder: Path, path: Path) -> None:
    figures = report(folder, Clips.of(*stores(work, "unseen")), FILMS)
    figures.write(path)
    write_card(folder, figures)
    print(figures.table())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("draw", "train", "export", "report", "all"))
    parser.add_argument("work", type=Path)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--clips", type=int, default=30000)
    parser.add_argument("--part", default="")
    parser.add_argument("--minutes", type=float, default=69)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    if arguments.folder is None and arguments.command in ("export", "report", "all"):
        parser.error("say in which FOLDER the captioner is")
    return arguments


if __name__ == "__main__":
    main()
