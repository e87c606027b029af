#!/usr/bin/env python3
"""Finds violations of this project's style: runs as a test, and by hand.

Usage: tools/tidy.py [ROOT]      One line per finding, "file:line: what"; exit code 1 if there is any.

The layers come from the rd_layer lines of CMakeLists.txt, so that only one place defines which layer may include
which. Each rule is a function that yields (line, message) for one file.
"""

import ast
import re
import sys
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Set, Tuple

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
COLUMNS_MAX = 140  # the limit; aim at 100
OPENING_LINES_MAX = 25

CODE_SUFFIXES = {".h", ".cc", ".py", ".sh", ".cmake"}
TEXT_SUFFIXES = CODE_SUFFIXES | {".md", ".txt", ".json", ".toml", ".proto", ".pyi", ".yml", ".yaml"}
SKIPPED_FOLDERS = {"build", "__pycache__"}

# The folders that may include each foreign library.
FOREIGN_HOMES = {
    "ucp": ["src/net/ucx"], "uct": ["src/net/ucx"], "ucs": ["src/net/ucx"], "ucm": ["src/net/ucx"],
    "grpc": ["src/gateway"], "grpcpp": ["src/gateway", "bench/wheel"], "google": ["src/gateway", "bench/wheel"],
    "CLI": ["cli", "bench", "test/history"], "nlohmann": ["cli", "bench", "examples", "test/semantics"],
    "spdlog": ["cli"], "nanobind": ["python"],
    "tensorstore": ["driver", "examples"], "absl": ["driver", "examples"],
}  # fmt: skip
# Parts of those folders that must not include a library, because they are built without TensorStore.
FOREIGN_EXCEPTIONS = {"driver/core": ["tensorstore", "absl"]}
# Users of the API: they may include only public headers and their own files.
DOORS = {"cli", "python", "examples", "bench", "driver"}
# The bench's bounds must use the same UCX settings, and the same gateway messages, as our code; the examples show the
# driver's header.
DOOR_EXCEPTIONS = {
    ("bench/bound", "net/ucx/settings.h"),
    ("bench/wheel", "gateway/kvstore.grpc.pb.h"),
    ("examples", "driver/store_of.h"),
}

Finding = Tuple[int, str]


class File(NamedTuple):
    path: str  # relative to the root, with slashes
    text: str
    code: str  # C++ only: `text` with comments, literals and preprocessor lines blanked; positions are unchanged

    @property
    def suffix(self) -> str:
        return ".cmake" if self.path.endswith("CMakeLists.txt") else Path(self.path).suffix

    @property
    def is_cpp(self) -> bool:
        return self.suffix in {".h", ".cc"}


class Layer(NamedTuple):
    layers: Set[str]
    test_layers: Set[str]


# ---------------------------------------------------------------- any file


def file_length(file: File) -> Iterator[Finding]:
    lines = file.text.count("\n")
    if file.suffix in CODE_SUFFIXES and lines > FILE_LINES_MAX:
        yield FILE_LINES_MAX, f"file of {lines} lines; {FILE_LINES_MAX} are allowed"


def line_length(file: File) -> Iterator[Finding]:
    if file.suffix in CODE_SUFFIXES:
        for number, line in enumerate(file.text.splitlines(), 1):
            if len(line) > COLUMNS_MAX:
                yield number, f"line of {len(line)} columns; {COLUMNS_MAX} are allowed"


def forbidden_words(file: File) -> Iterator[Finding]:
    # The words are split, because otherwise the rule would find them in this file.
    yield from matches(file.text, r"\b(TO" r"DO|FIX" r"ME)\b", "\"{}\": do it, or file it as an issue")
    machine_path = r"(?<![\w.~])(/(?:wo" r"rk|ro" r"ot|ho" r"me)/)"
    yield from matches(file.text, machine_path, "\"{}\": a path of one machine")


def opening(file: File) -> Iterator[Finding]:
    """A file begins with a comment (or docstring) of at least one whole sentence that says what it is."""
    if file.suffix not in CODE_SUFFIXES or not file.text.strip():
        return
    body = re.sub(r"\A#!.*\n", "", file.text)
    marker = "//" if file.is_cpp else "#"
    lines = re.match(rf"(?:{marker}.*\n)*", body).group().splitlines()
    comment = "\n".join(line[len(marker):].strip() for line in lines)
    if file.suffix == ".py" and not lines:
        comment = ast.get_docstring(ast.parse(file.text)) or ""
    if not re.search(r"\w[^\n]*(?:\n[^\n]+)*?[.:](?:\s|$)", comment):
        yield 1, "does not open with a comment that says in one sentence what it is"
    if file.suffix == ".h" and len(lines) > OPENING_LINES_MAX:
        yield len(lines), f"opening comment of {len(lines)} lines; {OPENING_LINES_MAX} are allowed"


