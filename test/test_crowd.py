"""Many clients, many connections, and a server that is full."""

from __future__ import annotations

import os
import threading

import pytest
import remote_dram
from deaths import Places, await_that, serve
from programs import Programs, resident_bytes

CLIENTS = 64
CYCLES = 1000
MIB = 1 << 20


def descriptors(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def test_sixty_four_clients_at_once(programs: Programs, places: Places, path: str) -> None:
    server, address = serve(programs, *places)
    begin = threading.Barrier(CLIENTS + 1)
    wrong: list[str] = []

    def work(number: int) -> None:
        try:
            with remote_dram.connect(address, path=path) as client:
                begin.wait(60)
                for i in range(20):
                    value = f"{number} {i}".encode() * (1 + 500 * (i % 3))
                    client.put(f"own {number}", value)
                    if client.get(f"own {number}") != value:
                        wrong.append(f"client {number} read another value")
                    client.put("everybody's", value)
        except Exception as error:
            wrong.append(repr(error))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    begin.wait(60)
    for thread in threads:
        thread.join(120)
    assert wrong == []
    with remote_dram.connect(address) as witness:
        assert len(list(witness.list())) == CLIENTS + 1
        await_that("the clients are gone", lambda: witness.stat_server().connections == 1)


def test_connecting_and_closing_a_thousand_times_leaves_nothing(
    programs: Programs, places: Places, path: str
) -> None:
    server, address = serve(programs, *places)
    pid = server.process.pid
    with remote_dram.connect(address) as witness:

        def cycle(count: int) -> tuple[int, int, int, int]:
            for _ in range(count):
                with remote_dram.connect(address, path=path) as client:
                    client.put("key", b"value")
            await_that("the clients are gone", lambda: witness.stat_server().connections == 1)
            mine = os.getpid()
            return descriptors(pid), descriptors(mine), resident_bytes(pid), resident_bytes(mine)

        first = cycle(CYCLES // 5)  # fills the caches
        last = cycle(CYCLES - CYCLES // 5)
    assert abs(last[0] - first[0]) <= 8 and abs(last[1] - first[1]) <= 8, (first, last)
    assert last[2] - first[2] < 8 * MIB and last[3] - first[3] < 8 * MIB, (first, last)


def test_a_full_server_refuses_puts_by_name_and_serves_all_else(places: Places, path: str) -> None:
    with remote_dram.Server(*places, memory_limit="8MiB") as server:
        with remote_dram.connect(server.address, path=path) as client:
            stored = 0
            with pytest.raises(remote_dram.ResourceExhausted, match="memory.limit"):
                for stored in range(100):
                    client.put(f"key {stored:03}", bytes(MIB))
            assert 4 <= stored < 8
            assert client.get("key 000") == bytes(MIB)
            assert client.stat("key 000") is not None and len(list(client.list())) == stored
            with pytest.raises(remote_dram.ResourceExhausted):
                client.put("one more", bytes(MIB))
            client.delete("key 000")
            client.put("one more", bytes(MIB))  # now there is room again


def test_of_two_clients_that_replace_one_version_one_wins(programs: Programs, places: Places, path: str) -> None:
    _, address = serve(programs, *places)
    rounds, won = 200, [0, 0]
    begin = threading.Barrier(2)

    def work(number: int) -> None:
        with remote_dram.connect(address, path=path) as client:
            for i in range(rounds):
                begin.wait(60)
                seen = client.stat(f"key {i}")
                try:
                    client.put(
                        f"key {i}",
                        b"%d" % number,
                        if_generation=seen.generation if seen else remote_dram.Generation.MISSING,
                    )
                    won[number] += 1 if seen is None else 0
                except remote_dram.ConditionFailed:
                    pass

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sum(won) == rounds  # of the clients that found a key missing, exactly one put it
