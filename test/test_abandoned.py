"""Callers that give up in the middle of a transfer and reuse their memory: the old value always stays."""

from __future__ import annotations

import signal
import time

import pytest
import remote_dram
from deaths import BY_MESSAGE, Call, Places, await_that, serve
from programs import Programs

MIB = 1 << 20
EAGER_BYTES = 64 << 10  # TCP sends it at once; over shared memory, UCX fetches it; a ring cannot hold all of it
ROUNDS = 5
# How long after its deadline a call may end: the grace of 100 ms for a transfer under way, and a slow machine.
SECONDS_OVER_DEADLINE_MAX = 5.0


@pytest.mark.parametrize("size", [EAGER_BYTES, 4 * MIB, 64 * MIB])
def test_a_put_given_up_in_mid_transfer_leaves_the_old_value(
    programs: Programs, places: Places, path: str, size: int
) -> None:
    server, address = serve(programs, *places)
    with remote_dram.connect(address, path=path) as client:
        old = client.put("key", b"old")
    for _ in range(ROUNDS):
        with remote_dram.connect(address, path=path) as client:
            client.stat("key")
            server.stop()
            memory = bytearray(b"a") * size
            began = time.monotonic()
            with pytest.raises(remote_dram.DeadlineExceeded) as late:
                client.put("key", memory, timeout=0.05)
            assert late.value.outcome_unknown
            assert time.monotonic() - began < SECONDS_OVER_DEADLINE_MAX
            memory[:] = b"b" * size  # the caller's again
            server.kill(signal.SIGCONT)
            with remote_dram.connect(address, path=path) as witness:
                await_that("no connection is left over", lambda: witness.stat_server().connections <= 2)
                value = witness.get("key")
                assert value is not None
                if size == EAGER_BYTES and path == "tcp":  # it had been sent before the call was given up
                    assert value in (b"old", b"a" * size)
                else:
                    assert value == b"old" and value.generation == old


def test_a_put_given_up_while_its_bytes_flow_is_whole_or_was_not(
    programs: Programs, places: Places, path: str
) -> None:
    _, address = serve(programs, *places)
    size = 64 * MIB
    with remote_dram.connect(address, path=path) as client, remote_dram.connect(address) as witness:
        client.put("key", bytes(size))
        for milliseconds in (1, 2, 4, 6, 8, 12, 16, 24):
            memory = bytearray(b"a") * size
            try:
                client.put("key", memory, timeout=milliseconds / 1000)
            except (remote_dram.DeadlineExceeded, remote_dram.Unavailable):
                memory[:] = b"b" * size
            value = witness.get("key")
            assert value is not None
            assert bytes(value) in (bytes(size), b"a" * size), "a value that nobody wrote"


@pytest.mark.parametrize("path", BY_MESSAGE)
def test_a_get_given_up_in_mid_transfer_leaves_the_memory_alone(
    programs: Programs, places: Places, path: str
) -> None:
    server, address = serve(programs, *places)
    size = 64 * MIB
    with remote_dram.connect(address, path=path) as client:
        client.put("key", b"a" * size)
    memory = bytearray(size)
    for _ in range(ROUNDS):
        memory[:] = bytes(size)
        with remote_dram.connect(address, path=path) as client:
            getting = Call(lambda: client.get("key", into=memory, timeout=0.3))
            await_that("the bytes flow", lambda: memory[0] != 0 or getting.ended_at != 0)
            server.stop()
            getting.join()
            if getting.error is not None:
                assert isinstance(getting.error, remote_dram.DeadlineExceeded)
                memory[:] = b"b" * size  # the caller's again
            server.kill(signal.SIGCONT)
            with remote_dram.connect(address, path=path) as witness:
                await_that("no connection is left over", lambda: witness.stat_server().connections <= 2)
                assert witness.get("key", range=(0, 1)) == b"a"
            if getting.error is not None:
                assert memory == b"b" * size


@pytest.mark.parametrize("path", BY_MESSAGE)
def test_an_impatient_get_into_memory_of_the_library_costs_the_others_nothing(
    programs: Programs, places: Places, path: str
) -> None:
    server, address = serve(programs, *places)
    with remote_dram.connect(address, path=path) as client:
        client.put("key", b"a" * (64 * MIB))
        server.stop()
        patient_memory = bytearray(16)
        patient = Call(lambda: client.get("key", range=(0, 16), into=patient_memory))
        patient.await_waiting(patient_memory)
        for _ in range(ROUNDS):
            with pytest.raises(remote_dram.DeadlineExceeded):
                client.get("key", timeout=0.02)
        server.kill(signal.SIGCONT)
        patient.join()
        assert patient.error is None and patient_memory == b"a" * 16


@pytest.mark.parametrize("path", BY_MESSAGE)
def test_an_impatient_put_costs_the_others_another_connection_and_no_more(
    programs: Programs, places: Places, path: str
) -> None:
    server, address = serve(programs, *places)
    with remote_dram.connect(address, path=path) as client:
        client.put("key", b"old")
        server.stop()
        memory = bytearray(16)
        other = Call(lambda: client.get("key", range=(0, 1), into=memory))
        other.await_waiting(memory)
        with pytest.raises(remote_dram.DeadlineExceeded):
            client.put("key", bytes(4 * MIB), timeout=0.05)
        server.kill(signal.SIGCONT)
        other.join()
        assert other.error is None and memory[:1] == b"o"
        assert client.get("key") == b"old"
