#!/bin/sh
# Registers, shared memory, spills and occupancy of every CUDA kernel on a K80, without one (NVRTC 11.8 by cubins.sh,
# kernel_report.cpp). Without that library a line says so.
#   sm37.sh WORK_FOLDER    LAMELLA_NVRTC: folder or archive (.whl, .tar.xz, .jar) with libnvrtc.so.11.2
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
project=$(CDPATH='' cd -- "$here/../.." && pwd)
mkdir -p "$1"
work=$(CDPATH='' cd -- "$1" && pwd)
say() { echo "lamella: $*" >&2; }
. "$here/nvrtc-folders.sh"

library=$(nvrtc_folders "$project" "$work" | while read -r place; do
  if [ -f "$place/libnvrtc.so.11.2" ]; then
    echo "$place/libnvrtc.so.11.2"
    break
  fi
done)
if [ -z "$library" ]; then
  say "CUDA kernels for the K80: skipped, there is no libnvrtc.so.11.2. To get it (23 MB):"
  say "  pip download --no-deps nvidia-cuda-nvrtc-cu11==11.8.89"
  say "then name the .whl file, or a folder that has the library, in LAMELLA_NVRTC"
  exit 0
fi
say "CUDA kernels for the K80, by $library"
# The Java tests find the compiler here.
for file in "$library" "$(dirname "$library")"/libnvrtc-builtins.so.11.*; do
  if [ -f "$file" ]; then ln -sfn "$file" "$work/"; fi
done
c++ -O1 -std=c++17 -Wall -Wextra -Werror "$here/kernel_report.cpp" -o "$work/kernel_report"
"$here/kernels.sh" >"$work/kernels.txt"
LAMELLA_NVRTC=$(dirname "$library") "$here/cubins.sh" sm_37 "$project/cuda-kernels" \
  <"$work/kernels.txt" >"$work/sm_37.txt"
"$work/kernel_report" "$project/cuda-kernels" "$project/bench/target/cubins/sm_37" "$work/sm_37.txt"
