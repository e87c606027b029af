"""`remote-dram serve` end to end: where it listens, and how the data of a connection travels."""

import contextlib
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
import remote_dram
from deaths import await_that
from programs import Programs

TCP_LISTEN = "0A"
STOP_GRACE_SECONDS = 10  # stop_grace in cli/serve.cc


def sockets_of(pid):
    """[(local address, port, state)] of every IP socket that the process has open."""
    inodes = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            inodes.update(re.findall(r"socket:\[(\d+)\]", str(descriptor.readlink())))
        except FileNotFoundError:
            pass  # closed meanwhile
    found = []
    for table in ["tcp", "tcp6", "udp", "udp6"]:
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[9] in inodes:
                address, port = fields[1].split(":")
                # The kernel prints the four bytes of an IPv4 address as one number in host byte order.
                shown = socket.inet_ntoa(bytes.fromhex(address)[::-1]) if len(address) == 8 else address
                found.append((shown, int(port, 16), fields[3]))
    return found


# ---------------------------------------------------------------- where it listens


def test_the_default_is_a_private_socket_of_this_user(shell):
    server = shell.serve("--memory-limit", "8GiB", "--threads", "2")
    path = shell.runtime_dir / "remote_dram.sock"
    assert re.fullmatch(rf"serving unix:{path} · 8 GiB · 2 loops · incarnation [0-9a-f]{{16}}", server.line)
    assert stat.S_ISSOCK(path.stat().st_mode) and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert shell.stat()["incarnation"] == server.line.split()[-1]
    assert server.stop() == 0
    assert not path.exists()
    assert server.stderr() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_orderly_when_told_to(shell, number):
    # A script that runs the tests in the background ignores SIGINT, and children inherit that.
    server = shell.serve(before=["env", f"--default-signal={number.name.removeprefix('SIG')}"])
    assert server.stop(number) == 0


def connects(address):
    host, port = address.split(":")
    try:
        socket.create_connection((host, int(port)), timeout=10).close()
    except (ConnectionRefusedError, ConnectionResetError):  # reset: it was not accepted yet when the listener closed
        return False
    return True


@contextlib.contextmanager
def a_put_that_cannot_finish(server, size):
    """A call that keeps running in the server, because its client is stopped in the middle of sending."""
    code = (
        "import sys, remote_dram as rd\n"
        "client = rd.connect(sys.argv[1], path='tcp')\n"
        "value = bytes(int(sys.argv[2]))\n"
        "print('putting', flush=True)\n"
        "client.put('key', value)\n"
        "print('put', flush=True)\n"
    )
    with Programs() as programs, remote_dram.connect(server.addresses[0]) as witness:
        for _ in range(50):
            client = programs.start(sys.executable, "-c", code, server.addresses[0], str(size))
            client.await_line("putting")
            await_that(
                "the put began", lambda: witness.stat_server().memory_bytes > size or "put\n" in client.text
            )
            client.stop()
            if witness.stat("key") is None and witness.stat_server().memory_bytes > size:
                yield client
                return
            client.kill(signal.SIGCONT)
            client.end()
            witness.delete("key")
        pytest.fail("no put was caught in the middle")


def test_it_finishes_what_runs_before_it_ends(shell):
    server = shell.serve("--listen", "127.0.0.1:0")
    with a_put_that_cannot_finish(server, 256 << 20) as client:
        server.process.send_signal(signal.SIGTERM)
        await_that("it no longer listens", lambda: not connects(server.addresses[0]))
        assert server.process.poll() is None
        client.kill(signal.SIGCONT)
        assert client.end() == 0 and "put\n" in client.text, client.text
        assert server.process.wait(STOP_GRACE_SECONDS) == 0


def test_it_waits_for_nobody_longer_than_its_grace(shell):
    server = shell.serve("--listen", "127.0.0.1:0")
    with a_put_that_cannot_finish(server, 256 << 20) as client:
        began = time.monotonic()
        assert server.stop() == 0
        assert STOP_GRACE_SECONDS - 1 < time.monotonic() - began < 2 * STOP_GRACE_SECONDS
        client.kill(signal.SIGCONT)
        assert client.end() != 0 and "unknown" in client.text


def test_a_second_signal_ends_it_at_once(shell):
    server = shell.serve("--listen", "127.0.0.1:0")
    with a_put_that_cannot_finish(server, 256 << 20):
        server.process.send_signal(signal.SIGTERM)
        await_that("it no longer listens", lambda: not connects(server.addresses[0]))
        assert server.stop() == -signal.SIGTERM


