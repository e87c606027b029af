"""Lends the memory of one machine to others, as a key-value store.

    server = remote_dram.Server(listen_addr="0.0.0.0:12345", memory_limit="4GiB")   # lends its memory
    client = remote_dram.connect("host:12345")                                      # uses it
    client.put("volume/0.0.0", array)
    value = client.get("volume/0.0.0")            # a read-only buffer; None if the key is missing
    client.transact([remote_dram.Put("head", b"2"), remote_dram.Check("lock", generation)])  # all or nothing
    tensorstore.open({"driver": "zarr", "kvstore": client.kvstore_spec("volume/")})

A failure is always an exception (remote_dram.Error), and never looks like a missing key.

While a call waits, other Python threads run. Control-C ends Client.wait() at once. During any other call, it takes effect
when the call returns, which is after its time-out at the latest.

Servers and clients belong to the process that made them. After os.fork() (as in multiprocessing's "fork" processes), every
call in the child raises RuntimeError: connect again there, or use the "spawn" method.
"""

from ._answers import Entry, Outcome, ServerStat, Stat
from ._client import Client, connect
from ._errors import (
    Aborted,
    ConditionFailed,
    DataLoss,
    DeadlineExceeded,
    Error,
    FailedPrecondition,
    Internal,
    InvalidArgument,
    NotFound,
    OutOfRange,
    PermissionDenied,
    ResourceExhausted,
    StatusCode,
    Unauthenticated,
    Unavailable,
    Unimplemented,
)
from ._native import Generation, Value
from ._native import version as __version__
from ._operations import Check, Delete, DeleteRange, Put, Read
from ._server import Server

__all__ = [
    "Aborted",
    "Check",
    "Client",
    "ConditionFailed",
    "DataLoss",
    "DeadlineExceeded",
    "Delete",
    "DeleteRange",
    "Entry",
    "Error",
    "FailedPrecondition",
    "Generation",
    "Internal",
    "InvalidArgument",
    "NotFound",
    "OutOfRange",
    "Outcome",
    "PermissionDenied",
    "Put",
    "Read",
    "ResourceExhausted",
    "Server",
    "ServerStat",
    "Stat",
    "StatusCode",
    "Unauthenticated",
    "Unavailable",
    "Unimplemented",
    "Value",
    "__version__",
    "connect",
]
