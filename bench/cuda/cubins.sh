#!/bin/sh
# Machine code of CUDA kernels for one architecture, which needs no GPU: sm_35 and sm_37 by NVRTC 11.8, newer ones by nvcc
# or else by a newer NVRTC. The gates, the tests and `bench gpu-model` all read what this makes.
#   cubins.sh ARCHITECTURE KERNELS_FOLDER < VARIANTS    a line per variant: SOURCE OPTION...
# Prints a line per variant: FILE SOURCE OPTION... FILE is below bench/target/cubins/ARCHITECTURE; FILE.log has what ptxas
# reports: registers and spills of each kernel. Files are kept until nobody asks for them during a week. Their names
# depend on all sources, on the options and on the compiler: a file of that name is what would be compiled again.
# Exit code 1: a kernel does not compile. 3, and a line that says why: no compiler here makes this machine code.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
project=$(CDPATH='' cd -- "$here/../.." && pwd)
architecture=$1
kernels=$(CDPATH='' cd -- "$2" && pwd)
out=$project/bench/target/cubins/$architecture
mkdir -p "$out"
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

# A digest of every source file that a kernel may include.
sources() {
  for folder in "$kernels" "$project/cuda-kernels"; do
    (cd "$folder" && find . -maxdepth 1 \( -name '*.cu' -o -name '*.cuh' \) | LC_ALL=C sort | xargs sha256sum)
  done | sha256sum
}

nvcc="" library=""
case $architecture in
  sm_35 | sm_37) library=$(nvrtc_library 11.2) ;;
  *)
    nvcc=$(command -v nvcc || ls /usr/local/cuda/bin/nvcc 2>/dev/null || true)
    [ -n "$nvcc" ] || library=$(nvrtc_library 13 12 11.2)
    ;;
esac
if [ -n "$nvcc" ]; then
  compiler=$("$nvcc" --version)
  common="-std=c++14 -arch=$architecture -Werror all-warnings -Xptxas -v"
elif [ -n "$library" ]; then
  compiler=$(sha256sum <"$library")
  common="--std=c++14 --gpu-architecture=$architecture --ptxas-options=-v"
else
  case $architecture in
    sm_35 | sm_37) say "no machine code for $architecture: there is no libnvrtc.so.11.2 (see bench/cuda/sm37.sh)" ;;
    *) say "no machine code for $architecture: there is neither nvcc nor libnvrtc.so" ;;
  esac
  exit 3
fi

work=$out/work.$$
trap 'rm -rf "$work"' EXIT
mkdir "$work"
before="$(sources) $compiler $common"
while read -r source options; do
  key=$(echo "$before $source $options" | sha256sum | cut -c 1-16)
  echo "${source%.cu}-$key.cubin $source $options"
done | sed 's/ *$//' >"$work/list" # xargs joins a line that ends with a space and the next one
sort -u "$work/list" | while read -r file rest; do [ -f "$out/$file" ] || echo "$file $rest"; done >"$work/missing"

# Under another name first: machine code is whole, and its report is there, or there is no file of that name.
if [ -n "$nvcc" ]; then
  # shellcheck disable=SC2016
  (cd "$kernels" && NVCC=$nvcc COMMON=$common OUT=$out WORK=$work xargs -r -P "$(nproc)" -L 1 sh -c '
    file=$0
    "$NVCC" $COMMON "$@" -cubin -o "$WORK/$file" >"$WORK/$file.log" 2>&1 || { cat "$WORK/$file.log" >&2; exit 1; }
    mv "$WORK/$file.log" "$OUT/$file.log" && mv "$WORK/$file" "$OUT/$file"') <"$work/missing" || exit 1
elif [ -s "$work/missing" ]; then
  c++ -O1 -std=c++17 "$project/bundle/nvrtc_compile.cpp" -o "$work/nvrtc_compile" -ldl
  awk -v options="$common" -v part="$work/part" -v parts="$(nproc)" \
    '{ print $0, options >(part "." NR % parts) }' "$work/missing"
  # shellcheck disable=SC2016
  printf '%s\n' "$work"/part.* | tr '\n' '\0' | LD_LIBRARY_PATH=$(dirname "$library") LIBRARY=$library \
    KERNELS=$kernels OUT=$out WORK=$work xargs -0 -P "$(nproc)" -n 1 sh -c \
    '"$WORK/nvrtc_compile" "$LIBRARY" "$KERNELS" "$OUT" <"$0"' || exit 1
fi
(cd "$out" && sed 's/ .*//; p; s/$/.log/' "$work/list" | xargs touch)
find "$out" -name '*.cubin*' -mtime +7 -delete
cat "$work/list"
