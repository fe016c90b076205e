"""Run what touches files of unknown origin in a process of its own, bounded, confined and thrown away."""
