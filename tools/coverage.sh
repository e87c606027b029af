#!/usr/bin/env bash
# Measures how much of the parsers of foreign bytes the tests reach; exit code 0 if enough of their branches.
#
#   tools/coverage.sh [LLVM-COV-ARGUMENT]...      e.g. tools/coverage.sh --show-branches=count
#
# Builds the preset coverage, runs the test programs of the layers that parse, lets every fuzz target search
# from its seeds, and prints a table of the parsers. With arguments it shows the source with its counts, too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

branches_percent_min=95
fuzz_runs=20000  # of each target
build=$PWD/build/coverage profiles=$PWD/build/coverage/profiles
tests=(rd_{base,wire,net,net_ucx,server,client,gateway}_test)
parsers=("$PWD"/src/base/{generation,validate,validate_batch}.cc
         "$PWD"/src/wire/{batch,batch_reply,control,list_page,mapped,mapped_lookup,message}.cc "$build/layers/wire/wire/codec.h"
         "$PWD"/src/net/{address,credentials,ring_message_reader,ucx/worker_address}.cc
         "$PWD"/src/server/{station,session_greeting,mapping,fetch,op_*}.cc "$build/layers/server/server/ops.h"
         "$PWD"/src/client/{hub,connection_greeting,mapping_link,verb_*}.cc
         "$PWD"/src/gateway/{listen_address,stamp,translate,write_message,write_parts,rpc}.cc)

unset CCACHE_BASEDIR  # it changes the paths by which the parsers are found
tools/setup.sh packages
cmake --preset coverage >/dev/null
cmake --build --preset coverage --target fuzzers "${tests[@]}"
rm -rf "$profiles"
mkdir -p "$profiles"

run() {
  local log=$profiles/$1.log
  LLVM_PROFILE_FILE=$profiles/$1.profraw "$build/$1" "${@:2}" >"$log" 2>&1 ||
    { cat "$log"; echo "$1 failed" >&2; exit 1; }
}
for test in "${tests[@]}"; do run "$test"; done
targets=("$build"/rd_*_fuzz)
for target in "${targets[@]##*/}"; do
  run "$target" -seed=1 -len_control=0 -max_len=8192 -runs=$fuzz_runs "-artifact_prefix=$build/$target-"
done

llvm-profdata merge -sparse "$profiles"/*.profraw -o "$profiles/all.profdata"
programs=("$build/${tests[0]}")
for program in "${tests[@]:1}"; do programs+=(-object "$build/$program"); done
for target in "${targets[@]}"; do programs+=(-object "$target"); done
# Every fuzz target has a Run of its own, about which llvm-cov wonders; none of them is a parser.
llvm_cov() {
  llvm-cov "$1" "${programs[@]}" -instr-profile "$profiles/all.profdata" "${@:2}" "${parsers[@]}" \
    2> >(grep -v 'functions have mismatched data' >&2)
}
if (($#)); then llvm_cov show "$@"; fi
table=$(llvm_cov report -show-region-summary=false)
echo "$table"
percent=$(awk '/^TOTAL/ { print $NF + 0 }' <<<"$table")
echo "branches of the parsers that were reached: $percent %; at least $branches_percent_min % should be"
awk -v percent="$percent" -v least=$branches_percent_min 'BEGIN { exit !(percent >= least) }'
