"""The main use: a server, a client and a reader, each in its own process, and the ways in which it can go wrong."""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import remote_dram
from namespaces import SERVER_ADDRESS, TwoNamespaces, why_not
from programs import EXAMPLES, Program, Programs, module_of

EXPECTED = np.fromfunction(lambda i, j, k: i * 100 + j * 10 + k, (8, 6, 4), dtype=np.float32)
LANES = {"tcp": "tcp/eth0", "shm": "posix/memory cma/memory"}  # between two namespaces


@pytest.mark.parametrize("path, used", [("auto", "mapped"), ("mapped", "mapped"), ("shm", "shm"), ("tcp", "tcp")])
def test_every_side_verifies_the_array_over_the_path_that_was_asked_for(
    programs: Programs, path: str, used: str
) -> None:
    server, address = programs.server("--exit_after_verify")
    client = programs.example("client", f"--server_addr={address}", f"--path={path}")
    assert client.end() == 0, client.text
    assert re.findall(r"path (\w+), lanes", client.text) == [used, used]
    assert "read back: 192 elements" in client.text
    assert server.end() == 0, server.text
    assert "verified: (8, 6, 4) float32, 192 elements, 768 payload bytes" in server.text


def test_the_server_goes_on_serving_until_it_is_told_to_stop(programs: Programs) -> None:
    server, address = programs.server()
    assert programs.example("client", f"--server_addr={address}").end() == 0
    server.await_line("^verified: ")
    reader = programs.example("reader", f"--server_addr={address}", "--path=tcp")
    assert reader.end() == 0, reader.text
    assert "path tcp, lanes" in reader.text and "all 192 elements as expected" in reader.text
    server.kill(signal.SIGTERM)
    assert server.end() == 0, server.text


def test_one_changed_byte_fails_the_verification_and_is_named(programs: Programs) -> None:
    server, address = programs.server("--exit_after_verify")
    with remote_dram.connect(address) as client:
        module_of(EXAMPLES / "remote_dram_client.py").write(client)
    at = (2, 3, 1)
    with remote_dram.connect(address) as third:
        value = third.get("tensor/0.0.0")
        assert value is not None
        chunk = bytearray(value)
        chunk[np.ravel_multi_index(at, EXPECTED.shape) * EXPECTED.itemsize + 2] ^= 0x10
        third.put("tensor/0.0.0", chunk, if_generation=value.generation)
        third.put("complete", b"")
    assert server.end() == 1, server.text
    changed = np.frombuffer(chunk, "<f4").reshape(EXPECTED.shape)[at]
    assert f"FAILED: element {at} is {changed}, not {EXPECTED[at]}" in server.text
    assert "verified" not in server.text


def test_a_missing_array_fails_the_verification(programs: Programs) -> None:
    server, address = programs.server("--exit_after_verify")
    with remote_dram.connect(address) as client:
        client.put("complete", b"")
    assert server.end() == 1
    assert "FAILED: " in server.text and "tensor/.zarray" in server.text


def test_an_array_that_never_arrives_ends_in_the_servers_timeout(programs: Programs) -> None:
    server, _ = programs.server("--timeout=0.2")
    assert server.end() == 1
    assert 'FAILED: no client wrote the key "complete" within 0.2 s' in server.text


def test_a_client_without_a_server_says_so(programs: Programs) -> None:
    with socket.socket() as bound:  # bound, but not listening
        bound.bind(("127.0.0.1", 0))
        address = "127.0.0.1:%d" % bound.getsockname()[1]
        client = programs.example("client", f"--server_addr={address}")
        assert client.end() == 1
    assert f"FAILED: UNAVAILABLE: no server at {address}" in client.text


@pytest.mark.skipif(bool(why_not()), reason=why_not())
@pytest.mark.parametrize("path, used", [("tcp", "tcp"), ("auto", "shm")])
def test_two_network_namespaces_meet_over_the_path_that_was_asked_for(
    programs: Programs, path: str, used: str
) -> None:
    """UCX's shared memory works across network namespaces, so a user who wants the network must ask for it."""
    with TwoNamespaces() as namespaces:
        listen = f"{SERVER_ADDRESS}:12345"
        server, address = programs.server("--exit_after_verify", listen=listen, before=namespaces.server)
        client = programs.example(
            "client", f"--server_addr={address}", f"--path={path}", before=namespaces.client
        )
        assert client.end() == 0, client.text
        assert re.findall(r"path (\w+), lanes (.*)", client.text) == [(used, LANES[used])] * 2
        assert server.end() == 0, server.text


# From here on: tests of the script that runs all processes.


