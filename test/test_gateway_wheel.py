"""Stock TensorStore over the gateway: every format, and the semantics that formats rely on."""

import numpy as np
import pytest
import remote_dram
import tensorstore as ts

ARRAY = np.fromfunction(lambda i, j, k: i * 100 + j * 10 + k, (8, 6, 4), dtype=np.float32)
MEBIBYTE = 1 << 20

SCHEMAS = {
    "zarr": {"metadata": {"shape": [8, 6, 4], "chunks": [3, 6, 4], "dtype": "<f4", "compressor": None}},
    "zarr3": {"metadata": {"shape": [8, 6, 4], "data_type": "float32"}},
    "n5": {
        "metadata": {
            "dimensions": [8, 6, 4], "blockSize": [3, 6, 4], "dataType": "float32",
            "compression": {"type": "raw"},
        }
    },
}  # fmt: skip

# TensorStore's own test uses this generation, because no store ever makes it.
FOREIGN_GENERATION = b"\0" + (1415926535897932).to_bytes(8, "little")


@pytest.fixture
def server(tmp_path):
    with remote_dram.Server(socket_path=str(tmp_path / "socket"), memory_limit="1GiB") as server:
        yield server


@pytest.fixture
def store(server):
    return ts.KvStore.open(server.kvstore_spec("prefix/")).result()


def again(server, path="prefix/"):
    """The same store, opened in a new context, so that nothing is cached."""
    return ts.KvStore.open(server.kvstore_spec(path), context=ts.Context()).result()


@pytest.mark.parametrize("driver", SCHEMAS)
def test_an_array_comes_back_from_every_format(server, driver):
    spec = {"driver": driver, "kvstore": server.kvstore_spec(f"{driver}/")}
    ts.open({**spec, **SCHEMAS[driver]}, create=True).result().write(ARRAY).result()
    found = ts.open(spec, context=ts.Context()).result()
    np.testing.assert_array_equal(found.read().result(), ARRAY)
    found[2:5, 1].write(-1).result()
    changed = ARRAY.copy()
    changed[2:5, 1] = -1
    np.testing.assert_array_equal(ts.open(spec, context=ts.Context()).result().read().result(), changed)


def test_an_ocdbt_database_keeps_its_keys(server):
    spec = {"driver": "ocdbt", "base": server.kvstore_spec("database/")}
    database = ts.KvStore.open(spec).result()
    for i in range(20):
        database.write(f"key{i:02}", f"value {i}".encode()).result()
    database.delete_range(ts.KvStore.KeyRange("key15", "key18")).result()
    reopened = ts.KvStore.open(spec, context=ts.Context()).result()
    expected = [f"key{i:02}".encode() for i in range(20) if i not in (15, 16, 17)]
    assert sorted(reopened.list().result()) == expected
    assert reopened.read("key19").result().value == b"value 19"


@pytest.mark.parametrize("size", [0, 1, MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1, 9 * MEBIBYTE + 7])
def test_a_value_of_any_size_comes_back(server, store, size):
    value = np.random.default_rng(size).bytes(size)
    written = store.write("key", value).result()
    read = again(server).read("key").result()
    assert (read.state, read.value, read.stamp.generation) == ("value", value, written.generation)


def test_a_missing_key_is_missing_and_not_an_error(store):
    read = store.read("none").result()
    assert (read.state, read.stamp.generation) == ("missing", b"\x02")


def test_a_write_with_a_condition_that_fails_has_an_empty_generation(store):
    first = store.write("key", b"1", if_equal=b"\x02").result()
    assert len(first.generation) == 17
    for wrong in (b"\x02", FOREIGN_GENERATION):
        assert store.write("key", b"2", if_equal=wrong).result().generation == b""
        assert store.write("key", None, if_equal=wrong).result().generation == b""
    assert store.read("key").result().value == b"1"
    second = store.write("key", b"2", if_equal=first.generation).result()
    assert second.generation not in (b"", first.generation)


