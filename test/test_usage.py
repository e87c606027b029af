"""Errors of users and limits of machines: each one has its message and exit code."""

import os
import random
import re
import resource
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, RUN_SECONDS_MAX

BIG = random.Random(1).randbytes(5_000_003)
AS_ROOT = os.geteuid() == 0
# Takes away root's right to ignore permissions; other users do not have it.
BOUND_BY_PERMISSIONS = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if AS_ROOT else []


def run(shell, *command, **options):
    """Runs a command that is more than remote-dram and its arguments."""
    return subprocess.run(
        [str(part) for part in command], env=shell.environment, capture_output=True, timeout=RUN_SECONDS_MAX,
        check=False, **options)  # fmt: skip


# ---------------------------------------------------------------- exit codes


def test_exit_codes_are_as_documented(shell, free_port, tmp_path):
    documented = dict(re.findall(r"^  (\d)  (.*)$", shell.ok("--help").decode(), re.MULTILINE))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| (\d) \| (.*) \|$", readme, re.MULTILINE)) == documented
    shell.serve("--memory-limit", "4MiB")
    shell.ok("put", "a", stdin=b"0123456789")
    shown = {"0": "", "1": "", "2": "", "3": "", "4": "", "5": ""}
    shell.ok("get", "a")
    shown["1"] = shell.fails(1, "get", "nothing") + shell.fails(1, "put", "a", "--if-absent")
    shown["2"] = shell.fails(2, "get", "a", "--fast")
    shown["3"] = shell.fails(3, "get", "a", "--server", f"127.0.0.1:{free_port}")
    shown["4"] = shell.fails(4, "put", "big", stdin=BIG)
    shown["5"] = shell.fails(5, "put", "a", tmp_path / "none")
    assert set(documented) == set(shown)


# ---------------------------------------------------------------- the command line


@pytest.mark.parametrize(
    "arguments, wanted",
    [
        pytest.param([], "no command", id="no_command"),
        pytest.param(["fly"], "fly", id="unknown_command"),
        pytest.param(["get", "a", "--fast"], "--fast", id="unknown_flag"),
        pytest.param(["get"], "key is required", id="no_key"),
        pytest.param(["put", "x" * 4097], "4097 bytes is over key_bytes_max (4096)", id="key_of_4097_bytes"),
        pytest.param(["get", "a", "--range", "5:1"], "5:1", id="range_that_ends_before_it_begins"),
        pytest.param(["get", "a", "--range", "-5:8"], "-5:8", id="range_from_the_end_with_an_end"),
        pytest.param(["get", "a", "--range", "-0:"], "-0:", id="range_of_the_last_no_bytes"),
        pytest.param(["get", "a", "--range", ""], "A:B", id="empty_range"),
        pytest.param(["put", "a", "--if-generation", "xyz"], "generation", id="generation_that_is_none"),
        pytest.param(["put", "a", "--if-generation", ""], "generation", id="empty_generation"),
        pytest.param(["put", "a", "--if-absent", "--if-generation", "02"], "excludes", id="two_conditions"),
        pytest.param(["rm"], "--prefix", id="rm_of_nothing"),
        pytest.param(["rm", "a", "--prefix", "b"], "excludes", id="rm_of_key_and_prefix"),
        pytest.param(["rm", "--prefix", "b", "--if-generation", "02"], "excludes", id="condition_on_a_prefix"),
        pytest.param(["cp", "a"], "target is required", id="cp_to_nowhere"),
        pytest.param(["cp", "a", "x" * 4097], "4097 bytes is over key_bytes_max", id="cp_to_a_key_of_4097_bytes"),
        pytest.param(["wait"], "key is required", id="wait_for_no_key"),
        pytest.param(["wait", "a", "--while-generation", ""], "generation", id="wait_while_an_empty_generation"),
        pytest.param(["stat", "--path", "pigeon"], "auto, mapped, shm, socket and tcp", id="unknown_path"),
        pytest.param(["stat", "--timeout", "0"], "seconds", id="no_time"),
        pytest.param(["serve", "--memory-limit", "8GB"], "8GiB", id="unit_that_could_mean_two_things"),
        pytest.param(["serve", "--socket-mode", "u+rw"], "0660", id="mode_that_is_none"),
        pytest.param(["serve", "--socket-mode", "0066"], "its owner", id="mode_without_the_owner"),
        pytest.param(["serve", "--threads", "0"], "1 to 64", id="no_threads"),
    ],
)
def test_a_command_that_makes_no_sense_is_a_usage_error(shell, arguments, wanted):
    message = shell.fails(2, *arguments)
    assert wanted in message and message.startswith("remote-dram: INVALID_ARGUMENT: "), message


