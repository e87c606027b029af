"""Shared by the end-to-end tests: the built program, servers that end with the test, and free ports."""

import contextlib
import os
import random
import re
import selectors
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from programs import Programs

ROOT = Path(__file__).parent.parent
PROGRAM = Path(os.environ.get("REMOTE_DRAM_CLI", ROOT / "build/release/remote-dram"))
START_SECONDS_MAX = 30
RUN_SECONDS_MAX = 60

READY = re.compile(r"(?:serving|gateway) (?P<addresses>.*?) · .*")


def pytest_addoption(parser):
    parser.addoption("--operations", default=100_000, type=int, help="of each history (test_histories.py)")


class Running:
    """A process that has printed its ready line."""

    def __init__(self, process, line, stderr):
        self.process = process
        self.pid = process.pid
        self.line = line
        self.stderr = stderr

    @property
    def addresses(self):
        """The addresses in the ready line; the one for other hosts comes first, if there is one."""
        return READY.fullmatch(self.line)["addresses"].split(" and ")

    def stop(self, number=signal.SIGTERM):
        """Returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(RUN_SECONDS_MAX)


def first_line(process, seconds):
    """The first line of the process's standard output; "" if the process ends, or prints no line in time."""
    deadline = time.monotonic() + seconds
    line = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while not line.endswith(b"\n") and selector.select(max(0, deadline - time.monotonic())):
            chunk = os.read(process.stdout.fileno(), 1)
            if not chunk:
                break
            line += chunk
    return line.decode().rstrip("\n")


class Shell:
    """Runs `remote-dram` in an environment of its own, as a user in a shell would."""

    program = PROGRAM

    def __init__(self, runtime_dir):
        self.runtime_dir = runtime_dir
        self.environment = {**os.environ, "XDG_RUNTIME_DIR": str(runtime_dir)}
        self.environment.pop("REMOTE_DRAM_SERVER", None)
        self.environment.pop("REMOTE_DRAM_CREDENTIALS", None)
        self.started = []

    def run(self, *arguments, stdin=b"", **options):
        """Runs one command to its end; its output is bytes."""
        return subprocess.run(
            [self.program, *map(str, arguments)], input=stdin, env=self.environment, capture_output=True,
            timeout=RUN_SECONDS_MAX, check=False, **options)  # fmt: skip

    def ok(self, *arguments, stdin=b""):
        """The output of a command that must succeed."""
        run = self.run(*arguments, stdin=stdin)
        assert run.returncode == 0, run.stderr.decode()
        return run.stdout

    def fails(self, exit_code, *arguments, stdin=b"", **options):
        """The message of a command that must fail."""
        run = self.run(*arguments, stdin=stdin, **options)
        message = run.stderr.decode()
        assert run.returncode == exit_code, message
        assert run.stdout == b""
        assert message.startswith("remote-dram: ") and message.count("\n") == 1, message
        return message

    def stat(self, *arguments):
        """The output of `stat`, as a dictionary."""
        return dict(line.split(maxsplit=1) for line in self.ok("stat", *arguments).decode().splitlines())

    def start(self, *arguments, before=()):
        """Starts a command that keeps running, and waits for its ready line."""
        stderr = tempfile.TemporaryFile()
        command = [*before, self.program, *map(str, arguments)]
        process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=stderr)
        line = first_line(process, START_SECONDS_MAX)

        def read_stderr():
            stderr.seek(0)
            return stderr.read().decode()

        running = Running(process, line, read_stderr)
        self.started.append(running)
        assert line, f"no ready line; exit code {process.poll()}\n{read_stderr()}"
        return running

    def serve(self, *arguments, before=()):
        return self.start("serve", *arguments, before=before)

    def close(self):
        for running in self.started:
            if running.process.poll() is None:
                running.process.kill()
            running.process.wait()
            running.process.stdout.close()


@pytest.fixture
def shell():
    if not PROGRAM.exists():
        pytest.fail(f"there is no {PROGRAM}: run tools/setup.sh build")
    # Not tmp_path, because its name may be too long for the path of a Unix socket.
    with tempfile.TemporaryDirectory(prefix="rd-") as runtime_dir:
        shell = Shell(Path(runtime_dir))
        yield shell
        shell.close()


@pytest.fixture
def free_port():
    """A free TCP port, which stays free while its server restarts: it is below the kernel's range of ephemeral ports."""
    given_away = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for port in random.sample(range(given_away // 2, given_away), 100):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    pytest.fail("100 ports are taken")


@pytest.fixture
def programs():
    with Programs() as programs:
        yield programs


@pytest.fixture(params=["mapped", "shm", "socket", "tcp"])
def path(request):
    """The path of a client's data."""
    return request.param


@pytest.fixture
def places(path, free_port):
    """Where a server listens (HOST:PORT, path of a Unix socket) so that clients can use `path`: the same after a restart.

    Rings are set up over either kind of connection: on path socket, over the client's connection itself; on path mapped,
    over the connection of the mapping.
    """
    with tempfile.TemporaryDirectory(prefix="rd-") as directory:
        listen = "" if path == "socket" else f"127.0.0.1:{free_port}"
        yield listen, f"{directory}/socket" if path in ("mapped", "socket") else ""
