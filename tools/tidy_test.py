"""Plants each violation that tidy.py knows in a small tree: tidy.py must find it, and must accept what is allowed."""

import subprocess
import sys
from pathlib import Path

import pytest

TIDY = Path(__file__).parent / "tidy.py"

CMAKE = """# A ladder of three.
rd_layer(base LINK Threads::Threads)
rd_layer(net LAYERS base)
rd_layer(net/ucx LAYERS net base LINK PkgConfig::UCX)
rd_layer(server LAYERS
  net base TEST_LAYERS net/ucx)
"""
HEADER = "// A thing: what it is.\n"


def tidy(root, tree):
    """Writes the files {path: text} and returns what tidy.py finds in them."""
    for path, text in {"CMakeLists.txt": CMAKE, **tree}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    run = subprocess.run([sys.executable, TIDY, root], capture_output=True, text=True, check=False)
    assert run.stderr == ""
    findings = run.stdout.splitlines()[:-1]
    assert run.returncode == (1 if findings else 0)
    return findings


def function(lines, head="int F() {"):
    return head + "\n" + "  Step();\n" * (lines - 2) + "}\n"


VIOLATIONS = {
    "a long file": ("src/base/a.cc", HEADER + "int x;\n" * 400, ":400: file of 401 lines"),
    "a long script": ("tools/a.sh", "#!/bin/sh\n# What it is.\n" + "true\n" * 399, ":400: file of 401 lines"),
    "a long line": ("src/base/a.cc", HEADER + "int " + "x" * 140 + ";\n", ":2: line of 145 columns"),
    "a long function": ("src/base/a.cc", HEADER + function(71), ":2: function of 71 lines"),
    "a long method": (
        "src/base/a.h",
        HEADER + "class CAPABILITY(\"x\") A {\n public:\n" + function(71, "  A() : b_{1} {") + "};\n",
        ":4: function of 71 lines",
    ),
    "a long test": ("src/base/a_test.cc", HEADER + function(80, "TEST(A, B) {"), ":2: function of 80"),
    "a long function behind braces in text": (
        "src/base/a.cc",
        HEADER + "const char* kOpen = \"{{\";  // {\nchar c = '{';\nint n{30'000};\n" + function(71),
        ":5: function of 71 lines",
    ),
    "a long Python function": (
        "tools/a.py",
        '"""What it is."""\n' + "def f():\n" + "    pass\n" * 70,
        ":2: function of 71 lines",
    ),
    "a header without an opening": ("src/base/a.h", "#ifndef A\n#endif\n", ":1: does not open with"),
    "an opening that is no sentence": ("src/base/a.cc", "// a thing\nint x;\n", ":1: does not open with"),
    "an endless opening": ("src/base/a.h", HEADER * 26, ":26: opening comment of 26 lines"),
    "a script without an opening": ("tools/a.sh", "#!/bin/sh\ntrue\n", ":1: does not open with"),
    "a module without a docstring": ("tools/a.py", "import os\n", ":1: does not open with"),
    "an upward include": ("src/base/a.cc", HEADER + '#include "net/b.h"\n', ":2: layer base may not"),
    "an include of a sibling": ("src/server/a.cc", HEADER + '#include "net/ucx/b.h"\n', ":2: layer server may"),
    "an include from the inner to the outer": ("src/net/a.cc", HEADER + '#include "net/ucx/b.h"\n', ":2: layer net"),
    "an include that names no layer": ("src/net/a.cc", HEADER + '#include "b.h"\n', ":2: layer net may not"),
    "a file in no layer": ("src/other/a.cc", HEADER, ":1: lies in no layer"),
    "UCX outside its folder": ("src/net/a.cc", HEADER + "#include <ucp/api/ucp.h>\n", ":2: only src/net/ucx"),
    "gRPC in the command line": ("cli/a.cc", HEADER + "#include <grpcpp/grpcpp.h>\n", ":2: only src/gateway"),
    "a public header with more than std": (
        "include/remote_dram/a.h", HEADER + "#include <sys/uio.h>\n", ":2: a public header includes only the st"),
    "a public header with an inner one": (
        "include/remote_dram/a.h", HEADER + '#include "base/b.h"\n', ":2: a public header includes only remote"),
    "a door that looks inside": ("cli/a.cc", HEADER + '#include "base/b.h"\n', ":2: cli/ includes only public"),
    "a bench that looks further inside than its bound": (
        "bench/a.cc", HEADER + '#include "net/ucx/settings.h"\n', ":2: bench/ includes only public"),
    "a library in none of its homes": (
        "python/a.cc", HEADER + "#include <CLI/CLI.hpp>\n", ":2: only cli, bench, test/history include it"),
    "TensorStore in a door that is not its own": (
        "cli/a.cc", HEADER + '#include "tensorstore/context.h"\n', ":2: only driver, examples include it"),
    "TensorStore in what is built without it": (
        "driver/core/a.cc", HEADER + '#include "absl/time/time.h"\n', ":2: this part of driver/ is built without absl"),
    "work left over": ("src/base/a.cc", HEADER + "// TO" "DO: more\n", ':2: "TO' 'DO"'),
    "work left over in a document": ("doc/a.md", "FIX" "ME\n", ':1: "FIX' 'ME"'),
    "a path of one machine": ("doc/a.md", "see /ho" "me/me/x\n", ":1: \"/ho" "me/\""),
    "a name that says nothing": ("src/base/a.h", HEADER + "class Manager {};\n", ':2: "Manager"'),
    "another one": ("src/base/a.h", HEADER + "template <typename T>\nstruct Data;\n", ':3: "Data"'),
    "one behind an attribute": ("src/base/a.h", HEADER + "class CAPABILITY(x) Info {};\n", ':2: "Info"'),
    "one in Python": ("tools/a.py", '"""What it is."""\nclass Helper:\n    pass\n', ':2: "Helper"'),
    "an unspelled capture": ("src/base/a.cc", HEADER + "auto f = [=] { return x; };\n", ':2: "[="'),
    "another unspelled capture": ("src/base/a.cc", HEADER + "auto f = [=, this] { return x; };\n", ':2: "[="'),
    "a stale path": ("doc/a.md", "See\n`src/base/gone.h`.\n", ":2: names src/base/gone.h"),
    "a stale path in the README": ("README.md", "Run `tools/gone.sh --now`.\n", ":1: names tools/gone.sh"),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_finds(name, tmp_path):
    path, text, wanted = VIOLATIONS[name]
    findings = tidy(tmp_path, {path: text})
    assert len(findings) == 1, findings
    assert findings[0].startswith(path + wanted), findings


def test_finds_a_layer_that_names_one_above_it(tmp_path):
    findings = tidy(tmp_path, {"CMakeLists.txt": "# It.\nrd_layer(base LAYERS net)\nrd_layer(net)\n"})
    assert findings == ["CMakeLists.txt:2: layer base includes net, which is not below it"]


ALLOWED = {
    "src/base/a.h": HEADER + "#include <vector>\nenum class Kind { kInfo, kData };\nclass DataPath {};\n",
    "src/net/ucx/a.cc": HEADER + '#include <ucp/api/ucp.h>\n#include "base/a.h"\n#include "net/b.h"\n',
    "src/server/a_test.cc": HEADER + '#include "net/ucx/b.h"\n#include "server/c.h"\n',
    "include/remote_dram/a.h": HEADER + '#include <string>\n#include "remote_dram/b.h"\n',
    "cli/a.cc": HEADER + '#include <CLI/CLI.hpp>\n#include "cli/b.h"\n#include "remote_dram/a.h"\n',
    "bench/a.cc": HEADER + '#include <CLI/CLI.hpp>\n#include "bench/bound/b.h"\n',
    "driver/a.cc": HEADER + '#include "driver/core/b.h"\n#include "tensorstore/context.h"\n',
    "bench/bound/a.cc": HEADER + '#include "net/ucx/settings.h"\n',
    "tools/a.sh": "#!/usr/bin/env bash\n# What it is.\ntrue\n",
    "python/a/__init__.py": "",
    "doc/a.md": "`src/base/a.h:1`, `src/base/`, `src/*/a.h`, `tools/a.sh --flag`, `src/<layer>/x.h`, `a/b`\n",
    "build/a.cc": "int x;\n",
    "src/base/two.cc": HEADER + function(70) + function(70, "int G(std::vector<int> v) const {"),
    "src/base/scopes.cc": HEADER + "namespace {\nclass A {\n" + function(60) * 3 + "};\n}  // namespace\n",
    "src/base/text.cc": HEADER + 'const char* k = "[=] class Data";\n',
}


def test_allows_what_is_right(tmp_path):
    assert tidy(tmp_path, ALLOWED) == []
