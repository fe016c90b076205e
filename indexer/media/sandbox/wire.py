"""What passes from a sandboxed child to its parent: small framed messages, never pickles.

A message is a kind (one byte), a length (four bytes) and a MessagePack payload. The parent decodes values against the
type it expects, so the worst a child that a file has taken over can do is to send a wrong value or an unreadable one.
Which values of the right type are too wrong to be used, whoever asked for them knows: `run_sandboxed`'s `check`.
"""

import os
import re
import struct
from fractions import Fraction
from pathlib import Path
from types import UnionType
from typing import Literal, TypeVar, get_origin

import msgspec
import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

HEADER = struct.Struct(">cI")
VALUE, BEAT, FAILURE, DONE = b"v", b"b", b"f", b"d"
LONGEST_MESSAGE = 256 << 20  # bytes; an honest child never comes near it


class Failure(msgspec.Struct):
    """How a sandboxed function ended when it did not end well."""

    kind: Literal["refused", "failed", "out_of_memory", "bug"]
    reason: str
    message: str


def encode_value(value: object) -> bytes:
    """MessagePack of dataclasses, structs and plain values; also of fractions, paths and arrays of uint8."""
    return _encoder.encode(value)


def decode_value(payload: bytes | bytearray, returns: type[T] | UnionType) -> T:
    """The inverse of `encode_value`. Raises `msgspec.MsgspecError`, `ValueError` (text that is no UTF-8) or
    `RecursionError` (nested too deep) for what is no `returns`.
    """
    value: T = msgspec.msgpack.decode(payload, type=returns, dec_hook=_decode_extra)
    return value


def _encode_extra(value: object) -> object:
    match value:
        case Fraction():
            return str(value)
        case Path():
            return os.fsencode(value)
        case np.ndarray() if value.dtype == np.uint8:
            return (value.shape, value.tobytes())
    raise NotImplementedError(f"a sandboxed function cannot yield a {type(value).__name__}")


def _decode_extra(wanted: type, value: object) -> object:
    if wanted is Fraction and isinstance(value, str) and _fraction.fullmatch(value):
        return Fraction(value)
    if wanted is Path and isinstance(value, bytes):
        return Path(os.fsdecode(value))
    if wanted is np.ndarray or get_origin(wanted) is np.ndarray:
        return _decode_array(value)
    raise ValueError(f"cannot read a {wanted} from {type(value).__name__}")


def _decode_array(value: object) -> NDArray[np.uint8]:
    shape, data = msgspec.convert(value, tuple[tuple[int, ...], bytes])
    return np.frombuffer(data, dtype=np.uint8).reshape(shape)


# Not all that Fraction() takes: 1/0 is none, and 1e20000000 takes minutes.
_fraction = re.compile(r"-?[0-9]{1,40}(/[1-9][0-9]{0,39})?")
_encoder = msgspec.msgpack.Encoder(enc_hook=_encode_extra)
