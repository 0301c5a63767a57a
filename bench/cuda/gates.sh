#!/bin/sh
# What of the CUDA kernels can be proved without a GPU: that they compile, warnings being errors, for current GPUs
# (nvcc), and for the K80 without spills and at half occupancy (sm37.sh). A gate whose tool is absent is skipped.
#   gates.sh WORK_FOLDER
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
kernels=$here/../../cuda-kernels
work=$1
mkdir -p "$work"
say() { echo "lamella: $*" >&2; }

nvcc=$(command -v nvcc || ls /usr/local/cuda/bin/nvcc 2>/dev/null || true)
if [ -z "$nvcc" ]; then
  say "CUDA kernels for current GPUs: skipped, there is no nvcc on the path"
else
  release=$("$nvcc" --version | sed -n 's/.*release \([0-9.]*\),.*/nvcc \1/p')
  say "CUDA kernels for sm_75, sm_80, sm_90, sm_120 ($release)"
  # One process a line and GPU; xargs ends with an error when any of them does.
  "$here/kernels.sh" | while read -r file options; do
    for sm in 75 80 90 120; do echo "-arch=sm_$sm $options $kernels/$file"; done
  done | xargs -P "$(nproc)" -L 1 "$nvcc" -std=c++14 -Werror all-warnings -Xptxas -warn-spills -cubin -o /dev/null
fi

"$here/sm37.sh" "$work"
