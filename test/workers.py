"""The functions that multiprocessing workers run; a separate module, because spawned workers import it."""

from __future__ import annotations

import remote_dram

parents: remote_dram.Client | None = None  # the parent's client, which a forked worker inherits


def use_the_parents_client(_: str) -> str:
    assert parents is not None
    try:
        return str(parents.get("key"))
    except RuntimeError as error:
        return str(error)


def use_a_client_of_its_own(address: str) -> str:
    with remote_dram.connect(address) as client:
        value = client.get("key")
        return "missing" if value is None else bytes(value).decode()
