"""Client: a store in another process, on another machine, or in this one."""

from __future__ import annotations

import os
from typing import Iterator

from . import _native
from ._answers import Entry, ServerStat, Stat
from ._arguments import (
    Key,
    Memory,
    byte_range,
    condition,
    credentials_file,
    environment,
    key_bytes,
    key_range,
    milliseconds,
)
from ._errors import ConditionFailed, NotFound, StatusCode
from ._many import ManyKeys
from ._native import Generation, Value
from ._operations import write_condition
from ._server import Server

_ON_RESTART = ("fail", "accept")


def connect(
    address: str | Server | None = None,
    *,
    path: str = "auto",
    on_restart: str = "fail",
    timeout: float = 30.0,
    connect_timeout: float = 10.0,
    credentials: str | os.PathLike[str] | None = None,
) -> Client:
    """Makes a client of the server at "HOST:PORT" or "unix:PATH", or of a Server in this process.

    Without an address, it connects to $REMOTE_DRAM_SERVER, or else to this user's server on this host.
    path: how the data travels. "mapped": reads come directly from the memory of a server on this host, without a
        message. "socket": rings in shared memory, for clients that connect to the Unix socket. "shm": UCX's shared
        memory. "tcp". "auto": the best one that works.
    on_restart: a restarted server has lost its data. "fail": every call of this client then raises
        FailedPrecondition, so that lost data does not look like missing data. "accept", for caches: the client
        goes on with the new server.
    timeout: seconds, for every call without its own time-out.
    connect_timeout: seconds until connect() fails.
    credentials: a file whose first line NAME:HEX authenticates this client to a server with credentials; used only
        over TCP. Without it, $REMOTE_DRAM_CREDENTIALS is used; "" means none.
    """
    if path not in _native.paths:
        raise ValueError(f"path is one of {', '.join(_native.paths)}, not {path!r}")
    if on_restart not in _ON_RESTART:
        raise ValueError(f"on_restart is one of {', '.join(_ON_RESTART)}, not {on_restart!r}")
    if isinstance(address, Server):
        if path != "auto":
            raise ValueError(
                f"path {path!r}: a server of this process is used directly, without any path"
            )
        return Client(address._alive(), "this process", timeout)
    if address is None:
        own = "unix:" + _native.default_socket_path(environment("XDG_RUNTIME_DIR"))
        address = environment("REMOTE_DRAM_SERVER") or own
    limits = milliseconds(connect_timeout), milliseconds(timeout)
    file = credentials_file(credentials)
    store = _native.Store.connect(address, file, path, on_restart == "accept", *limits)
    return Client(store, address, timeout)


