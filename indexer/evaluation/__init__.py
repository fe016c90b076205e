"""Evaluation: how well what Shotlist finds agrees with what people labelled."""

from indexer.evaluation.intervals import Interval, f1_interval
from indexer.evaluation.shot_labels import Edit, LabelledClip, Stretch, read_shot_labels
from indexer.evaluation.shot_scores import Agreement, FalseAlarm, Found, Score, ShotTable, compare, tally

__all__ = [
    "Agreement",
    "Edit",
    "FalseAlarm",
    "Found",
    "Interval",
    "LabelledClip",
    "Score",
    "ShotTable",
    "Stretch",
    "compare",
    "f1_interval",
    "read_shot_labels",
    "tally",
]
