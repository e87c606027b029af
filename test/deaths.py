"""A server in its own process, and calls in their own threads: for tests in which a process dies."""

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
# A server whose child process outlives it.
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

Places = Tuple[str, str]  # HOST:PORT and the path of a Unix socket; either may be "": see conftest.py
BY_MESSAGE = ["shm", "socket", "tcp"]  # paths on which every read asks the server


def serve(
    programs: Programs, listen: str = "127.0.0.1:0", socket: str = "", source: str = SERVER
) -> tuple[Program, str]:
    """Starts a server. Returns it and its address: the TCP address, if it has both."""
    program = programs.start(sys.executable, "-c", source, listen, socket)
    return program, program.await_line(r"^ready (\S+)")[1]


class Call:
    """A call in its own thread."""

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
        """Waits until the call is under way and its thread sleeps: from then on, the bytearray lent to it cannot grow."""
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
