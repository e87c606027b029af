"""Converts arguments from Python to the forms that the native module takes."""

from __future__ import annotations

import math
import os
import re
from typing import TYPE_CHECKING, Any, Protocol, Union

from ._errors import InvalidArgument, StatusCode
from ._native import Generation, prefix_range, timeout_max_ms

if TYPE_CHECKING:
    from typing_extensions import Buffer


class Array(Protocol):
    """The type of a NumPy array for type checkers before Python 3.12, which cannot express the buffer protocol."""

    @property
    def __array_interface__(self) -> dict[str, Any]: ...


Key = Union[str, bytes]
Memory = Union["Buffer", Array]

ANY = Generation.from_bytes(b"")  # the generation that means "no condition"

_UNITS = {"": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]iB|B|)\s*")


def key_bytes(key: Key) -> bytes:
    if isinstance(key, str):
        return key.encode()
    if isinstance(key, bytes):
        return key
    raise TypeError(f"a key is str or bytes, not {type(key).__name__}")


def condition(wanted: Generation | None, name: str = "if_generation") -> Generation:
    """The native form of a condition. Only None means that there is none: a mistake must not make a write unconditional."""
    if wanted is None:
        return ANY
    if not isinstance(wanted, Generation):
        raise TypeError(f"{name} is a Generation or None, not {wanted!r}")
    return wanted


def key_range(prefix: Key | None, begin: Key | None, end: Key | None) -> tuple[bytes, bytes]:
    if prefix is None:
        return key_bytes(begin or b""), key_bytes(end or b"")
    if begin is not None or end is not None:
        raise TypeError("give a prefix, or begin and end, not both")
    return prefix_range(key_bytes(prefix))


def byte_range(range: tuple[int, int | None] | None) -> tuple[int, int]:
    """The native form of (begin, end), where an end of -1 means the value's end."""
    if range is None:
        return 0, -1
    begin, end = range
    if end is None:
        return begin, -1
    if end < 0:
        what = f"bytes [{begin}, {end}) is no range; give None for the value's end"
        raise InvalidArgument(StatusCode.INVALID_ARGUMENT, what)
    return begin, end


def milliseconds(timeout: float) -> int:
    if not (timeout > 0 and math.isfinite(timeout)):
        raise ValueError(f"a time-out is a number of seconds above 0, not {timeout!r}")
    if timeout * 1000 > timeout_max_ms:
        raise ValueError(f"{timeout!r} seconds are over timeout_max ({timeout_max_ms // 1000} seconds)")
    return math.ceil(timeout * 1000)


def size_in_bytes(size: int | str) -> int:
    """Bytes of a size such as 1073741824 or "1.5 GiB". "GB" is refused, for it could mean either 1000^3 or 1024^3."""
    if isinstance(size, int):
        return size
    match = _SIZE.fullmatch(size)
    if match is None:
        raise ValueError(f"{size!r} is not a size: write a number and B, KiB, MiB, GiB or TiB")
    return int(float(match[1]) * _UNITS[match[2]])


def environment(name: str) -> str:
    return os.environ.get(name, "")


def credentials_file(given: str | os.PathLike[str] | None) -> str:
    return environment("REMOTE_DRAM_CREDENTIALS") if given is None else os.fspath(given)
