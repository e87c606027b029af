"""cp, wait and transact end to end, as a user runs them in a shell."""

import json
import os
import re
import subprocess
import threading

import pytest

MISSING = b"02\n"


def lines_of(output):
    return [json.loads(line) for line in output.splitlines()]


def lines(*operations):
    return "\n".join(json.dumps(operation) for operation in operations).encode()


@pytest.fixture
def served(shell):
    shell.serve("--memory-limit", "64MiB")
    return shell


# ---------------------------------------------------------------- cp


def test_cp_copies_a_key(served):
    generation = served.ok("put", "a", stdin=b"value")
    served.ok("put", "b", stdin=b"before")
    assert served.ok("cp", "a", "b") == b""
    served.ok("put", "a", stdin=b"changed")
    assert served.ok("get", "b") == b"value"
    assert served.stat("b")["generation"].encode() + b"\n" != generation


def test_cp_copies_a_prefix_and_tells_how_many(served):
    for key in ["a/1", "a/2/3", "b"]:
        served.ok("put", key, stdin=key.encode())
    assert served.ok("cp", "--prefix", "a/", "copy of ") == b"2 keys copied\n"
    assert served.ok("ls", "copy") == b"copy of 1\ncopy of 2/3\n"
    assert served.ok("get", "copy of 2/3") == b"a/2/3"
    assert served.ok("cp", "--prefix", "b", "c") == b"1 key copied\n"
    assert served.ok("cp", "--prefix", "z", "y") == b"0 keys copied\n"
    assert lines_of(served.ok("cp", "--prefix", "a/", "d/", "--json")) == [{"keys_copied": 2}]


def test_cp_of_any_bytes(served):
    for key in ["", os.fsdecode(b"\xff\n"), "x" * 4096]:
        served.ok("put", "--", key, stdin=os.fsencode(key))
        served.ok("cp", "--", key, "copy")
        assert served.ok("get", "copy") == os.fsencode(key)


def test_cp_of_a_missing_key_is_a_no(served):
    served.ok("put", "ab")
    assert 'NOT_FOUND: no such key "a" on unix:' in served.fails(1, "cp", "a", "b")
    assert served.ok("ls") == b"ab\n"


def test_cp_onto_or_into_itself_is_refused(served):
    served.ok("put", "a/1")
    for arguments in [["a/1", "a/1"], ["--prefix", "a/", "a/"], ["--prefix", "a/", "a/b/"], ["--prefix", "", "b"]]:
        assert "INVALID_ARGUMENT: copy" in served.fails(2, "cp", *arguments)
    assert served.ok("ls") == b"a/1\n"


# ---------------------------------------------------------------- wait


def test_wait_ends_at_once_if_the_key_is_there_or_changed(served):
    first = served.ok("put", "a", stdin=b"1")
    assert served.ok("wait", "a") == first
    second = served.ok("put", "a", stdin=b"22")
    assert served.ok("wait", "a", "--while-generation", first.decode().strip()) == second
    served.ok("rm", "a")
    assert served.ok("wait", "a", "--while-generation", second.decode().strip()) == MISSING
    assert lines_of(served.ok("wait", "a", "--json", "--while-generation", second.decode().strip())) == [
        {"key": "a", "exists": False, "generation": "02"}]  # fmt: skip


def test_wait_waits_for_another_process(served):
    found = []
    waiting = threading.Thread(target=lambda: found.append(served.ok("wait", "a", "--json")))
    waiting.start()
    generation = served.ok("put", "a", stdin=b"12345").decode().strip()
    waiting.join()
    assert lines_of(found[0]) == [{"key": "a", "exists": True, "generation": generation, "value_bytes": 5}]


def test_wait_for_nothing_ends_in_its_timeout(served):
    message = served.fails(3, "wait", "a", "--timeout", "1")
    assert 'DEADLINE_EXCEEDED: wait "a"' in message and "until the key changes" in message
    generation = served.ok("put", "a").decode().strip()
    served.fails(3, "wait", "a", "--while-generation", generation, "--timeout", "1")


def test_wait_for_a_server_that_ends_is_told(shell):
    server = shell.serve("--listen", "127.0.0.1:0")
    command = [shell.program, "wait", "a", "--server", server.addresses[0]]
    with subprocess.Popen(command, env=shell.environment, stderr=subprocess.PIPE) as waiting:
        while "1" == shell.stat("--server", server.addresses[0])["connections"]:
            assert waiting.poll() is None
        server.stop()
        _, message = waiting.communicate(timeout=60)
    assert waiting.returncode == 3 and b"UNAVAILABLE" in message


# ---------------------------------------------------------------- transact


