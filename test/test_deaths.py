"""A server that is killed, stopped or restarted while a client uses it: always an error, never a missing key."""

from __future__ import annotations

import contextlib
import functools
import multiprocessing
import os
import re
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any, Callable

import pytest
import remote_dram
import workers
from deaths import BY_MESSAGE, SERVER_WITH_CHILD, Call, Places, await_that, serve
from programs import Programs

# A client whose child process outlives it.
CLIENT_WITH_CHILD = """
import os, signal, sys, remote_dram
client = remote_dram.connect(sys.argv[1], path=sys.argv[2])
client.put("key", b"value")
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
if (child := os.fork()) == 0:
    signal.sigwait({signal.SIGTERM})
    os._exit(0)
print("child", child, flush=True)
signal.sigwait({signal.SIGTERM})
"""
SECONDS_TO_NOTICE_MAX = 1.0
SECONDS_OVER_DEADLINE_MAX = 0.7
SECONDS_TO_GIVE_BACK_MAX = 5.0
MIB = 1 << 20


def killed_while_waiting(
    programs: Programs, places: Places, path: str, call: Callable[[remote_dram.Client, bytearray], Any]
) -> BaseException:
    """The error of a call whose server is killed while the call waits; the call uses a bytearray that is lent to it."""
    server, address = serve(programs, *places)
    with remote_dram.connect(address, path=path) as client:
        found = client.stat_server()
        assert found.path == path and ("ring" in found.lanes) == (path in ("mapped", "socket"))
        client.put("key", b"value")
        server.stop()
        memory = bytearray(5)
        waiting = Call(lambda: call(client, memory))
        waiting.await_waiting(memory)
        killed_at = time.monotonic()
        server.kill(signal.SIGKILL)
        waiting.join()
    assert waiting.error is not None, f"an answer from the dead: {waiting.answer!r}"
    assert waiting.ended_at - killed_at < SECONDS_TO_NOTICE_MAX
    return waiting.error


def test_the_outcome_of_a_put_is_unknown_when_its_server_is_killed(
    programs: Programs, places: Places, path: str
) -> None:
    error = killed_while_waiting(programs, places, path, lambda client, memory: client.put("key", memory))
    assert isinstance(error, remote_dram.Unavailable) and error.outcome_unknown
    assert re.search("unknown whether", str(error))


@pytest.mark.parametrize("path", BY_MESSAGE)  # a get on path mapped does not wait: see test_mapped.py
def test_a_get_is_unavailable_and_never_missing_when_its_server_is_killed(
    programs: Programs, places: Places, path: str
) -> None:
    for key in ("key", "other"):
        error = killed_while_waiting(programs, places, path, lambda client, memory: client.get(key, into=memory))
        assert isinstance(error, remote_dram.Unavailable) and not error.outcome_unknown


DELAYS = [0.0, 0.001, 0.003, 0.01, 0.03, 0.06]  # seconds into a transfer of 256 MiB, which takes about 0.1 s


@pytest.mark.parametrize("size", [64, 256 * MIB], ids=["64 B", "256 MiB"])
@pytest.mark.parametrize("verb", ["put", "get"])
def test_a_server_killed_in_mid_transfer_is_an_error_or_came_too_late(
    programs: Programs, places: Places, path: str, verb: str, size: int
) -> None:
    memory = bytearray(b"a") * size
    for delay in DELAYS:
        server, address = serve(programs, *places)
        with remote_dram.connect(address, path=path) as client:
            client.put("key", memory)
            begun = threading.Event()

            def put_or_get() -> Any:
                begun.set()
                return client.put("key", memory) if verb == "put" else client.get("key", into=memory)

            running = Call(put_or_get)
            begun.wait(60)
            time.sleep(delay)  # the signal may come at any moment of the transfer
            server.kill(signal.SIGKILL)
            server.process.wait(60)  # the kernel reclaims its memory before it closes its sockets
            dead_at = time.monotonic()
            running.join()
            assert running.ended_at - dead_at < SECONDS_TO_NOTICE_MAX
            if running.error is None:
                assert running.answer is not None, "a dead server's key is not missing"
                assert verb == "put" or running.answer == b"a" * size
            else:
                assert isinstance(running.error, remote_dram.Unavailable)
                assert running.error.outcome_unknown == (verb == "put")
        server.end()


