"""Programs that a test starts: their output is collected, and they end with the test."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType

EXAMPLES = Path(__file__).parent.parent / "examples"
SECONDS_MAX = 60  # for each single wait


def module_of(script: Path) -> ModuleType:
    """Loads a script that is not part of a package, as a module."""
    spec = importlib.util.spec_from_file_location(script.stem, script)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Program:
    """A running process; its standard output and standard error are collected in one text."""

    def __init__(self, *command: str | Path) -> None:
        self.process = subprocess.Popen(
            list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._lines: list[str] = []
        self._ended = False
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout:
            for line in self.process.stdout:
                with self._changed:
                    self._lines.append(line)
                    self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    @property
    def text(self) -> str:
        with self._changed:
            return "".join(self._lines)

    def await_line(self, pattern: str) -> re.Match[str]:
        """Waits for the first line that matches the pattern; fails if the program ends without one, or none comes in time."""

        def find() -> re.Match[str] | None:
            return next(filter(None, (re.search(pattern, line) for line in self._lines)), None)

        with self._changed:
            self._changed.wait_for(lambda: find() or self._ended, SECONDS_MAX)
            found = find()
        assert found, f"no line with {pattern!r} in:\n{self.text}"
        return found

    def end(self, seconds: float = SECONDS_MAX) -> int:
        """Waits until the process ends, and returns its exit code."""
        code = self.process.wait(seconds)
        self._reader.join(SECONDS_MAX)
        return code

    def kill(self, number: int = signal.SIGKILL) -> None:
        self.process.send_signal(number)

    def stop(self) -> None:
        """Stops the process with SIGSTOP; on return, all its threads are stopped, until SIGCONT."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
        self.end()


class Programs:
    """Starts programs; on exit, ends those that still run."""

    def __init__(self) -> None:
        self._started: list[Program] = []

    def __enter__(self) -> Programs:
        return self

    def __exit__(self, *_: object) -> None:
        for program in self._started:
            program.close()

    def start(self, *command: str | Path) -> Program:
        program = Program(*command)
        self._started.append(program)
        return program

    def example(self, name: str, *flags: str, before: tuple[str, ...] = ()) -> Program:
        """Starts examples/remote_dram_NAME.py."""
        return self.start(*before, sys.executable, "-u", EXAMPLES / f"remote_dram_{name}.py", *flags)

    def server(
        self, *flags: str, listen: str = "127.0.0.1:0", before: tuple[str, ...] = ()
    ) -> tuple[Program, str]:
        """Starts the example's server; returns it and its address."""
        program = self.example("server", f"--listen_addr={listen}", *flags, before=before)
        return program, program.await_line(r"^ready: ([^ ,]+),")[1]


def resident_bytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
