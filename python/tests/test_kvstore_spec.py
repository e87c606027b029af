"""The stock TensorStore wheel on the store of a client or a server."""

from __future__ import annotations

import gc
import os
import stat
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import remote_dram as rd
import tensorstore as ts

ARRAY = np.arange(192, dtype=np.float32).reshape(8, 6, 4)


def zarr(kvstore: dict[str, Any], **how: Any) -> ts.TensorStore:
    metadata = (
        {"metadata": {"shape": ARRAY.shape, "chunks": [4, 6, 4], "dtype": "<f4"}}
        if how.get("create")
        else {}
    )
    return ts.open({"driver": "zarr", "kvstore": kvstore, **metadata}, **how).result()


def test_an_array_written_through_a_client_is_in_the_servers_memory(
    server: rd.Server, client: rd.Client
) -> None:
    zarr(client.kvstore_spec("array/"), create=True).write(ARRAY).result()
    found = zarr(server.kvstore_spec("array/"), open=True).read().result()
    np.testing.assert_array_equal(found, ARRAY)
    with rd.connect(server) as local:
        assert [entry.key for entry in local.list("array/")] == [
            b"array/.zarray",
            b"array/0.0.0",
            b"array/1.0.0",
        ]


def test_a_spec_is_plain_json_and_names_the_path(client: rd.Client) -> None:
    spec = client.kvstore_spec("volume/")
    assert ts.KvStore.Spec(spec).to_json() == spec
    assert (spec["driver"], spec["path"]) == ("tsgrpc_kvstore", "volume/")


def test_one_gateway_serves_every_spec(client: rd.Client) -> None:
    assert client.kvstore_spec("a/")["address"] == client.kvstore_spec("b/")["address"]


def test_the_gateways_socket_is_for_this_user_only(client: rd.Client) -> None:
    socket = Path(client.kvstore_spec()["address"].removeprefix("unix:"))
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700


def test_closing_takes_the_gateway_away(client: rd.Client) -> None:
    socket = Path(client.kvstore_spec()["address"].removeprefix("unix:"))
    assert socket.exists()
    client.close()
    assert not socket.parent.exists()


def test_an_array_outlives_the_variable_it_was_opened_through(server: rd.Server) -> None:
    array = zarr(rd.connect(server.address).kvstore_spec("array/"), create=True)
    gc.collect()
    array.write(ARRAY).result()
    np.testing.assert_array_equal(array.read().result(), ARRAY)


def test_a_lost_server_is_an_error_and_never_an_array_of_zeros(server: rd.Server) -> None:
    with rd.connect(server.address) as client:
        array = zarr(client.kvstore_spec("array/"), create=True)
        array.write(ARRAY).result()
        server.close()
        for call in (array.read(), array.write(ARRAY)):
            with pytest.raises(ValueError, match=f"no server at {server.listen_addr}"):
                call.result(timeout=30)


def test_an_array_of_a_closed_client_fails_at_once(client: rd.Client) -> None:
    array = zarr(client.kvstore_spec("array/"), create=True)
    client.close()
    for call in (array.read(), array.write(ARRAY)):
        with pytest.raises(ValueError):
            call.result(timeout=30)


def test_a_missing_chunk_is_the_fill_value(client: rd.Client) -> None:
    array = zarr(client.kvstore_spec("array/"), create=True)
    assert not array.read().result().any()


def test_a_long_temporary_directory_is_no_obstacle(
    server: rd.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("long" * 20)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    with rd.connect(server.address) as client:
        assert os.path.exists(client.kvstore_spec()["address"].removeprefix("unix:"))


@pytest.mark.parametrize("timeout", [1e-5, 0.25, 1e6, 31_536_000])
def test_tensorstore_takes_every_time_out(server: rd.Server, timeout: float) -> None:
    with rd.connect(server, timeout=timeout) as client:
        ts.KvStore.open(client.kvstore_spec()).result()
