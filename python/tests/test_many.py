"""Calls on several keys: each key has its own answer."""

from __future__ import annotations

import numpy as np
import pytest
import remote_dram as rd


def test_get_many_answers_in_the_order_of_the_keys(client: rd.Client) -> None:
    client.put("a", b"1")
    client.put("b", b"")
    assert client.get_many(["b", b"a", "missing", "a"]) == [b"", b"1", None, b"1"]


@pytest.mark.parametrize("at_one_instant", [False, True])
def test_get_many_reads_a_thousand_keys(client: rd.Client, at_one_instant: bool) -> None:
    keys = [f"key/{number}" for number in range(1000)]
    client.write_many([rd.Put(key, key.encode() * 50) for key in keys])
    values = client.get_many(keys, at_one_instant=at_one_instant)
    assert values == [key.encode() * 50 for key in keys]


def test_a_read_of_many_can_ask_for_a_range_and_a_version(client: rd.Client) -> None:
    first = client.put("a", b"0123456789")
    second = client.put("b", b"x")
    part, same = client.get_many([rd.Read("a", (2, 5)), rd.Read("b", if_generation=second)])
    assert part == b"234" and part is not None and (part.whole_size, part.generation) == (10, first)
    assert same == b"x"
    with pytest.raises(rd.ConditionFailed, match="get 'a'") as unchanged:
        client.get_many(["b", rd.Read("a", if_not_generation=first)])
    assert unchanged.value.generation == first


def test_each_read_has_its_own_failure(client: rd.Client) -> None:
    generation = client.put("a", b"0123456789")
    reads = ["a", rd.Read("a", (0, 11)), rd.Read("a", if_not_generation=generation), "missing"]
    value, too_far, unchanged, missing = client.get_many(reads, return_exceptions=True)
    assert value == b"0123456789" and missing is None
    assert isinstance(too_far, rd.OutOfRange) and "10 bytes" in str(too_far)
    assert isinstance(unchanged, rd.ConditionFailed) and unchanged.generation == generation
    with pytest.raises(rd.OutOfRange):
        client.get_many(reads)


def test_values_read_together_outlive_the_client(client: rd.Client) -> None:
    client.write_many([rd.Put("a", np.arange(8.0)), rd.Put("b", b"b" * 100)])
    value, other = client.get_many(["a", "b"])
    del other
    client.delete_range("")
    client.close()
    assert value is not None
    np.testing.assert_array_equal(np.frombuffer(memoryview(value)), np.arange(8.0))


def test_stat_many_tells_generation_and_size(client: rd.Client) -> None:
    generation = client.put("a", b"12345")
    assert client.stat_many(["missing", "a"]) == [None, rd.Stat(generation, 5)]
    assert client.stat_many(["a"], at_one_instant=True) == [rd.Stat(generation, 5)]


def test_write_many_puts_and_deletes_in_order(client: rd.Client) -> None:
    client.put("old", b"")
    first, gone, last = client.write_many([rd.Put("a", b"1"), rd.Delete("old"), rd.Put("a", b"2")])
    assert gone == rd.Generation.MISSING and first != last
    assert client.stat("a") == rd.Stat(last, 1)
    assert [entry.key for entry in client.list()] == [b"a"]


def test_each_write_has_its_own_failure(client: rd.Client) -> None:
    first = client.put("a", b"1")
    second = client.put("b", b"1")
    writes = [
        rd.Put("a", b"2", if_absent=True),
        rd.Delete("b", if_generation=first),
        rd.Put("b", b"2", if_generation=second),
        rd.Put("c", b"2"),
    ]
    kept, not_deleted, *written = client.write_many(writes, return_exceptions=True)
    assert isinstance(kept, rd.ConditionFailed) and "put 'a'" in str(kept)
    assert isinstance(not_deleted, rd.ConditionFailed) and "delete 'b'" in str(not_deleted)
    assert client.get_many(["a", "b", "c"]) == [b"1", b"2", b"2"]
    assert [stat and stat.generation for stat in client.stat_many(["b", "c"])] == written


def test_a_write_of_many_that_fails_is_raised_once_the_others_are_done(client: rd.Client) -> None:
    client.put("a", b"1")
    with pytest.raises(rd.ConditionFailed, match="put 'a'"):
        client.write_many([rd.Put("a", b"2", if_absent=True), rd.Put("b", b"2")])
    assert client.get_many(["a", "b"]) == [b"1", b"2"]


def test_a_write_without_room_fails_alone() -> None:
    with rd.Server(socket_path="", memory_limit="1MiB") as server, rd.connect(server) as client:
        writes = [rd.Put("large", bytes(2 << 20)), rd.Put("small", b"1")]
        full, small = client.write_many(writes, return_exceptions=True)
        assert isinstance(full, rd.ResourceExhausted) and "memory_limit" in str(full)
        assert isinstance(small, rd.Generation)


def test_a_single_key_is_no_list_of_keys(client: rd.Client) -> None:
    with pytest.raises(TypeError, match="single key 'abc'"):
        client.get_many("abc")
    with pytest.raises(TypeError, match="single key b'abc'"):
        client.stat_many(b"abc")  # type: ignore[arg-type]


def test_bad_operations_are_refused(client: rd.Client) -> None:
    with pytest.raises(TypeError, match="str or bytes, not int"):
        client.get_many([5])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="not both"):
        client.write_many([rd.Put("a", b"", if_generation=rd.Generation.MISSING, if_absent=True)])
    with pytest.raises(TypeError, match="bytes-like"):
        client.write_many([rd.Put("b", b""), rd.Put("a", "text")])  # type: ignore[arg-type]
    with pytest.raises(rd.InvalidArgument, match="into a transaction"):
        client.write_many([rd.DeleteRange("a")])  # type: ignore[list-item]
    with pytest.raises(rd.InvalidArgument, match="key_bytes_max"):
        client.get_many([b"k" * 4097])
    for empty in (client.get_many, client.stat_many, client.write_many, client.transact):
        with pytest.raises(rd.InvalidArgument, match="no operations"):
            empty([])
    assert list(client.list()) == []


def test_over_a_limit_by_one_is_refused_and_the_limit_is_named(client: rd.Client) -> None:
    assert client.get_many(["a"] * 16384) == [None] * 16384
    with pytest.raises(rd.InvalidArgument, match="batch_operations_max"):
        client.get_many(["a"] * 16385)
    with pytest.raises(rd.InvalidArgument, match="batch_bytes_max"):
        client.write_many([rd.Put("a", bytes(64 << 20))])
    client.put("large", bytes((64 << 20) + 1))
    with pytest.raises(rd.ResourceExhausted, match="batch_reply_bytes_max"):
        client.get_many(["large"])
