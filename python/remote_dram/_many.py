"""ManyKeys: the calls of a Client on several keys; each call is one message and one reply."""

from __future__ import annotations

from typing import Iterable, Literal, TypeVar, overload

from . import _native
from ._answers import Outcome, Stat
from ._arguments import ANY, Key, key_bytes, key_range, milliseconds
from ._errors import ConditionFailed, Error
from ._native import Generation, Value
from ._operations import Operation, Put, Read, Write
from ._owner import StoreOwner

T = TypeVar("T")


class ManyKeys(StoreOwner):
    """A call takes at most 16384 operations. A call over a limit is refused as a whole; the error names the limit."""

    def __init__(self, store: _native.Store, timeout: float) -> None:
        self._timeout_ms = milliseconds(timeout)
        super().__init__(store, timeout)

    @overload
    def get_many(
        self, reads: Iterable[Key | Read], *, at_one_instant: bool = ...,
        return_exceptions: Literal[False] = ..., timeout: float | None = ...
    ) -> list[Value | None]: ...  # fmt: skip
    @overload
    def get_many(
        self, reads: Iterable[Key | Read], *, at_one_instant: bool = ...,
        return_exceptions: Literal[True], timeout: float | None = ...
    ) -> list[Value | None | Error]: ...  # fmt: skip
    def get_many(
        self,
        reads: Iterable[Key | Read],
        *,
        at_one_instant: bool = False,
        return_exceptions: bool = False,
        timeout: float | None = None,
    ) -> list[Value | None | Error] | list[Value | None]:
        """Returns the values of several keys, in the order of the reads; None for each missing key.

        reads: keys, or Read(key, ...) with a range or conditions as in get().
        at_one_instant: reads all of them at one instant; otherwise each at its own.
        return_exceptions: puts an exception that get() would raise for a read into the list, in that read's place (as
            in asyncio.gather); otherwise the first such exception is raised.
        timeout: seconds, for all reads together.

        Values read together may share one piece of memory, which lives as long as any of them. Together
        they have at most 64 MiB; otherwise ResourceExhausted is raised.
        """
        wanted = [read if isinstance(read, Read) else Read(read) for read in _items(reads)]
        packed = [read._packed() for read in wanted]
        found = self._alive().read_many(packed, at_one_instant, self._milliseconds(timeout))
        answers: list[Value | None | Error] = []
        for read, answer in zip(wanted, found):
            if isinstance(answer, Generation):
                what = f"get {read.key!r}: the key is in version {answer.hex()}"
                answer = ConditionFailed(what, answer)
            assert not isinstance(answer, tuple)  # only the answer of a stat is a tuple
            answers.append(answer)
        return answers if return_exceptions else _or_raise(answers)

    def stat_many(
        self, keys: Iterable[Key], *, at_one_instant: bool = False, timeout: float | None = None
    ) -> list[Stat | None]:
        """Returns generation and size of several keys, in their order; None for each missing key.

        at_one_instant: reads all of them at one instant. timeout: seconds, for all keys together.
        """
        packed = [(key_bytes(key), ANY, ANY, 0, -1, True) for key in _items(keys)]
        found = self._alive().read_many(packed, at_one_instant, self._milliseconds(timeout))
        return [Stat(*answer) if isinstance(answer, tuple) else None for answer in _or_raise(found)]

    @overload
    def write_many(
        self, writes: Iterable[Write], *, return_exceptions: Literal[False] = ..., timeout: float | None = ...
    ) -> list[Generation]: ...  # fmt: skip
    @overload
    def write_many(
        self, writes: Iterable[Write], *, return_exceptions: Literal[True], timeout: float | None = ...
    ) -> list[Generation | Error]: ...  # fmt: skip
    def write_many(
        self,
        writes: Iterable[Write],
        *,
        return_exceptions: bool = False,
        timeout: float | None = None,
    ) -> list[Generation | Error] | list[Generation]:
        """Applies several Put(...) and Delete(...), in their order, independently of each other: see transact().

        Returns the new generation of each key; Generation.MISSING for a delete. Together the values have at most 64 MiB.
        return_exceptions: puts an exception that put() or delete() would raise into the list, in that write's place.
            Otherwise the first such exception is raised, after all other writes have been applied.
        timeout: seconds, for all writes together.
        """
        writes = list(writes)
        packed = [write._packed() for write in writes]
        answers: list[Generation | Error] = []
        for write, answer in zip(writes, self._alive().write_many(packed, self._milliseconds(timeout))):
            if answer is None:
                verb = "put" if isinstance(write, Put) else "delete"
                answer = ConditionFailed(f"{verb} {write.key!r}: the key is in another version")
            answers.append(answer)
        return answers if return_exceptions else _or_raise(answers)

    def transact(
        self, operations: Iterable[Operation], *, timeout: float | None = None
    ) -> list[Generation]:
        """Applies all operations at one instant, or none of them; readers, too, see all of them or none.

        operations: Put, Delete, Check and DeleteRange. Each key may be named at most once, apart from the ranges. Ranges
            are deleted before values are put.
        timeout: seconds, for the whole transaction.

        Returns the new generation of each operation's key; Generation.MISSING for deleted keys and ranges. If a
        condition does not hold, nothing is changed, and ConditionFailed is raised: its `outcomes` tell for each
        operation whether it matched, and its key's current generation.
        """
        operations = list(operations)
        packed = [operation._packed() for operation in operations]
        applied, found = self._alive().transact(packed, self._milliseconds(timeout))
        outcomes = [Outcome(matched, g if g != ANY else Generation.MISSING) for matched, g in found]
        if applied:
            return [outcome.generation for outcome in outcomes]
        keys = [write[1] for write, outcome in zip(packed, outcomes) if not outcome.matched]
        others = f" (and {len(keys) - 1} more)" if len(keys) > 1 else ""
        what = f"transact: {keys[0]!r} is in another version{others}; nothing was changed"
        raise ConditionFailed(what, outcomes=outcomes)

    def copy_range(self, prefix: Key, target: Key, *, timeout: float | None = None) -> int:
        """Copies every key that starts with the prefix to a key that starts with the target instead.

        Values are not transferred: source and copy share the server's bytes. Each key is copied at its own instant, and
        replaces an existing value. Returns the number of copied keys. The target must not start with the prefix, nor the
        prefix with the target. timeout: seconds, for all keys together; a call that fails may have copied some.
        """
        source = key_range(prefix, None, None)
        strip = len(key_bytes(prefix))
        return self._alive().copy_range(*source, strip, key_bytes(target), self._milliseconds(timeout))

    def _milliseconds(self, timeout: float | None) -> int:
        return self._timeout_ms if timeout is None else milliseconds(timeout)


def _items(keys: Iterable[T]) -> list[T]:
    if isinstance(keys, (str, bytes)):
        raise TypeError(f"give a list of keys, not the single key {keys!r}")
    return list(keys)


def _or_raise(answers: list[T | Error]) -> list[T]:
    fine: list[T] = []
    for answer in answers:
        if isinstance(answer, Error):
            raise answer
        fine.append(answer)
    return fine
