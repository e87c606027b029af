"""The documents are correct: links have targets, and the README's examples behave as it shows."""

import re
import shlex
import subprocess
import sys

import pytest
from conftest import ROOT, RUN_SECONDS_MAX

sys.path.insert(0, str(ROOT / "tools"))
import tidy  # noqa: E402

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("doc/*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language, number=0):
    """The text of a fenced block in README.md."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)[number]


def anchors(text):
    """The anchors of a document's headings, as the common Markdown viewers make them."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document):
    text = document.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", text):
        if target.startswith("https://"):
            continue
        path = (document.parent / target) if target else document
        assert path.exists(), target
        if anchor:
            assert anchor in anchors(path.read_text(encoding="utf-8")), f"{target}#{anchor}"


def test_index_names_every_document():
    index = (ROOT / "doc/index.md").read_text(encoding="utf-8")
    for document in DOCUMENTS:
        assert document.name == "index.md" or f"{document.name})" in index, document.name


def test_guarantees_point_to_tests_that_exist():
    text = (ROOT / "doc/guarantees.md").read_text(encoding="utf-8")
    promises = [line.split("|") for line in text.splitlines() if line.startswith("| ") and "shown by" not in line]
    assert len(promises) > 20
    for _, promise, shown_by, _ in promises:
        pointers = re.findall(r"`([^`]+)`([^;,`]*)", shown_by)
        assert pointers, promise
        for file, name in pointers:
            assert name.strip() in (ROOT / file).read_text(encoding="utf-8"), f"{file}: {name}"


def test_the_drivers_schema_has_the_members_that_the_driver_takes():
    code = {name: (ROOT / f"driver/{name}.cc").read_text(encoding="utf-8") for name in ("spec", "context_resource")}
    members = re.findall(r'jb::Member\("(\w+)"', code["spec"]) + re.findall(r'>\("(\w+)"\)', code["context_resource"])
    schema = (ROOT / "driver/schema.yml").read_text(encoding="utf-8")
    properties = re.findall(r"^    (?:  )?(\w+):$", schema.partition("\n  url:")[0], re.MULTILINE)
    ids = {"remote_dram", "data_copy_concurrency"}  # context resources; the code takes their ids from their types
    assert set(properties) - {"driver", "properties", "oneOf"} == set(members) | ids and len(members) == 10


def test_readme_draws_the_ladder_as_the_build_has_it():
    layers, findings = tidy.read_layers((ROOT / "CMakeLists.txt").read_text(encoding="utf-8"))
    assert not findings
    rungs = re.findall(r"^ src/(\S+) .*  (\S.*)$", README, re.MULTILINE)
    drawn = [(name, set(below.split()) - {"-"}) for name, below in rungs]
    assert dict(drawn) == {name: layer.layers for name, layer in layers.items()}
    for number, (_, below) in enumerate(drawn):
        assert below <= {name for name, _ in drawn[number + 1 :]}, "a layer stands above what it includes"


@pytest.mark.parametrize("number", [0, 1])
def test_readme_shows_the_command_line_as_it_is(shell, number, free_port, tmp_path):
    address = f"127.0.0.1:{free_port}"

    def comparable(text):
        text = text.replace(str(shell.runtime_dir), "/run/user/1000").replace(address, "127.0.0.1:12345")
        text = re.sub(r"\b[0-9a-f]{16,34}\b", "HEX", text)
        return re.sub(r"^up .*$", "up", re.sub(r"\d+ loops?", "LOOPS", text), flags=re.MULTILINE).splitlines()

    environment = {**shell.environment, "PATH": f"{shell.program.parent}:{shell.environment['PATH']}"}
    for step in block("console", number).split("$ ")[1:]:
        command, _, shown = step.partition("\n")
        command = command.replace("127.0.0.1:12345", address)
        if command.endswith("&"):
            said = shell.start(*shlex.split(command[:-1])[1:], before=["env", "--chdir", tmp_path]).line
        else:
            said = subprocess.run(
                ["bash", "-c", command], env=environment, cwd=tmp_path, timeout=RUN_SECONDS_MAX, check=False, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout  # fmt: skip
        assert comparable(said) == comparable(shown), command


def test_readme_shows_a_cpp_program_that_compiles(tmp_path):
    (tmp_path / "main.cc").write_text(block("cpp"), encoding="utf-8")
    command = ["g++", "-std=c++17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{ROOT}/include", "main.cc"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_readme_shows_a_python_program_and_what_it_prints():
    pytest.importorskip("remote_dram")
    done = subprocess.run(
        [sys.executable, "-c", block("python")], timeout=RUN_SECONDS_MAX, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    shown = re.search(r"^```python\n.*?^```\n\n```\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert done.stdout == shown.group(1)
