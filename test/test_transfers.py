"""Large and slow transfers on the command line: in pieces, with progress shown only on a terminal."""

import os
import pty
import re
import select
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from conftest import RUN_SECONDS_MAX

PIECE_BYTES = 64 << 20  # get_piece_bytes
PROGRESS_SECONDS = 1.0  # progress_delay
PIPE = 1 << 16  # bytes that a pipe holds without a reader


class Watched:
    """A command whose standard error is a terminal or a pipe; its standard input and output are pipes."""

    def __init__(self, shell, terminal, *arguments):
        ours, theirs = pty.openpty() if terminal else os.pipe()
        self.errors, self.said = ours, b""
        self.process = subprocess.Popen([shell.program, *arguments], env=shell.environment, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=theirs)  # fmt: skip
        os.close(theirs)

    def await_text(self, pattern):
        """Reads standard error until it matches, or ends."""
        deadline = time.monotonic() + RUN_SECONDS_MAX
        while not re.search(pattern, self.said) and self._read(deadline):
            pass
        assert re.search(pattern, self.said), self.said

    def _read(self, deadline):
        if not select.select([self.errors], [], [], max(0, deadline - time.monotonic()))[0]:
            return False
        try:
            chunk = os.read(self.errors, 4096)
        except OSError:  # a terminal raises this when the other side is closed
            return False
        self.said += chunk
        return bool(chunk)

    def end(self):
        """Returns its output and its exit code; all of standard error is in `said`."""
        self.process.stdin.close()
        output = self.process.stdout.read()
        exit_code = self.process.wait(RUN_SECONDS_MAX)
        while self._read(time.monotonic() + RUN_SECONDS_MAX):
            pass
        os.close(self.errors)
        self.process.stdout.close()
        return output, exit_code


@pytest.fixture(params=[True, False], ids=["terminal", "pipe"])
def terminal(request):
    return request.param


def test_a_slow_get_shows_a_bar_on_a_terminal_only(shell, terminal):
    shell.serve()
    value = os.urandom(1 << 20) * 70
    shell.ok("put", "big", stdin=value)
    get = Watched(shell, terminal, "get", "big")
    first = get.process.stdout.read(1)  # the get has begun, and cannot continue: the pipe is full
    time.sleep(PROGRESS_SECONDS * 1.1)
    rest, exit_code = get.end()
    assert exit_code == 0 and first + rest == value
    if terminal:
        shown = get.said.replace(b"\r\n", b"\n")
        assert re.fullmatch(rb'getting "big", 70 MiB\n0%[ 0-9]+%\n[-|]+\n\*{51}\n', shown), shown
    else:
        assert get.said == b""


def test_a_quick_transfer_shows_nothing(shell):
    shell.serve()
    put = Watched(shell, True, "put", "a")
    put.process.stdin.write(b"hello")
    assert put.end()[1] == 0 and put.said == b""
    get = Watched(shell, True, "get", "a")
    assert get.end() == (b"hello", 0) and get.said == b""


def test_a_slow_put_shows_what_it_read_and_that_it_sends(shell, terminal):
    server = shell.serve()
    put = Watched(shell, terminal, "put", "a")
    put.process.stdin.write(b"x" * 3 * PIPE)
    put.process.stdin.flush()  # returns only if the put reads, because a pipe holds less
    time.sleep(PROGRESS_SECONDS * 1.1)
    put.process.stdin.write(b"x" * 3 * PIPE)
    put.process.stdin.flush()
    if terminal:
        put.await_text(rb"\rreading standard input: \d+")
    server.process.send_signal(signal.SIGSTOP)
    try:
        put.process.stdin.close()
        if terminal:
            put.await_text(rb"\nsending 384 KiB to unix:")
    finally:
        server.process.send_signal(signal.SIGCONT)
    output, exit_code = put.end()
    assert exit_code == 0 and re.fullmatch(rb"[0-9a-f]{34}\n", output)
    assert terminal or put.said == b""
    assert shell.ok("get", "a") == b"x" * 6 * PIPE


@pytest.mark.parametrize("change", [["put", "big"], ["rm", "big"]], ids=["overwritten", "deleted"])
def test_a_get_in_pieces_never_mixes_two_values(shell, change):
    shell.serve()
    shell.ok("put", "big", stdin=b"x" * (PIECE_BYTES + 1))
    get = Watched(shell, False, "get", "big")
    get.process.stdout.read(1)  # the get has the first piece, and has not yet asked for the second
    shell.ok(*change, stdin=b"y" * (PIECE_BYTES + 1))
    rest, exit_code = get.end()
    assert exit_code == 5 and b'ABORTED: "big" on unix:' in get.said and b"was changed while it was read" in get.said
    assert rest == b"x" * (PIECE_BYTES - 1)


def test_ranges_of_a_value_in_pieces(shell):
    shell.serve()
    value = os.urandom(1 << 20) * 130
    shell.ok("put", "big", stdin=value)
    for text, wanted in [("1:", value[1:]), (f"-{PIECE_BYTES + 1}:", value[-PIECE_BYTES - 1 :]),
                         (f"5:{PIECE_BYTES + 5}", value[5 : PIECE_BYTES + 5]),
                         (f"5:{2 * PIECE_BYTES + 5}", value[5 : 2 * PIECE_BYTES + 5])]:  # fmt: skip
        assert shell.ok("get", "big", "--range", text) == wanted


def test_a_get_in_pieces_needs_memory_for_one_of_them(shell):
    shell.serve()
    size = 6 * PIECE_BYTES
    shell.ok("put", "big", stdin=bytes(size))
    get = Watched(shell, False, "get", "big", "--path", "shm")  # mapped memory of the server would count as resident, too
    assert len(get.process.stdout.read(size - 16 * PIPE)) == size - 16 * PIPE  # the get waits for a reader of the rest
    status = Path(f"/proc/{get.process.pid}/status").read_text()
    assert int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024 < 3 * PIECE_BYTES
    assert get.end() == (bytes(16 * PIPE), 0)


def test_a_value_of_3_gib_goes_in_and_out(shell, tmp_path):
    if os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") < 8 << 30:
        pytest.skip("this needs 8 GiB of free memory")
    size = 3 << 30
    shell.serve("--memory-limit", "3100MiB")
    # In /dev/shm, if possible, where holes in a file cost nothing.
    with tempfile.NamedTemporaryFile(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else tmp_path) as file:
        file.truncate(size)
        for at in [0, (1 << 31) - 4, size - 8]:  # the second crosses the limit of a signed 32-bit number
            os.pwrite(file.fileno(), b"a mark!!", at)
        shell.ok("put", "big", file.name, "--timeout", RUN_SECONDS_MAX)
        assert shell.stat("big")["bytes"] == str(size)
        command = '"$0" get big | cmp - "$1" && echo ${PIPESTATUS[@]}'
        compared = subprocess.run(["bash", "-c", command, shell.program, file.name], env=shell.environment,
                                  capture_output=True, timeout=RUN_SECONDS_MAX, check=False)  # fmt: skip
        assert compared.stdout == b"0 0\n", compared
