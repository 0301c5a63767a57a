#!/bin/sh
# What of the CUDA kernels can be proved without a GPU: that they compile, warnings being errors, for current GPUs (nvcc), and
# for the K80 without spills and at half occupancy (NVRTC 11.8, kernel_report.cpp). A gate whose tool is absent is skipped.
#   gates.sh WORK_FOLDER    LAMELLA_NVRTC: folder or .tar.xz with libnvrtc.so.11.2
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
  say "CUDA kernels for sm_75, sm_80, sm_90, sm_120 ($("$nvcc" --version | sed -n 's/.*release \([0-9.]*\),.*/nvcc \1/p'))"
  # One process a line and GPU; xargs ends with an error when any of them does.
  grep -v '^#' "$here/variants.txt" | while read -r file options; do
    for sm in 75 80 90 120; do echo "-arch=sm_$sm $options $kernels/$file"; done
  done | xargs -P "$(nproc)" -L 1 "$nvcc" -std=c++14 -Werror all-warnings -Xptxas -warn-spills -cubin -o /dev/null
fi

nvrtc=${LAMELLA_NVRTC:-$here/../../../shared/tools/nvrtc-11.8}
library=$nvrtc/libnvrtc.so.11.2
if [ ! -f "$library" ]; then
  case $nvrtc in *.tar.xz) archive=$nvrtc ;; *) archive=$(ls "$nvrtc"/*.tar.xz 2>/dev/null | head -n 1) ;; esac
  library=$work/libnvrtc.so.11.2
  if [ -f "$archive" ] && [ ! -f "$library" ]; then tar xJf "$archive" -C "$work"; fi
fi
if [ ! -f "$library" ]; then
  say "CUDA kernels for the K80: skipped, there is no libnvrtc.so.11.2 (LAMELLA_NVRTC names its folder)"
else
  say "CUDA kernels for the K80"
  c++ -O1 -std=c++17 -Wall -Wextra -Werror "$here/kernel_report.cpp" -o "$work/kernel_report" -ldl
  LD_LIBRARY_PATH=$(dirname "$library") "$work/kernel_report" "$library" "$kernels" "$here/variants.txt"
fi
