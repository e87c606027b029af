"""Transactions: all operations at one instant, or none."""

from __future__ import annotations

import pickle
import threading

import pytest
import remote_dram as rd


def test_a_transaction_does_all_of_it(client: rd.Client) -> None:
    for key in ("old/1", "old/2", "gone", "lock"):
        client.put(key, b"")
    held = client.put("lock", b"me")
    put, gone, check, cleared, back = client.transact(
        [
            rd.Put("a", b"1", if_absent=True),
            rd.Delete("gone"),
            rd.Check("lock", held),
            rd.DeleteRange("old/"),
            rd.Put("old/2", b"new"),
        ]
    )
    assert [entry.key for entry in client.list()] == [b"a", b"lock", b"old/2"]
    assert client.stat_many(["a", "lock", "old/2"]) == [
        rd.Stat(put, 1),
        rd.Stat(held, 2),
        rd.Stat(back, 3),
    ]
    assert check == held and gone == cleared == rd.Generation.MISSING


def test_a_condition_that_fails_changes_nothing_and_is_told(client: rd.Client) -> None:
    first = client.put("a", b"1")
    second = client.put("b", b"1")
    with pytest.raises(rd.ConditionFailed, match=r"transact: b'b' is in another version \(and 1 more\)") as no:
        client.transact(
            [
                rd.Put("a", b"2", if_generation=first),
                rd.Put("b", b"2", if_generation=first),
                rd.Check("c", if_absent=True),
                rd.Delete("d", if_generation=first),
                rd.DeleteRange(""),
            ]
        )
    missing = rd.Generation.MISSING
    assert no.value.outcomes == [
        (True, first), (False, second), (True, missing), (False, missing), (True, missing)]  # fmt: skip
    assert client.get_many(["a", "b"]) == [b"1", b"1"]
    assert str(pickle.loads(pickle.dumps(no.value))) == str(no.value)


def test_large_values_are_part_of_it(client: rd.Client) -> None:
    large = bytes(range(256)) * 4096
    generations = client.transact([rd.Put("large", large), rd.Put("small", b"1"), rd.Put("other", large)])
    assert client.get_many(["large", "small", "other"]) == [large, b"1", large]
    assert len({generation.hex() for generation in generations}) == 1  # one sequence number
    with pytest.raises(rd.ConditionFailed):
        client.transact([rd.Put("large", b""), rd.Put("other", large, if_absent=True)])
    assert client.get("large") == large


def test_what_contradicts_itself_is_refused(client: rd.Client) -> None:
    with pytest.raises(rd.InvalidArgument, match="named twice"):
        client.transact([rd.Put("a", b""), rd.Delete("a")])
    with pytest.raises(TypeError, match="what is it to hold"):
        client.transact([rd.Put("a", b""), rd.Check("b")])
    with pytest.raises(TypeError, match="not both"):
        client.transact([rd.DeleteRange("a", end="b")])
    with pytest.raises(rd.InvalidArgument, match="transaction_keys_max"):
        client.transact([rd.Put(f"{number}", b"") for number in range(16385)])
    assert list(client.list()) == []


def test_readers_of_one_instant_see_all_or_nothing(client: rd.Client, server: rd.Server) -> None:
    keys = [f"key/{number}" for number in range(10)]
    client.transact([rd.Put(key, b"0") for key in keys])
    over = threading.Event()

    def write() -> None:
        number = 0
        while not over.is_set():
            number += 1
            client.transact([rd.Put(key, str(number).encode()) for key in keys])

    thread = threading.Thread(target=write)
    thread.start()
    reads, seen = 0, set[bytes]()
    try:
        with rd.connect(server) as reader:
            while thread.is_alive() and (reads < 300 or len(seen) < 10):  # until writes lay between the reads
                values = {bytes(value or b"") for value in reader.get_many(keys, at_one_instant=True)}
                assert len(values) == 1
                seen |= values
                reads += 1
    finally:
        over.set()
        thread.join()
    assert reads >= 300 and len(seen) >= 10


def test_counting_by_read_and_transaction_loses_nothing(client: rd.Client) -> None:
    client.transact([rd.Put("total", b"0"), rd.Put("rounds", b"0")])

    def count() -> None:
        done = 0
        while done < 20:
            total, rounds = client.get_many(["total", "rounds"], at_one_instant=True)
            assert total is not None and rounds is not None
            try:
                client.transact(
                    [
                        rd.Put("total", str(int(bytes(total)) + 2).encode(), if_generation=total.generation),
                        rd.Put("rounds", str(int(bytes(rounds)) + 1).encode()),
                    ]
                )
                done += 1
            except rd.ConditionFailed:
                continue

    threads = [threading.Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert client.get_many(["total", "rounds"]) == [b"120", b"60"]
