#!/usr/bin/env bash
# Sets up what is missing to build, run and test remote_dram on Debian 12, and does nothing where nothing is.
#
#   tools/setup.sh [packages] [rivals] [venv] [build] [python]        (default: all but rivals)
#
#   packages  Debian packages. Installs them if run by root; else names them and the command to run.
#   rivals    likewise, the stores that the bench measures beside ours; their services are not started.
#   venv      build/venv, a Python environment with test/requirements.txt.
#   build     build/release: libraries, command line and C++ tests.
#   python    this checkout's own Python package, in build/venv.
#
# PYTHON=... chooses another interpreter for build/venv than the system's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=(g++ clang libclang-rt-dev llvm cmake ninja-build pkg-config python3 python3-venv python3-dev
          iproute2 nftables ca-certificates libucx-dev libssl-dev libgtest-dev libgrpc++-dev libprotobuf-dev protobuf-compiler
          protobuf-compiler-grpc libcli11-dev libspdlog-dev nlohmann-json3-dev libboost-dev)
rivals=(memcached redis-server)
venv=build/venv

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# A stamp holds the hash of what a step was made from; it lies inside what the step made, and goes with it.
is_fresh() { [[ -f $1 && $(<"$1") == "$2" ]]; }
hash_of_files() { sort -z | xargs -0 -r sha256sum -- | sha256sum | cut -d' ' -f1; }

setup_packages() { install "${packages[@]}"; }
setup_rivals() { RUNLEVEL=1 install "${rivals[@]}"; }  # a runlevel in which no service starts

install() {
  command -v dpkg-query >/dev/null || fail "this is not Debian; needed are its packages: $*"
  local installed missing=() package
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
  for package in "$@"; do
    grep -qxF "installed $package" <<<"$installed" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    say "missing Debian packages: ${missing[*]}"
    say "install them, then run this again:"
    printf 'sudo apt-get install -y --no-install-recommends %s\n' "${missing[*]}" >&2
    exit 1
  fi
  say "installing Debian packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q || fail "apt-get update failed; the packages cannot be installed"
  apt-get install -y -q --no-install-recommends "${missing[@]}" || fail "the packages cannot be installed"
}

# The system's Python, for which python3-dev has the headers, even where another stands first in PATH.
system_python() {
  local python=${PYTHON:-/usr/bin/python3}
  [[ -x $python ]] || python=$(command -v python3) || fail "there is no python3: run tools/setup.sh packages"
  "$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "$python cannot make virtual environments: run tools/setup.sh packages"
  echo "$python"
}

setup_venv() {
  local stamp=$venv/.requirements wanted python
  # The path is part of it: an environment cannot be moved, so one in a moved checkout is made anew.
  wanted=$(sha256sum test/requirements.txt | cut -d' ' -f1)-${PYTHON:-}-$PWD
  if is_fresh "$stamp" "$wanted" && "$venv/bin/python" -c ''; then return 0; fi
  python=$(system_python)
  say "making $venv with $python"
  rm -rf "$venv"
  "$python" -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r test/requirements.txt ||
    fail "pip could not install test/requirements.txt"
  echo "$wanted" >"$stamp"
}

setup_build() {
  if [[ ! -f build/release/build.ninja || CMakePresets.json -nt build/release/build.ninja ]]; then
    cmake --preset release >&2
  fi
  cmake --build --preset release >&2
}

setup_python() {
  local stamp=$venv/.package wanted
  [[ -x $venv/bin/pip ]] || fail "there is no $venv: run tools/setup.sh venv"
  wanted=$(find src include python cmake CMakeLists.txt pyproject.toml README.md \
             -type f ! -path '*/__pycache__/*' ! -name '*_test.*' -print0 | hash_of_files)
  is_fresh "$stamp" "$wanted" && return 0
  say "installing this checkout's Python package into $venv"
  # Without isolation: the tools are those of test/requirements.txt, and a second build is incremental.
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-build-isolation --no-deps \
    --force-reinstall . || fail "the Python package could not be built"
  echo "$wanted" >"$stamp"
}

((${#})) || set -- packages venv build python
for part in "$@"; do
  case $part in
    packages | rivals | venv | build | python) "setup_$part" ;;
    *) fail "unknown part \"$part\"; there are: packages rivals venv build python" ;;
  esac
done
