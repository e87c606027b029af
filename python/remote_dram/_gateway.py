"""A gateway of this process's own: how the stock TensorStore wheel reaches a store."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

from . import _native

# A Unix socket's path has at most 107 bytes; ours adds about 30 to the directory for temporary files.
_TEMPORARY_PATH_BYTES_MAX = 70


class PrivateGateway:
    """Listens on a Unix socket (0600) in a private directory until stop(), or the end of the process.

    A TensorStore spec is plain JSON and cannot keep anything alive. So it is atexit that holds the gateway,
    and not the Client that made it: an array may outlive the variable through which it was opened.
    """

    def __init__(self, store: _native.Store) -> None:
        self._process = os.getpid()
        temporary = tempfile.gettempdir()
        if len(os.fsencode(temporary)) > _TEMPORARY_PATH_BYTES_MAX:
            temporary = "/tmp"
        self._directory = tempfile.mkdtemp(prefix="remote_dram-", dir=temporary)  # 0700
        try:
            socket = os.path.join(self._directory, "gateway.sock")  # 0600, says the gateway
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
            return  # a forked child: the directory is still the parent's
        atexit.unregister(self.stop)
        self._native.stop()
        shutil.rmtree(self._directory, ignore_errors=True)