@pytest.mark.parametrize("command", [["stat", "--server"], ["serve", "--listen"]], ids=["client", "server"])
@pytest.mark.parametrize("address", ["nowhere", ":123", "localhost:", "localhost:65536", "localhost:http"])
def test_a_bad_address_is_told_with_the_form_of_a_good_one(shell, command, address):
    message = shell.fails(2, *command, address)
    assert f'"{address}"' in message and "expected HOST:PORT or unix:PATH" in message


@pytest.mark.parametrize("command", [["stat", "--server"], ["serve", "--listen"], ["gateway", "--listen"]],
                         ids=["client", "server", "gateway"])  # fmt: skip
def test_an_ipv6_address_is_refused_as_such(shell, command):
    if command[0] == "gateway":
        shell.serve()
    for address in ["[::1]:12345", "::1"]:
        assert "IPv6 is not supported" in shell.fails(2, *command, address)


def test_what_a_user_typed_cannot_command_the_terminal(shell):
    message = shell.fails(2, "\x1b[2J\n")
    assert "\\x1b[2J\\x0a" in message and "\x1b" not in message
    shell.serve()
    message = shell.fails(1, "get", "x" * 4000 + "\x1b")
    assert "... (4001 bytes)" in message and len(message) < 300


# ---------------------------------------------------------------- the server is not there, or says no


def test_a_missing_key_is_a_no_that_names_key_and_server(shell):
    server = shell.serve()
    for command in ["get", "stat"]:
        message = shell.fails(1, command, "nothing")
        assert f'NOT_FOUND: no such key "nothing" on {server.addresses[0]}' in message


def test_no_server_is_told_with_its_address(shell, free_port):
    for address in [f"127.0.0.1:{free_port}", f"unix:{shell.runtime_dir}/none.sock"]:
        message = shell.fails(3, "get", "a", "--server", address)
        assert "UNAVAILABLE" in message and address in message
    assert f"{shell.runtime_dir}/remote_dram.sock" in shell.fails(3, "get", "a")


def test_a_range_outside_of_the_value_is_never_cut_down(shell):
    shell.serve()
    shell.ok("put", "a", stdin=b"0123456789")
    for text in ["5:11", "11:", "-11:", "11:11"]:
        message = shell.fails(5, "get", "a", "--range", text)
        assert "OUT_OF_RANGE" in message and "10 bytes" in message


def test_a_generation_of_another_store_never_holds(shell):
    shell.serve()
    shell.ok("put", "a", stdin=b"1")
    for command in ["put", "rm"]:
        assert "generation" in shell.fails(1, command, "a", "--if-generation", "ff00", stdin=b"2")
    assert shell.ok("get", "a") == b"1"


# ---------------------------------------------------------------- limits


def test_a_value_over_the_free_memory_is_refused_by_name_and_deletes_still_work(shell):
    shell.serve("--memory-limit", "4MiB")
    shell.ok("put", "small", stdin=BIG[:2_000_000])
    message = shell.fails(4, "put", "big", stdin=BIG[:3_000_000])
    assert 'RESOURCE_EXHAUSTED: put "big"' in message and "of 4 MiB in use" in message and "--memory-limit" in message
    assert shell.ok("get", "small") == BIG[:2_000_000]
    shell.ok("rm", "small")
    shell.ok("put", "big", stdin=BIG[:3_000_000])


def test_a_value_over_the_whole_memory_is_refused_before_it_is_read(shell, tmp_path):
    shell.serve("--memory-limit", "4MiB")
    (tmp_path / "huge").touch()
    os.truncate(tmp_path / "huge", 1 << 42)
    message = shell.fails(4, "put", "big", tmp_path / "huge")
    assert 'RESOURCE_EXHAUSTED: put "big"' in message and "huge has more than 4 MiB" in message
    # An endless pipe is refused, too.
    endless = run(shell, "bash", "-c", 'yes | "$0" put big', shell.program)
    assert endless.returncode == 4 and b"standard input has more than 4 MiB" in endless.stderr, endless.stderr


def test_a_value_over_the_value_limit_is_refused_by_name(shell):
    shell.serve("--value-limit", "1MiB")
    shell.ok("put", "largest", stdin=BIG[: 1 << 20])
    message = shell.fails(4, "put", "big", stdin=BIG[: (1 << 20) + 1])
    assert 'put "big": a value of 1048577 bytes is over the server\'s value_bytes_max (1048576)' in message
    assert shell.ok("ls") == b"largest\n"


def test_memory_that_the_system_does_not_give_is_refused_and_the_server_goes_on(shell):
    server = shell.serve("--memory-limit", "64GiB")
    shell.ok("put", "first")  # so that there is a segment for values of up to 64 MiB already
    status = Path(f"/proc/{server.pid}/status").read_text()
    limit = int(re.search(r"VmSize:\s+(\d+) kB", status)[1]) * 1024 + (32 << 20)  # a connection needs some memory, too
    resource.prlimit(server.pid, resource.RLIMIT_AS, (limit, limit))
    assert "the system refused" in shell.fails(4, "put", "big", stdin=b"x" * (70 << 20))
    shell.ok("put", "small", stdin=b"x")
    assert shell.ok("ls") == b"first\nsmall\n"


