"""Server: lends this process's memory."""

from __future__ import annotations

import os

from . import _native
from ._arguments import credentials_file, environment, size_in_bytes
from ._owner import StoreOwner

_TIMEOUT = 30.0  # seconds, for TensorStore's calls through kvstore_spec()


class Server(StoreOwner):
    """Lends this process's memory to others, until close() or until it is garbage-collected. Nothing is kept on disk.

    listen_addr: "HOST:PORT" (IPv4; port 0: any free one), also for other hosts. UCX then opens its own ports on that
        network device, and every peer that reaches them can write into this process. So use it in trusted networks
        only, even with credentials.
    socket_path: a Unix socket for clients on this host. With neither this nor listen_addr, it is the default socket,
        where connect() looks. "": none; then a server without listen_addr serves only this process.
    socket_mode: the socket's permissions, as for chmod: 0o660 opens it to its group, 0o666 to every user and container
        that can enter its directory. Whoever may write to the socket may read and write everything that is stored,
        without credentials.
    memory_limit: bytes, or a text such as "512MiB" or "1.5GiB"; counts keys, values and overhead.
    value_limit: the largest value that the server accepts, in the same form.
    credentials: a file of lines NAME:HEX (names and secrets), which only its owner can read. Clients that connect to
        listen_addr must know one of the secrets. The file is read once. Without it, $REMOTE_DRAM_CREDENTIALS is used;
        "" means none.
    threads: the number of threads that serve; more threads use more cores.

    remote_dram.connect(server) makes a client in this process.
    """

    def __init__(
        self,
        listen_addr: str | None = None,
        socket_path: str | None = None,
        memory_limit: int | str = "1GiB",
        threads: int = 1,
        value_limit: int | str = "1TiB",
        credentials: str | os.PathLike[str] | None = None,
        socket_mode: int = 0o600,
    ) -> None:
        if socket_path is None:
            socket_path = (
                "" if listen_addr else _native.default_socket_path(environment("XDG_RUNTIME_DIR"))
            )
        self._server = _native.Server.start(
            listen_addr or "",
            credentials_file(credentials),
            socket_path,
            socket_mode,
            size_in_bytes(memory_limit),
            size_in_bytes(value_limit),
            threads,
        )
        self.listen_addr = self._server.listen_addr
        """HOST:PORT with the actual port; empty if the server does not listen on TCP."""
        self.socket_path = self._server.socket_path
        """The Unix socket; empty if there is none."""
        self.incarnation = self._server.incarnation
        """A random number, new with every start."""
        super().__init__(self._server.local(), _TIMEOUT)

    @property
    def address(self) -> str:
        """The address for connect(); empty if only this process can reach the server."""
        return self.listen_addr or (f"unix:{self.socket_path}" if self.socket_path else "")

    def close(self) -> None:
        """Ends every connection and drops the stored data; values that this process has read remain valid."""
        if self._close():
            self._server.stop()
            del (
                self._server
            )  # frees the memory, unless a Client in this process still holds the server

    def __repr__(self) -> str:
        state = "closed" if self._store is None else self.address or "this process only"
        return f"<remote_dram.Server: {state}>"
