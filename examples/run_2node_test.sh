#!/usr/bin/env bash
# Two nodes, one tensor: a server lends its memory, a client writes an array into it through TensorStore and
# reads it back, the server verifies what arrived, and a third process only reads.
#
#   examples/run_2node_test.sh [--path auto|mapped|socket|shm|tcp] [--timeout SECONDS] [--python PYTHON]
#                              [--server PROGRAM] [--client PROGRAM] [PORT]
#
# The server and the client are those in C++, with TensorStore's native driver, where they are built
# (build/examples); else those in Python. The reader is in Python. Any two understand each other.
# They meet at PORT of this host, on the path socket at a Unix socket of the script's own.
# Sets up and builds what is missing, unless --python names an interpreter that has remote_dram, TensorStore
# and NumPy. Every step has --timeout seconds (30). Exits with 0 only if every check passed.
set -euo pipefail
examples=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() { sed -n 's/^#   //p' "${BASH_SOURCE[0]}" >&2; exit 2; }
path=auto timeout=30 python='' port=12345

# The example NAME as it is built, or else as it lies here.
program() {
  local built=$examples/../build/examples/remote_dram_$1
  if [[ -x $built ]]; then echo "$built"; else echo "$examples/remote_dram_$1.py"; fi
}
server_program=$(program server) client_program=$(program client)
while (($#)); do
  case $1 in
    --path | --timeout | --python) (($# > 1)) || usage; declare "${1#--}=$2"; shift ;;
    --server | --client) (($# > 1)) || usage; declare "${1#--}_program=$2"; shift ;;
    [0-9]*) port=$1 ;;
    *) usage ;;
  esac
  shift
done
[[ $path =~ ^(auto|mapped|socket|shm|tcp)$ && $timeout =~ ^[1-9][0-9]*$ && $port =~ ^[0-9]+$ ]] || usage

logs=$(mktemp -d)
address=127.0.0.1:$port
[[ $path != socket ]] || address=unix:$logs/.socket  # no log; only who comes that way gets that path
server=''
server_lines_shown=0

is_running() { [[ -n $1 ]] && kill -0 "$1" 2>/dev/null; }

end_all() {
  is_running "$server" && kill -KILL "$server" && wait "$server" || true
  rm -rf "$logs"
} 2>/dev/null
trap end_all EXIT

fail() {
  echo "FAILED: $*" >&2
  for log in "$logs"/*; do
    sed "s/^/  [${log##*/}] /" "$log" >&2
  done
  exit 1
}

show_server() {
  tail -n +$((server_lines_shown + 1)) "$logs/server" | sed 's/^/[server] /'
  server_lines_shown=$(wc -l <"$logs/server")
}

# Waits until the server has said the word, which is the first of a line.
await_server() {
  local deadline=$((SECONDS + timeout + 5))  # so that its own time-out, which says more, comes first
  until grep -qs "^$1: " "$logs/server"; do  # it may not be there yet
    is_running "$server" || fail "the server ended before it was $1"
    ((SECONDS < deadline)) || fail "the server was not $1 within $timeout s"
    sleep 0.05
  done
  show_server
}

# The words of the command that runs a program, in `command`.
command_of() {
  if [[ $1 == *.py ]]; then command=("$python" -u "$1"); else command=("$1"); fi
}

# run NAME PROGRAM: to its end.
run() {
  local name=$1 code=0 command
  command_of "$2"
  timeout --kill-after=2 "$timeout" "${command[@]}" \
    --server_addr="$address" --path="$path" >"$logs/$name" 2>&1 || code=$?
  ((code != 124 && code != 137)) || fail "the $name did not end within $timeout s"
  ((code == 0)) || fail "the $name ended with exit code $code"
  [[ $path == auto ]] || grep -q "path $path," "$logs/$name" || fail "the $name did not use the path $path"
  sed "s/^/[$name] /" "$logs/$name"
}

stop_server() {
  local deadline=$((SECONDS + timeout)) code=0
  kill -TERM "$server"
  while is_running "$server"; do
    ((SECONDS < deadline)) || fail "the server did not stop within $timeout s"
    sleep 0.05
  done
  wait "$server" || code=$?
  ((code == 0)) || fail "the server ended with exit code $code"
}

if [[ -z $python ]]; then
  "$examples/../tools/setup.sh" packages venv python
  python=$examples/../build/venv/bin/python
fi

language() { if [[ $1 == *.py ]]; then echo Python; else echo "C++"; fi; }
echo "running: server in $(language "$server_program"), client in $(language "$client_program")"
command_of "$server_program"
"${command[@]}" --listen_addr="$address" --timeout="$timeout" \
  >"$logs/server" 2>&1 &
server=$!
await_server ready
run client "$client_program"
await_server verified
run reader "$examples/remote_dram_reader.py"
stop_server
echo "PASSED: written, verified on both sides, read by a third process (path $path)"