def test_a_value_over_the_memory_of_the_client_is_told(shell, tmp_path):
    shell.serve("--memory-limit", "64GiB")
    (tmp_path / "huge").touch()
    os.truncate(tmp_path / "huge", 32 << 30)
    put = run(shell, "bash", "-c", 'ulimit -v 8000000; exec "$@"', "bash", shell.program, "put", "a", tmp_path / "huge")
    assert put.returncode == 5 and b"this machine has not enough memory" in put.stderr, put.stderr


# ---------------------------------------------------------------- files


def test_a_put_of_an_unreadable_file_changes_nothing(shell, tmp_path):
    shell.serve()
    assert "No such file" in shell.fails(5, "put", "a", tmp_path / "none")
    assert "directory" in shell.fails(5, "put", "a", tmp_path)
    assert shell.ok("ls") == b""


def test_a_file_without_permission_is_told(shell, tmp_path):
    address = shell.serve("--listen", "127.0.0.1:0").addresses[0]
    shell.environment["REMOTE_DRAM_SERVER"] = address
    shell.ok("put", "a")
    (tmp_path / "closed").mkdir(mode=0)
    (tmp_path / "secret").touch(mode=0)
    for arguments in [["put", "b", tmp_path / "secret"], ["get", "a", tmp_path / "closed/out"]]:
        failed = run(shell, *BOUND_BY_PERMISSIONS, shell.program, *arguments, "--path", "tcp")
        assert failed.returncode == 5 and b"PERMISSION_DENIED" in failed.stderr, failed.stderr
        assert str(arguments[-1]).encode() in failed.stderr
    assert shell.ok("ls") == b"a\n"


def test_a_failed_get_leaves_the_file_as_it_was(shell, tmp_path):
    shell.environment["REMOTE_DRAM_SERVER"] = shell.serve("--listen", "127.0.0.1:0").addresses[0]
    shell.ok("put", "big", stdin=BIG)
    target = tmp_path / "out"
    target.write_bytes(b"before")
    target.chmod(0o640)
    shell.fails(1, "get", "nothing", target)
    # Limits files of this process to 1 MB. Path tcp, because shared memory consists of files, too.
    limit = 'ulimit -f 1000; trap "" XFSZ; exec "$0" "$@"'
    cut = run(shell, "bash", "-c", limit, shell.program, "get", "big", target, "--path", "tcp")
    assert cut.returncode == 5 and b"cannot write" in cut.stderr, cut.stderr
    assert os.listdir(tmp_path) == ["out"] and target.read_bytes() == b"before"
    shell.ok("get", "big", target)
    assert os.listdir(tmp_path) == ["out"] and target.read_bytes() == BIG
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_get_onto_a_full_disk_leaves_nothing_behind(shell, tmp_path):
    address = shell.serve("--listen", "127.0.0.1:0").addresses[0]
    shell.ok("put", "big", "--server", address, stdin=BIG)
    # A small disk in its own mount namespace, which ends with the command.
    namespace = ["unshare", *([] if AS_ROOT else ["--user", "--map-root-user"]), "--mount", "bash", "-c"]
    disk = f"mount -t tmpfs -o size=1m tmpfs '{tmp_path}' && cd '{tmp_path}' && echo before >out"
    if not shutil.which("unshare") or run(shell, *namespace, disk).returncode:
        pytest.skip("this user may not mount")
    get = f"{disk} && ! '{shell.program}' get big out --server {address} --path tcp && ls && cat out"
    done = run(shell, *namespace, get)
    assert done.returncode == 0 and done.stdout == b"out\nbefore\n", done
    assert b"cannot write out: No space left on device" in done.stderr


def test_output_that_cannot_be_written_is_told(shell):
    shell.serve()
    shell.ok("put", "big", stdin=BIG)
    for command in [["get", "big"], ["ls"], ["ls", "--json"], ["stat"], ["put", "a"], ["wait", "a"],
                    ["cp", "--prefix", "a", "b"], ["rm", "--prefix", ""]]:  # fmt: skip
        with open("/dev/full", "wb") as full:
            done = subprocess.run([shell.program, *command], env=shell.environment, stdin=subprocess.DEVNULL,
                                  stdout=full, stderr=subprocess.PIPE, check=False)  # fmt: skip
        assert done.returncode == 5 and b"No space left" in done.stderr, done.stderr


def test_a_reader_who_leaves_is_no_failure(shell):
    shell.serve()
    shell.ok("put", "big", stdin=BIG)
    piped = run(shell, "bash", "-c", '"$0" get big | head -c 1 >&2; echo ${PIPESTATUS[0]}', shell.program)
    assert piped.stdout == b"0\n" and piped.stderr == BIG[:1]
