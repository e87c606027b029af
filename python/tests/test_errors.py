"""Failures are exceptions: a class for each code, with a clear message."""

from __future__ import annotations

import os
import pickle
import socket
import stat
from pathlib import Path

import pytest
import remote_dram as rd
from remote_dram import _errors


@pytest.mark.parametrize("code", rd.StatusCode)
def test_every_code_is_an_error_that_can_be_pickled(code: rd.StatusCode) -> None:
    error = _errors.from_status(code.value, "what happened", True)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error) and isinstance(error, rd.Error)
    assert (again.code, again.message, again.outcome_unknown) == (code, "what happened", True)
    assert str(again) == f"{code.name}: what happened"


def test_errors_are_also_what_python_calls_them() -> None:
    assert issubclass(rd.DeadlineExceeded, TimeoutError)
    assert issubclass(rd.Unavailable, ConnectionError)
    assert issubclass(rd.InvalidArgument, ValueError)
    assert issubclass(rd.ConditionFailed, rd.Aborted) and not issubclass(
        rd.ConditionFailed, rd.FailedPrecondition
    )


def test_no_server_is_unavailable_and_names_the_address() -> None:
    with socket.socket() as bound:  # bound, but not listening, so that no other process takes the port
        bound.bind(("127.0.0.1", 0))
        address = "127.0.0.1:%d" % bound.getsockname()[1]
        with pytest.raises(rd.Unavailable, match=address) as failure:
            rd.connect(address)
    assert not failure.value.outcome_unknown


def test_no_socket_is_unavailable_and_names_the_path(tmp_path: Path) -> None:
    with pytest.raises(rd.Unavailable, match="nobody.sock"):
        rd.connect(f"unix:{tmp_path}/nobody.sock")


def test_a_server_that_does_not_answer_ends_in_the_connect_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with pytest.raises(rd.Unavailable, match=r"connect_timeout \(50 ms\)"):
            rd.connect("127.0.0.1:%d" % silent.getsockname()[1], connect_timeout=0.05)


def test_a_taken_port_is_refused_and_named(server: rd.Server) -> None:
    with pytest.raises(rd.Error, match=server.listen_addr):
        rd.Server(server.listen_addr)


def test_a_value_over_the_memory_limit_is_refused_and_nothing_is_lost() -> None:
    with rd.Server(socket_path="", memory_limit="1MiB") as server, rd.connect(server) as client:
        client.put("key", b"value")
        with pytest.raises(rd.ResourceExhausted, match="memory_limit"):
            client.put("large", bytes(2 << 20))
        assert client.get("key") == b"value" and client.get("large") is None


def test_a_key_over_its_limit_is_refused_and_the_limit_is_named(client: rd.Client) -> None:
    with pytest.raises(rd.InvalidArgument, match="key_bytes_max"):
        client.put(b"k" * 4097, b"value")


def test_a_value_over_the_servers_limit_is_refused() -> None:
    with rd.Server(socket_path="", value_limit="1KiB") as server, rd.connect(server) as client:
        client.put("key", bytes(1024))
        with pytest.raises(rd.InvalidArgument, match=r"value_bytes_max \(1024\)"):
            client.put("key", bytes(1025))
        assert client.stat("key") is not None


@pytest.mark.parametrize("timeout", [0, -1, float("inf"), float("nan")])
def test_a_timeout_is_a_number_of_seconds(client: rd.Client, timeout: float) -> None:
    with pytest.raises(ValueError, match="time-out"):
        client.get("key", timeout=timeout)


@pytest.mark.parametrize("timeout", [31_536_000.5, 1e300])
def test_a_timeout_has_a_limit(client: rd.Client, timeout: float) -> None:
    with pytest.raises(ValueError, match=r"timeout_max \(31536000 seconds\)"):
        client.get("key", timeout=timeout)
    assert client.get("key", timeout=31_536_000) is None


@pytest.mark.parametrize("limit", ["", "GiB", "1 G", "8GB", "-1GiB", "1iB", "1e9"])
def test_a_size_without_sense_is_refused(limit: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        rd.Server(socket_path="", memory_limit=limit)


@pytest.mark.parametrize(
    "limit, size", [(4 << 20, 4 << 20), ("4MiB", 4 << 20), ("2.5 MiB", 2_621_440), ("9000000", 9_000_000)]
)
def test_a_size_may_have_a_unit(limit: int | str, size: int) -> None:
    with rd.Server(socket_path="", memory_limit=limit) as server, rd.connect(server) as client:
        assert client.stat_server().memory_limit_bytes == size


@pytest.mark.parametrize("mode", [0o066, 0o1777])
def test_a_mode_of_the_socket_without_sense_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(rd.InvalidArgument, match="0600 to 0777"):
        rd.Server(socket_path=str(tmp_path / "socket"), socket_mode=mode)


def test_the_socket_has_the_mode_that_was_asked_for(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    for mode in (0o600, 0o660):
        with rd.Server(socket_path=str(tmp_path / "socket"), socket_mode=mode) as server:
            assert stat.S_IMODE(os.stat(server.socket_path).st_mode) == mode


def test_an_unknown_path_is_refused(server: rd.Server) -> None:
    with pytest.raises(ValueError, match="auto, mapped, shm, socket, tcp"):
        rd.connect(server.address, path="carrier pigeon")
    with pytest.raises(ValueError, match="without any path"):
        rd.connect(server, path="tcp")
