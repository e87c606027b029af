"""A put takes, and a get returns, memory without copies of it."""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pytest
import remote_dram as rd

ARRAY = np.arange(24, dtype=np.float32).reshape(4, 6)


@pytest.mark.parametrize(
    "value", [ARRAY, ARRAY.data, ARRAY.tobytes(), bytearray(ARRAY.tobytes())], ids=type
)
def test_any_contiguous_buffer_is_a_value(client: rd.Client, value: bytes) -> None:
    client.put("key", value)
    assert client.get("key") == ARRAY.tobytes()


def test_memory_with_gaps_is_refused(client: rd.Client) -> None:
    for gaps in (ARRAY[:, ::2], ARRAY.T, memoryview(b"012345")[::2]):
        with pytest.raises(ValueError, match="C-contiguous.*ascontiguousarray"):
            client.put("key", gaps)
    assert client.get("key") is None


@pytest.mark.parametrize("dtype", [object, [("number", "f4"), ("thing", object)]], ids=str)
def test_arrays_of_python_objects_are_refused(client: rd.Client, dtype: Any) -> None:
    for call in (client.put, lambda key, array: client.get(key, into=array)):
        with pytest.raises(TypeError, match="array of Python objects"):
            call("key", np.zeros(3, dtype=dtype))
    assert client.get("key") is None


def test_what_is_no_buffer_is_refused(client: rd.Client) -> None:
    with pytest.raises(TypeError, match="bytes-like.*'str'"):
        client.put("key", "text")  # type: ignore[arg-type]


def test_an_array_is_made_of_a_value_without_a_copy(client: rd.Client) -> None:
    client.put("key", ARRAY)
    value = client.get("key")
    assert value is not None
    first, second = (np.frombuffer(value, np.float32) for _ in range(2))
    assert first.ctypes.data == second.ctypes.data
    assert first.ctypes.data % 64 == 0
    np.testing.assert_array_equal(first.reshape(ARRAY.shape), ARRAY)


def test_a_value_cannot_be_written(client: rd.Client) -> None:
    client.put("key", ARRAY)
    value = client.get("key")
    assert value is not None and memoryview(value).readonly
    assert not np.frombuffer(value, np.uint8).flags.writeable


def test_a_value_outlives_overwriting_deleting_and_the_client(
    server: rd.Server, client: rd.Client
) -> None:
    client.put("key", ARRAY)
    value = client.get("key")
    assert value is not None
    array = np.frombuffer(value, np.float32)
    client.put("key", bytes(ARRAY.nbytes))
    client.delete("key")
    client.close()
    server.close()
    del value, client, server
    gc.collect()
    np.testing.assert_array_equal(array.reshape(ARRAY.shape), ARRAY)


def test_a_value_is_compared_as_bytes_are(client: rd.Client) -> None:
    client.put("key", b"abc")
    value = client.get("key")
    assert value == b"abc" and value == bytearray(b"abc") and value == client.get("key")
    assert value != b"abd" and value != "abc" and value is not None
    with pytest.raises(TypeError, match="unhashable"):
        hash(value)


def test_a_get_reads_into_the_callers_memory(client: rd.Client) -> None:
    client.put("key", ARRAY)
    array = np.zeros_like(ARRAY)
    value = client.get("key", into=array)
    np.testing.assert_array_equal(array, ARRAY)
    assert value is not None and np.frombuffer(value, np.float32).ctypes.data == array.ctypes.data


def test_memory_that_is_read_into_may_be_larger_but_not_smaller(client: rd.Client) -> None:
    client.put("key", b"12345")
    memory = bytearray(b"........")
    assert client.get("key", into=memory) == b"12345"
    assert memory == b"12345..."
    assert client.get("key", range=(1, 3), into=memory) == b"23"
    with pytest.raises(rd.OutOfRange):
        client.get("key", into=bytearray(4))


def test_memory_that_is_read_into_stays_lent_while_the_value_lives(client: rd.Client) -> None:
    client.put("key", b"12345")
    memory = bytearray(5)
    value = client.get("key", into=memory)
    with pytest.raises(BufferError):
        memory.append(0)
    del value
    memory.append(0)


def test_only_writable_memory_is_read_into(client: rd.Client) -> None:
    client.put("key", b"12345")
    for memory in (b"12345", ARRAY.T.copy()[:, ::2]):
        with pytest.raises(ValueError, match="writable, C-contiguous"):
            client.get("key", into=memory)


THRESHOLDS = [
    0,
    1,
    63,
    64,
    65,
    255,
    4095,
    4096,
    8191,
    8192,
    8193,
    16384,
    65535,
    65536,
    65537,
    (1 << 20) - 1,
    (1 << 20) + 1,
]


@pytest.mark.parametrize("size", [*THRESHOLDS, 100_000_000])
def test_values_of_every_size_are_identical(client: rd.Client, size: int) -> None:
    value = np.random.default_rng(size).integers(0, 256, size, dtype=np.uint8)
    client.put("key", value)
    found = client.get("key")
    assert found is not None and len(found) == size
    if size:
        np.testing.assert_array_equal(np.frombuffer(found, np.uint8), value)