def test_a_read_that_knows_the_value_already_is_told_so(store):
    stamp = store.write("key", b"value").result()
    known = store.read("key", if_not_equal=stamp.generation).result()
    assert (known.state, known.stamp.generation) == ("unspecified", stamp.generation)
    assert store.read("key", if_not_equal=FOREIGN_GENERATION).result().value == b"value"


def test_a_part_of_a_value_is_read_exactly(store):
    store.write("key", b"0123456789").result()
    assert store.read("key", byte_range=slice(2, 5)).result().value == b"234"
    assert store.read("key", byte_range=slice(-3, None)).result().value == b"789"
    with pytest.raises(ValueError, match="OUT_OF_RANGE"):
        store.read("key", byte_range=slice(2, 11)).result()


def test_keys_are_any_bytes(store):
    keys = [b"\0\xff/\n", b"a", b"\xc3\xa9"]
    for key in keys:
        store.write(key, key).result()
    assert sorted(store.list().result()) == sorted(keys)
    assert [store.read(key).result().value for key in keys] == keys


def test_a_list_has_its_range_without_the_prefix(store):
    for key in ("a/1", "a/2", "b/1"):
        store.write(key, b"").result()
    keys = store.list(ts.KvStore.KeyRange("a/", "a0"), strip_prefix_length=2).result()
    assert sorted(keys) == [b"1", b"2"]


def test_deleting_a_range_leaves_the_rest(store):
    for key in "abcd":
        store.write(key, b"").result()
    store.delete_range(ts.KvStore.KeyRange("b", "d")).result()
    assert sorted(store.list().result()) == [b"a", b"d"]
    assert store.write("a", None).result().generation == b"\x02"


def test_a_full_store_is_an_error_at_once(tmp_path):
    """TensorStore silently retries some failed writes for a quarter of an hour, but must not retry these."""
    with remote_dram.Server(socket_path=str(tmp_path / "socket"), memory_limit="16MiB") as server:
        store = ts.KvStore.open(server.kvstore_spec()).result()
        with pytest.raises(ValueError, match="RESOURCE_EXHAUSTED"):
            store.write("key", bytes(32 * MEBIBYTE)).result(timeout=10)
        assert store.read("key").result().state == "missing"
        assert store.write("key", b"small").result().generation


def test_a_lost_server_is_an_error_at_once_and_never_a_missing_chunk(tmp_path):
    path = tmp_path / "socket"
    with (
        remote_dram.Server(socket_path=str(path)) as server,
        remote_dram.connect(f"unix:{path}") as client,
    ):
        spec = {"driver": "zarr", "kvstore": client.kvstore_spec("zarr/")}
        array = ts.open({**spec, **SCHEMAS["zarr"]}, create=True).result()
        array.write(ARRAY).result()
        server.close()
        for call in (array.read, lambda: array.write(ARRAY)):
            with pytest.raises(ValueError, match="UNAVAILABLE"):
                call().result(timeout=10)


def test_a_restarted_server_is_an_error_and_never_fill_values(tmp_path):
    path = tmp_path / "socket"
    server = remote_dram.Server(socket_path=str(path))
    with remote_dram.connect(f"unix:{path}") as client:
        spec = {"driver": "zarr", "kvstore": client.kvstore_spec("zarr/")}
        array = ts.open({**spec, **SCHEMAS["zarr"]}, create=True).result()
        array.write(ARRAY).result()
        server.close()
        with remote_dram.Server(socket_path=str(path)):
            for _ in range(3):
                with pytest.raises(ValueError, match="restarted|UNAVAILABLE"):
                    array.read().result(timeout=10)
            with pytest.raises(ValueError, match="restarted"):
                array.read().result(timeout=10)
            with remote_dram.connect(f"unix:{path}") as anew:
                with pytest.raises(ValueError, match="NOT_FOUND"):
                    ts.open({"driver": "zarr", "kvstore": anew.kvstore_spec("zarr/")}).result()