PUTTER = """
import sys, remote_dram
client = remote_dram.connect(sys.argv[1], path=sys.argv[2])
value = b"n" * int(sys.argv[3])
print("putting", flush=True)
client.put("key", value)
print("put", flush=True)
"""


def test_a_client_killed_during_a_put_leaves_the_old_value_and_its_memory(
    programs: Programs, places: Places, path: str
) -> None:
    _, address = serve(programs, *places)
    size = 256 * MIB
    with remote_dram.connect(address) as witness:
        old = witness.put("key", b"old")
        taken = witness.stat_server().memory_bytes
        caught = 0
        for _ in range(10):
            client = programs.start(sys.executable, "-c", PUTTER, address, path, str(size))
            client.await_line("putting")
            await_that(
                "the server made room for the value, or has it",
                lambda: witness.stat_server().memory_bytes > size or "put\n" in client.text,
            )
            client.kill(signal.SIGKILL)
            client.end()
            await_that(
                "the dead client is gone",
                lambda: witness.stat_server().connections == 1,
                SECONDS_TO_GIVE_BACK_MAX,
            )
            value = witness.get("key")
            assert value is not None
            if value.generation != old:  # the put was done before the signal came
                assert value.whole_size == size
                value = None
                old = witness.put("key", b"old")
                continue
            caught += 1
            await_that(
                "its memory is back",
                lambda: witness.stat_server().memory_bytes == taken,
                SECONDS_TO_GIVE_BACK_MAX,
            )
        assert caught > 0, "no client was killed in mid-transfer"


VIEWER = """
import signal, sys, remote_dram
client = remote_dram.connect(sys.argv[1], path="mapped")
views = [client.view(f"key {i}") for i in range(int(sys.argv[2]))]
print("looking", flush=True)
signal.pause()
"""


def test_a_client_killed_with_views_gives_back_what_they_pinned(programs: Programs, tmp_path: Path) -> None:
    _, address = serve(programs, "", f"{tmp_path}/socket")
    keys, size = 10, 4 * MIB
    with remote_dram.connect(address) as witness:
        for i in range(keys):
            witness.put(f"key {i}", b"v" * size)
        client = programs.start(sys.executable, "-c", VIEWER, address, str(keys))
        client.await_line("looking")
        for i in range(keys):
            witness.put(f"key {i}", b"")
        # The first view may be a copy, because the client has to ask for its segment first.
        assert witness.stat_server().memory_bytes >= (keys - 1) * size
        client.kill(signal.SIGKILL)
        await_that(
            "what the dead client had pinned is back",
            lambda: witness.stat_server().memory_bytes < size,
            SECONDS_TO_GIVE_BACK_MAX,
        )


def test_a_stopped_client_keeps_nobody_waiting(programs: Programs, places: Places, path: str) -> None:
    _, address = serve(programs, *places)
    size = 256 * MIB
    with remote_dram.connect(address) as witness:
        witness.put("key", b"old")
        client = programs.start(sys.executable, "-c", PUTTER, address, path, str(size))
        client.await_line("putting")
        client.stop()
        for i in range(100):
            witness.put(f"other {i}", b"value", timeout=5)
            assert witness.get(f"other {i}", timeout=5) == b"value"
        value = witness.get("key", timeout=5)
        assert value is not None and (value == b"old" or value.whole_size == size)
        client.kill(signal.SIGCONT)
        assert client.end() == 0
        stat = witness.stat("key")
        assert stat is not None and stat.size == size


def test_every_call_that_waits_fails_when_the_server_is_killed(
    programs: Programs, places: Places, path: str
) -> None:
    server, address = serve(programs, *places)
    with remote_dram.connect(address, path=path) as client:
        server.stop()
        memories = [bytearray(64) for _ in range(20)]
        calls = [Call(functools.partial(client.put, "key", memory)) for memory in memories]
        for call, memory in zip(calls, memories):
            call.await_waiting(memory)
        killed_at = time.monotonic()
        server.kill(signal.SIGKILL)
        for call in calls:
            call.join()
            assert isinstance(call.error, remote_dram.Unavailable) and call.error.outcome_unknown
            assert call.ended_at - killed_at < SECONDS_TO_NOTICE_MAX


