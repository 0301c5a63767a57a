#!/bin/sh
# Registers, shared memory, spills and occupancy of every CUDA kernel on a K80, without one (NVRTC 11.8, kernel_report.cpp). Without
# that library a line says so.
#   sm37.sh WORK_FOLDER    LAMELLA_NVRTC: folder or .tar.xz with libnvrtc.so.11.2
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
kernels=$here/../../cuda-kernels
work=$1
mkdir -p "$work"
say() { echo "lamella: $*" >&2; }

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
  "$here/kernels.sh" >"$work/kernels.txt"
  LD_LIBRARY_PATH=$(dirname "$library") "$work/kernel_report" "$library" "$kernels" "$work/kernels.txt"
fi
