"""The answers of a Client's calls, except values."""

from __future__ import annotations

from typing import NamedTuple

from ._native import Generation


class Entry(NamedTuple):
    """One key of a listing."""

    key: bytes
    size: int  # of the value, in bytes


class Stat(NamedTuple):
    """One key's version, without its value."""

    generation: Generation
    size: int  # of the value, in bytes


class Outcome(NamedTuple):
    """The outcome of one operation in a transaction that was not applied."""

    matched: bool  # whether its condition held
    generation: Generation  # its key's current version; MISSING if there is none, and for a range


class ServerStat(NamedTuple):
    """The state of a server, and of this client's connection to it."""

    version: str
    incarnation: int  # a random number, new with every start
    sequence: int  # the number of mutations since the start
    keys: int
    memory_bytes: int  # keys, values and overhead, as counted against the limit
    memory_limit_bytes: int
    connections: int
    uptime: float  # seconds
    address: str  # the server's address for this client
    path: str  # the path of this client's data: "local", "mapped", "shm", "socket" or "tcp"
    lanes: str  # the transports in use, of UCX and others; empty if local