def test_a_stopped_server_ends_in_the_deadline_and_answers_when_it_goes_on(
    programs: Programs, places: Places, path: str
) -> None:
    server, address = serve(programs, *places)
    with remote_dram.connect(address, path=path) as client:
        client.put("key", b"value")
        server.stop()
        began = time.monotonic()
        with pytest.raises(remote_dram.DeadlineExceeded) as late:
            client.put("key", b"other", timeout=0.1)
        assert late.value.outcome_unknown
        with pytest.raises(remote_dram.DeadlineExceeded) as late:
            list(client.list(timeout=0.1)) if path == "mapped" else client.get("key", timeout=0.1)
        assert not late.value.outcome_unknown
        assert time.monotonic() - began < 0.2 + SECONDS_OVER_DEADLINE_MAX
        server.kill(signal.SIGCONT)
        assert client.get("key") in (b"value", b"other")


def test_a_client_of_a_restarted_server_is_told_so(programs: Programs, places: Places, path: str) -> None:
    server, address = serve(programs, *places)
    with remote_dram.connect(address, path=path) as client:
        client.put("key", b"value")
        server.kill(signal.SIGKILL)
        server.end()
        serve(programs, *places)
        errors = []
        for _ in range(3):  # a call that is sent on the old connection may fail because that connection broke
            with pytest.raises(remote_dram.Error) as error:
                client.get("key")
            errors.append(error.value)
        assert isinstance(errors[-1], remote_dram.FailedPrecondition)
        assert "restarted" in str(errors[-1])
        with remote_dram.connect(address, path=path) as anew:
            assert anew.get("key") is None


def test_a_client_that_accepts_restarts_goes_on(programs: Programs, places: Places, path: str) -> None:
    server, address = serve(programs, *places)
    with remote_dram.connect(address, path=path, on_restart="accept") as client:
        old = client.put("key", b"value")
        server.kill(signal.SIGKILL)
        server.end()
        serve(programs, *places)
        with contextlib.suppress(remote_dram.Unavailable):  # the call may be sent on the old connection
            client.get("key")
        assert client.get("key") is None
        with pytest.raises(remote_dram.ConditionFailed):
            client.put("key", b"other", if_generation=old)
        assert client.put("key", b"new") != old


def test_clients_see_the_death_of_a_server_whose_child_lives(programs: Programs, places: Places, path: str) -> None:
    server, address = serve(programs, *places, source=SERVER_WITH_CHILD)
    child = int(server.await_line(r"^child (\d+)")[1])
    try:
        with remote_dram.connect(address, path=path) as client:
            client.put("key", b"value")
            server.kill(signal.SIGKILL)
            server.process.wait(60)
            killed_at = time.monotonic()
            with pytest.raises(remote_dram.Unavailable):
                client.get("key")
            assert time.monotonic() - killed_at < SECONDS_TO_NOTICE_MAX
        serve(programs, *places)  # the child does not hold the address
    finally:
        os.kill(child, signal.SIGTERM)


def test_a_server_sees_the_death_of_a_client_whose_child_lives(
    programs: Programs, places: Places, path: str
) -> None:
    _, address = serve(programs, *places)
    client = programs.start(sys.executable, "-c", CLIENT_WITH_CHILD, address, path)
    child = int(client.await_line(r"^child (\d+)")[1])
    try:
        with remote_dram.connect(address) as witness:
            assert witness.stat_server().connections == 2
            client.kill(signal.SIGKILL)
            client.process.wait(60)
            deadline = time.monotonic() + SECONDS_TO_NOTICE_MAX
            while witness.stat_server().connections == 2:
                assert time.monotonic() < deadline, "the server holds on to a dead client"
    finally:
        os.kill(child, signal.SIGTERM)


@pytest.mark.parametrize(
    ("method", "work", "answer"),
    [
        ("fork", workers.use_the_parents_client, "belongs to process .* is a fork of it"),
        ("fork", workers.use_a_client_of_its_own, "^value$"),
        ("spawn", workers.use_a_client_of_its_own, "^value$"),
    ],
)
def test_a_worker_of_multiprocessing_needs_a_client_of_its_own(
    programs: Programs, method: str, work: Callable[[str], str], answer: str
) -> None:
    _, address = serve(programs)
    with remote_dram.connect(address) as client:
        client.put("key", b"value")
        workers.parents = client
        with multiprocessing.get_context(method).Pool(1) as pool:
            assert re.search(answer, pool.apply_async(work, (address,)).get(60))
        workers.parents = None
        assert client.get("key") == b"value"
