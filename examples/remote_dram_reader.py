#!/usr/bin/env python3
"""Only reads: opens the array that another process wrote, and verifies it."""

import argparse
import sys

import numpy as np
import remote_dram
import tensorstore as ts

EXPECTED = np.fromfunction(lambda i, j, k: i * 100 + j * 10 + k, (8, 6, 4), dtype=np.float32)


def read(client: remote_dram.Client) -> None:
    stat = client.stat_server()
    print(f"connected: {stat.address}, path {stat.path}, lanes {stat.lanes}")
    array = ts.open({"driver": "zarr", "kvstore": client.kvstore_spec("tensor/")}, open=True).result()
    np.testing.assert_array_equal(array.read().result(), EXPECTED)
    print(f"read: {array.shape} {array.dtype.name}, all {EXPECTED.size} elements as expected")
    print("keys:", ", ".join(f"{entry.key.decode()} ({entry.size} bytes)" for entry in client.list()))


def main() -> None:
    flags = argparse.ArgumentParser(description=__doc__)
    flags.add_argument("--server_addr", default="127.0.0.1:12345", metavar="HOST:PORT|unix:PATH")
    flags.add_argument(
        "--path", default="auto", choices=["auto", "mapped", "shm", "socket", "tcp"], help="how the data travels"
    )
    args = flags.parse_args()
    try:
        with remote_dram.connect(args.server_addr, path=args.path) as client:
            read(client)
    except (remote_dram.Error, AssertionError, ValueError) as error:
        sys.exit(f"FAILED: {error}")


if __name__ == "__main__":
    main()
