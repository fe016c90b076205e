"""Train the network of the `standard` shot detector.

    python -m benchmarks.shot_training lessons BENCH FOLDER [--batches 0-4]
    python -m benchmarks.shot_training fit FOLDER WEIGHTS.npz [--members 3] [--steps 2500]
    python -m benchmarks.shot_training validate BENCH FOLDER [--steps 2500]

`lessons` makes training programmes from the free films of the bench (`footage.FILMS`) and from drawn footage, 50 a
batch; batches may be made side by side (the weights that ship: 0-4 and 7-11).
`fit` trains on one processor and writes the weights as they ship:
`indexer/segmentation/standard.npz`. `validate` scores each film by a network trained without it.
"""

import argparse
import hashlib
from pathlib import Path

import cv2
import numpy as np
import torch

from benchmarks.shot_training.fitting import Weights, fit
from benchmarks.shot_training.lessons import make_films, make_programmes, read_all
from benchmarks.shot_training.validation import validate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    lessons = commands.add_parser("lessons")
    lessons.add_argument("bench", type=Path)
    lessons.add_argument("folder", type=Path)
    lessons.add_argument("--batches", default="0-4")
    fitting = commands.add_parser("fit")
    fitting.add_argument("folder", type=Path)
    fitting.add_argument("weights", type=Path)
    fitting.add_argument("--members", type=int, default=3)
    fitting.add_argument("--steps", type=int, default=2500)
    validation = commands.add_parser("validate")
    validation.add_argument("bench", type=Path)
    validation.add_argument("folder", type=Path)
    validation.add_argument("--steps", type=int, default=2500)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    if arguments.command == "lessons":
        make_lessons(arguments.bench, arguments.folder, arguments.batches)
    elif arguments.command == "validate":
        validate(arguments.bench, arguments.folder, steps=arguments.steps)
    else:
        exercises = read_all(arguments.folder)
        print(f"{len(exercises)} lessons, {sum(len(one.kinds) for one in exercises)} frames", flush=True)
        members = [fit(exercises, seed=seed, steps=arguments.steps) for seed in range(arguments.members)]
        write_weights(arguments.weights, members)


def make_lessons(bench: Path, folder: Path, batches: str) -> None:
    first, _, last = batches.partition("-")
    if first == "0":
        make_films(bench, folder)
    for batch in range(int(first), int(last or first) + 1):
        make_programmes(bench, folder, batch)
        print(f"batch {batch} made", flush=True)


def write_weights(path: Path, members: list[Weights]) -> None:
    """In half precision, named by their digest."""
    arrays = {
        f"{number}.{name}": values.astype(np.float32 if name in ("mean", "spread") else np.float16)
        for number, member in enumerate(members)
        for name, values in member.items()
    }
    digest = hashlib.blake2b(digest_size=4)
    for name in sorted(arrays):
        digest.update(name.encode() + arrays[name].tobytes())
    np.savez_compressed(path, name=np.array(digest.hexdigest()), **arrays)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
