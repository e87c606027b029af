"""StoreOwner: the common base class of Client and Server."""

from __future__ import annotations

import functools
import importlib.metadata
import os
import re
import threading
from types import TracebackType
from typing import Any, TypeVar

from . import _native
from ._arguments import milliseconds
from ._gateway import PrivateGateway

_Self = TypeVar("_Self", bound="StoreOwner")


@functools.lru_cache
def _no_retries() -> dict[str, Any]:
    """The spec members that keep TensorStore from retrying; empty before 0.1.86, which neither retries nor knows them."""
    try:
        numbers = re.findall(r"\d+", importlib.metadata.version("tensorstore"))
    except importlib.metadata.PackageNotFoundError:
        numbers = []
    old = bool(numbers) and [int(number) for number in numbers[:3]] < [0, 1, 86]
    return {} if old else {"tsgrpc_request_retries": {"max_retries": 0}}


class StoreOwner:
    """Owns a native store until close(), in one process only, and gives TensorStore access to it."""

    def __init__(self, store: _native.Store, timeout: float) -> None:
        self._store: _native.Store | None = store
        self._timeout = timeout
        self._process = os.getpid()
        self._gateway: PrivateGateway | None = None
        self._lock = threading.Lock()

    def kvstore_spec(self, path: str = "") -> dict[str, Any]:
        """A TensorStore spec for the keys that begin with `path`, for any driver of the stock wheel.

        The first call starts a gateway, which this process's TensorStore reaches through a private Unix
        socket. The gateway works, and keeps the store open, until close() or the end of the process, even if this
        object is garbage-collected before. Only this user on this host can use the spec.

        The spec disables TensorStore's retries of failed calls: by default, TensorStore retries for a quarter of an hour,
        and repeats even conditional writes whose outcome is unknown.
        """
        store = self._alive()
        with self._lock:
            if self._gateway is None:
                self._gateway = PrivateGateway(store)
            address = self._gateway.target
        return {
            "driver": "tsgrpc_kvstore",
            "address": address,
            "path": path,
            "timeout": f"{milliseconds(self._timeout) / 1000:.3f}".rstrip("0").rstrip(".") + "s",  # never 1e+06
            **_no_retries(),
        }

    def close(self) -> None:
        """Stops the gateway and releases the store. Calls under way in other threads are answered first."""
        self._close()

    def _close(self) -> bool:
        """True only for the call that closed the store."""
        if os.getpid() != self._process:
            return False  # in a forked child, there is nothing to close
        with self._lock:
            gateway, store = self._gateway, self._store
            self._gateway = self._store = None
        if gateway is not None:
            gateway.stop()
        return store is not None

    def __enter__(self: _Self) -> _Self:
        self._alive()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _alive(self) -> _native.Store:
        name = type(self).__name__
        if os.getpid() != self._process:
            raise RuntimeError(
                f"this {name} belongs to process {self._process}, and process {os.getpid()} is a fork of it: "
                "make another one here"
            )
        store = self._store
        if store is None:
            raise ValueError(f"this {name} is closed")
        return store
