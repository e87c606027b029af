"""test/semantics.json for the doors in Python: parses its literals, and compares answers with its expectations.

The table itself explains its notation. Generations are in their byte form here: b"" is unknown, b"\\2" is missing. The
answer for a missing key or a failed condition has the generation that the door's user can conclude from it: MISSING or
UNKNOWN.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Iterator

import numpy as np

UNKNOWN, MISSING = b"", b"\2"
BYTES_MAX = 1 << 30  # the largest value that the tests hold in one piece


class TableError(Exception):
    """An error in the table."""


class Cannot(Exception):
    """The door cannot express this, and the table does not say so."""


def words_of(node: Any, verb: str = "") -> Iterator[str]:
    """The verbs and arguments that steps use: "get", "range", "get range"."""
    if isinstance(node, list):
        for each in node:
            yield from words_of(each, verb)
    elif isinstance(node, dict):
        verb = node.get("do", verb)
        for name, value in node.items():
            yield from [value] if name == "do" else [name, f"{verb} {name}"]
            if name != "expect":
                yield from words_of(value, verb)


class Table:
    def __init__(self, path: Path) -> None:
        table = json.loads(path.read_text(encoding="utf-8"))
        self.limits: dict[str, int] = table["limits"]
        self.doors: dict[str, dict[str, Any]] = table["doors"]
        self.cases: dict[str, dict[str, Any]] = {case["name"]: case for case in table["cases"]}

    def why_not(self, door: str, case: dict[str, Any]) -> str:
        """Why this door cannot express this case; empty if it can."""
        if door in case.get("cannot", {}):
            return case["cannot"][door]
        words = set(words_of(case["steps"]))
        said = [f"{word}: {why}" for word, why in self.doors[door].get("cannot", {}).items() if word in words]
        return said[0] if said else ""

    def count(self, node: Any) -> int:
        if isinstance(node, int):
            return node
        parts = re.fullmatch(r"(\w+)(?: / (\d+))?(?: ([+-]) (\d+))?", node)
        if not parts or parts[1] not in self.limits:
            raise TableError(f"{node!r} is no number and no limit")
        count = self.limits[parts[1]] // int(parts[2] or 1)
        return count + int((parts[3] or "+") + (parts[4] or "0"))

    def bytes(self, node: Any) -> bytes:
        if isinstance(node, str):
            return node.encode()
        if "hex" in node:
            return bytes.fromhex(node["hex"])
        if "join" in node:
            return b"".join(map(self.bytes, node["join"]))
        count = self.count(node["times" if "repeat" in node else "bytes"])
        if count > BYTES_MAX:
            raise Cannot(f"{count} bytes in one piece")
        if "repeat" in node:
            return self.bytes(node["repeat"]) * count
        i = np.arange(count, dtype=np.uint64)
        return (node["pattern"] + 131 * i + 17 * (i >> 8) + (i >> 16)).astype(np.uint8).tobytes()


class Witness:
    """The generations that a case has named and seen."""

    def __init__(self, table: Table, door: str) -> None:
        self._table = table
        self._untold: dict[str, str] = table.doors[door].get("untold", {})
        self._reworded: dict[str, str] = table.doors[door].get("reworded", {})
        self._bound: dict[str, bytes] = {"missing": MISSING, "unknown": UNKNOWN}
        self._seen: set[bytes] = set()

    def condition(self, node: Any) -> bytes:
        if isinstance(node, str):
            return self._bound[node]
        if "hex" in node:
            return bytes.fromhex(node["hex"])
        if "cut" in node:
            return self._bound[node["cut"]][: node["bytes"]]
        changed = bytearray(self._bound[node["flip"]])
        changed[node["byte"]] ^= int(node["bits"], 16)
        return bytes(changed)

    def check(self, answer: dict[str, Any], expect: Any, bind: Any, where: str) -> None:
        """Checks one answer, or the answer of one operation in it, and binds its generation."""
        if expect is None:
            assert "error" not in answer, f"{where}: {answer}"
            assert answer.get("state", "applied") == "applied", f"{where}: {answer}"
        elif "error" in expect or "error" in answer:
            self._check_error(answer, expect, where)
        else:
            for name, wanted in expect.items():
                if not {name, f"{name}, {answer.get('state')}"} & self._untold.keys():
                    self._check_field(answer, name, wanted, where)
        if bind is not None:
            if bind in self._bound or bind == "new" or "generation" not in answer:
                raise TableError(f"{where}: there is nothing to bind, or {bind!r} has a meaning")
            self._bound[bind] = answer["generation"]

    def saw(self, *answers: dict[str, Any]) -> None:
        self._seen.update(answer.get("generation", UNKNOWN) for answer in answers)

    def _check_error(self, answer: dict[str, Any], expect: dict[str, Any], where: str) -> None:
        assert answer.get("error") == expect.get("error"), f"{where}: {answer}; wanted {expect}"
        says = [expect["says"]] if isinstance(expect["says"], str) else expect["says"]
        for part in [self._reworded.get(part, part) for part in says]:
            assert part in answer["message"], f"{where}: {answer}; does not say {part!r}"
        if "outcome_unknown" not in self._untold:
            assert answer["outcome_unknown"] == expect.get("outcome_unknown", False), f"{where}: {answer}"

    def _check_field(self, answer: dict[str, Any], name: str, wanted: Any, where: str) -> None:
        if name not in answer:
            raise Cannot(f"{where}: an answer without {name!r}")
        found = answer[name]
        shown = f"{where}: {name} is {str(found)[:200]}; wanted {str(wanted)[:200]}"
        if name == "generation" and wanted == "new":
            assert len(found) > 1 and found not in self._seen, shown
        elif name == "generation":
            assert found == self._bound[wanted], shown
        elif name == "value":
            assert found == self._table.bytes(wanted), shown
        elif name == "entries":
            sized = [entry if isinstance(entry, list) else [entry, None] for entry in wanted]
            entries = [(self._table.bytes(key), size and self._table.count(size)) for key, size in sized]
            assert len(found) == len(entries), shown
            for (key, size), (wanted_key, wanted_size) in zip(found, entries):
                if wanted_size is None or (size is None and "entry bytes" in self._untold):
                    size = wanted_size
                assert (key, size) == (wanted_key, wanted_size), shown
        elif isinstance(found, int) and not isinstance(found, bool):
            assert found == self._table.count(wanted), shown
        else:
            assert found == wanted, shown