def test_it_ignores_what_was_ignored_when_it_started(shell):
    server = shell.serve(before=["sh", "-c", 'trap "" INT; exec "$0" "$@"'])
    status = dict(line.split(":\t", 1) for line in Path(f"/proc/{server.pid}/status").read_text().splitlines())
    bit = 1 << (signal.SIGINT - 1)
    assert int(status["SigIgn"], 16) & bit and not int(status["SigBlk"], 16) & bit


def test_it_has_the_threads_that_were_asked_for(shell):
    counts = []
    for loops in [1, 3]:
        server = shell.serve("--threads", loops, "--socket", shell.runtime_dir / str(loops))
        counts.append(len(list(Path(f"/proc/{server.pid}/task").iterdir())))
    assert counts[1] - counts[0] == 2


def test_without_listen_there_is_no_ip_socket_at_all(shell):
    server = shell.serve()
    shell.ok("put", "a", stdin=b"x" * 1_000_000)
    assert shell.ok("get", "a") == b"x" * 1_000_000
    assert sockets_of(server.pid) == []


def test_with_listen_its_sockets_are_on_that_device_only(shell):
    server = shell.serve("--listen", "127.0.0.1:0")
    address = server.addresses[0]
    assert shell.stat("--server", address, "--path", "tcp")["path"].startswith("tcp")
    listening = [(host, port) for host, port, state in sockets_of(server.pid) if state == TCP_LISTEN]
    assert ("127.0.0.1", int(address.split(":")[1])) in listening
    assert {host for host, _ in listening} == {"127.0.0.1"}, listening


def test_servers_on_different_ports_do_not_collide(shell, free_port):
    default = shell.serve()
    one = shell.serve("--listen", f"127.0.0.1:{free_port}")
    two = shell.serve("--listen", f"127.0.0.2:{free_port}")
    assert default.addresses == [f"unix:{shell.runtime_dir}/remote_dram.sock"]
    for host, server in [("127.0.0.1", one), ("127.0.0.2", two)]:
        address = f"{host}:{free_port}"
        assert server.addresses == [address, f"unix:{shell.runtime_dir}/remote_dram-{address}.sock"]
    for name, server in [("default", default), ("one", one), ("two", two)]:
        shell.ok("put", "who", "--server", server.addresses[-1], stdin=name.encode())
    assert shell.ok("get", "who") == b"default"
    assert shell.ok("get", "who", "--server", one.addresses[0]) == b"one"
    assert shell.ok("get", "who", "--server", two.addresses[0]) == b"two"


def test_port_zero_takes_a_free_port_and_no_socket_by_default(shell):
    server = shell.serve("--listen", "127.0.0.1:0")
    assert re.fullmatch(r"127\.0\.0\.1:[1-9]\d*", server.addresses[0]) and len(server.addresses) == 1
    path = shell.runtime_dir / "named.sock"
    other = shell.serve("--listen", "127.0.0.1:0", "--socket", path)
    assert other.addresses[1] == f"unix:{path}"
    assert shell.stat("--server", f"unix:{path}")["incarnation"] == other.line.split()[-1]


def test_an_address_that_is_taken_is_told(shell):
    address = shell.serve("--listen", "127.0.0.1:0").addresses[0]
    assert address in shell.fails(5, "serve", "--listen", address)


def test_two_servers_cannot_share_a_socket(shell):
    first = shell.serve()
    assert "remote_dram.sock" in shell.fails(5, "serve")
    assert shell.stat()["incarnation"] == first.line.split()[-1]


def test_the_socket_of_a_killed_server_is_replaced(shell):
    shell.serve().stop(signal.SIGKILL)
    assert (shell.runtime_dir / "remote_dram.sock").is_socket()
    second = shell.serve()
    assert shell.stat()["incarnation"] == second.line.split()[-1]


def test_a_file_that_is_no_socket_is_never_replaced(shell):
    path = shell.runtime_dir / "remote_dram.sock"
    path.write_bytes(b"precious")
    assert "not a socket" in shell.fails(5, "serve")
    assert path.read_bytes() == b"precious"