def matches(text: str, pattern: str, message: str) -> Iterator[Finding]:
    for match in re.finditer(pattern, text, re.MULTILINE):
        yield line_at(text, match.start(1)), message.format(match.group(1))


def line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


# ---------------------------------------------------------------- C++ and Python


def blank_cpp(text: str) -> str:
    """The text with comments, literals and preprocessor lines replaced by spaces."""
    tokens = (r"//[^\n]*|/\*.*?\*/"
              r'|R"(?P<tag>[^()\\\s]*)\(.*?\)(?P=tag)"'
              r'|"(?:\\.|[^"\\\n])*"'
              r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"  # not the separator in 30'000
              r"|^[ \t]*\#(?:\\\n|[^\n])*")
    spaces = lambda match: re.sub(r"[^\n]", " ", match.group())
    return re.sub(tokens, spaces, text, flags=re.DOTALL | re.MULTILINE)


def cpp_functions(code: str) -> Iterator[Tuple[int, int]]:
    """First and last line of every function that is not inside another one, found by its braces."""
    stack: List[Tuple[str, int]] = []  # (kind of brace, start of its head)
    head_start = 0
    for match in re.finditer(r"[{};]", code):
        at_scope = not stack or stack[-1][0] == "scope"
        if match.group() == "{":
            kind = brace_kind(code[head_start:match.start()]) if at_scope else "block"
            stack.append((kind, head_start))
            if kind == "scope":
                head_start = match.end()
        elif match.group() == "}" and stack:
            kind, start = stack.pop()
            if kind == "function":
                label = re.match(r"(?:\s*(?:public|private|protected)\s*:)*\s*", code[start:])
                yield line_at(code, start + label.end()), line_at(code, match.start())
            # A braced initializer belongs to a head that continues after it: Point(int x) : x_{x} {
            if kind != "block":
                head_start = match.end()
        elif match.group() == ";" and at_scope:
            head_start = match.end()


def brace_kind(head: str) -> str:
    head = re.sub(r"\A(?:\s*(?:public|private|protected)\s*:)*\s*", "", head).rstrip()
    if re.match(r"(?:template\s*<.*?>\s*)?(?:inline\s+)?(?:namespace|class|struct|union|enum|extern)\b",
                head, re.DOTALL) and not head.endswith(")"):
        return "scope"
    initializer = head.endswith(("=", ",", "(")) or re.search(r"\).*(?:[^:]:|,)\s*\w+\Z", head, re.DOTALL)
    return "function" if "(" in head and not initializer else "block"


def function_length(file: File) -> Iterator[Finding]:
    functions: List[Tuple[int, int]] = []
    if file.is_cpp:
        functions = list(cpp_functions(file.code))
    elif file.suffix == ".py":
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        functions = [(n.lineno, n.end_lineno) for n in ast.walk(ast.parse(file.text)) if isinstance(n, kinds)]
    for first, last in functions:
        if last - first + 1 > FUNCTION_LINES_MAX:
            yield first, f"function of {last - first + 1} lines; {FUNCTION_LINES_MAX} are allowed"


def names_and_captures(file: File) -> Iterator[Finding]:
    text = file.code if file.is_cpp else file.text if file.suffix == ".py" else ""
    types = (r"^[ \t]*(?:template\s*<.*>\s*)?(?:class|struct|union|enum|enum class|using)\s+"
             r"(?:[A-Z_]+\([^)]*\)\s*)?")
    bad = r"(Manager|Helper|Utils?|Handler|Impl|Info|Data)\b"
    yield from matches(text, types + bad, "\"{}\" says nothing as the name of a type")
    if file.is_cpp:
        yield from matches(text, r"(\[=)\s*[\],]", "\"{}\": spell what a lambda captures")


# ---------------------------------------------------------------- layers


def read_layers(cmake: str) -> Tuple[Dict[str, Layer], List[Finding]]:
    """The layers in the rd_layer lines, and findings: each layer may name only layers from the lines before it."""
    layers: Dict[str, Layer] = {}
    findings: List[Finding] = []
    for match in re.finditer(r"^\s*rd_layer\(([^)]*)\)", cmake, re.MULTILINE):
        folder, *words = match.group(1).split()
        lists: Dict[str, Set[str]] = {"LAYERS": set(), "TEST_LAYERS": set(), "LINK": set()}
        current = ""
        for word in words:
            if word in lists:
                current = word
            else:
                lists[current].add(word)
        for name in sorted(lists["LAYERS"] - set(layers)):
            message = f"layer {folder} includes {name}, which is not below it"
            findings.append((line_at(cmake, match.start(1)), message))
        layers[folder] = Layer(lists["LAYERS"], lists["TEST_LAYERS"])
    return layers, findings


