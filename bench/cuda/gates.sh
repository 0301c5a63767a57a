#!/bin/sh
# What of the CUDA kernels can be proved without a GPU: that they compile, warnings being errors, for current GPUs
# (nvcc) without spills, and for the K80 without spills and at half occupancy (sm37.sh). A gate whose tool is absent is
# skipped. The machine code is kept (cubins.sh), for the tests that read it.
#   gates.sh WORK_FOLDER
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
project=$(CDPATH='' cd -- "$here/../.." && pwd)
work=$1
mkdir -p "$work"
say() { echo "lamella: $*" >&2; }

nvcc=$(command -v nvcc || ls /usr/local/cuda/bin/nvcc 2>/dev/null || true)
if [ -z "$nvcc" ]; then
  say "CUDA kernels for current GPUs: skipped, there is no nvcc on the path"
else
  release=$("$nvcc" --version | sed -n 's/.*release \([0-9.]*\),.*/nvcc \1/p')
  say "CUDA kernels for sm_75, sm_80, sm_90, sm_120 ($release)"
  "$here/kernels.sh" >"$work/kernels.txt"
  for architecture in sm_75 sm_80 sm_90 sm_120; do
    "$here/cubins.sh" $architecture "$project/cuda-kernels" <"$work/kernels.txt" >"$work/$architecture.txt"
    spilling=$(while read -r file variant; do
      if grep -q '[1-9][0-9]* bytes spill' "$project/bench/target/cubins/$architecture/$file.log"; then
        echo "$variant"
      fi
    done <"$work/$architecture.txt")
    if [ -n "$spilling" ]; then
      say "registers are spilled, $architecture: $spilling"
      exit 1
    fi
  done
fi

"$here/sm37.sh" "$work"
