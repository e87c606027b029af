"""Every format of the stock TensorStore wheel: one process writes it and another reads it, over UCX."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
import remote_dram
from programs import Programs

METADATA: dict[str, dict[str, Any]] = {
    "zarr": {"shape": [8, 6, 4], "chunks": [3, 6, 4], "dtype": "<f4"},
    "zarr3": {
        "shape": [8, 6, 4],
        "data_type": "float32",
        "codecs": [{"name": "bytes"}, {"name": "crc32c"}],
    },
    "n5": {
        "dimensions": [8, 6, 4],
        "blockSize": [3, 6, 4],
        "dataType": "float32",
        "compression": {"type": "gzip"},
    },
}

PROGRAM = """
import json, sys
import numpy as np, remote_dram, tensorstore as ts

role, address, path, format, metadata = sys.argv[1:]
expected = np.arange(192, dtype=np.float32).reshape(8, 6, 4)
with remote_dram.connect(address, path=path) as client:
    assert client.stat_server().path == path
    if format == "ocdbt":
        store = ts.KvStore.open({"driver": "ocdbt", "base": client.kvstore_spec("ocdbt/")}).result()
        values = {f"key{number:02}": expected[: number % 8].tobytes() for number in range(20)}
        if role == "write":
            for key, value in values.items():
                store.write(key, value).result()
        assert {key.decode(): store[key] for key in store.list().result()} == values
    else:
        spec = {"driver": format, "kvstore": client.kvstore_spec(f"{format}/")}
        if role == "write":
            spec["metadata"] = json.loads(metadata)
        array = ts.open(spec, create=role == "write", open=role == "read").result()
        if role == "write":
            array.write(expected).result()
        np.testing.assert_array_equal(array.read().result(), expected)
"""


@pytest.mark.parametrize("path", ["tcp", "shm"])
@pytest.mark.parametrize("format", [*METADATA, "ocdbt"])
def test_what_one_process_writes_another_reads(programs: Programs, format: str, path: str) -> None:
    with remote_dram.Server("127.0.0.1:0") as server:
        for role in ("write", "read"):
            metadata = json.dumps(METADATA.get(format))
            program = programs.start(
                sys.executable, "-c", PROGRAM, role, server.address, path, format, metadata
            )
            assert program.end() == 0, program.text
        with remote_dram.connect(server) as client:
            assert len(list(client.list(f"{format}/"))) > 1