def test_a_socket_path_without_permission_is_told(shell):
    closed = shell.runtime_dir / "closed"
    closed.mkdir(mode=0)
    # Root may ignore permissions; this prefix takes that right away.
    bound = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    for arguments in [["serve", "--socket", closed / "s"], ["stat", "--server", f"unix:{closed}/s"]]:
        command = [*bound, shell.program, *arguments]
        run = subprocess.run(command, env=shell.environment, capture_output=True, check=False)
        assert run.returncode == 5 and f"{closed}/s".encode() in run.stderr, run.stderr
        assert b"PERMISSION_DENIED" in run.stderr and b"permission denied" in run.stderr


def test_a_device_that_this_machine_does_not_have_is_refused(shell):
    assert "203.0.113.1" in shell.fails(2, "serve", "--listen", "203.0.113.1:0")


def test_it_warns_of_what_it_exposes_off_loopback_only(shell):
    assert "warning" not in shell.serve("--listen", "127.0.0.1:0").stderr()
    # In its own network namespace, so that the server is not exposed to any network.
    network = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$0" "$@"']
    if not shutil.which("unshare") or subprocess.run([*network, "true"], capture_output=True).returncode:
        pytest.skip("this user may not make a network namespace")
    assert "trusted networks only" in shell.serve("--listen", "0.0.0.0:12345", before=network).stderr()


def test_strangers_cannot_fill_the_log(shell):
    server = shell.serve("--listen", "127.0.0.1:0")
    host, port = server.addresses[0].split(":")
    for _ in range(50):
        with socket.create_connection((host, int(port)), timeout=30) as stranger:
            stranger.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            stranger.shutdown(socket.SHUT_WR)
            try:
                while stranger.recv(4096):
                    pass
            except ConnectionResetError:
                pass
    shell.ok("stat", "--server", server.addresses[0])
    ended = [line for line in server.stderr().splitlines() if "a connection ended" in line]
    assert 1 <= len(ended) <= 3, ended  # one for each reason
    assert server.stop() == 0


# ---------------------------------------------------------------- how the data travels


@pytest.mark.parametrize("door", ["socket", "port"])
@pytest.mark.parametrize("path, wanted", [("auto", "mapped"), ("mapped", "mapped"), ("shm", "shm"), ("tcp", "tcp")])
def test_the_path_that_was_asked_for_is_the_one_in_use(shell, door, path, wanted):
    server = shell.serve("--listen", "127.0.0.1:0", "--socket", shell.runtime_dir / "s")
    address = server.addresses[0 if door == "port" else 1]
    flags = ["--server", address, "--path", path]
    found = shell.stat(*flags)
    assert found["path"].split()[0] == wanted and found["server"] == address
    assert ("tcp" in found["path"]) == (wanted == "tcp"), "the lanes belie the path"
    value = bytes(range(256)) * 12_000
    shell.ok("put", "a", *flags, stdin=value)
    assert shell.ok("get", "a", *flags) == value
    assert shell.ok("get", "a", "--range", "-300:", *flags) == value[-300:]
    assert shell.ok("ls", *flags) == b"a\n"


def test_a_path_that_the_server_does_not_offer_is_refused(shell):
    shell.serve()
    assert "start it with --listen" in shell.fails(5, "stat", "--path", "tcp")


def test_stat_tells_about_the_server(shell):
    server = shell.serve("--memory-limit", "16MiB")
    shell.ok("put", "a", stdin=b"x" * 2_000_000)
    found = shell.stat()
    assert found["server"] == server.addresses[0]
    assert re.fullmatch(r"\d+\.\d+\.\d+", found["version"])
    assert found["keys"] == "1" and found["connections"] == "1"
    used, limit = found["memory"].split(" of ")
    assert limit == "16 MiB" and re.fullmatch(r"1\.9\d* MiB|2(\.0\d*)? MiB", used)
    assert re.fullmatch(r"\d+ s|\d+ min \d+ s", found["up"])


def test_the_environment_names_the_server_where_no_flag_does(shell):
    server = shell.serve("--listen", "127.0.0.1:0")
    shell.environment["REMOTE_DRAM_SERVER"] = server.addresses[0]
    assert shell.stat()["server"] == server.addresses[0]
    assert "unix:" in shell.fails(3, "stat", "--server", "unix:/nowhere")


def test_a_stopped_server_is_not_waited_for_beyond_the_timeout(shell):
    server = shell.serve()
    server.process.send_signal(signal.SIGSTOP)
    assert "500 ms" in shell.fails(3, "get", "a", "--timeout", "0.5")
    server.process.send_signal(signal.SIGCONT)
    assert server.stop() == 0
