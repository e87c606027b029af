"""Checks histories of many clients under faults; values that are rewritten while they are read; restarts.

`build/venv/bin/pytest test/test_histories.py --operations 10000000 -o faulthandler_timeout=0` runs that many operations
per history, and a tenth as many reads of a rewritten value.
"""

from __future__ import annotations

import itertools
import os
import re
import signal
import time
from pathlib import Path
from typing import Iterator

import pytest
import remote_dram
from conftest import PROGRAM, Running, Shell
from deaths import SERVER_WITH_CHILD, Places, serve
from namespaces import SERVER_ADDRESS, TwoNamespaces, why_no_loss, why_not
from programs import Program, Programs

HISTORY = PROGRAM.parent / "remote_dram_history"
CLIENTS = 6  # in most loads
CLIENTS_MAX = 100  # in one load
RATE_MIN = 500  # operations per second, on the slowest machine under the worst fault
# The timeout of most calls; a tenth of them has 100 ms, a fifth 1 s. The short one is for tests in which many calls must
# time out.
TIMEOUT_MS, TIMEOUT_SHORT_MS = 10_000, 2_000
RESTARTS = 1000
SERVER_OPTIONS = ("--memory-limit", "2GiB")


class Histories:
    """A server, loads against it, and the check of everything that they recorded."""

    def __init__(self, shell: Shell, programs: Programs, directory: Path, operations: int) -> None:
        if not HISTORY.exists():
            pytest.fail(f"there is no {HISTORY}: run tools/setup.sh build")
        self.operations = operations
        self.path = "auto"
        self.in_server: tuple[str, ...] = ()
        self.in_client: tuple[str, ...] = ()
        self.listen = self.unix = ""
        self._shell, self._programs, self._directory = shell, programs, directory
        self._writers = itertools.count(0, CLIENTS_MAX)

    def serve(self) -> Running:
        server = self._shell.serve("--listen", self.listen, *SERVER_OPTIONS, before=self.in_server)
        self.listen = server.addresses[0]
        self.unix = server.addresses[-1]
        return server

    def start(self, command: str, *flags: str) -> Program:
        where = ("--server", self.unix if self.path == "socket" else self.listen, "--path", self.path)
        return self._programs.start(*self.in_client, HISTORY, command, *where, *flags)

    def load(self, *, operations: int | None = None, seconds: float = 0, clients: int = CLIENTS,
             timeout: int = TIMEOUT_MS, **flags: int) -> Program:  # fmt: skip
        wanted = self.operations if operations is None else operations
        more = [f"--{name.replace('_', '-')}={value}" for name, value in flags.items()]
        return self.start(
            "load", f"--directory={self._directory}", f"--writer={next(self._writers)}", f"--clients={clients}",
            f"--operations={wanted}", f"--time={int(seconds * 1000)}", f"--timeout={timeout}", *more)  # fmt: skip

    def end(self, load: Program, *, servers: int = 1) -> None:
        """Waits for the load's end. On path mapped, it must have read in place from at least `servers` servers."""
        assert load.end(60 + self.operations / RATE_MIN) == 0, load.text
        # A read in place returns the server's own memory, without a message. Only clients that map it can do so.
        in_place = load.await_line(r"(\d+) reads in place(?:, of (\d+) servers)?")
        if self.path != "mapped":
            assert int(in_place[1]) == 0, load.text
            return
        assert int(in_place[1]) > self.operations / 100 and int(in_place[2] or 1) >= servers, load.text

    def judge(self, *, incarnations: tuple[int, ...] = (1,)) -> dict[str, int]:
        """The checker's counts; there must be no violation."""
        check = self._programs.start(HISTORY, "check", self._directory)
        assert check.end(60 + self.operations / RATE_MIN) == 0, check.text
        counted = {name: int(count) for count, name in re.findall(r"(\d+) (operations|done|refused|failed|unknown)", check.text)}
        counted["seen"] = int(check.await_line(r"\((\d+) of them seen\)")[1])
        assert int(check.await_line(r"incarnations: (\d+)")[1]) in incarnations, check.text
        assert counted["done"] + counted["refused"] >= self.operations / 2, check.text
        print(check.text)  # shown with pytest -s
        return counted