def layer_of(path: str, layers: Dict[str, Layer]) -> str:
    """The innermost layer that contains the path (relative to src/); "" if none does."""
    holding = [name for name in layers if path.startswith(name + "/")]
    return max(holding, key=len, default="")


def includes(file: File, layers: Dict[str, Layer]) -> Iterator[Finding]:
    if not file.is_cpp:
        return
    top = file.path.split("/")[0]
    own = layer_of(file.path[len("src/"):], layers) if top == "src" else ""
    if top == "src" and not own:
        yield 1, "lies in no layer: CMakeLists.txt has no rd_layer line for its folder"
    for match in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', file.text, re.MULTILINE):
        problem = include_problem(file, top, own, match.group(1) == "<", match.group(2), layers)
        if problem:
            yield line_at(file.text, match.start()), f"{problem}: {match.group(2)}"


def include_problem(file: File, top: str, own: str, angle: bool, name: str, layers: Dict[str, Layer]) -> str:
    if angle and top == "include" and re.search(r"[./]", name):
        return "a public header includes only the standard library and remote_dram/"
    library = name.split("/")[0]
    homes = FOREIGN_HOMES.get(library)
    if homes and "/" in name:
        if any(file.path.startswith(part + "/") and library in names for part, names in FOREIGN_EXCEPTIONS.items()):
            return f"this part of {top}/ is built without {library}"
        at_home = any(file.path.startswith(home + "/") for home in homes)
        return "" if at_home else f"only {', '.join(homes)} include it"
    if angle:
        return ""
    if name.startswith("remote_dram/") and top != "include":
        return ""
    if top == "include":
        return "" if name.startswith("remote_dram/") else "a public header includes only remote_dram/"
    if top in DOORS:
        is_own = name.startswith(top + "/") or "/" not in name
        is_own |= (file.path.rpartition("/")[0], name) in DOOR_EXCEPTIONS
        return "" if is_own else f"{top}/ includes only public headers and its own files"
    if top == "src" and own:
        allowed = {own} | layers[own].layers
        if file.path.endswith(("_test.cc", "_fuzz.cc", "testing.h")):
            allowed |= layers[own].test_layers
        layer = layer_of(name, layers)
        return "" if layer in allowed else f"layer {own} may not include it"
    return ""


# ---------------------------------------------------------------- documents


def stale_paths(file: File, root: Path) -> Iterator[Finding]:
    """Paths that a document names in backticks must exist; * matches anything."""
    if file.suffix != ".md":
        return
    folders = "src|include|cli|python|bench|tools|test|doc|examples|cmake"
    for match in re.finditer(rf"`(?:\./)?((?:{folders})/[^`\s]*)", file.text):
        path = re.sub(r"(:\d+)?[,.;:]*\Z", "", match.group(1))
        if re.search(r"[<>{}$…]", path):  # a placeholder for the reader, not a path
            continue
        if not any(root.glob(path.rstrip("/"))):
            yield line_at(file.text, match.start()), f"names {path}, which does not exist"


# ---------------------------------------------------------------- all of it


def read_files(root: Path) -> Iterator[File]:
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        hidden = any(part.startswith(".") and part != ".ci" for part in parts)
        if hidden or SKIPPED_FOLDERS & set(parts) or not path.is_file():
            continue
        if path.suffix in TEXT_SUFFIXES or parts[0] == ".ci":
            text = path.read_text(encoding="utf-8")
            code = blank_cpp(text) if path.suffix in {".h", ".cc"} else ""
            yield File("/".join(parts), text, code)


def check(root: Path) -> Tuple[int, List[str]]:
    """Returns the number of files read, and the findings."""
    layers, layer_findings = read_layers((root / "CMakeLists.txt").read_text(encoding="utf-8"))
    findings = [f"CMakeLists.txt:{line}: {message}" for line, message in layer_findings]
    count = 0
    for file in read_files(root):
        count += 1
        for rule in (file_length, line_length, forbidden_words, opening, function_length, names_and_captures):
            findings += [f"{file.path}:{line}: {message}" for line, message in rule(file)]
        findings += [f"{file.path}:{line}: {message}" for line, message in includes(file, layers)]
        findings += [f"{file.path}:{line}: {message}" for line, message in stale_paths(file, root)]
    return count, findings


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    count, findings = check(root)
    print("\n".join(findings + [f"tidy: {count} files, {len(findings)} findings"]))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
