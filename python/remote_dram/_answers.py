"""What the calls of a Client answer, apart from values."""

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
    """What became of one operation of a transaction that was not applied."""

    matched: bool  # its condition held
    generation: Generation  # its key's current version; MISSING if there is none, and for a range


class ServerStat(NamedTuple):
    """What a server says of itself, and of this connection."""

    version: str
    incarnation: int  # random, new with every start
    sequence: int  # mutations so far
    keys: int
    memory_bytes: int  # keys, values and overhead, as counted against the limit
    memory_limit_bytes: int
    connections: int
    uptime: float  # seconds
    address: str  # as this client reaches it
    path: str  # how this client's data travels: "local", "mapped", "shm", "socket" or "tcp"
    lanes: str  # the transports in use, of UCX and others; empty if local
