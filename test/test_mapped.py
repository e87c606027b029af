"""Reads from a server's mapped memory: the server may be stopped, but not dead; after its death, nothing stays mapped."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from pathlib import Path
from typing import Iterator

import pytest
import remote_dram
from deaths import SERVER, SERVER_WITH_CHILD, Places, await_that, serve
from programs import Program, Programs

SIZE = 1 << 20


def mapped() -> set[str]:
    """The inodes of the servers' memory that this process has mapped for reading."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    return {line.split()[4] for line in lines if re.search(r" r--s .*/memfd:remote_dram \(", line)}


@pytest.fixture
def path() -> str:
    return "mapped"


@contextlib.contextmanager
def reading(
    programs: Programs, places: Places, source: str = SERVER
) -> Iterator[tuple[Program, remote_dram.Client]]:
    """A server that holds a "key", and a client that has mapped it."""
    before = mapped()
    server, address = serve(programs, *places, source=source)
    with remote_dram.connect(address) as witness:
        witness.put("key", b"v" * SIZE)
    await_that("what others had mapped is gone", lambda: mapped() <= before)
    with remote_dram.connect(address, path="mapped") as client:
        await_that("the memory came", lambda: len(mapped() - before) >= 2)  # the index, and a segment
        yield server, client
    await_that("nothing is mapped any more", lambda: mapped() <= before)


def read_while_it_stands_still(server: Program, client: remote_dram.Client) -> None:
    server.stop()
    memory = bytearray(SIZE)
    assert client.get("key", timeout=1) == b"v" * SIZE
    assert client.get("key", into=memory, timeout=1) == memory == b"v" * SIZE
    assert client.view("key", range=(-3, None), timeout=1) == b"vvv"
    assert client.get("other", timeout=1) is None
    found = client.stat("key", timeout=1)
    assert found is not None and found.size == SIZE and client.stat("other", timeout=1) is None
    server.kill(signal.SIGCONT)


def fail_to_read(client: remote_dram.Client) -> None:
    for key in ("key", "other"):
        for read in (client.get, client.view, client.stat):
            with pytest.raises(remote_dram.Unavailable):
                read(key)


def test_reads_need_no_server_that_runs_but_one_that_lives(programs: Programs, places: Places) -> None:
    with reading(programs, places) as (server, client):
        read_while_it_stands_still(server, client)
        server.kill(signal.SIGKILL)
        server.end()
        fail_to_read(client)


def test_a_dead_server_whose_child_lives_is_not_read(programs: Programs, places: Places) -> None:
    with reading(programs, places, SERVER_WITH_CHILD) as (server, client):
        child = int(server.await_line(r"^child (\d+)")[1])
        try:
            read_while_it_stands_still(server, client)
            server.kill(signal.SIGKILL)
            server.process.wait(60)
            fail_to_read(client)
        finally:
            os.kill(child, signal.SIGTERM)


def test_a_client_keeps_nothing_of_a_dead_server(programs: Programs, places: Places) -> None:
    before = mapped()
    with reading(programs, places) as (server, client):
        server.kill(signal.SIGKILL)
        await_that("nothing is mapped any more", lambda: mapped() <= before)  # although the client makes no call
        fail_to_read(client)


def test_a_view_outlives_its_server_and_is_all_that_keeps_its_memory(programs: Programs, places: Places) -> None:
    before = mapped()
    with reading(programs, places) as (server, client):
        view = client.view("key")
        server.kill(signal.SIGKILL)
        server.end()
        fail_to_read(client)
        assert view == b"v" * SIZE and len(mapped() - before) >= 1
        del view
        await_that("nothing is mapped any more", lambda: mapped() <= before)


def test_a_client_of_a_restarted_server_maps_that_one_alone(programs: Programs, places: Places) -> None:
    before = mapped()
    server, address = serve(programs, *places)
    with remote_dram.connect(address, path="mapped", on_restart="accept") as client:
        client.put("key", b"old")
        await_that("the memory came", lambda: client.get("key") == b"old" and len(mapped() - before) >= 2)
        of_the_first = mapped() - before
        server.kill(signal.SIGKILL)
        server.end()
        second, _ = serve(programs, *places)
        with contextlib.suppress(remote_dram.Unavailable):  # the call may be sent on the old connection
            client.get("key")
        client.put("key", b"new")
        await_that("that of the second came", lambda: client.get("key") == b"new" and len(mapped() - before - of_the_first) >= 2)
        await_that("that of the first is gone", lambda: not mapped() & of_the_first)
        second.stop()
        assert client.get("key", timeout=1) == b"new"
        second.kill(signal.SIGCONT)
