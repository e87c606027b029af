"""The exceptions: one class per status code; the library, the protocol and gRPC use the same numbers."""

from __future__ import annotations

import enum
from typing import Any, Sequence, TYPE_CHECKING

if TYPE_CHECKING:
    from ._answers import Outcome
    from ._native import Generation


class StatusCode(enum.IntEnum):
    """Why a call failed; the numbers are those of gRPC."""

    CANCELLED = 1
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    OUT_OF_RANGE = 11
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    DATA_LOSS = 15
    UNAUTHENTICATED = 16


class Error(Exception):
    """A call got no answer, or was refused.

    code: the kind of failure. message: what was tried, on what, why it failed, and what to do about it.
    outcome_unknown: whether the call may have changed the store although it failed.
    """

    def __init__(self, code: StatusCode, message: str, outcome_unknown: bool = False) -> None:
        super().__init__(f"{code.name}: {message}")
        self.code = code
        self.message = message
        self.outcome_unknown = outcome_unknown

    def __reduce__(self) -> tuple[Any, ...]:  # for pickling, as when a process pool returns the exception
        return type(self), (self.code, self.message, self.outcome_unknown)


class InvalidArgument(Error, ValueError):
    """A key, range or option that makes no sense, or is over a named limit."""


class DeadlineExceeded(Error, TimeoutError):
    """There was no answer within the time-out."""


class NotFound(Error, LookupError):
    """The key to copy is missing. Reads return None for a missing key instead."""


class PermissionDenied(Error):
    """The server, or the file system, does not let this user in."""


class Unauthenticated(Error):
    """Client and server do not know the same secret, or one of them has no credentials."""


class ResourceExhausted(Error):
    """A limit was reached; the message names it. Reads and deletes still work."""


class FailedPrecondition(Error):
    """The server was restarted, so its data is lost; or what was asked for is impossible here. The message says which."""


class Aborted(Error):
    """The call lost a race against another one; read again and decide again."""


class OutOfRange(Error):
    """A byte range exceeds the value, or the value does not fit into the memory passed as `into`."""


class Unimplemented(Error):
    """The server does not know this operation."""


class Internal(Error):
    """There is a defect in remote_dram."""


class Unavailable(Error, ConnectionError):
    """There is no server, or the connection to it broke."""


class DataLoss(Error):
    """The data that arrived is damaged."""


class ConditionFailed(Aborted):
    """The key's version does not satisfy if_generation, if_not_generation or if_absent.

    Nothing was changed or read. generation: the key's current version; None if the answer did not contain it.
    outcomes: for a transaction, one outcome per operation, in their order; otherwise empty.
    """

    def __init__(
        self, message: str, generation: Generation | None = None, outcomes: Sequence[Outcome] = ()
    ) -> None:
        super().__init__(StatusCode.ABORTED, message)
        self.generation = generation
        self.outcomes = outcomes

    def __reduce__(self) -> tuple[Any, ...]:  # no generations: they cannot be pickled
        return type(self), (self.message,)


_CLASSES: dict[StatusCode, type[Error]] = {
    StatusCode.INVALID_ARGUMENT: InvalidArgument,
    StatusCode.DEADLINE_EXCEEDED: DeadlineExceeded,
    StatusCode.NOT_FOUND: NotFound,
    StatusCode.PERMISSION_DENIED: PermissionDenied,
    StatusCode.RESOURCE_EXHAUSTED: ResourceExhausted,
    StatusCode.FAILED_PRECONDITION: FailedPrecondition,
    StatusCode.ABORTED: Aborted,
    StatusCode.OUT_OF_RANGE: OutOfRange,
    StatusCode.UNIMPLEMENTED: Unimplemented,
    StatusCode.INTERNAL: Internal,
    StatusCode.UNAVAILABLE: Unavailable,
    StatusCode.DATA_LOSS: DataLoss,
    StatusCode.UNAUTHENTICATED: Unauthenticated,
}


def from_status(code: int, message: str, outcome_unknown: bool) -> Error:
    """The exception for a status of the native module."""
    status = StatusCode(code)
    return _CLASSES.get(status, Error)(status, message, outcome_unknown)
