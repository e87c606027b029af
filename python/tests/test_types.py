"""The declared types match the actual ones."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import remote_dram as rd
from remote_dram import _native

USER = """
import numpy as np
import remote_dram as rd

with rd.Server("127.0.0.1:0", memory_limit="1MiB") as server, rd.connect(server, timeout=1) as client:
    generation: rd.Generation = client.put("key", np.zeros(4))
    client.put(b"key", memoryview(b"abc"), if_generation=generation)
    value = client.get("key", range=(0, None), into=np.zeros(4))
    if value is not None:
        array = np.frombuffer(memoryview(value), np.uint8)
        copy: bytes = bytes(value)
        view: memoryview = memoryview(value)
    for read in client.get_many(["key", rd.Read("key", (0, 2))], at_one_instant=True):
        size: int = 0 if read is None else read.whole_size
    answers = client.write_many([rd.Put("a", np.ones(3)), rd.Delete("b")], return_exceptions=True)
    failed: list[rd.Error] = [answer for answer in answers if isinstance(answer, rd.Error)]
    versions: list[rd.Generation] = client.transact([rd.Check("key", generation), rd.DeleteRange("c/")])
    changed = client.wait("key", while_generation=rd.Generation.MISSING, timeout=1)
    names: list[bytes] = [entry.key for entry in client.list("prefix/")]
    path: str = client.stat_server().path
"""


def mypy(*arguments: str, cache: Path) -> str:
    command = [sys.executable, "-m", "mypy", "--strict", f"--cache-dir={cache}", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=cache)
    return "" if ended.returncode == 0 else ended.stdout + ended.stderr


def test_the_package_is_strictly_typed(tmp_path: Path) -> None:
    assert mypy("-p", "remote_dram", cache=tmp_path) == ""


def test_a_users_program_is_strictly_typed(tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text(USER)
    assert mypy("user.py", cache=tmp_path) == ""


def test_a_users_mistake_is_found(tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text(
        USER + '    client.put("key", "text")\n    len(client.get("key"))\n'
    )
    found = mypy("user.py", cache=tmp_path)
    assert 'Argument 2 to "put"' in found and 'Argument 1 to "len"' in found


def arity(function: ast.FunctionDef) -> int:
    return len(function.args.posonlyargs) + len(function.args.args)


def declared_arities(nodes: list[ast.stmt]) -> dict[str, int | None]:
    """The number of parameters of each function that a stub declares; None for other members."""
    found: dict[str, int | None] = {}
    for node in nodes:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = None
        elif isinstance(node, ast.FunctionDef):
            is_property = any(isinstance(d, ast.Name) and d.id == "property" for d in node.decorator_list)
            found[node.name] = None if is_property else arity(node)
    return found


def real_arities(holder: object) -> dict[str, int | None]:
    """The same for the actual members of the native module, or of one of its classes."""
    found: dict[str, int | None] = {}
    for name, member in vars(holder).items():
        if hasattr(member, "__nb_signature__"):
            signature = ast.parse(f"{member.__nb_signature__[0][0]}: ...").body[0]
            assert isinstance(signature, ast.FunctionDef)
            found[name] = arity(signature)
        elif not name.startswith("__") and not isinstance(member, type):
            found[name] = None
    return found


def test_the_stub_declares_what_the_native_module_has() -> None:
    stub = ast.parse(Path(_native.__file__).with_name("_native.pyi").read_text())
    classes = [node for node in stub.body if isinstance(node, ast.ClassDef)]
    assert {node.name for node in classes} == {
        name for name, x in vars(_native).items() if isinstance(x, type)
    }
    assert declared_arities(stub.body) == real_arities(_native)
    for node in classes:
        declared = declared_arities(node.body)
        declared.pop("__buffer__", None)  # C buffer protocol: see test_buffers.py
        real = real_arities(getattr(_native, node.name))
        real.pop("__repr__", None)  # not declared, because every object has one
        assert declared == real


def test_everything_exported_exists() -> None:
    assert sorted(rd.__all__) == sorted(set(rd.__all__))
    assert all(hasattr(rd, name) for name in rd.__all__)
    assert os.path.exists(os.path.join(os.path.dirname(rd.__file__), "py.typed"))
