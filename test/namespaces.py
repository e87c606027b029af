"""Two network namespaces on this host, joined by a virtual cable: the nearest substitute for two machines."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time

CARRIER_TIMEOUT = 10  # seconds
SERVER_ADDRESS = "10.213.77.1"
_CLIENT_ADDRESS = "10.213.77.2"


def why_no_loss() -> str:
    """Why packet loss cannot be simulated here; empty if it can."""
    return why_not() or ("" if shutil.which("nft") else "there is no nft tool (Debian's nftables)")


def why_not() -> str:
    """Why network namespaces cannot be made here; empty if they can."""
    if shutil.which("ip") is None:
        return "there is no ip tool (Debian's iproute2)"
    if os.geteuid() != 0:
        return "network namespaces need root"
    name = f"rd-probe-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
    if made.returncode != 0:
        return made.stderr
    used = subprocess.run(["ip", "-n", name, "link", "show"], capture_output=True, text=True)  # not in a chroot
    subprocess.run(["ip", "netns", "delete", name], check=True)
    return used.stderr if used.returncode != 0 else ""


class TwoNamespaces:
    """Creates both namespaces on entry, and deletes them on exit.

    `server` and `client` are command prefixes: a command with such a prefix runs in that namespace.
    """

    def __init__(self) -> None:
        self._names = [f"rd-{end}-{os.getpid()}" for end in ("server", "client")]
        self.server, self.client = (("ip", "netns", "exec", name) for name in self._names)

    def __enter__(self) -> TwoNamespaces:
        try:
            for name in self._names:
                self._ip("netns", "add", name)
            one, other = self._names
            end = ("type", "veth", "peer", "name", "eth0", "netns", other)
            self._ip("link", "add", "name", "eth0", "netns", one, *end)
            for name, address in zip(self._names, (SERVER_ADDRESS, _CLIENT_ADDRESS)):
                self._ip("-n", name, "address", "add", f"{address}/24", "dev", "eth0")
                for device in ("lo", "eth0"):
                    self._ip("-n", name, "link", "set", device, "up")
            for name in self._names:
                self._await_carrier(name)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in self._names:
            subprocess.run(["ip", "netns", "delete", name], stderr=subprocess.DEVNULL)

    def cut(self) -> None:
        """From now on, all packets are lost, and neither end is notified."""
        self._ip("-n", self._names[0], "link", "set", "eth0", "down")

    def mend(self) -> None:
        self._ip("-n", self._names[0], "link", "set", "eth0", "up")
        self._await_carrier(self._names[0])

    def lose(self, percent: int) -> None:
        """From now on, this percentage of the packets that arrive at either end is lost."""
        rule = f"numgen random mod 100 < {percent} counter drop"
        chain = "add table inet lossy; add chain inet lossy in { type filter hook input priority 0; }"
        for name in self._names:
            rules = f"{chain}; add rule inet lossy in iifname eth0 {rule}"
            subprocess.run(["ip", "netns", "exec", name, "nft", rules], check=True)
            # By default, the loss of a single packet costs 200 ms, and a test would mostly wait.
            route = self._output("ip", "-n", name, "route", "show", "dev", "eth0").split()
            self._ip("-n", name, "route", "change", *route, "dev", "eth0", "rto_min", "5ms")

    def lost(self) -> int:
        """The number of packets lost."""
        listing = (self._output("ip", "netns", "exec", name, "nft", "list", "ruleset") for name in self._names)
        return sum(int(count) for text in listing for count in re.findall(r"counter packets (\d+)", text))

    def _await_carrier(self, name: str) -> None:
        # The kernel reports the carrier up to a second late, and UCX relies on that report.
        deadline = time.monotonic() + CARRIER_TIMEOUT
        show = ["ip", "-n", name, "-o", "link", "show", "dev", "eth0"]
        while "state UP" not in subprocess.run(show, check=True, capture_output=True, text=True).stdout:
            if time.monotonic() > deadline:
                raise TimeoutError(f"eth0 in {name} has no carrier after {CARRIER_TIMEOUT} s")
            time.sleep(0.01)

    def _ip(self, *arguments: str) -> None:
        subprocess.run(["ip", *arguments], check=True)

    def _output(self, *command: str) -> str:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
