"""The table of semantics, test/semantics.json, through a Client in Python, the command line, and stock TensorStore.

The table says what a door cannot express, and why. Anything else that a door cannot express is a failure here.
"""

import inspect
import os
from pathlib import Path

import pytest
import remote_dram as rd
from conftest import PROGRAM
from semantics_doors import GatewayDoor, PythonDoor
from semantics_shell import ShellDoor
from semantics_table import Cannot, Table, TableError, Witness

TABLE = Table(Path(__file__).with_name("semantics.json"))
DOORS = {"python": PythonDoor, "gateway": GatewayDoor, "cli": lambda address: ShellDoor(PROGRAM, address)}
BYTES = {"key", "value", "prefix", "begin", "end", "after", "to"}
CONDITIONS = {"if": "if_", "unless": "unless", "while": "while_"}
COUNTS = {"room", "entries_max", "strip_bytes"}
PLAIN = {"do", "stat", "at_one_instant", "all_pages", "timeout_ms", "cancel"}


class Run:
    """Runs the steps of a case through a door."""

    def __init__(self, door, table=TABLE):
        self._door, self._table = door, table
        self._witness = Witness(table, door.name)

    def steps(self, steps, within=""):
        for number, step in enumerate(steps, 1):
            self._step(dict(step), f"{within}step {number} ({step['do']})")

    def _step(self, step, where):
        do, expect, bind = (step.pop(name, None) for name in ("do", "expect", "bind"))
        verb = getattr(self._door, do.replace(" ", "_"), None)
        if verb is None:
            raise Cannot(f"{where}: no such verb")
        arguments, asked = self._arguments(step, where)
        try:
            inspect.signature(verb).bind(**arguments)
        except TypeError as wrong:
            raise Cannot(f"{where}: {wrong}") from None
        try:
            answer = verb(**arguments)
        except self._door.errors as error:
            answer = self._door.failure(error)
        self._witness.check(answer, expect, bind, where)
        each = answer.get("each", [])
        assert "error" in answer or len(each) == len(asked), f"{where}: {len(each)} answers to {len(asked)} operations"
        for number, (operation, found) in enumerate(zip(asked, each), 1):
            self._witness.check(found, *operation, f"{where}, operation {number}")
            if do != "transact":  # a transaction's operations share one generation
                self._witness.saw(found)
        self._witness.saw(answer, *each)

    def _arguments(self, step, where):
        """The arguments for the door's method; and for each operation in them, what it expects and binds."""
        arguments, asked = {}, []
        for name, node in step.items():
            if name == "operations":
                arguments[name] = [each for operation in node for each in self._operation(operation, asked, where)]
            elif name == "meanwhile":
                arguments[name] = lambda: self.steps(step["meanwhile"], f"{where}, meanwhile ")
            elif name == "range":
                arguments[name] = tuple(self._table.count(bound) for bound in node)
            elif name in BYTES:
                arguments[name] = self._table.bytes(node)
            elif name in CONDITIONS:
                arguments[CONDITIONS[name]] = self._witness.condition(node)
            elif name in COUNTS:
                arguments[name] = self._table.count(node)
            elif name in PLAIN:
                arguments[name] = node
            else:
                raise TableError(f"{where}: nobody knows {name!r}")
        return arguments, asked

    def _operation(self, operation, asked, where):
        operation = dict(operation)
        expected = operation.pop("expect", None), operation.pop("bind", None)
        numbered = operation.pop("numbered", None)
        made, _ = self._arguments(operation, where)
        for number in range(1 if numbered is None else self._table.count(numbered)):
            asked.append(expected)
            yield made if numbered is None else {**made, "key": made["key"] + str(number).encode()}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    path = tmp_path_factory.mktemp("semantics") / "socket"
    memory, value = TABLE.limits["memory_limit_bytes"], TABLE.limits["server_value_bytes_max"]
    with rd.Server(socket_path=os.path.relpath(path), memory_limit=memory, value_limit=value) as server:
        yield server


@pytest.fixture(scope="module", params=DOORS)
def door(request, server):
    door = DOORS[request.param](server.address)
    yield door
    door.close()


@pytest.fixture
def empty(server):
    with rd.connect(server) as client:
        client.delete_range("")


@pytest.mark.parametrize("name", TABLE.cases)
def test_case(door, empty, name):
    case = TABLE.cases[name]
    if why := TABLE.why_not(door.name, case):
        pytest.skip(f"{door.name}: {why}")
    try:
        Run(door).steps(case["steps"])
    except Cannot as what:
        pytest.fail(f"the door cannot express it, and the table does not say so: {what}", pytrace=False)


ONE = {"do": "put", "key": "a", "value": "one", "bind": "g"}


@pytest.mark.parametrize(
    "step, wrong, says",
    [
        ({"do": "get", "key": "a", "expect": {"state": "missing"}}, AssertionError, "state is value"),
        ({"do": "get", "key": "a", "expect": {"value": "two"}}, AssertionError, "value is b'one'"),
        ({"do": "get", "key": "a", "expect": {"value_bytes": 4}}, AssertionError, "value_bytes is 3"),
        ({"do": "get", "key": "a", "expect": {"generation": "new"}}, AssertionError, "generation is"),
        ({"do": "get", "key": "b", "expect": {"generation": "g"}}, AssertionError, "generation is"),
        ({"do": "get", "key": "a", "expect": {"sise": 3}}, Cannot, "an answer without 'sise'"),
        ({"do": "get", "key": "a", "range": [0, 9], "expect": {"state": "value"}}, AssertionError, "OUT_OF_RANGE"),
        ({"do": "get", "key": "a", "range": [0, 9], "expect": {"error": "OUT_OF_RANGE", "says": "x"}},
         AssertionError, "does not say 'x'"),
        ({"do": "get", "key": "a", "expect": {"error": "INTERNAL", "says": ""}}, AssertionError, "INTERNAL"),
        ({"do": "get", "key": "a", "rnage": [0, 1]}, TableError, "nobody knows 'rnage'"),
        ({"do": "get", "key": "a", "cancel": "before"}, Cannot, "unexpected keyword argument 'cancel'"),
        ({"do": "put", "key": "a", "value": "two", "if": "missing"}, AssertionError, "condition failed"),
        ({"do": "list", "prefix": "", "expect": {"entries": ["a", "b"]}}, AssertionError, "entries is"),
        ({"do": "list", "prefix": "", "expect": {"entries": ["b"]}}, AssertionError, "entries is"),
        ({"do": "fetch", "key": "a"}, Cannot, "no such verb"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_wrong_is_noticed(door, empty, step, wrong, says):
    with pytest.raises(wrong, match=says):
        Run(door).steps([ONE, step])


@pytest.mark.parametrize("name", ["python", "cli"])
def test_what_is_wrong_with_one_of_many_is_noticed(server, empty, name):
    door = DOORS[name](server.address)
    wrong = {"do": "check", "key": "a", "if": "missing", "expect": {"matched": True}}
    steps = [ONE, {"do": "transact", "operations": [wrong], "expect": {"state": "condition failed"}}]
    with pytest.raises(AssertionError, match="operation 1: matched is False"):
        Run(door).steps(steps)
    late = {"do": "wait", "key": "a", "meanwhile": [{"do": "delete", "key": "a"}]}
    with pytest.raises(AssertionError, match="did not wait"):
        Run(door).steps([ONE, late])
    door.close()


def test_every_door_of_the_table_is_gone_through():
    """test/semantics/semantics_test.cc goes through the doors of C++, this file through the others."""
    assert TABLE.doors.keys() == {"local", "tcp", "shm", "mapped", "socket"} | DOORS.keys()
