"""Peers of other protocols: a listener that is not our server, and strangers that connect to our server."""

from __future__ import annotations

import os
import re
import socket
import struct
import threading
import time
from typing import Callable, Iterator

import pytest
import remote_dram
from deaths import serve
from programs import Programs
from strangers import expect_dropped

CONNECT_TIMEOUT_SECONDS = 1.0
KNOCKS = 200


class Listener:
    """A server of another protocol: sends a fixed text on every connection, and stays silent afterwards."""

    def __init__(self, says: bytes) -> None:
        self._says = says
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._held: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def address(self) -> str:
        return "127.0.0.1:%d" % self._socket.getsockname()[1]

    def _serve(self) -> None:
        while True:
            peer, _ = self._socket.accept()
            self._held.append(peer)
            if peer.recv(4096) == b"the end":
                return
            peer.sendall(self._says)

    def close(self) -> None:
        with socket.create_connection(self._socket.getsockname()) as last:
            last.sendall(b"the end")
            self._thread.join(60)
        for each in [*self._held, self._socket]:
            each.close()


@pytest.fixture
def listener() -> Iterator[Callable[[bytes], str]]:
    made: list[Listener] = []

    def listen(says: bytes) -> str:
        made.append(Listener(says))
        return made[-1].address

    yield listen
    for each in made:
        each.close()


def why_not(address: str) -> str:
    with pytest.raises(remote_dram.Unavailable) as error:
        remote_dram.connect(address, connect_timeout=CONNECT_TIMEOUT_SECONDS)
    assert address in str(error.value)
    return str(error.value)


def test_a_server_that_is_not_there_is_told_within_a_second(free_port: int) -> None:
    began = time.monotonic()
    assert "connection refused" in why_not(f"127.0.0.1:{free_port}")
    assert time.monotonic() - began < 1.0


def test_a_web_server_is_recognized(listener: Callable[[bytes], str]) -> None:
    assert "speaks HTTP, not remote_dram" in why_not(listener(b"HTTP/1.1 400 Bad Request\r\n\r\n"))


def test_random_bytes_are_no_server(listener: Callable[[bytes], str]) -> None:
    assert "does not speak remote_dram" in why_not(listener(b"\xffrandom bytes" * 10))


def test_a_frame_of_another_protocol_is_no_server(listener: Callable[[bytes], str]) -> None:
    frame = b"not one of ours"
    assert "does not speak remote_dram" in why_not(listener(struct.pack("<I", len(frame)) + frame))


def test_silence_ends_in_connect_timeout(listener: Callable[[bytes], str]) -> None:
    began = time.monotonic()
    assert f"connect_timeout ({CONNECT_TIMEOUT_SECONDS * 1000:.0f} ms)" in why_not(listener(b""))
    assert CONNECT_TIMEOUT_SECONDS <= time.monotonic() - began < 5 * CONNECT_TIMEOUT_SECONDS


def hello(version_min: int, version_max: int, later: bytes = b"") -> bytes:
    """A hello frame; doc/protocol.md has the layout. `later` are the bytes that another version adds to it."""
    frame = struct.pack("<4sHHHHI32x", b"RDRM", 1, 0, version_min, version_max, 0) + later
    return struct.pack("<I", len(frame)) + frame


@pytest.mark.parametrize("later", [b"", b"what a later version says"], ids=["of today's size", "of another size"])
def test_versions_that_do_not_meet_are_refused_with_both_ranges(programs: Programs, later: bytes) -> None:
    _, address = serve(programs)
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), timeout=60) as peer:
        peer.sendall(hello(7, 9, later))
        answer = b""
        while chunk := peer.recv(4096):
            answer += chunk
    refused, failed_precondition = 3, 9
    assert struct.unpack_from("<4xHH", answer, 4) == (refused, 0)
    assert struct.unpack_from("<I", answer, 12) == (failed_precondition,)
    assert re.search(rb"versions 7 to 9, this server 1 to 1", answer)


STRANGERS = {
    "silence": b"",
    "half a frame": struct.pack("<I", 4096) + b"half",
    "a hello and no more": hello(1, 1),
    "random bytes": os.urandom(4096),
    "an endless header": struct.pack("<I", 0xFFFFFFFF) + b"x" * 100_000,
    "a web browser": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


@pytest.mark.parametrize("says", STRANGERS.values(), ids=STRANGERS.keys())
def test_strangers_are_dropped_in_hello_timeout_and_cost_next_to_nothing(
    programs: Programs, says: bytes
) -> None:
    server, address = serve(programs)
    host, port = address.split(":")
    with remote_dram.connect(address) as client:
        client.put("key", b"value")
        for _ in range(3):  # the first connections make the server allocate memory once
            socket.create_connection((host, int(port))).close()
        # The limit covers a frame of at most 4 KiB each, and what a kernel connection takes in the server's process.
        expect_dropped(server, address, client, says, count=KNOCKS, bytes_each_max=16_384)
