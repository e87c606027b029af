"""A cable that is cut for a while: calls wait, succeed in the end, and every write is applied once."""

from __future__ import annotations

import signal
import sys
import time

import pytest
from deaths import SERVER
from namespaces import SERVER_ADDRESS, TwoNamespaces, why_not
from programs import Programs

# Each write is conditional on the one before, so a write that is applied twice, or lost, makes the next one fail.
WRITER = """
import sys, time, remote_dram
client = remote_dram.connect(sys.argv[1], path="tcp", timeout=60)
generation, number, slowest = remote_dram.Generation.MISSING, 0, 0.0
end = time.monotonic() + float(sys.argv[2])
print("writing", flush=True)
while time.monotonic() < end:
    began = time.monotonic()
    generation = client.put("counter", b"%d" % number, if_generation=generation)
    value = client.get("counter")
    assert value == b"%d" % number and value.generation == generation
    slowest = max(slowest, time.monotonic() - began)
    number += 1
assert client.stat_server().sequence == number, "a write was applied twice"
print(f"wrote {number}, slowest {slowest:.2f} s", flush=True)
"""


# After 2 s, TCP continues by itself. After 14 s, both ends have given up the connection (they do so after 10 s).
@pytest.mark.skipif(bool(why_not()), reason=why_not())
@pytest.mark.parametrize("seconds", [2, 14])
def test_a_partition_that_heals_costs_time_and_nothing_else(programs: Programs, seconds: int) -> None:
    with TwoNamespaces() as namespaces:
        listen = f"{SERVER_ADDRESS}:12345"
        server = programs.start(*namespaces.server, sys.executable, "-c", SERVER, listen)
        server.await_line("^ready ")
        writer = programs.start(*namespaces.client, sys.executable, "-c", WRITER, listen, str(seconds + 8))
        writer.await_line("^writing")
        namespaces.cut()
        time.sleep(seconds)  # how long the partition lasts
        namespaces.mend()
        assert writer.end() == 0, writer.text
        slowest = float(writer.await_line(r"slowest ([0-9.]+) s")[1])
        assert seconds <= slowest < seconds + 8, writer.text
        server.kill(signal.SIGTERM)
