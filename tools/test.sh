#!/usr/bin/env bash
# Sets up, builds and runs every test; the last line counts them, and the exit code is 0 if all passed.
#
#   tools/test.sh [--preset NAME]...      NAME: clang asan tsan release python (default: all, in this order)
#
# All but the last are CMake presets, built in build/NAME and run by ctest. `python` is pytest over test/,
# python/ and tools/: the Python package, the command line and the end-to-end tests, with the build of release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

suites=()
while (($#)); do
  case $1 in
    --preset) shift; suites+=("${1:?--preset needs a name}") ;;
    --preset=*) suites+=("${1#*=}") ;;
    *) echo "unknown argument \"$1\"; usage: tools/test.sh [--preset NAME]..." >&2; exit 2 ;;
  esac
  shift
done
((${#suites[@]})) || suites=(clang asan tsan release python)

run_preset() {
  local preset=$1 report=$2
  if [[ ! -f build/$preset/build.ninja || CMakePresets.json -nt build/$preset/build.ninja ]]; then
    cmake --preset "$preset" || return
  fi
  cmake --build --preset "$preset" || return
  ctest --preset "$preset" --parallel 2 --output-junit "$report"
}

run_python() {
  local report=$1
  tools/setup.sh build python || return
  build/venv/bin/pytest -q -rs --numprocesses 2 --dist loadfile --junitxml="$report" test python tools
}

tools/setup.sh packages rivals venv
reports=$PWD/build/reports
mkdir -p "$reports"
results=()
for suite in "${suites[@]}"; do
  printf '\n== %s ==\n' "$suite"
  report=$reports/$suite.xml
  rm -f "$report"
  started=$SECONDS exit_code=0
  case $suite in
    clang | asan | tsan | release) run_preset "$suite" "$report" || exit_code=$? ;;
    python) run_python "$report" || exit_code=$? ;;
    *) echo "there is no preset \"$suite\"" >&2; exit 2 ;;
  esac
  printf '== %s: exit code %s after %s s ==\n' "$suite" "$exit_code" "$((SECONDS - started))"
  results+=("$suite:$exit_code:$report")
done
echo
exec build/venv/bin/python tools/count_tests.py "${results[@]}"
