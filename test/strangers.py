"""Peers that do not speak the protocol: how much memory they cost a server, and for how long."""

from __future__ import annotations

import socket
import time

import remote_dram
from deaths import await_that
from programs import Program, resident_bytes

HELLO_TIMEOUT_SECONDS = 5  # remote_dram::hello_timeout


def expect_dropped(
    server: Program, address: str, client: remote_dram.Client, says: bytes, *, count: int, bytes_each_max: int
) -> None:
    """`count` strangers connect and send `says`: the server drops them after hello_timeout and goes on serving `client`.

    `client` must be the server's only client, and hold b"value" under "key".
    """
    host, port = address.split(":")
    await_that("only this client is there", lambda: client.stat_server().connections == 1)
    before = resident_bytes(server.process.pid)
    began = time.monotonic()
    strangers = [socket.create_connection((host, int(port)), timeout=60) for _ in range(count)]
    for stranger in strangers:
        try:
            stranger.sendall(says)
        except ConnectionError:
            pass  # dropped already
    assert client.get("key") == b"value"
    assert resident_bytes(server.process.pid) - before < count * bytes_each_max
    for stranger in strangers:
        try:
            while stranger.recv(4096):
                pass
        except ConnectionError:
            pass
        stranger.close()
    assert time.monotonic() - began < 3 * HELLO_TIMEOUT_SECONDS
    assert client.get("key") == b"value"
    await_that("they are forgotten", lambda: client.stat_server().connections == 1)
