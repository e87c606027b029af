#!/usr/bin/env python3
"""The bench's TensorStore process: runs one lap of reads or writes for each line that it receives on standard input.

Usage: wheel.py NAME=TARGET...      started by remote_dram_bench; each TARGET is a gateway's gRPC address

A line is: CONTENDER get|put BYTES IN_FLIGHT WARM_UP_US WINDOW_US OPERATIONS_MIN. The answer is the figures of the
lap: p50 and p99 in microseconds, GB/s, operations/s. Beside the gateways, there are two contenders with the wheel's
own drivers: `file`, on a tmpfs, and `memory`. A read that returns wrong bytes ends the program.
"""

import math
import sys
import tempfile
import time
from collections import deque

import tensorstore as ts

PART_BYTES = 1 << 20
PART = bytes(i % 251 for i in range(PART_BYTES))  # as in bench/wheel/wheel.h
STATIC = "static"  # the static gateway stores nothing, so there is nothing to read back


class Lap:
    """Like the bench's own Lap (bench/statistics.h): a window opens and closes with a completion."""

    def __init__(self, warm_up_us: int, window_us: int, operations_min: int) -> None:
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
        rate = len(ordered) / (self.closed - self.opened)
        return f"{p50} {p99} {rate * size / 1e9} {rate}"


class Contender:
    def __init__(self, name: str, spec: dict) -> None:
        self.name = name
        self.store = ts.KvStore.open(spec).result()
        self.stored_size = 0

    def run(self, verb: str, size: int, in_flight: int, lap: Lap) -> None:
        value = PART * (size // PART_BYTES)
        key = f"{size}/{verb}"
        if verb == "get" and self.name != STATIC and self.stored_size != size:
            self.store.write(key, value).result()
            self.stored_size = size
        begin = (lambda: self.store.read(key)) if verb == "get" else (lambda: self.store.write(key, value))
        under_way = deque((time.perf_counter(), begin()) for _ in range(in_flight))
        is_open = True
        while under_way:
            started, future = under_way.popleft()
            last = future.result()
            is_open = lap.record(started) and is_open
            if verb == "get" and len(last.value) != size:
                sys.exit(f"wheel.py: {self.name} read another value")
            if is_open:
                under_way.append((time.perf_counter(), begin()))
        if verb == "put" and self.name != STATIC:
            last = self.store.read(key).result()
        if (verb == "get" or self.name != STATIC) and last.value != value:
            sys.exit(f"wheel.py: {self.name} has other bytes")


def main() -> None:
    gateways = dict(argument.split("=", 1) for argument in sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="remote_dram_bench.", dir="/dev/shm") as folder:
        specs = {name: {"driver": "tsgrpc_kvstore", "address": target} for name, target in gateways.items()}
        specs |= {"file": {"driver": "file", "path": folder + "/"}, "memory": {"driver": "memory"}}
        contenders = {name: Contender(name, spec) for name, spec in specs.items()}
        print("ready", flush=True)
        for line in sys.stdin:
            name, verb, *numbers = line.split()
            size, in_flight, *pace = map(int, numbers)
            lap = Lap(*pace)
            contenders[name].run(verb, size, in_flight, lap)
            print(lap.figures(size), flush=True)


if __name__ == "__main__":
    main()