def test_transact_does_all_of_it(served, tmp_path):
    held = served.ok("put", "lock", stdin=b"me").decode().strip()
    for key in ["old/1", "old/2", "gone"]:
        served.ok("put", key)
    (tmp_path / "file").write_bytes(bytes(range(256)) * 4096)
    operations = lines(
        {"op": "put", "key": "text", "value": "größe\n", "if_absent": True},
        {"op": "put", "key_hex": "ff", "value_hex": "00ff"},
        {"op": "put", "key": "file", "value_file": str(tmp_path / "file")},
        {"op": "delete", "key": "gone"},
        {"op": "check", "key": "lock", "if_generation": held},
        {"op": "delete_range", "prefix": "old/"},
    )
    text, binary, file, gone, check, cleared = served.ok("transact", stdin=operations).split(b"\n")[:-1]
    assert served.ok("ls") == b"file\nlock\ntext\n\xff\n"
    assert served.ok("get", "text") == "größe\n".encode()
    assert served.ok("get", os.fsdecode(b"\xff")) == b"\x00\xff"
    assert served.ok("get", "file") == (tmp_path / "file").read_bytes()
    assert served.stat("text")["generation"].encode() == text == binary == file
    assert check.decode() == held and gone == cleared == b"02"


def test_transact_with_a_condition_that_fails_changes_nothing_and_says_which(served, tmp_path):
    first = served.ok("put", "a", stdin=b"1").decode().strip()
    second = served.ok("put", "a", stdin=b"2").decode().strip()
    (tmp_path / "operations").write_bytes(
        lines(
            {"op": "put", "key": "b", "value": "", "if_absent": True},
            {"op": "put", "key": "a", "value": "3", "if_generation": first},
            {"op": "check", "key": "c", "if_generation": first},
            {"op": "delete_range", "prefix_hex": "ff"},
        )
    )
    message = served.fails(1, "transact", tmp_path / "operations")
    assert "FAILED_PRECONDITION: nothing was changed on unix:" in message
    assert '"a" has another generation, and 1 more condition' in message
    run = served.run("transact", "--json", tmp_path / "operations")
    assert run.returncode == 1 and run.stderr.decode() == message
    assert lines_of(run.stdout) == [
        {"op": "put", "key": "b", "matched": True, "generation": "02"},
        {"op": "put", "key": "a", "matched": False, "generation": second},
        {"op": "check", "key": "c", "matched": False, "generation": "02"},
        {"op": "delete_range", "prefix_hex": "ff", "matched": True, "generation": "02"},
    ]
    assert served.ok("ls") == b"a\n" and served.ok("get", "a") == b"2"
    for operation, why in [
        ({"op": "delete", "key": "a", "if_absent": True}, 'there is a key "a" already'),
        ({"op": "check", "key": "c", "if_generation": first}, '"c" does not exist'),
    ]:
        assert why in served.fails(1, "transact", stdin=lines(operation))


def test_transact_reads_what_it_prints(served):
    """A generation that one command prints works as the condition of the next, also for a missing key."""
    printed = lines_of(served.ok("transact", "--json", stdin=lines({"op": "delete", "key": "a"})))
    put = {"op": "put", "key": "a", "value": "1", "if_generation": printed[0]["generation"]}
    served.ok("transact", stdin=lines(put))
    served.fails(1, "transact", stdin=lines(put))


def test_a_transaction_that_makes_no_sense_is_a_usage_error(served):
    twice = lines({"op": "put", "key": "a", "value": "1"}, {"op": "delete", "key": "a"})
    assert "named twice" in served.fails(2, "transact", stdin=twice)
    assert "no operations" in served.fails(2, "transact", stdin=b"\n")
    assert "transact: line 2: " in served.fails(2, "transact", stdin=b'{"op":"delete","key":"a"}\nput b')
    many = lines(*({"op": "delete", "key": str(number)} for number in range(16385)))
    assert "transaction_keys_max (16384)" in served.fails(2, "transact", stdin=many)
    assert served.ok("ls") == b""


def test_a_transaction_without_room_is_refused_by_name(served, tmp_path):
    with open(tmp_path / "large", "wb") as file:
        file.truncate(65 << 20)
    operations = lines({"op": "put", "key": "small", "value": ""},
                       {"op": "put", "key": "large", "value_file": str(tmp_path / "large")})  # fmt: skip
    assert "--memory-limit" in served.fails(4, "transact", stdin=operations)
    assert "cannot open" in served.fails(5, "transact", tmp_path / "none")
    assert served.ok("ls") == b""


# ---------------------------------------------------------------- for programs


def test_the_manual_tells_of_every_field(served):
    generation = served.ok("put", "a").decode().strip()
    found = {
        "cp": lines_of(served.ok("cp", "--json", "--prefix", "a", "b")),
        "wait": lines_of(served.ok("wait", "--json", "a")),
        "transact": lines_of(
            served.ok("transact", "--json", stdin=lines(
                {"op": "check", "key": "a", "if_generation": generation}, {"op": "delete_range", "prefix": "b"}))),
    }  # fmt: skip
    for command, objects in found.items():
        manual = served.ok(command, "--help").decode()
        for field in {field for item in objects for field in item}:
            assert re.search(rf"\b{field}\b", manual.split("--json", 2)[2]), f"{command} does not tell of {field}"
