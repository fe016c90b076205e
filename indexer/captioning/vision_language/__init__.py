"""Captions by any vision-language model that transformers knows, found by hub name, short name or folder."""
