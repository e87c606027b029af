#!/usr/bin/env python3
"""Writes an array into a server's memory through TensorStore, and reads it back over a new connection."""

import argparse
import sys

import numpy as np
import remote_dram
import tensorstore as ts

EXPECTED = np.fromfunction(lambda i, j, k: i * 100 + j * 10 + k, (8, 6, 4), dtype=np.float32)
METADATA = {"shape": EXPECTED.shape, "chunks": EXPECTED.shape, "dtype": "<f4", "compressor": None}


def connect(args: argparse.Namespace) -> remote_dram.Client:
    client = remote_dram.connect(args.server_addr, path=args.path)
    stat = client.stat_server()
    print(f"connected: {stat.address}, path {stat.path}, lanes {stat.lanes}")
    return client


def write(client: remote_dram.Client) -> None:
    spec = {"driver": "zarr", "kvstore": client.kvstore_spec("tensor/"), "metadata": METADATA}
    array = ts.open(spec, create=True, delete_existing=True).result()
    array.write(EXPECTED).result()
    print(f"wrote: {array.shape} {array.dtype.name}, {EXPECTED.nbytes} bytes")


def verify(client: remote_dram.Client) -> None:
    array = ts.open({"driver": "zarr", "kvstore": client.kvstore_spec("tensor/")}, open=True).result()
    found = array.read().result()
    for at in map(tuple, np.argwhere(found != EXPECTED).tolist()):
        raise ValueError(f"element {at} is {found[at]}, not {EXPECTED[at]}")
    print(f"read back: {found.size} elements, as written")


def main() -> None:
    flags = argparse.ArgumentParser(description=__doc__)
    flags.add_argument("--server_addr", default="127.0.0.1:12345", metavar="HOST:PORT|unix:PATH")
    flags.add_argument(
        "--path", default="auto", choices=["auto", "mapped", "shm", "socket", "tcp"], help="how the data travels"
    )
    args = flags.parse_args()
    try:
        with connect(args) as client:
            write(client)
        with connect(args) as client:
            verify(client)
            client.put("complete", b"")
            print('wrote: the key "complete"')
    except (remote_dram.Error, ValueError) as error:
        sys.exit(f"FAILED: {error}")


if __name__ == "__main__":
    main()