class Client(ManyKeys):
    """A handle on a store; connect() makes it. Any number of threads may call it at once.

    Keys are str (UTF-8) or bytes, values any C-contiguous buffer. A call whose connection breaks is sent again on
    a new connection, until its time-out; a write is still applied only once. If no server listens any more, calls raise
    Unavailable. A restarted server is a new, empty one: every call then raises FailedPrecondition, unless connect() was
    called with on_restart="accept".
    """

    def __init__(self, store: _native.Store, address: str, timeout: float) -> None:
        self._address = address
        super().__init__(store, timeout)

    def get(
        self,
        key: Key,
        *,
        range: tuple[int, int | None] | None = None,
        into: Memory | None = None,
        if_generation: Generation | None = None,
        if_not_generation: Generation | None = None,
        timeout: float | None = None,
    ) -> Value | None:
        """Returns the value, as a read-only buffer without a copy; None if the key is missing (as in dict.get).

        range: only the bytes from begin up to, but not including, end; (begin, None): to the value's end; (-n, None): the
            last n bytes. It is never clamped: OutOfRange if the value does not have all of these bytes.
        into: writable, C-contiguous memory, filled from its start. The returned Value is then a view of it; OutOfRange
            if the bytes do not fit.
        if_generation: reads only this version. if_not_generation: reads only if the key is in another version. Otherwise
            ConditionFailed is raised; but a missing key is None whatever the condition.
        """
        found = self._alive().get(
            key_bytes(key),
            into,
            condition(if_generation),
            condition(if_not_generation, "if_not_generation"),
            *byte_range(range),
            self._milliseconds(timeout),
        )
        if isinstance(found, Generation):
            raise ConditionFailed(f"get {key!r}: the key is in version {found.hex()}", found)
        return found

    def view(
        self, key: Key, *, range: tuple[int, int | None] | None = None, timeout: float | None = None
    ) -> Value | None:
        """Like get(), but if possible without a copy: the Value is the server's own memory, read-only.

        This is possible on path "mapped", and with a server in this process; elsewhere, view() is get(). The server
        keeps that version as long as the Value exists, or an array made of it: numpy.frombuffer(view, ...).
        The bytes stay valid if the server dies. A forked child must not access them.
        """
        return self._alive().view(key_bytes(key), *byte_range(range), self._milliseconds(timeout))

    def put(
        self,
        key: Key,
        value: Memory,
        *,
        if_generation: Generation | None = None,
        if_absent: bool = False,
        timeout: float | None = None,
    ) -> Generation:
        """Writes the value, without copying it first, and returns its generation.

        if_generation: writes only if the key is in this version. if_absent: only if the key is missing. Otherwise nothing
        is written and ConditionFailed is raised, so that a caller who ignores the result still notices.
        """
        wanted = write_condition(if_generation, if_absent)
        written = self._alive().put(key_bytes(key), value, wanted, self._milliseconds(timeout))
        if written is None:
            why = "the key exists" if if_absent else "the key is in another version"
            raise ConditionFailed(f"put {key!r}: {why}; nothing was written")
        return written

    def delete(
        self, key: Key, *, if_generation: Generation | None = None, timeout: float | None = None
    ) -> None:
        """Deletes the key; a missing key is not an error.

        if_generation: deletes only this version; otherwise ConditionFailed is raised.
        """
        if not self._alive().delete(key_bytes(key), condition(if_generation), self._milliseconds(timeout)):
            raise ConditionFailed(f"delete {key!r}: the key is in another version; nothing was deleted")

    def delete_range(
        self,
        prefix: Key | None = None,
        *,
        begin: Key | None = None,
        end: Key | None = None,
        timeout: float | None = None,
    ) -> int:
        """Deletes the keys that start with the prefix, or those from begin up to, but not including, end.

        An empty prefix means all keys. Returns the number of deleted keys.
        """
        if prefix is None and begin is None and end is None:
            raise TypeError('delete_range() needs a prefix, begin or end; prefix="" is every key')
        return self._alive().delete_range(*key_range(prefix, begin, end), self._milliseconds(timeout))

    def list(
        self,
        prefix: Key | None = None,
        *,
        begin: Key | None = None,
        end: Key | None = None,
        timeout: float | None = None,
    ) -> Iterator[Entry]:
        """Lists the keys that start with the prefix, or those from begin up to, but not including, end, in order.

        The iteration fetches them page by page. So they are not a snapshot of one instant, but a key that exists during
        the whole iteration appears exactly once. The time-out applies to each page.
        """
        self._alive()
        return self._entries(*key_range(prefix, begin, end), self._milliseconds(timeout))

    def stat(self, key: Key, *, timeout: float | None = None) -> Stat | None:
        """The key's generation and size; None if it is missing."""
        found = self._alive().stat(key_bytes(key), self._milliseconds(timeout))
        return None if found is None else Stat(*found)

    def copy(self, source: Key, target: Key, *, timeout: float | None = None) -> None:
        """Copies the source key's value to the target key, and replaces its value; NotFound if the source is missing.

        The value is not transferred: both keys share the server's bytes. The target gets a new generation.
        """
        key = key_bytes(source)
        copied = self._alive().copy_range(
            *_native.single_range(key), len(key), key_bytes(target), self._milliseconds(timeout)
        )
        if not copied:
            raise NotFound(StatusCode.NOT_FOUND, f"copy {source!r} to {target!r}: there is no such key")

    def wait(
        self, key: Key, *, while_generation: Generation | None = None, timeout: float | None = None
    ) -> Stat | None:
        """Waits until the key exists; or, with while_generation, until the key is no longer in that version.

        Returns at once if this is already so. Returns the key's generation and size; None if the key is missing, which
        is possible only with while_generation. Waiting costs nothing, because the server notifies the client.
        timeout: seconds until DeadlineExceeded; by default, the timeout of connect(). Control-C ends the wait at once.
        """
        while_generation = while_generation or Generation.MISSING
        found = self._alive().wait(key_bytes(key), while_generation, self._milliseconds(timeout))
        return None if found is None else Stat(*found)

    def stat_server(self, *, timeout: float | None = None) -> ServerStat:
        """The state of the server, and the path of this client's data."""
        return ServerStat(*self._alive().stat_server(self._milliseconds(timeout)))

    def __repr__(self) -> str:
        return f"<remote_dram.Client: {'closed' if self._store is None else self._address}>"

    def _entries(self, begin: bytes, end: bytes, timeout_ms: int) -> Iterator[Entry]:
        after: bytes | None = None
        more = True
        while more:
            page, more = self._alive().list(begin, end, after, timeout_ms)
            for entry in page:
                yield Entry(*entry)
            if page:
                after = page[-1][0]
