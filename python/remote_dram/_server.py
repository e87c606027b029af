"""Server: lends this process's memory."""

from __future__ import annotations

import os

from . import _native
from ._arguments import credentials_file, environment, size_in_bytes
from ._owner import StoreOwner

_TIMEOUT = 30.0  # seconds, of TensorStore's calls on kvstore_spec()


class Server(StoreOwner):
    """Lends this process's memory to others, until close() or until it is garbage. Nothing is kept on disk.

    listen_addr: "HOST:PORT" (IPv4; port 0: any free one) for other hosts too. UCX then opens ports of its
        own on that device, and whoever reaches them can write into this process: trusted networks only,
        with credentials too.
    socket_path: a Unix socket for clients on this host. Without either, it is the default socket, where
        connect() looks. "": none; then a server without listen_addr is for this process alone.
    socket_mode: its permissions, as of chmod: 0o660 opens it to its group, 0o666 to every user and container that
        can enter its directory. Who may write to it may read and write all that is stored, without credentials.
    memory_limit: bytes, or a text such as "512MiB" or "1.5GB"; counts keys, values and overhead.
    value_limit: the largest value that it takes, in the same form.
    credentials: a file of lines NAME:HEX, names and secrets, which others than its owner cannot read; who comes
        through listen_addr must know one of them. It is read once. Without it, $REMOTE_DRAM_CREDENTIALS; "": none.
    threads: loops that serve; more of them for more cores.

    remote_dram.connect(server) is this process's own way in.
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
        """HOST:PORT with the real port; empty if there is none."""
        self.socket_path = self._server.socket_path
        """The Unix socket; empty if there is none."""
        self.incarnation = self._server.incarnation
        """A random number, new with every start."""
        super().__init__(self._server.local(), _TIMEOUT)

    @property
    def address(self) -> str:
        """What clients pass to connect(); empty if only this process can reach the server."""
        return self.listen_addr or (f"unix:{self.socket_path}" if self.socket_path else "")

    def close(self) -> None:
        """Ends every connection. What the server held is gone; values that this process read stay."""
        if self._close():
            self._server.stop()
            del (
                self._server
            )  # and with it the memory, unless a Client of this process still holds on to it

    def __repr__(self) -> str:
        state = "closed" if self._store is None else self.address or "this process only"
        return f"<remote_dram.Server: {state}>"