@pytest.fixture
def operations(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--operations"))


@pytest.fixture
def histories(shell: Shell, programs: Programs, tmp_path: Path, operations: int, free_port: int) -> Histories:
    made = Histories(shell, programs, tmp_path / "history", operations)
    made.listen = f"127.0.0.1:{free_port}"
    return made


@pytest.fixture(params=["mapped", "shm", "socket", "tcp"])
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def cabled(histories: Histories) -> Iterator[tuple[Histories, TwoNamespaces]]:
    """Histories whose server and clients run in separate network namespaces, over TCP."""
    with TwoNamespaces() as namespaces:
        histories.in_server, histories.in_client = namespaces.server, namespaces.client
        histories.listen, histories.path = f"{SERVER_ADDRESS}:12345", "tcp"
        yield histories, namespaces


def test_nothing_happens(histories: Histories, path: str) -> None:
    histories.path = path
    histories.serve()
    histories.end(histories.load())
    histories.judge()


def test_clients_are_killed(histories: Histories, path: str) -> None:
    histories.path = path
    histories.serve()
    survivor = histories.load(operations=histories.operations * 3 // 4, clients=4)  # the victims do the rest
    killed = 0
    while survivor.process.poll() is None:
        victim = histories.load(operations=1 << 60, clients=2)
        time.sleep(0.3)  # the signal may come at any moment of its work
        victim.kill(signal.SIGKILL)
        victim.end()
        killed += 1
    histories.end(survivor)
    assert killed >= 3
    histories.judge()


def test_the_server_is_killed_and_comes_again(histories: Histories, path: str) -> None:
    histories.path = path
    server = histories.serve()
    load = histories.load(seconds=7)
    runs = 1
    while load.process.poll() is None:
        time.sleep(1)  # the signal may come at any moment of their work
        server.stop(signal.SIGKILL)
        server = histories.serve()
        runs += 1
    histories.end(load, servers=runs - 2)  # the last server may have started too late for any call, the one before for views
    assert runs >= 5
    counted = histories.judge(incarnations=(runs - 1, runs))  # the last server may have started too late
    assert counted["unknown"] > 0 and counted["failed"] > 0


@pytest.mark.parametrize("path", ["mapped"])
def test_the_server_is_killed_and_comes_again_while_its_children_live(
    histories: Histories, programs: Programs, places: Places, path: str
) -> None:
    histories.path = path
    children = []

    def start() -> Program:
        server, histories.listen = serve(programs, *places, source=SERVER_WITH_CHILD)
        children.append(int(server.await_line(r"^child (\d+)")[1]))
        return server

    try:
        server = start()
        load = histories.load(seconds=7)
        while load.process.poll() is None:
            time.sleep(1)  # the signal may come at any moment of their work
            server.kill(signal.SIGKILL)
            server.process.wait(60)
            server = start()
        runs = len(children)
        histories.end(load, servers=runs - 2)
        assert runs >= 5
        counted = histories.judge(incarnations=(runs - 1, runs))
        assert counted["unknown"] > 0 and counted["failed"] > 0
    finally:
        for child in children:
            os.kill(child, signal.SIGTERM)  # fails if the child has already ended


def test_the_server_stands_still_for_a_while(histories: Histories, path: str) -> None:
    histories.path = path
    server = histories.serve()
    load = histories.load(seconds=6, timeout=TIMEOUT_SHORT_MS // 2)
    while load.process.poll() is None:
        time.sleep(1.5)  # the signal may come at any moment of its work
        server.process.send_signal(signal.SIGSTOP)
        time.sleep(2)  # how long the server is stopped
        server.process.send_signal(signal.SIGCONT)
    histories.end(load)
    assert histories.judge()["unknown"] > 0


# After 2 s, TCP continues by itself. After 20 s, both ends have given up the connection, and most calls have timed out.
@pytest.mark.skipif(bool(why_not()), reason=why_not())
@pytest.mark.parametrize("seconds", [2, 20])
def test_the_cable_is_cut_for_a_while(cabled: tuple[Histories, TwoNamespaces], seconds: int) -> None:
    histories, namespaces = cabled
    histories.serve()
    load = histories.load(seconds=seconds + 5, timeout=TIMEOUT_MS if seconds == 2 else TIMEOUT_SHORT_MS)
    time.sleep(1)  # the cut may come at any moment of their work
    namespaces.cut()
    time.sleep(seconds)  # how long the partition lasts
    namespaces.mend()
    histories.end(load)
    assert histories.judge()["unknown"] > 0 or seconds == 2


@pytest.mark.skipif(bool(why_no_loss()), reason=why_no_loss())
def test_packets_are_lost(cabled: tuple[Histories, TwoNamespaces]) -> None:
    histories, namespaces = cabled
    namespaces.lose(5)
    histories.serve()
    histories.end(histories.load(clients=4 * CLIENTS, value_bytes_max=16 << 10))
    assert namespaces.lost() > histories.operations / 100
    histories.judge()


def test_a_value_that_is_rewritten_is_never_torn(histories: Histories, path: str) -> None:
    histories.path = path
    histories.serve()
    torn = histories.start("torn", "--reads", str(histories.operations // 10))
    histories.end(torn)
    assert int(torn.await_line(r"of (\d+) versions")[1]) > 100, torn.text


def test_no_generation_comes_again_after_a_restart(shell: Shell) -> None:
    seen: set[bytes] = set()
    old = None
    for _ in range(RESTARTS):
        server = shell.serve("--memory-limit", "64MiB")
        with remote_dram.connect(server.addresses[0]) as client:
            if old is not None:
                with pytest.raises(remote_dram.ConditionFailed):
                    client.put("key", b"value", if_generation=old)
            old = [client.put(key, b"value") for key in ("key", "other", "key")][-1]
            seen.update(bytes(client.stat(key).generation) for key in ("key", "other"))
        server.stop(signal.SIGKILL)
        shell.close()  # also closes the server's pipes
        shell.started.clear()
    assert len(seen) == 2 * RESTARTS
