"""Closing, forking, threads, and the end of the process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import remote_dram as rd


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Python 3.12 and later warn about forks in a process with threads, which one test does on purpose.
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_a_closed_client_says_so(client: rd.Client) -> None:
    client.close()
    client.close()
    with pytest.raises(ValueError, match="Client is closed"):
        client.get("key")
    with pytest.raises(ValueError, match="Client is closed"):
        client.kvstore_spec()
    with pytest.raises(ValueError, match="Client is closed"), client:
        pass


def test_the_calls_of_a_client_fail_once_its_server_is_closed(
    server: rd.Server, client: rd.Client
) -> None:
    client.put("key", b"value")
    server.close()
    with pytest.raises(rd.Unavailable):
        client.get("key")
    with pytest.raises(ValueError, match="Server is closed"):
        rd.connect(server)


def test_a_context_manager_closes(tmp_path: Path) -> None:
    path = str(tmp_path / "socket")
    with rd.Server(socket_path=path), rd.connect(f"unix:{path}") as client:
        client.put("key", b"value")
    assert not os.path.exists(path)
    with pytest.raises(rd.Unavailable):
        rd.connect(f"unix:{path}")


def test_server_and_client_meet_at_the_default_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("REMOTE_DRAM_SERVER", raising=False)
    with rd.Server() as server, rd.connect() as client:
        assert server.address == f"unix:{server.socket_path}" and server.socket_path.startswith(
            str(tmp_path)
        )
        assert server.listen_addr == ""
        assert client.stat_server().incarnation == server.incarnation


def test_the_environment_names_the_server(server: rd.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMOTE_DRAM_SERVER", server.listen_addr)
    with rd.connect() as client:
        assert client.stat_server().incarnation == server.incarnation


def test_a_server_for_this_process_alone_has_no_address() -> None:
    with rd.Server(socket_path="") as server, rd.connect(server) as client:
        assert server.address == server.listen_addr == server.socket_path == ""
        client.put("key", b"value")
        assert client.get("key") == b"value"


def test_other_threads_run_while_a_call_waits() -> None:
    """The other thread waits for a greeting; its wait ends only if this thread's Python code runs meanwhile."""
    ended: list[BaseException] = []

    def wait_for_greeting(address: str) -> None:
        try:
            rd.connect(address, connect_timeout=10)
        except BaseException as error:
            ended.append(error)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(30)
        thread = threading.Thread(
            target=wait_for_greeting, args=["127.0.0.1:%d" % listening.getsockname()[1]]
        )
        thread.start()
        connection, _ = listening.accept()
        connection.close()
        thread.join()
    assert isinstance(ended[0], rd.Unavailable) and "connect_timeout" not in str(ended[0])


def test_many_threads_share_a_client(client: rd.Client) -> None:
    def work(name: str) -> None:
        for number in range(200):
            client.put(name, f"{name} {number}".encode())
            assert client.get(name) == f"{name} {number}".encode()
        done.append(name)

    done: list[str] = []
    threads = [threading.Thread(target=work, args=[f"thread {number}"]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 8


def test_closing_lets_the_calls_of_other_threads_end(server: rd.Server) -> None:
    client = rd.connect(server.address)
    value = bytes(1 << 20)
    outcomes: list[str] = []
    running = threading.Barrier(5)

    def work() -> None:
        running.wait()
        try:
            while True:
                client.put("key", value)
        except ValueError as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    running.wait()
    client.close()
    for thread in threads:
        thread.join()
    assert outcomes == ["this Client is closed"] * 4


def test_a_fork_is_told_to_connect_for_itself(server: rd.Server) -> None:
    program = """
import os, sys, remote_dram as rd
server = rd.Server(socket_path="")
client, local = rd.connect(sys.argv[1]), rd.connect(server)
client.put("key", b"parent")
spec = client.kvstore_spec()
if (child := os.fork()) == 0:
    for forked in (client, local, server):
        try:
            forked.kvstore_spec()
        except RuntimeError as error:
            assert "fork" in str(error), error
        else:
            sys.exit("a forked object went on working")
        forked.close()
    del forked, client, local, server  # the destructors must not wait for threads of the parent
    sys.exit(0)  # with all that is done at exit
_, status = os.waitpid(child, 0)
assert os.waitstatus_to_exitcode(status) == 0, status
assert os.path.exists(spec["address"].removeprefix("unix:")), "the child took the parent's gateway away"
assert client.get("key") == b"parent" and local.get("key") is None
"""
    ended = run(program, server.listen_addr)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_process_ends_cleanly_with_everything_still_open(tmp_path: Path) -> None:
    program = """
import sys, remote_dram as rd
server = rd.Server("127.0.0.1:0", sys.argv[1])
client, local = rd.connect(server.address), rd.connect(server)
client.put("key", b"value")
value = client.get("key")
print(client.kvstore_spec()["address"], server.kvstore_spec()["address"])
"""
    ended = run(program, str(tmp_path / "socket"))
    assert (ended.returncode, ended.stderr) == (0, "")
    for address in ended.stdout.split():
        assert not Path(address.removeprefix("unix:")).parent.exists()
    assert not (tmp_path / "socket").exists()


def test_an_empty_address_is_not_the_default_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with rd.Server(), rd.Server(socket_path="") as alone:
        with pytest.raises(rd.InvalidArgument):
            rd.connect(alone.address)


@pytest.mark.parametrize("way", ["local", "mapped", "socket", "shm", "tcp"])
def test_a_process_ends_well_while_daemon_threads_are_calling(server: rd.Server, way: str) -> None:
    program = """
import sys, threading, remote_dram as rd
address, way = sys.argv[1:]
client = rd.connect(rd.Server(socket_path="")) if way == "local" else rd.connect(address, path=way)
called = threading.Barrier(5)
def call(verb):
    verb()
    called.wait()
    while True:
        verb()
for verb in (lambda: client.get("a"), lambda: client.put("a", b"1"), lambda: client.stat("a"), lambda: list(client.list())):
    threading.Thread(target=call, args=(verb,), daemon=True).start()
called.wait()
"""
    address = f"unix:{server.socket_path}" if way == "socket" else server.address
    for _ in range(3):
        ended = run(program, address, way)
        assert (ended.returncode, ended.stderr) == (0, "")
