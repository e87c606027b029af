"""Clients of other users and in containers, which share only one Unix socket with the server."""

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

NOBODY = 65534
RUN_SECONDS_MAX = 60
LANES = "ring/memory"

# A process that changes its user loses unshare's --kill-child, and would outlive the test without --pdeathsig.
AS_NOBODY = ("setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--pdeathsig", "KILL", "--clear-groups")
FORKED = ("--pid", "--fork", "--kill-child", "--mount-proc")
# Command prefixes that run a command elsewhere: as another user, or in other namespaces.
ELSEWHERE = {
    "another user": AS_NOBODY,
    "a PID namespace": ("unshare", *FORKED),
    "a network namespace": ("unshare", "--net"),
    "PID and network namespaces": ("unshare", "--net", *FORKED),
    "a user namespace": ("unshare", "--user", "--map-root-user"),
    "another user's user namespace": (*AS_NOBODY, "unshare", "--user", "--map-root-user"),
    "its own /dev/shm": ("unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /dev/shm && exec "$0" "$@"'),
    "a container of another user": ("unshare", "--net", "--ipc", "--uts", *FORKED, *AS_NOBODY),
}


def why_not(before):
    """Why commands with this prefix cannot run here; empty if they can."""
    if os.geteuid() != 0:
        return "only root can be another user, and make namespaces"
    if not shutil.which(before[0]):
        return f"there is no {before[0]} (Debian's util-linux)"
    made = subprocess.run([*before, "true"], capture_output=True, text=True, check=False)
    return made.stderr.strip() or "it cannot be made here" if made.returncode != 0 else ""


def before_or_skip(where):
    before = ELSEWHERE[where]
    if reason := why_not(before):
        pytest.skip(reason)
    return before


@pytest.fixture(params=ELSEWHERE)
def elsewhere(request):
    """The prefix of a command that is to run elsewhere."""
    return before_or_skip(request.param)


@pytest.fixture
def shared(shell):
    """The shell, in a directory that all users can write, with a program that all users can run."""
    shell.runtime_dir.chmod(0o777)
    shell.program = shutil.copy(shell.program, shell.runtime_dir / "remote-dram")
    return shell


class Client:
    """Runs commands on a server, given as the path of its socket or its address, with a prefix that says where."""

    def __init__(self, shell, server, before=()):
        self._shell, self._before = shell, before
        self._address = f"unix:{server}" if isinstance(server, Path) else server

    def run(self, *arguments, stdin=b""):
        command = [*self._before, self._shell.program, *arguments, "--server", self._address]
        environment = self._shell.environment
        return subprocess.run(
            command, env=environment, input=stdin, capture_output=True, timeout=RUN_SECONDS_MAX, check=False
        )

    def ok(self, *arguments, stdin=b""):
        run = self.run(*arguments, stdin=stdin)
        assert run.returncode == 0, run.stderr.decode()
        assert run.stderr == b"", run.stderr.decode()
        return run.stdout

    def fails(self, *arguments):
        run = self.run(*arguments)
        assert run.returncode == 5, run.stderr.decode()
        return run.stderr.decode()

    def path(self, *arguments):
        return re.search(r"^path +(.*)$", self.ok("stat", *arguments).decode(), re.MULTILINE)[1]


def use_every_verb(client, *flags):
    small, large = b"small", os.urandom(5_000_000)
    client.ok("put", "a/small", *flags, stdin=small)
    client.ok("put", "a/large", *flags, stdin=large)
    assert client.ok("get", "a/small", *flags) == small
    assert client.ok("get", "a/large", *flags) == large
    assert client.ok("get", "a/large", "--range", "-100:", *flags) == large[-100:]
    assert client.ok("ls", *flags) == b"a/large\na/small\n"
    assert client.ok("cp", "--prefix", "a/", "b/", *flags) == b"2 keys copied\n"
    client.ok("rm", "b/large", *flags)
    assert client.run("get", "b/large", *flags).returncode == 1
    assert client.ok("rm", "--prefix", "", *flags) == b"3 keys deleted\n"


def serve(shell, *flags, before=(), mode="0666"):
    path = shell.runtime_dir / "socket"
    shell.serve("--socket", path, "--socket-mode", mode, "--memory-limit", "64MiB", *flags, before=before)
    return path


def test_clients_from_elsewhere_have_every_verb(shared, elsewhere):
    client = Client(shared, serve(shared), elsewhere)
    assert client.path() == f"mapped ({LANES})"
    use_every_verb(client)


@pytest.mark.parametrize("mode", [0o755, 0o700, 0o777])
def test_nobody_poses_as_the_server_of_another_user(shared, mode):
    before = before_or_skip("another user")
    del shared.environment["XDG_RUNTIME_DIR"]  # the default socket is then in a directory below /tmp, which anybody may make
    directory = Path(f"/tmp/remote_dram-{NOBODY}")
    directory.mkdir()
    try:
        directory.chmod(mode)
        shared.serve("--socket", directory / "remote_dram.sock", "--socket-mode", "0666" if mode & 0o11 else "0600")
        for server in ([], ["--server", f"unix:{directory / 'remote_dram.sock'}"]):
            command = [*before, shared.program, "put", "secret", *server]
            put = subprocess.run(
                command, env=shared.environment, input=b"value", capture_output=True, timeout=RUN_SECONDS_MAX
            )
            assert put.returncode == 5 and f"{directory} is not this user's alone" in put.stderr.decode(), put
    finally:
        shutil.rmtree(directory)


def test_a_server_elsewhere_has_every_verb_for_clients_from_here(shared, elsewhere):
    client = Client(shared, serve(shared, before=elsewhere))
    assert client.path() == f"mapped ({LANES})"
    use_every_verb(client)


@pytest.mark.parametrize("where", ["another user", "a PID namespace", "another user's user namespace"])
def test_who_comes_through_tcp_maps_a_server_without_a_socket_of_its_own(shared, where):
    before = before_or_skip(where)
    server = shared.serve("--listen", "127.0.0.1:0", "--memory-limit", "64MiB")
    client = Client(shared, *server.addresses, before)
    assert client.path() == f"mapped ({LANES})"
    use_every_verb(client)


def test_who_may_not_open_the_socket_does_not_map_through_tcp_either(shared):
    if reason := why_not(AS_NOBODY):
        pytest.skip(reason)
    path = serve(shared, "--listen", "127.0.0.1:0", mode="0600")
    by_tcp = next(each for each in shared.started[-1].addresses if not each.startswith("unix:"))
    assert Client(shared, by_tcp).path() == f"mapped ({LANES})"
    assert Client(shared, by_tcp, AS_NOBODY).path() == "tcp (tcp/lo)"
    assert Client(shared, path).path() == f"mapped ({LANES})"


def test_reads_by_message_come_from_elsewhere_too(shared, elsewhere):
    client = Client(shared, serve(shared), elsewhere)
    assert client.path("--path", "socket") == "socket (ring/memory)"
    use_every_verb(client, "--path", "socket")


@pytest.mark.parametrize("where", ["a network namespace", "its own /dev/shm"])
def test_shared_memory_of_ucx_leads_from_some_of_them(shared, where):
    client = Client(shared, serve(shared), before_or_skip(where))
    assert client.path("--path", "shm") == "shm (posix/memory cma/memory)"
    use_every_verb(client, "--path", "shm")


def test_those_who_have_only_the_socket_need_no_common_mount(shared):
    """As in a container: the directory is bind-mounted at another place of another mount namespace."""
    bound = ("unshare", "--mount", "--net", "--ipc", *FORKED, "sh", "-c", 'mount --bind "$1" /mnt && shift && exec "$@"', "sh")
    before = (*bound, str(shared.runtime_dir))
    if reason := why_not(before):
        pytest.skip(reason)
    path = serve(shared)
    client = Client(shared, Path("/mnt") / path.name, before)
    assert client.path() == f"mapped ({LANES})"
    use_every_verb(client)


def test_others_see_what_each_of_them_wrote(shared):
    if reason := why_not(AS_NOBODY):
        pytest.skip(reason)
    path = serve(shared)
    root, nobody = Client(shared, path), Client(shared, path, AS_NOBODY)
    root.ok("put", "a", stdin=b"of root")
    assert nobody.ok("get", "a") == b"of root"
    nobody.ok("put", "a", stdin=b"of nobody")
    assert root.ok("get", "a") == b"of nobody"


def test_no_port_is_open_for_them(shared):
    """UCX trusts every peer that reaches one of its ports, so a server has such ports only if its user asked for them."""
    if reason := why_not(AS_NOBODY):
        pytest.skip(reason)
    path = serve(shared)
    Client(shared, path, AS_NOBODY).ok("put", "a", stdin=b"value")
    pid = shared.started[-1].pid
    opened = {os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")}
    tables = [open(f"/proc/{pid}/net/{table}").read() for table in ("tcp", "udp")]
    inodes = {line.split()[9] for table in tables for line in table.splitlines()[1:]}
    assert not opened & {f"socket:[{inode}]" for inode in inodes}


def test_what_cannot_be_says_why_and_what_can(shared):
    network = ("unshare", "--net", *AS_NOBODY)
    if reason := why_not(network):
        pytest.skip(reason)
    path = serve(shared, "--listen", "127.0.0.1:0")
    client = Client(shared, path, network)
    by_shm, by_tcp = client.fails("stat", "--path", "shm"), client.fails("stat", "--path", "tcp")
    assert f"unix:{path} cannot be reached through shared memory" in by_shm and "as another user" in by_shm, by_shm
    assert f"unix:{path} cannot be reached over TCP: no network device" in by_tcp and "127.0.0.1" in by_tcp, by_tcp
    for message in (by_shm, by_tcp):
        assert "choose another path, or auto" in message and message.count("\n") == 1, message
    assert client.path() == f"mapped ({LANES})"


# ---------------------------------------------------------------- who may open the socket


def test_a_socket_is_its_users_alone_unless_it_was_opened(shared):
    if reason := why_not(AS_NOBODY):
        pytest.skip(reason)
    client = Client(shared, serve(shared, mode="0600"), AS_NOBODY)
    message = client.fails("stat")
    assert "PERMISSION_DENIED" in message and "permission denied" in message, message


def test_the_mode_opens_the_socket_whatever_the_umask_is(shared):
    path = serve(shared, mode="0660", before=("sh", "-c", 'umask 077 && exec "$0" "$@"'))
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
    assert stat.S_IMODE(path.with_suffix(".lock").stat().st_mode) == 0o600


def test_a_group_may_come_and_nobody_else(shared):
    member = (*AS_NOBODY[:-1], "--groups", str(NOBODY - 1))
    if reason := why_not(member):
        pytest.skip(reason)
    path = serve(shared, mode="0660")
    os.chown(path, -1, NOBODY - 1)
    Client(shared, path, member).ok("put", "a", stdin=b"value")
    assert "PERMISSION_DENIED" in Client(shared, path, AS_NOBODY).fails("get", "a")


def test_a_mode_that_opens_a_socket_in_a_closed_directory_is_refused(shell):
    message = shell.fails(2, "serve", "--socket-mode", "0660")
    assert "opens" in message and "0700" in message and "put the socket elsewhere" in message, message
