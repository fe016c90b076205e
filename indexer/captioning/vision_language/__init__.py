"""Captions by any vision-language model that transformers knows.

`catalogue` finds a model; `limits`, `families` and `budget` say what it is shown; `devices`, `room`, `gpu_faults`,
`loaded` and `ready` put it to work; `inputs`, `batching`, `waiting` and `generating` take clips through it;
`captioner` is what others use.
"""
