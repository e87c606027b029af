"""A private gateway in this process, through which the stock TensorStore wheel reaches a store."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

from . import _native

# The path of a Unix socket has at most 107 bytes; ours adds about 30 bytes to the directory for temporary files.
_TEMPORARY_PATH_BYTES_MAX = 70


class PrivateGateway:
    """Listens on a Unix socket (0600) in a private directory until stop(), or the end of the process.

    A TensorStore spec is plain JSON and cannot keep an object alive, and an array may outlive the Client through which it
    was opened. So the gateway is kept alive by atexit, not by the Client.
    """

    def __init__(self, store: _native.Store) -> None:
        self._process = os.getpid()
        temporary = tempfile.gettempdir()
        if len(os.fsencode(temporary)) > _TEMPORARY_PATH_BYTES_MAX:
            temporary = "/tmp"
        self._directory = tempfile.mkdtemp(prefix="remote_dram-", dir=temporary)  # 0700
        try:
            socket = os.path.join(self._directory, "gateway.sock")  # the gateway sets mode 0600
            self._native = _native.Gateway.start(store, f"unix:{socket}")
        except BaseException:
            shutil.rmtree(self._directory, ignore_errors=True)
            raise
        atexit.register(self.stop)

    @property
    def target(self) -> str:
        return self._native.target

    def stop(self) -> None:
        if os.getpid() != self._process:
            return  # in a forked child, the directory still belongs to the parent
        atexit.unregister(self.stop)
        self._native.stop()
        shutil.rmtree(self._directory, ignore_errors=True)
