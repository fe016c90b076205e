"""Draws short illustrated films from a seed, and says truly what is in them.

    dice -> scene (things, actions, camera, light) -> pictures -> programme (shots, cuts) -> file + truth

`python -m data.drawing OUT` draws the sample library; `--variations N --seed S` draws N one-shot clips.
"""
