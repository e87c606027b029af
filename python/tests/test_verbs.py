"""The answer of each verb."""

from __future__ import annotations

import pytest
import remote_dram as rd


def test_a_value_comes_back_as_it_was_put(client: rd.Client) -> None:
    client.put("key", b"\0binary\xff")
    assert client.get("key") == b"\0binary\xff"


def test_a_missing_key_is_none_for_get_and_stat(client: rd.Client) -> None:
    assert client.get("key") is None
    assert client.stat("key") is None


def test_an_empty_value_is_not_a_missing_one(client: rd.Client) -> None:
    client.put("key", b"")
    value = client.get("key")
    assert value is not None and len(value) == 0 and bytes(value) == b""


def test_a_text_key_is_its_utf8(client: rd.Client) -> None:
    client.put("schlüssel", b"value")
    assert client.get("schlüssel".encode()) == b"value"


@pytest.mark.parametrize("key", [b"", b"\0\xff", b"k" * 4096], ids=["empty", "binary", "longest"])
def test_any_bytes_are_a_key(client: rd.Client, key: bytes) -> None:
    client.put(key, b"value")
    assert [entry.key for entry in client.list()] == [key]
    assert client.get(key) == b"value"


def test_a_key_that_is_neither_text_nor_bytes_is_refused(client: rd.Client) -> None:
    with pytest.raises(TypeError, match="str or bytes, not int"):
        client.get(5)  # type: ignore[arg-type]


def test_ranges_are_exact(client: rd.Client) -> None:
    client.put("key", b"0123456789")
    assert client.get("key", range=(2, 5)) == b"234"
    assert client.get("key", range=(2, None)) == b"23456789"
    assert client.get("key", range=(-3, None)) == b"789"
    assert client.get("key", range=(0, 0)) == b""
    part = client.get("key", range=(2, 5))
    assert part is not None and (len(part), part.whole_size) == (3, 10)


@pytest.mark.parametrize("range", [(2, 11), (11, None), (-11, None)])
def test_a_range_outside_of_the_value_is_never_clamped(
    client: rd.Client, range: tuple[int, int | None]
) -> None:
    client.put("key", b"0123456789")
    with pytest.raises(rd.OutOfRange):
        client.get("key", range=range)


def test_an_impossible_range_is_refused(client: rd.Client) -> None:
    client.put("key", b"0123456789")
    with pytest.raises(ValueError):
        client.get("key", range=(5, 2))
    with pytest.raises(ValueError, match="None for the value's end"):
        client.get("key", range=(0, -1))


def test_stat_tells_size_and_generation(client: rd.Client) -> None:
    generation = client.put("key", b"12345")
    assert client.stat("key") == rd.Stat(generation, 5)


def test_delete_leaves_nothing_and_may_be_repeated(client: rd.Client) -> None:
    client.put("key", b"value")
    client.delete("key")
    client.delete("key")
    assert client.get("key") is None


def test_a_listing_is_in_order_with_sizes(client: rd.Client) -> None:
    for key in ["b", "a/2", "a/1", "c"]:
        client.put(key, key.encode())
    assert list(client.list()) == [(b"a/1", 3), (b"a/2", 3), (b"b", 1), (b"c", 1)]
    assert [entry.key for entry in client.list("a/")] == [b"a/1", b"a/2"]
    assert [entry.key for entry in client.list(begin="a/2", end="c")] == [b"a/2", b"b"]
    assert [entry.key for entry in client.list(begin="b")] == [b"b", b"c"]
    assert list(client.list("d")) == []


def test_a_listing_fetches_its_pages_as_it_goes(client: rd.Client) -> None:
    keys = [
        f"{number:04d}".encode() + b"k" * 4000 for number in range(600)
    ]  # more than two pages of 1 MiB
    for key in keys:
        client.put(key, b"")
    entries = client.list()
    assert next(entries).key == keys[0]
    client.delete(keys[-1])  # its page is not yet fetched
    assert [entry.key for entry in entries] == keys[1:-1]


def test_delete_range_counts_what_it_deleted(client: rd.Client) -> None:
    for key in ["a/1", "a/2", "b", "c"]:
        client.put(key, b"")
    assert client.delete_range("a/") == 2
    assert client.delete_range(begin="c") == 1
    assert [entry.key for entry in client.list()] == [b"b"]
    assert client.delete_range("") == 1


def test_delete_range_of_everything_must_be_said(client: rd.Client) -> None:
    with pytest.raises(TypeError, match="every key"):
        client.delete_range()
    with pytest.raises(TypeError, match="not both"):
        client.delete_range("a", end="b")


def test_stat_server_tells_of_the_server(server: rd.Server, client: rd.Client) -> None:
    client.put("key", b"value")
    stat = client.stat_server()
    assert stat.version == rd.__version__
    assert stat.incarnation == server.incarnation
    assert (stat.keys, stat.memory_limit_bytes) == (1, 512 << 20)
    assert 0 < stat.memory_bytes < stat.memory_limit_bytes
