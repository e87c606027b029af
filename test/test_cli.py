"""The command line end to end: the built program, as a user in a shell meets it."""

import os
import random
import re
import stat
import subprocess

BIG = random.Random(1).randbytes(5_000_003)


# ---------------------------------------------------------------- values


def test_a_value_goes_through_pipes_unchanged(shell):
    shell.serve()
    generation = shell.ok("put", "a", stdin=b"\x00\xffhello\n").decode().strip()
    assert re.fullmatch("00[0-9a-f]{32}", generation)
    assert shell.ok("get", "a") == b"\x00\xffhello\n"
    assert shell.ok("get", "a", "-") == b"\x00\xffhello\n"


def test_values_of_every_size_come_back(shell):
    shell.serve()
    for size in [0, 1, 100, 4096, 65_536, 1_000_000, len(BIG)]:
        shell.ok("put", f"size/{size}", "-", stdin=BIG[:size])
        assert shell.ok("get", f"size/{size}") == BIG[:size]
    assert shell.stat(f"size/{len(BIG)}")["bytes"] == str(len(BIG))


def test_a_value_goes_through_files(shell, tmp_path):
    shell.serve()
    (tmp_path / "in").write_bytes(BIG)
    shell.ok("put", "big", tmp_path / "in")
    shell.ok("get", "big", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == BIG


def test_ranges(shell):
    shell.serve()
    shell.ok("put", "a", stdin=b"0123456789")
    for text, wanted in [("2:5", b"234"), ("7:", b"789"), (":3", b"012"), ("-2:", b"89"), ("4:4", b"")]:
        assert shell.ok("get", "a", "--range", text) == wanted
    # Never cut down in silence to what there is.
    assert "OUT_OF_RANGE" in shell.fails(5, "get", "a", "--range", "5:11")


def test_strange_keys(shell):
    shell.serve()
    for key in ["", "-x", "a b", "größe", "x" * 4096]:
        shell.ok("put", "--", key, stdin=key.encode())
        assert shell.ok("get", "--", key) == key.encode()
    assert "key_bytes_max" in shell.fails(2, "put", "x" * 4097)


# ---------------------------------------------------------------- keys


def test_ls_lists_in_order_and_by_prefix(shell):
    shell.serve()
    for key in ["b/1", "a/2", "a/1"]:
        shell.ok("put", key, stdin=key.encode() * 2)
    assert shell.ok("ls") == b"a/1\na/2\nb/1\n"
    assert shell.ok("ls", "a/") == b"a/1\na/2\n"
    assert shell.ok("ls", "c") == b""
    assert shell.ok("ls", "-l", "b") == b"6\tb/1\n"


def test_rm_deletes_a_key_or_a_prefix(shell):
    shell.serve()
    for key in ["a/1", "a/2", "b"]:
        shell.ok("put", key)
    shell.ok("rm", "b")
    shell.ok("rm", "b")  # it does not exist: that is what was asked for
    assert shell.ok("ls") == b"a/1\na/2\n"
    assert shell.ok("rm", "--prefix", "a/") == b"2 keys deleted\n"
    assert shell.ok("ls") == b""


def test_conditions_on_put_and_rm(shell):
    shell.serve()
    first = shell.ok("put", "a", "--if-absent", stdin=b"1").decode().strip()
    assert "ALREADY_EXISTS" in shell.fails(1, "put", "a", "--if-absent", stdin=b"2")
    second = shell.ok("put", "a", "--if-generation", first, stdin=b"2").decode().strip()
    assert shell.stat("a")["generation"] == second != first
    assert "generation" in shell.fails(1, "put", "a", "--if-generation", first, stdin=b"3")
    assert "generation" in shell.fails(1, "rm", "a", "--if-generation", first)
    assert "exists" in shell.fails(1, "rm", "a", "--if-absent")
    assert shell.ok("get", "a") == b"2"
    shell.ok("rm", "a", "--if-generation", second)
    shell.ok("rm", "a", "--if-absent")


# ---------------------------------------------------------------- failures


def test_a_missing_key_is_a_no_that_names_key_and_server(shell):
    server = shell.serve()
    for command in ["get", "stat"]:
        message = shell.fails(1, command, "nothing")
        assert f'NOT_FOUND: no such key "nothing" on {server.addresses[0]}' in message


def test_usage_errors_say_what_is_wrong(shell):
    for arguments, wanted in [
        ([], "subcommand"),
        (["fly"], "subcommand"),
        (["get"], "key is required"),
        (["get", "a", "--range", "5:1"], "5:1"),
        (["put", "a", "--if-generation", "xyz"], "generation"),
        (["put", "a", "--if-generation", ""], "generation"),
        (["rm"], "--prefix"),
        (["rm", "a", "--prefix", "b"], "excludes"),
        (["stat", "--path", "pigeon"], "auto, shm and tcp"),
        (["stat", "--timeout", "0"], "seconds"),
        (["serve", "--memory-limit", "8GB"], "8GiB"),
        (["serve", "--threads", "0"], "1 to 64"),
        (["stat", "--server", "no-port"], "HOST:PORT"),
    ]:
        assert wanted in shell.fails(2, *arguments)


def test_no_server_is_told_with_its_address(shell, free_port):
    for address in [f"127.0.0.1:{free_port}", f"unix:{shell.runtime_dir}/none.sock"]:
        message = shell.fails(3, "get", "a", "--server", address)
        assert "UNAVAILABLE" in message and address in message
    assert f"{shell.runtime_dir}/remote_dram.sock" in shell.fails(3, "get", "a")


def test_a_limit_refuses_by_name_and_deletes_still_work(shell):
    shell.serve("--memory-limit", "4MiB")
    shell.ok("put", "small", stdin=b"x")
    message = shell.fails(4, "put", "big", stdin=BIG)
    assert "RESOURCE_EXHAUSTED" in message and "memory" in message and "4 MiB" in message
    assert shell.ok("get", "small") == b"x"
    shell.ok("rm", "small")


def test_a_put_of_an_unreadable_file_changes_nothing(shell, tmp_path):
    shell.serve()
    assert "No such file" in shell.fails(5, "put", "a", tmp_path / "none")
    assert "directory" in shell.fails(5, "put", "a", tmp_path)
    assert shell.ok("ls") == b""


def test_a_failed_get_leaves_the_file_as_it_was(shell, tmp_path):
    shell.environment["REMOTE_DRAM_SERVER"] = shell.serve("--listen", "127.0.0.1:0").addresses[0]
    shell.ok("put", "big", stdin=BIG)
    target = tmp_path / "out"
    target.write_bytes(b"before")
    target.chmod(0o640)
    shell.fails(1, "get", "nothing", target)
    # A file system that is full, in small: files of this process end at 1 MB. (Shared memory has files too.)
    limit = 'ulimit -f 1000; trap "" XFSZ; exec "$0" "$@"'
    full = subprocess.run(["bash", "-c", limit, shell.program, "get", "big", target, "--path", "tcp"],
                          env=shell.environment, capture_output=True, check=False)  # fmt: skip
    assert full.returncode == 5 and b"cannot write" in full.stderr, full.stderr
    assert os.listdir(tmp_path) == ["out"] and target.read_bytes() == b"before"
    shell.ok("get", "big", target)
    assert os.listdir(tmp_path) == ["out"] and target.read_bytes() == BIG
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_reader_who_leaves_is_no_failure_but_a_full_disk_is(shell):
    shell.serve()
    shell.ok("put", "big", stdin=BIG)
    piped = subprocess.run(
        ["bash", "-c", '"$0" get big | head -c 1 >&2; echo ${PIPESTATUS[0]}', shell.program],
        env=shell.environment, capture_output=True, check=False)  # fmt: skip
    assert piped.stdout == b"0\n" and piped.stderr == BIG[:1]
    for command in [["get", "big"], ["ls"], ["stat"], ["put", "a"]]:
        with open("/dev/full", "wb") as full:
            run = subprocess.run([shell.program, *command], env=shell.environment, stdin=subprocess.DEVNULL,
                                 stdout=full, stderr=subprocess.PIPE, check=False)  # fmt: skip
        assert run.returncode == 5 and b"No space left" in run.stderr, run.stderr


def test_help_and_version_go_to_standard_output(shell):
    assert re.fullmatch(rb"remote-dram \d+\.\d+\.\d+\n", shell.ok("--version"))
    for command in ["serve", "gateway", "put", "get", "ls", "rm", "stat"]:
        assert b"Usage: remote-dram " + command.encode() in shell.ok(command, "--help")
