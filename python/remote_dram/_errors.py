"""The exceptions: one class per status code, as the library, the wire and gRPC number them."""

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
    """A call that got no answer, or was refused.

    code: which failure. message: what was tried, on what, why it failed, what to do about it.
    outcome_unknown: the call may have changed the store all the same; nobody can say.
    """

    def __init__(self, code: StatusCode, message: str, outcome_unknown: bool = False) -> None:
        super().__init__(f"{code.name}: {message}")
        self.code = code
        self.message = message
        self.outcome_unknown = outcome_unknown

    def __reduce__(self) -> tuple[Any, ...]:  # so that it survives the way out of a process pool
        return type(self), (self.code, self.message, self.outcome_unknown)


class InvalidArgument(Error, ValueError):
    """A key, range or option that makes no sense, or is over a named limit."""


class DeadlineExceeded(Error, TimeoutError):
    """No answer within the time-out."""


class NotFound(Error, LookupError):
    """There is no key to copy. Reads answer None for a missing key instead."""


class PermissionDenied(Error):
    """The server, or the file system, does not let this user in."""


class Unauthenticated(Error):
    """Client and server do not know the same secret, or one of them has no credentials."""


class ResourceExhausted(Error):
    """A limit was met; the message names it. Reads and deletes work all the same."""


class FailedPrecondition(Error):
    """The server was restarted: what it held is gone, and so is every client of its predecessor."""


class Aborted(Error):
    """The call lost a race; read again and decide anew."""


class OutOfRange(Error):
    """A byte range reaches outside of the value, or the value does not fit into the memory given."""


class Unimplemented(Error):
    """The server does not know this operation."""


class Internal(Error):
    """A defect of remote_dram."""


class Unavailable(Error, ConnectionError):
    """There is no server, or the connection to it broke."""


class DataLoss(Error):
    """What arrived is damaged."""


class ConditionFailed(Aborted):
    """The key is not in the version that if_generation, if_not_generation or if_absent asked for.

    Nothing was changed, or read. generation: the key's current version, as far as the answer told it.
    outcomes: one for each operation of a transaction, in their order; else empty.
    """

    def __init__(
        self, message: str, generation: Generation | None = None, outcomes: Sequence[Outcome] = ()
    ) -> None:
        super().__init__(StatusCode.ABORTED, message)
        self.generation = generation
        self.outcomes = outcomes

    def __reduce__(self) -> tuple[Any, ...]:  # without generations: native objects are not pickled
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
    """What the native module raises."""
    status = StatusCode(code)
    return _CLASSES.get(status, Error)(status, message, outcome_unknown)
