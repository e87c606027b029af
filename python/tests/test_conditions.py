"""Conditions on generations, and the exception of a failed condition."""

from __future__ import annotations

from typing import Any

import pytest
import remote_dram as rd


def test_every_write_has_a_new_generation(client: rd.Client) -> None:
    first = client.put("key", b"1")
    client.delete("key")
    second = client.put("key", b"1")
    value = client.get("key")
    assert first != second and value is not None and value.generation == second


def test_if_absent_writes_once(client: rd.Client) -> None:
    client.put("key", b"1", if_absent=True)
    with pytest.raises(rd.ConditionFailed, match="'key': the key exists"):
        client.put("key", b"2", if_absent=True)
    assert client.get("key") == b"1"


def test_if_generation_writes_only_over_that_version(client: rd.Client) -> None:
    first = client.put("key", b"1")
    client.put("key", b"2", if_generation=first)
    with pytest.raises(rd.ConditionFailed):
        client.put("key", b"3", if_generation=first)
    assert client.get("key") == b"2"


def test_if_generation_deletes_only_that_version(client: rd.Client) -> None:
    first = client.put("key", b"1")
    second = client.put("key", b"2")
    with pytest.raises(rd.ConditionFailed):
        client.delete("key", if_generation=first)
    client.delete("key", if_generation=second)
    assert client.get("key") is None


def test_a_read_can_ask_for_one_version_or_for_another(client: rd.Client) -> None:
    first = client.put("key", b"1")
    assert client.get("key", if_generation=first) == b"1"
    with pytest.raises(rd.ConditionFailed) as unchanged:
        client.get("key", if_not_generation=first)
    assert unchanged.value.generation == first
    second = client.put("key", b"2")
    assert client.get("key", if_not_generation=first) == b"2"
    with pytest.raises(rd.ConditionFailed) as changed:
        client.get("key", if_generation=first)
    assert changed.value.generation == second


def test_a_missing_key_is_none_whatever_the_condition(client: rd.Client) -> None:
    generation = client.put("key", b"1")
    client.delete("key")
    assert client.get("key", if_generation=generation) is None


def test_two_conditions_at_once_are_refused(client: rd.Client) -> None:
    generation = client.put("key", b"1")
    with pytest.raises(TypeError):
        client.put("key", b"2", if_absent=True, if_generation=generation)


def test_a_generation_survives_its_byte_form(client: rd.Client) -> None:
    generation = client.put("key", b"1")
    again = rd.Generation.from_bytes(bytes(generation))
    assert again == generation and hash(again) == hash(generation) and again != rd.Generation.MISSING
    assert bytes.fromhex(generation.hex()) == bytes(generation)
    client.delete("key", if_generation=again)


@pytest.mark.parametrize("mistake", ["", b"", 0, False, [], b"0123"], ids=repr)
def test_what_is_no_generation_is_refused_instead_of_ignored(client: rd.Client, mistake: Any) -> None:
    client.put("key", b"1")
    calls = [
        lambda: client.put("key", b"2", if_generation=mistake),
        lambda: client.delete("key", if_generation=mistake),
        lambda: client.get("key", if_generation=mistake),
        lambda: client.write_many([rd.Put("key", b"2", if_generation=mistake)]),
        lambda: client.transact([rd.Delete("key", if_generation=mistake)]),
        lambda: client.get_many([rd.Read("key", if_generation=mistake)]),
    ]
    for call in calls:
        with pytest.raises(TypeError, match="if_generation is a Generation or None"):
            call()
    with pytest.raises(TypeError, match="if_not_generation is a Generation or None"):
        client.get("key", if_not_generation=mistake)
    assert client.get("key") == b"1"
