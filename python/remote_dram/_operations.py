"""Operations of calls on several keys: Read for get_many, the others for write_many and transact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple, Union

from ._arguments import ANY, Key, Memory, byte_range, condition, key_bytes, key_range
from ._native import Generation

# The forms that the native module takes: (key, if_generation, if_not_generation, min, max, stat) and
# (kind, key, end, value, if_generation), with the kinds of remote_dram/verbs.h.
PackedRead = Tuple[bytes, Generation, Generation, int, int, bool]
PackedWrite = Tuple[int, bytes, bytes, object, Generation]
_PUT, _DELETE, _CHECK, _DELETE_RANGE = range(4)


def write_condition(if_generation: Generation | None, if_absent: bool) -> Generation:
    if if_absent and if_generation is not None:
        raise TypeError("give if_absent or if_generation, not both")
    return Generation.MISSING if if_absent else condition(if_generation)


@dataclass(frozen=True)
class Read:
    """Reads like Client.get, with the same range and conditions."""

    key: Key
    range: tuple[int, int | None] | None = None
    if_generation: Generation | None = None
    if_not_generation: Generation | None = None

    def _packed(self) -> PackedRead:
        conditions = condition(self.if_generation), condition(self.if_not_generation, "if_not_generation")
        return key_bytes(self.key), *conditions, *byte_range(self.range), False


@dataclass(frozen=True)
class Put:
    """Writes the value, which must not change until the call has returned.

    if_generation: only if the key is in this version. if_absent: only if the key is missing.
    """

    key: Key
    value: Memory
    if_generation: Generation | None = None
    if_absent: bool = False

    def _packed(self) -> PackedWrite:
        wanted = write_condition(self.if_generation, self.if_absent)
        return _PUT, key_bytes(self.key), b"", self.value, wanted


@dataclass(frozen=True)
class Delete:
    """Deletes the key; a missing key is not an error. if_generation: only if the key is in this version."""

    key: Key
    if_generation: Generation | None = None

    def _packed(self) -> PackedWrite:
        return _DELETE, key_bytes(self.key), b"", None, condition(self.if_generation)


@dataclass(frozen=True)
class Check:
    """Changes nothing, but the transaction is applied only if the key is in this version, or with if_absent is missing."""

    key: Key
    if_generation: Generation | None = None
    if_absent: bool = False

    def _packed(self) -> PackedWrite:
        wanted = write_condition(self.if_generation, self.if_absent)
        if wanted == ANY:
            raise TypeError(f"Check({self.key!r}) needs if_generation or if_absent: what is it to hold?")
        return _CHECK, key_bytes(self.key), b"", None, wanted


@dataclass(frozen=True)
class DeleteRange:
    """Deletes the keys with the prefix, or from begin up to, but not including, end, before values are put."""

    prefix: Key | None = None
    begin: Key | None = None
    end: Key | None = None

    def _packed(self) -> PackedWrite:
        return _DELETE_RANGE, *key_range(self.prefix, self.begin, self.end), None, ANY


Write = Union[Put, Delete]
Operation = Union[Put, Delete, Check, DeleteRange]
