"""`remote-dram gateway` and `serve --gateway` end to end: stock TensorStore in two processes shares a third one's memory."""

import os
import signal
import stat
import subprocess
import sys

import numpy as np
import pytest
import tensorstore as ts

READER = """
import sys, tensorstore as ts
array = ts.open({"driver": "zarr3", "kvstore": {"driver": "tsgrpc_kvstore", "address": sys.argv[1], "path": "a/"}})
print(array.result().read().result().sum())
"""


def kvstore(target, path=""):
    return {"driver": "tsgrpc_kvstore", "address": target, "path": path}


def create(target):
    spec = {"driver": "zarr3", "kvstore": kvstore(target, "a/")}
    return ts.open(spec, create=True, dtype=ts.float64, shape=[100, 50]).result()


@pytest.mark.parametrize("listen", ["unix", "tcp"])
def test_what_one_program_writes_another_one_reads(shell, listen):
    server = shell.serve("--listen", "127.0.0.1:0")
    addresses = {"unix": [f"unix:{shell.runtime_dir}/{name}" for name in "wr"], "tcp": ["127.0.0.1:0"] * 2}
    writer, reader = (
        shell.start("gateway", "--listen", address, "--server", server.addresses[0]).addresses[0]
        for address in addresses[listen]
    )
    create(writer).write(np.arange(5000.0).reshape(100, 50)).result()
    run = subprocess.run([sys.executable, "-c", READER, reader], capture_output=True, text=True, check=False)
    assert run.stdout == "12497500.0\n", run.stderr
    assert b"a/zarr.json\n" in shell.ok("ls", "a/", "--server", server.addresses[0])


def test_a_listing_of_several_pages_is_whole(shell):
    shell.serve()
    store = ts.KvStore.open(kvstore(shell.start("gateway", "--listen", "127.0.0.1:0").addresses[0])).result()
    keys = [f"{number:04}".ljust(4000, "x") for number in range(600)]  # more than a page of 1 MiB
    for write in [store.write(key, b"") for key in keys]:
        write.result()
    assert shell.ok("ls").decode().splitlines() == keys
    assert store.list().result() == [key.encode() for key in keys]


@pytest.mark.parametrize("on_restart", ["fail", "accept"])
def test_it_fails_after_a_restart_of_its_server_unless_told_to_go_on(shell, on_restart):
    server = shell.serve()
    gateway = shell.start("gateway", "--listen", "127.0.0.1:0", "--on-restart", on_restart)
    store = ts.KvStore.open({**kvstore(gateway.addresses[0]), "tsgrpc_request_retries": {"max_retries": 0}}).result()
    store.write("key", b"value").result()
    server.stop(signal.SIGKILL)
    shell.serve()
    for _ in range(2):  # the first read may fail because the connection broke
        try:
            found = store.read("key").result(timeout=10).state
        except ValueError as error:
            found = str(error)
    assert found == "missing" if on_restart == "accept" else "restarted" in found


def test_its_socket_is_private_and_gone_at_the_end(shell):
    shell.serve()
    path = shell.runtime_dir / "gateway.sock"
    gateway = shell.start("gateway", "--listen", f"unix:{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert gateway.stop(signal.SIGTERM) == 0
    assert not [name for name in os.listdir(shell.runtime_dir) if "gateway" in name]


def test_a_server_has_one_of_its_own(shell):
    path = shell.runtime_dir / "own"
    server = shell.serve("--gateway", f"unix:{path}")
    assert server.line.endswith(f" · gateway unix:{path}")
    create(f"unix:{path}").write(np.ones((100, 50))).result()
    assert b"a/zarr.json\n" in shell.ok("ls", "a/")
    shell.ok("put", "key", stdin=b"value")
    assert ts.KvStore.open(kvstore(f"unix:{path}")).result().read("key").result().value == b"value"
    assert server.stop(signal.SIGTERM) == 0
    assert not path.exists()


def test_a_gateway_of_a_servers_own_refuses_what_the_server_does(shell):
    path = shell.runtime_dir / "own"
    shell.serve("--gateway", f"unix:{path}", "--value-limit", "1KiB")
    store = ts.KvStore.open({**kvstore(f"unix:{path}"), "tsgrpc_request_retries": {"max_retries": 0}}).result()
    with pytest.raises(ValueError, match=r"value_bytes_max \(1024\)"):
        store.write("key", bytes(2000)).result(timeout=10)
    assert store.read("key").result().state == "missing"


def test_it_serves_this_host_only(shell):
    shell.serve()
    for command in (["gateway", "--listen"], ["serve", "--socket", f"{shell.runtime_dir}/other", "--gateway"]):
        assert "127.0.0.1" in shell.fails(2, *command, "0.0.0.0:0")


def test_it_needs_a_server(shell):
    assert "UNAVAILABLE" in shell.fails(3, "gateway", "--listen", "127.0.0.1:0")
