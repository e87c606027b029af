"""Fixtures: a server in this process, and a client on every path to it."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest
import remote_dram


@pytest.fixture
def server(tmp_path: Path) -> Iterator[remote_dram.Server]:
    with remote_dram.Server("127.0.0.1:0", str(tmp_path / "socket"), memory_limit="512MiB") as server:
        yield server


@pytest.fixture(params=["local", "mapped", "shm", "socket", "tcp"])
def client(server: remote_dram.Server, request: pytest.FixtureRequest) -> Iterator[remote_dram.Client]:
    way = request.param
    address = f"unix:{server.socket_path}" if way == "socket" else server.address
    with (
        remote_dram.connect(server) if way == "local" else remote_dram.connect(address, path=way)
    ) as client:
        assert client.stat_server().path == way
        yield client
