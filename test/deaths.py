"""A server in a process of its own, and calls in threads of theirs: for tests in which somebody dies."""

from __future__ import annotations

import re
import sys
import threading
import time
from pathlib import Path
from typing import Any, Callable, Tuple

from programs import Program, Programs

SERVER = """
import signal, sys, remote_dram
with remote_dram.Server(*sys.argv[1:]) as server:
    print("ready", server.address, flush=True)
    signal.sigwait({signal.SIGTERM})
"""
# Its child outlives it.
SERVER_WITH_CHILD = """
import os, signal, sys, remote_dram
with remote_dram.Server(*sys.argv[1:]) as server:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    if (child := os.fork()) == 0:
        signal.sigwait({signal.SIGTERM})
        os._exit(0)
    print("child", child, flush=True)
    print("ready", server.address, flush=True)
    signal.sigwait({signal.SIGTERM})
"""

Places = Tuple[str, str]  # HOST:PORT and the path of a Unix socket, or "": see conftest.py
BY_MESSAGE = ["shm", "socket", "tcp"]  # paths on which every read asks the server


def serve(
    programs: Programs, listen: str = "127.0.0.1:0", socket: str = "", source: str = SERVER
) -> tuple[Program, str]:
    """The server, and its address: that over TCP, if it has both."""
    program = programs.start(sys.executable, "-c", source, listen, socket)
    return program, program.await_line(r"^ready (\S+)")[1]


class Call:
    """A call in a thread of its own."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self.error: BaseException | None = None
        self.answer: Any = None
        self.ended_at = 0.0
        self._call = call
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.answer = self._call()
        except BaseException as error:
            self.error = error
        self.ended_at = time.monotonic()

    def await_waiting(self, lent: bytearray) -> None:
        """Until the call is under way and its thread sleeps. Memory that is lent to a call cannot grow."""
        deadline = time.monotonic() + 30
        stat = Path(f"/proc/self/task/{self._thread.native_id}/stat")
        while time.monotonic() < deadline:
            try:
                lent.append(0)
                lent.pop()
            except BufferError:
                if re.search(r"\) S ", stat.read_text()):
                    return
            time.sleep(0)
        raise AssertionError("the call does not wait")

    def join(self) -> None:
        self._thread.join(60)
        assert not self._thread.is_alive()


def await_that(condition: str, holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, condition
