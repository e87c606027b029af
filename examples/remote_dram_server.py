#!/usr/bin/env python3
"""Lends this process's memory, waits until a client wrote its array there, and verifies the array."""

import argparse
import signal
import sys
import time

import numpy as np
import remote_dram
import tensorstore as ts

EXPECTED = np.fromfunction(lambda i, j, k: i * 100 + j * 10 + k, (8, 6, 4), dtype=np.float32)


def lend(address: str) -> remote_dram.Server:
    path = address.removeprefix("unix:")
    return remote_dram.Server(address) if path == address else remote_dram.Server(socket_path=path)


def verify(store: remote_dram.Client) -> None:
    array = ts.open({"driver": "zarr", "kvstore": store.kvstore_spec("tensor/")}, open=True).result()
    if array.shape != EXPECTED.shape or array.dtype.numpy_dtype != EXPECTED.dtype:
        raise ValueError(f"the array is {array.shape} {array.dtype.name}")
    found = array.read().result()
    for at in map(tuple, np.argwhere(found != EXPECTED).tolist()):
        raise ValueError(f"element {at} is {found[at]}, not {EXPECTED[at]}")
    payload = store.get("tensor/0.0.0")
    if payload != EXPECTED.tobytes():
        raise ValueError(f"the chunk is not the {EXPECTED.nbytes} bytes of the array: {payload!r}")
    print(
        f"verified: {found.shape} {found.dtype}, {found.size} elements, {len(payload)} payload bytes",
        flush=True,
    )


def main() -> None:
    flags = argparse.ArgumentParser(description=__doc__)
    flags.add_argument("--listen_addr", default="127.0.0.1:12345", metavar="HOST:PORT|unix:PATH")
    flags.add_argument(
        "--timeout", type=float, default=60, metavar="SECONDS", help="to wait for the array"
    )
    flags.add_argument("--exit_after_verify", action="store_true")
    args = flags.parse_args()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        with lend(args.listen_addr) as server, remote_dram.connect(server) as store:
            print(f"ready: {server.address}, incarnation {server.incarnation:016x}", flush=True)
            deadline = time.monotonic() + args.timeout
            while store.stat("complete") is None:
                if time.monotonic() > deadline:
                    raise TimeoutError(f'no client wrote the key "complete" within {args.timeout:g} s')
                time.sleep(0.02)
            verify(store)
            while not args.exit_after_verify:
                time.sleep(1)
    except (remote_dram.Error, TimeoutError, ValueError) as error:
        sys.exit(f"FAILED: {error}")


if __name__ == "__main__":
    main()
