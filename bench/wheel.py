#!/usr/bin/env python3
"""The bench's TensorStore process: runs one lap of reads or writes for each line that it receives on standard input.

Usage: wheel.py NAME=TARGET...      started by remote_dram_bench; each TARGET is a gateway's gRPC address, but that of
                                    `ours_in_python` is our server's, for a gateway in this process

A line is: CONTENDER get|put BYTES IN_FLIGHT WARM_UP_US WINDOW_US OPERATIONS_MIN. The answer is the figures of the
lap: p50 and p99 in microseconds, GB/s, operations/s. Beside the gateways, there are two contenders with the wheel's
own drivers: `file`, on a tmpfs, and `memory`. A read that returns wrong bytes ends the program.

Comparing a value with what was written can take longer than reading it, for the wheel first makes Python bytes of it.
So that no figure counts this, values are compared only while nothing is under way: with one operation in flight after
each read, with several after the lap, the last value that each of them brought.
"""

import math
import os
import sys
import tempfile
import time
from collections import deque

import tensorstore as ts

PART_BYTES = 1 << 20
PART = bytes(i % 251 for i in range(PART_BYTES))  # as in bench/wheel/wheel.h
STATIC = "static"  # the static gateway stores nothing, so there is nothing to read back
IN_PYTHON = "ours_in_python"
SERVER_CPU = 0  # kServerCpu in bench/process.h


class Lap:
    """Like the bench's own Lap (bench/statistics.h): a window opens and closes with a completion."""

    def __init__(self, in_flight: int, warm_up_us: int, window_us: int, operations_min: int) -> None:
        self.in_flight = in_flight
        self.opens = time.perf_counter() + warm_up_us / 1e6
        self.window = window_us / 1e6
        self.operations_min = operations_min
        self.opened = self.closed = 0.0
        self.seconds: list[float] = []

    def record(self, started: float) -> bool:
        now = time.perf_counter()
        if self.closed:
            return False
        if not self.opened:
            if now >= self.opens:
                self.opened = now
            return True
        self.seconds.append(now - started)
        if now - self.opened >= self.window and len(self.seconds) >= self.operations_min:
            self.closed = now
        return not self.closed

    def figures(self, size: int) -> str:
        ordered = sorted(self.seconds)
        p50, p99 = (ordered[math.ceil(q * len(ordered)) - 1] * 1e6 for q in (0.5, 0.99))
        # With one in flight, the window also contains the comparisons between the reads.
        rate = len(ordered) / (sum(ordered) if self.in_flight == 1 else self.closed - self.opened)
        return f"{p50} {p99} {rate * size / 1e9} {rate}"


class Contender:
    def __init__(self, name: str, spec: dict) -> None:
        self.name = name
        self.store = ts.KvStore.open(spec).result()
        self.stored_size = 0

    def run(self, verb: str, size: int, lap: Lap) -> None:
        value = PART * (size // PART_BYTES)
        key = f"{size}/{verb}"
        if verb == "get" and self.name != STATIC and self.stored_size != size:
            self.store.write(key, value).result()
            self.stored_size = size
        begin = (lambda: self.store.read(key)) if verb == "get" else (lambda: self.store.write(key, value))
        under_way = deque((time.perf_counter(), begin()) for _ in range(lap.in_flight))
        unchecked = []
        is_open = True
        while under_way:
            started, future = under_way.popleft()
            result = future.result()
            is_open = lap.record(started) and is_open
            if verb == "get":
                self.require(result.state == "value", "no value")
                if lap.in_flight == 1 or not is_open:
                    unchecked.append(result)
            if not under_way:
                self.require(all(read.value == value for read in unchecked), "other bytes")
                unchecked.clear()
            if is_open:
                under_way.append((time.perf_counter(), begin()))
        if verb == "put" and self.name != STATIC:
            self.require(self.store.read(key).result().value == value, "other bytes")

    def require(self, holds: bool, otherwise: str) -> None:
        if not holds:
            sys.exit(f"wheel.py: {self.name} has {otherwise}")


def gateway_spec(name: str, target: str) -> dict:
    if name != IN_PYTHON:
        return {"driver": "tsgrpc_kvstore", "address": target}
    import remote_dram  # not every Python that has TensorStore has our package, too

    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {SERVER_CPU})  # the gateway's threads inherit it: every gateway runs there
    spec = remote_dram.connect(target).kvstore_spec()
    os.sched_setaffinity(0, own)
    return spec


def main() -> None:
    gateways = dict(argument.split("=", 1) for argument in sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="remote_dram_bench.", dir="/dev/shm") as folder:
        specs = {name: gateway_spec(name, target) for name, target in gateways.items()}
        specs |= {"file": {"driver": "file", "path": folder + "/"}, "memory": {"driver": "memory"}}
        contenders = {name: Contender(name, spec) for name, spec in specs.items()}
        print("ready", flush=True)
        for line in sys.stdin:
            name, verb, *numbers = line.split()
            size, *pace = map(int, numbers)
            lap = Lap(*pace)
            contenders[name].run(verb, size, lap)
            print(lap.figures(size), flush=True)


if __name__ == "__main__":
    main()
