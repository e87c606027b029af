"""Copies inside the server, and waits for a key to change."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import remote_dram as rd


def test_a_copy_is_the_same_value_in_a_version_of_its_own(client: rd.Client) -> None:
    first = client.put("source", b"value")
    client.put("target", b"before")
    client.copy("source", "target")
    client.put("source", b"changed")
    value = client.get("target")
    assert value == b"value" and value is not None and value.generation != first


@pytest.mark.parametrize("key", [b"", b"\xff", b"k" * 4096], ids=["empty", "last", "longest"])
def test_a_copy_is_of_one_key_only(client: rd.Client, key: bytes) -> None:
    client.put(key, b"value")
    client.put(key[:4000] + b"\0", b"next")
    client.copy(key, "copied/target")
    assert [bytes(entry.key) for entry in client.list("copied/")] == [b"copied/target"]
    assert client.get("copied/target") == b"value"


def test_a_copy_takes_no_memory_for_the_value(client: rd.Client) -> None:
    client.put("source", bytes(100 << 20))
    before = client.stat_server().memory_bytes
    client.copy_range("source", "target")
    assert client.stat_server().memory_bytes - before < 1 << 20
    assert client.stat("target") is not None


def test_a_copy_of_nothing_is_not_found(client: rd.Client) -> None:
    client.put("source/1", b"")
    with pytest.raises(rd.NotFound, match="copy 'source' to 'target'") as missing:
        client.copy("source", "target")
    assert isinstance(missing.value, LookupError) and missing.value.code == rd.StatusCode.NOT_FOUND
    assert client.copy_range("target", "elsewhere") == 0
    assert client.get("target") is None


def test_copy_range_puts_another_prefix_in_place_of_the_first(client: rd.Client) -> None:
    for key in ("a/1", "a/2/3", "b"):
        client.put(key, key.encode())
    assert client.copy_range("a/", "copies/of/") == 2
    assert [entry.key for entry in client.list("copies/")] == [b"copies/of/1", b"copies/of/2/3"]
    assert client.get("copies/of/2/3") == b"a/2/3"


@pytest.mark.parametrize("target", ["a/", "a/b/", ""], ids=["itself", "into_itself", "over_itself"])
def test_a_prefix_is_not_copied_onto_or_into_itself(client: rd.Client, target: str) -> None:
    client.put("a/1", b"")
    with pytest.raises(rd.InvalidArgument, match="the target lies in the range"):
        client.copy_range("a/", target)
    with pytest.raises(rd.InvalidArgument, match="the target lies in the range"):
        client.copy("a/1", "a/1")
    assert [entry.key for entry in client.list()] == [b"a/1"]


def test_a_wait_answers_at_once_if_the_key_is_there(client: rd.Client) -> None:
    generation = client.put("key", b"12345")
    assert client.wait("key") == rd.Stat(generation, 5)
    assert client.wait("key", while_generation=rd.Generation.MISSING) == rd.Stat(generation, 5)


def test_a_wait_ends_when_the_key_changes(client: rd.Client, server: rd.Server) -> None:
    first = client.put("key", b"1")
    with ThreadPoolExecutor() as threads, rd.connect(server) as other:
        created = threads.submit(client.wait, "created")
        changed = threads.submit(client.wait, "key", while_generation=first)
        second = other.put("key", b"22")
        assert changed.result() == rd.Stat(second, 2)
        deleted = threads.submit(client.wait, "key", while_generation=second)
        other.delete("key")
        assert deleted.result() is None
        assert not created.done()
        assert rd.Stat(other.put("created", b""), 0) == created.result()


def test_a_wait_for_nothing_ends_in_its_timeout(client: rd.Client) -> None:
    generation = client.put("key", b"")
    with pytest.raises(rd.DeadlineExceeded, match='wait "none"'):
        client.wait("none", timeout=0.05)
    with pytest.raises(TimeoutError):
        client.wait("key", while_generation=generation, timeout=0.05)
    with pytest.raises(rd.InvalidArgument, match="key_bytes_max"):
        client.wait("k" * 4097)


def test_a_wait_for_a_closed_server_ends(client: rd.Client, server: rd.Server) -> None:
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(client.wait, "none")
        server.close()
        with pytest.raises(rd.Unavailable):
            waiting.result()


def test_other_threads_run_while_one_waits(client: rd.Client) -> None:
    """The wait ends only if another thread's Python runs meanwhile."""
    threading.Timer(0.05, client.put, ["key", b"12"]).start()
    changed = client.wait("key")
    assert changed is not None and changed.size == 2


@pytest.mark.parametrize("way", ["local", "shm"])
def test_control_c_ends_a_wait(server: rd.Server, way: str) -> None:
    program = """
import signal, sys, remote_dram as rd

def once(*_):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt

signal.signal(signal.SIGINT, once)
server = rd.Server(socket_path="")
client = rd.connect(server) if sys.argv[1] == "local" else rd.connect(sys.argv[2], path=sys.argv[1])
print("waiting", flush=True)
try:
    client.wait("key", timeout=50)
except KeyboardInterrupt:
    client.put("key", b"")
    print("interrupted", client.wait("key").size)
"""
    command = [sys.executable, "-c", program, way, server.address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "waiting\n"
        # Sends SIGINT repeatedly, because the program may not have begun to wait.
        ended = threading.Event()

        def press() -> None:
            while not ended.wait(0.05):
                os.kill(process.pid, signal.SIGINT)

        presser = threading.Thread(target=press)
        presser.start()
        line = process.stdout.readline()
        ended.set()
        presser.join()
    assert line == "interrupted 0\n"
