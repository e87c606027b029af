"""Client: a store in another process, on another machine, or in this one."""

from __future__ import annotations

import os
from typing import Iterator

from . import _native
from ._answers import Entry, ServerStat, Stat
from ._arguments import (
    ANY,
    Key,
    Memory,
    byte_range,
    credentials_file,
    environment,
    key_bytes,
    key_range,
    milliseconds,
)
from ._errors import ConditionFailed, NotFound, StatusCode
from ._many import ManyKeys
from ._native import Generation, Value
from ._operations import condition
from ._server import Server

_PATHS = {"auto": 0, "shm": 1, "tcp": 2, "mapped": 3, "socket": 4}
_ON_RESTART = {"fail": 0, "accept": 1}


def connect(
    address: str | Server | None = None,
    *,
    path: str = "auto",
    on_restart: str = "fail",
    timeout: float = 30.0,
    connect_timeout: float = 10.0,
    credentials: str | os.PathLike[str] | None = None,
) -> Client:
    """A client of the server at "HOST:PORT" or "unix:PATH", or of a Server of this process.

    Without an address: of $REMOTE_DRAM_SERVER, or else of this user's server on this host.
    path: how the data travels: "mapped" (reads come out of the memory of a server on this host, without a
        message), "socket" (rings in shared memory, for who came through the Unix socket), "shm" (UCX's shared
        memory), "tcp", or "auto": the best one that works.
    on_restart: a restarted server has lost what it held. "fail": every call of this client then raises
        FailedPrecondition, so that lost data cannot pass for missing data. "accept", for caches: the client
        goes on with the new server.
    timeout: seconds for every call that gives none of its own.
    credentials: a file whose first line NAME:HEX proves to a server with credentials who this is; it is used
        over TCP alone. Without it, $REMOTE_DRAM_CREDENTIALS; "": none.
    """
    if path not in _PATHS:
        raise ValueError(f"path is one of {', '.join(_PATHS)}, not {path!r}")
    if on_restart not in _ON_RESTART:
        raise ValueError(f"on_restart is one of {', '.join(_ON_RESTART)}, not {on_restart!r}")
    if isinstance(address, Server):
        if path != "auto":
            raise ValueError(
                f"path {path!r}: a server of this process is used directly, without any path"
            )
        return Client(address._alive(), "this process", timeout)
    if address is None:
        address = environment("REMOTE_DRAM_SERVER")
    if not address:
        address = "unix:" + _native.default_socket_path(environment("XDG_RUNTIME_DIR"))
    limits = milliseconds(connect_timeout), milliseconds(timeout)
    file = credentials_file(credentials)
    store = _native.Store.connect(address, file, _PATHS[path], _ON_RESTART[on_restart], *limits)
    return Client(store, address, timeout)


class Client(ManyKeys):
    """A handle on a store; connect() makes it. Any number of threads may call it at once.

    Keys are str (UTF-8) or bytes, values any C-contiguous buffer. Calls whose connection breaks are sent
    again on another one, until their time-outs; a write is applied once all the same. When nobody listens any
    more they raise Unavailable. A restarted server is another one and empty: every call then raises
    FailedPrecondition, unless connect() was told to go on.
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
        """The value, as a read-only buffer without a copy; None if the key is missing (as in dict.get).

        range: only the bytes (begin, end); (begin, None) to the end, (-n, None) the last n. Never clamped:
            OutOfRange if the value does not have them.
        into: writable, C-contiguous memory to read into, from its start. The Value returned is then a view
            of it; OutOfRange if the bytes do not fit.
        if_generation, if_not_generation: read only this, or any other, version; else ConditionFailed.
        """
        found = self._alive().get(
            key_bytes(key),
            into,
            if_generation or ANY,
            if_not_generation or ANY,
            *byte_range(range),
            self._milliseconds(timeout),
        )
        if isinstance(found, Generation):
            raise ConditionFailed(f"get {key!r}: the key is in version {found.hex()}", found)
        return found

    def view(
        self, key: Key, *, range: tuple[int, int | None] | None = None, timeout: float | None = None
    ) -> Value | None:
        """As get(), but without a copy where that is possible: the server's own memory, read-only.

        It is possible on path "mapped", and with a server of this process; elsewhere this is get(). The server
        keeps that version for as long as the Value, or an array made of it, lives: numpy.frombuffer(view, ...).
        It stays whole if the server dies. A forked child must not touch it.
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
        """Writes the value, from where it lies, and returns its generation.

        if_generation: only over this version. if_absent: only if there is no such key. Otherwise nothing is
        written and ConditionFailed is raised: a write that did not happen must not pass unnoticed because
        nobody looked at a result.
        """
        wanted = condition(if_generation, if_absent)
        written = self._alive().put(key_bytes(key), value, wanted, self._milliseconds(timeout))
        if written is None:
            why = "the key exists" if if_absent else "the key is in another version"
            raise ConditionFailed(f"put {key!r}: {why}; nothing was written")
        return written

    def delete(
        self, key: Key, *, if_generation: Generation | None = None, timeout: float | None = None
    ) -> None:
        """Deletes the key; one that is missing already is no error.

        if_generation: only this version, else ConditionFailed.
        """
        if not self._alive().delete(key_bytes(key), if_generation or ANY, self._milliseconds(timeout)):
            raise ConditionFailed(f"delete {key!r}: the key is in another version; nothing was deleted")

    def delete_range(
        self,
        prefix: Key | None = None,
        *,
        begin: Key | None = None,
        end: Key | None = None,
        timeout: float | None = None,
    ) -> int:
        """Deletes the keys that start with the prefix, or those from begin up to, and without, end.

        An empty prefix is every key. Returns how many there were.
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
        """The keys that start with the prefix, or those from begin up to, and without, end, in order.

        They are fetched in pages, as the iteration gets there: no instant of the store, but a key that
        exists throughout appears exactly once. The time-out is that of a page.
        """
        self._alive()
        return self._entries(*key_range(prefix, begin, end), self._milliseconds(timeout))

    def stat(self, key: Key, *, timeout: float | None = None) -> Stat | None:
        """The key's generation and size; None if it is missing."""
        found = self._alive().stat(key_bytes(key), self._milliseconds(timeout))
        return None if found is None else Stat(*found)

    def copy(self, source: Key, target: Key, *, timeout: float | None = None) -> None:
        """Copies the source's value to the target key, over what is there; NotFound if there is no source.

        The value does not travel: both keys share the server's bytes, and the target has a new generation.
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
        """Waits until the key exists; or, with while_generation, until it is in another version than that.

        Answers at once if it is already. Returns the key's generation and size; None if it is missing,
        which only a wait with while_generation can find. It costs nothing while it waits: the server tells.
        timeout: seconds until DeadlineExceeded; without it, those of connect(). Control-C ends it at once.
        """
        while_generation = while_generation or Generation.MISSING
        found = self._alive().wait(key_bytes(key), while_generation, self._milliseconds(timeout))
        return None if found is None else Stat(*found)

    def stat_server(self, *, timeout: float | None = None) -> ServerStat:
        """What the server says of itself, and which path this client's data takes."""
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