@pytest.fixture
def port() -> int:
    """A free port below the kernel's range of ephemeral ports, so that it stays free until it is used."""
    first_given = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    for number in random.sample(range(first_given - 10_000, first_given), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", number))
            return number
    pytest.fail("none of a hundred ports is free")


# These tests use the examples in Python, even if the examples in C++ are built.
IN_PYTHON = [
    word
    for name in ("server", "client")
    for word in (f"--{name}", str(EXAMPLES / f"remote_dram_{name}.py"))
]


def script(programs: Programs, port: int, *flags: str, python: str | Path = sys.executable) -> Program:
    command = [EXAMPLES / "run_2node_test.sh", "--python", python, *IN_PYTHON, *flags, str(port)]
    return programs.start(*command)


def python_that(tmp_path: Path, when: str, shell: str) -> Path:
    """A Python interpreter that first runs a line of shell, if the program's name is remote_dram_WHEN.py."""
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/bash\ncase "$*" in *remote_dram_{when}.py*) {shell} ;; esac\nexec "{sys.executable}" "$@"\n'
    )
    python.chmod(0o755)
    return python


@pytest.mark.parametrize("path, used", [("auto", "mapped"), *((path, path) for path in ("mapped", "socket", "shm", "tcp"))])
def test_the_script_shows_what_each_side_said(
    programs: Programs, port: int, path: str, used: str
) -> None:
    run = script(programs, port, "--path", path)
    assert run.end() == 0, run.text
    sides = re.findall(r"^\[(\w+)\] (\w+)", run.text, re.MULTILINE)
    assert [side for side, word in sides if word == "connected"] == ["client", "client", "reader"]
    assert ("server", "verified") in sides and ("client", "read") in sides and ("reader", "read") in sides
    assert re.findall(r"path (\w+), lanes", run.text) == [used] * 3
    assert run.text.splitlines()[-1].startswith("PASSED: ")


def test_the_script_runs_from_inside_its_folder(port: int) -> None:
    ended = subprocess.run(
        ["./run_2node_test.sh", "--python", sys.executable, str(port)], cwd=EXAMPLES, timeout=60
    )
    assert ended.returncode == 0


def test_the_script_runs_the_programs_that_it_is_given_and_says_in_which_language(
    programs: Programs, port: int, tmp_path: Path
) -> None:
    built = tmp_path / "remote_dram_client"
    built.write_text(f'#!/bin/bash\nexec "{sys.executable}" "{EXAMPLES}/remote_dram_client.py" "$@"\n')
    built.chmod(0o755)
    run = script(programs, port, "--client", str(built))
    assert run.end() == 0, run.text
    assert run.text.splitlines()[0] == "running: server in Python, client in C++"
    assert "[client] wrote: (8, 6, 4) float32" in run.text


def test_the_script_tells_a_port_that_is_taken(programs: Programs) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        run = script(programs, number)
        assert run.end() == 1
    assert "FAILED: the server ended before it was ready" in run.text
    assert re.search(rf"\[server\] FAILED: .*127\.0\.0\.1:{number}", run.text)


def test_the_script_tells_a_server_that_dies(programs: Programs, port: int, tmp_path: Path) -> None:
    """The client's interpreter kills the server as soon as it is ready."""
    pid = tmp_path / "pid"
    kill = f'case "$*" in *server.py*) echo $$ >"{pid}" ;; *client.py*) kill -KILL "$(<"{pid}")" ;; esac'
    run = script(programs, port, python=python_that(tmp_path, "*", kill))
    assert run.end() == 1
    assert "FAILED: the client ended with exit code 1" in run.text
    # "lost": the kernel had accepted the connection for a server that was dying.
    assert re.search(rf"\[client\] FAILED: UNAVAILABLE: (no server at|lost) 127\.0\.0\.1:{port}", run.text)
    assert "[server] ready: " in run.text  # the output has both logs


def test_the_script_tells_a_client_that_cannot_connect(
    programs: Programs, port: int, tmp_path: Path
) -> None:
    elsewhere = 'set -- "${@/--server_addr=*/--server_addr=127.0.0.1:1}"'
    run = script(programs, port, python=python_that(tmp_path, "client", elsewhere))
    assert run.end() == 1
    assert "[client] FAILED: UNAVAILABLE: no server at 127.0.0.1:1 " in run.text


def test_the_script_tells_an_array_that_never_arrives(
    programs: Programs, port: int, tmp_path: Path
) -> None:
    run = script(programs, port, "--timeout", "1", python=python_that(tmp_path, "client", "exit 0"))
    assert run.end() == 1
    assert "FAILED: the server ended before it was verified" in run.text
    assert '[server] FAILED: no client wrote the key "complete" within 1 s' in run.text


def test_the_script_tells_a_client_that_hangs_and_leaves_nothing_running(
    programs: Programs, port: int, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    python = python_that(
        tmp_path, "*", f'echo $$ >>"{pids}"; [[ "$*" != *client* ]] || exec sleep infinity'
    )
    run = script(programs, port, "--timeout", "2", python=python)
    assert run.end() == 1
    assert "FAILED: the client did not end within 2 s" in run.text
    for pid in pids.read_text().split():
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)


@pytest.mark.parametrize("flags", [["--path", "pigeon"], ["--timeout", "0"], ["--python"], ["--server"], ["--what"]])
def test_the_script_refuses_what_it_does_not_know(flags: list[str]) -> None:
    command = [EXAMPLES / "run_2node_test.sh", *flags]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2 and "run_2node_test.sh [--path auto|mapped|socket|shm|tcp]" in ended.stderr
