#!/bin/sh
# Machine code of CUDA kernels for one architecture, which needs no GPU: sm_35 and sm_37 by NVRTC 11.8, newer ones by nvcc
# or else by a newer NVRTC.
#   cubins.sh ARCHITECTURE KERNELS_FOLDER OUT_FOLDER < LIST    a line of LIST: FILE_BELOW_OUT SOURCE OPTION...
# A file that is there already is kept. Exit code 3, and a line that says why: no compiler here makes this machine code.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
project=$(CDPATH='' cd -- "$here/../.." && pwd)
architecture=$1
kernels=$2
mkdir -p "$3"
out=$(CDPATH='' cd -- "$3" && pwd)
say() { echo "lamella: $*" >&2; }
. "$here/nvrtc-folders.sh"

# The libnvrtc.so of one of these versions. $@: endings of its name
nvrtc_library() {
  nvrtc_folders "$project" "$out" | while read -r place; do
    for ending in "$@"; do
      if [ -f "$place/libnvrtc.so.$ending" ]; then
        echo "$place/libnvrtc.so.$ending"
        return
      fi
    done
  done
}

list=$out/list.$$
trap 'rm -f "$list"' EXIT
while read -r file rest; do [ -f "$out/$file" ] || echo "$file $rest"; done >"$list"
[ -s "$list" ] || exit 0

nvcc=""
case $architecture in
  sm_35 | sm_37) library=$(nvrtc_library 11.2) ;;
  *)
    nvcc=$(command -v nvcc || ls /usr/local/cuda/bin/nvcc 2>/dev/null || true)
    library=""
    [ -n "$nvcc" ] || library=$(nvrtc_library 13 12 11.2)
    ;;
esac
if [ -n "$nvcc" ]; then
  # Under another name first: a file is whole, or not there.
  while read -r file source options; do echo "$file $kernels/$source $options"; done <"$list" |
    sed 's/ *$//' | # xargs joins a line that ends with a space and the next one
    NVCC=$nvcc OUT=$out ARCHITECTURE=$architecture xargs -P "$(nproc)" -L 1 sh -c '
      file=$0
      "$NVCC" -std=c++14 -arch="$ARCHITECTURE" -Werror all-warnings -cubin -o "$OUT/$file.part" "$@" || exit 255
      mv "$OUT/$file.part" "$OUT/$file"'
elif [ -n "$library" ]; then
  c++ -O1 -std=c++17 "$project/bundle/nvrtc_compile.cpp" -o "$out/nvrtc_compile.$$" -ldl
  code=0
  sed "s/$/ --gpu-architecture=$architecture --std=c++14/" "$list" |
    LD_LIBRARY_PATH=$(dirname "$library") "$out/nvrtc_compile.$$" "$library" "$kernels" "$out" || code=$?
  rm -f "$out/nvrtc_compile.$$"
  exit $code
else
  case $architecture in
    sm_35 | sm_37) say "no machine code for $architecture: there is no libnvrtc.so.11.2 (see bench/cuda/sm37.sh)" ;;
    *) say "no machine code for $architecture: there is neither nvcc nor libnvrtc.so" ;;
  esac
  exit 3
fi
