"""Credentials: on the command line, and strangers that connect to a port which requires them."""

import os
import socket
import ssl
import time
from pathlib import Path

import pytest
import remote_dram
from deaths import SERVER, await_that, serve
from programs import Programs
from strangers import expect_dropped

KNOCKS = 100


def key_file(path: Path, line: str = "lab:" + "ab" * 32, mode: int = 0o600) -> Path:
    path.write_text(line + "\n")
    path.chmod(mode)
    return path


def test_a_server_with_credentials_serves_who_has_the_file(shell, tmp_path):
    key = key_file(tmp_path / "key")
    address = shell.serve("--listen", "127.0.0.1:0", "--credentials", key).addresses[0]
    for path in ["tcp", "shm"]:
        shell.ok("put", "greeting", "--server", address, "--credentials", key, "--path", path, stdin=path.encode())
        assert shell.ok("get", "greeting", "--server", address, "--credentials", key) == path.encode()
    shell.environment["REMOTE_DRAM_CREDENTIALS"] = str(key)
    assert shell.ok("get", "greeting", "--server", address) == b"shm"
    assert "wants credentials" in shell.fails(5, "stat", "--server", address, "--credentials", "")


def test_everybody_else_is_told_why_not(shell, tmp_path):
    key, other = key_file(tmp_path / "key"), key_file(tmp_path / "other", "lab:" + "cd" * 32)
    locked = shell.serve("--listen", "127.0.0.1:0", "--credentials", key)
    unlocked = shell.serve("--listen", "127.0.0.1:0").addresses[0]
    began = time.monotonic()
    said = shell.fails(5, "stat", "--server", locked.addresses[0], "--credentials", other)
    assert "UNAUTHENTICATED" in said and 'does not admit "lab"' in said
    assert "wants credentials" in shell.fails(5, "stat", "--server", locked.addresses[0])
    assert "does not speak TLS" in shell.fails(5, "stat", "--server", unlocked, "--credentials", key)
    assert time.monotonic() - began < 10, "that waited for a time-out"
    await_that("it is logged", lambda: 'does not know the secret of "lab"' in locked.stderr())
    assert "ab" * 16 not in locked.stderr() and "cd" * 16 not in locked.stderr()


def test_a_file_that_others_can_read_is_refused_on_both_sides(shell, tmp_path):
    key = key_file(tmp_path / "key", mode=0o640)
    for command in [["serve", "--listen", "127.0.0.1:0"], ["stat", "--server", "127.0.0.1:1"]]:
        said = shell.fails(5, *command, "--credentials", key)
        assert "PERMISSION_DENIED" in said and str(key) in said and "its mode is 0640" in said


def test_a_file_with_a_bad_line_is_refused_without_quoting_it(shell, tmp_path):
    key = key_file(tmp_path / "key", "# keys\nlab:" + "ab" * 15)
    said = shell.fails(2, "serve", "--listen", "127.0.0.1:0", "--credentials", key)
    assert f"{key} cannot be used: line 2: its secret has less than secret_bytes_min (16) bytes" in said
    assert "abab" not in said


def test_python_has_them_too(tmp_path):
    key = key_file(tmp_path / "key")
    with remote_dram.Server("127.0.0.1:0", credentials=key) as server:
        with remote_dram.connect(server.listen_addr, credentials=key) as client:
            client.put("key", b"value")
            assert client.get("key") == b"value"
        with pytest.raises(remote_dram.Unauthenticated, match="wants credentials"):
            remote_dram.connect(server.listen_addr)


def tls_greeting() -> bytes:
    """The first bytes of a TLS client that does not know our protocol."""
    said = ssl.MemoryBIO()
    tls = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), said, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    return said.read()


STRANGERS = {
    "silence": b"",
    "half a TLS greeting": tls_greeting()[:100],
    "a TLS greeting without a name": tls_greeting(),
    "random bytes": os.urandom(4096),
    "an endless TLS greeting": b"\x16\x03\x01\x40\x00\x01\x00\x3f\xfc" + b"x" * 100_000,
    "a web browser": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


@pytest.mark.parametrize("says", STRANGERS.values(), ids=STRANGERS.keys())
def test_strangers_are_dropped_in_hello_timeout_and_cost_little(programs: Programs, tmp_path: Path, says: bytes) -> None:
    key = key_file(tmp_path / "key")
    source = SERVER.replace("sys.argv[1:]", f"sys.argv[1:], credentials={str(key)!r}")
    server, address = serve(programs, source=source)
    host, port = address.split(":")
    with remote_dram.connect(address, credentials=key) as client:
        client.put("key", b"value")
        for _ in range(3):  # the first connections make the server allocate memory once
            with socket.create_connection((host, int(port))) as first:
                first.sendall(says)
        # The limit covers OpenSSL's state of a connection, and one TLS record.
        expect_dropped(server, address, client, says, count=KNOCKS, bytes_each_max=65_536)
