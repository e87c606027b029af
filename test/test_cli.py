"""The command line end to end: the built program, as a user runs it in a shell."""

import json
import os
import random
import re
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


def test_standard_output_by_its_name_is_written_to_and_not_replaced(shell, tmp_path):
    shell.serve()
    shell.ok("put", "key", stdin=b"value\n")
    log = tmp_path / "log"
    script = f'(echo before; "{shell.program}" get key /dev/stdout; echo after) >> "{log}"'
    subprocess.run(["sh", "-c", script], env=shell.environment, check=True, timeout=60)
    assert log.read_text() == "before\nvalue\nafter\n"


def test_ranges(shell):
    shell.serve()
    shell.ok("put", "a", stdin=b"0123456789")
    for text, wanted in [("2:5", b"234"), ("7:", b"789"), (":3", b"012"), ("-2:", b"89"), ("4:4", b"")]:
        assert shell.ok("get", "a", "--range", text) == wanted


def test_keys_are_any_bytes_up_to_4096(shell):
    shell.serve()
    # Empty, like a flag, with a space, beyond ASCII, binary, and the longest.
    for key in ["", "-x", "a b", "größe", os.fsdecode(b"\x01\xff\n\x80"), "x" * 4096]:
        shell.ok("put", "--", key, stdin=os.fsencode(key))
        assert shell.ok("get", "--", key) == os.fsencode(key)
        assert shell.stat("--", key)["bytes"] == str(len(os.fsencode(key)))


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
    shell.ok("rm", "b")  # the key does not exist any more, which is what was asked for
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


# ---------------------------------------------------------------- for programs


def lines_of(output):
    return [json.loads(line) for line in output.splitlines()]


def test_json_of_every_command_that_prints(shell):
    own = f"unix:{shell.runtime_dir}/own"
    options = ["--threads", "1", "--memory-limit", "8MiB", "--gateway", own]
    found = {"serve": [json.loads(shell.serve("--json", *options).line)]}
    found["put"] = lines_of(shell.ok("put", "a/1", "--json", stdin=b"hello"))
    shell.ok("put", "a/2")
    found["ls"] = lines_of(shell.ok("ls", "--json"))
    found["stat"] = lines_of(shell.ok("stat", "--json", "a/1") + shell.ok("stat", "--json"))
    found["rm"] = lines_of(shell.ok("rm", "--json", "--prefix", "a/"))
    listen = f"unix:{shell.runtime_dir}/gateway"
    found["gateway"] = [json.loads(shell.start("gateway", "--json", "--listen", listen).line)]

    address = f"unix:{shell.runtime_dir}/remote_dram.sock"
    incarnation, generation = found["serve"][0]["incarnation"], found["put"][0]["generation"]
    assert re.fullmatch("[0-9a-f]{16}", incarnation) and re.fullmatch(f"00{incarnation}[0-9a-f]{{16}}", generation)
    assert found["serve"] == [
        {"addresses": [address], "memory_limit_bytes": 8 << 20, "threads": 1, "incarnation": incarnation, "gateway": own}
    ]
    assert found["put"] == [{"key": "a/1", "generation": generation, "value_bytes": 5}]
    assert found["ls"] == [{"key": "a/1", "value_bytes": 5}, {"key": "a/2", "value_bytes": 0}]
    key, server = found["stat"]
    assert key == {"key": "a/1", "value_bytes": 5, "generation": generation}
    assert server["server"] == address and server["incarnation"] == incarnation and server["keys"] == 2
    assert 0 < server["memory_bytes"] < server["memory_limit_bytes"] == 8 << 20
    assert server["path"] == "mapped" and "ring" in server["lanes"] and server["connections"] == 1
    assert server["uptime_ms"] >= 0 and re.fullmatch(r"\d+\.\d+\.\d+", server["version"])
    assert found["rm"] == [{"keys_deleted": 2}]
    assert found["gateway"] == [{"gateway": listen, "server": address}]
    for command, objects in found.items():
        manual = shell.ok(command, "--help").decode()
        for field in {field for item in objects for field in item}:
            assert re.search(rf"\b{field}\b", manual.split("--json", 2)[2]), f"{command} does not tell of {field}"


def test_json_loses_no_key(shell):
    shell.serve()
    keys = [b"", b"\x01\n\x7f", "größe".encode(), b"\xc3", b"\xff\xfe"]
    for key in keys:
        assert len(lines_of(shell.ok("put", "--json", "--", os.fsdecode(key)))) == 1
    listed = lines_of(shell.ok("ls", "--json"))
    found = [bytes.fromhex(item["key_hex"]) if "key_hex" in item else item["key"].encode() for item in listed]
    assert found == keys
    assert ["key_hex" in item for item in listed] == [False, False, False, True, True]


# ---------------------------------------------------------------- help


def test_help_and_version_go_to_standard_output(shell):
    assert re.fullmatch(rb"remote-dram \d+\.\d+\.\d+\n", shell.ok("--version"))
    for command in ["serve", "gateway", "put", "get", "ls", "rm", "stat"]:
        assert b"Usage: remote-dram " + command.encode() in shell.ok(command, "--help")
