"""The small captioner of `data/captioner`: drawn clips, their telling, a model of the Qwen3-VL family, its report.

drawing (scenes -> clips) -> seeing (what is seen of a clip) -> telling (caption) -> fitting -> export
                                                                hearing (caption -> facts) -> report
"""
