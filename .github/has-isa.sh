#!/bin/sh
# Prints here=yes or here=no: whether this machine's processor has an instruction set of Lamella's kernels.
#   has-isa.sh baseline|avx2|avx512
set -eu

case ${1:-} in
  baseline) flags="" ;;
  avx2) flags="avx2 fma" ;;
  avx512) flags="avx2 fma avx512f avx512bw avx512dq avx512vl" ;;
  *)
    echo "has-isa.sh: '${1:-}' is none of baseline, avx2 and avx512" >&2
    exit 2
    ;;
esac
for flag in $flags; do
  if ! grep -qw "$flag" /proc/cpuinfo; then
    echo "::notice::skipped: this runner's processor has no $flag, so $1 is not tested" >&2
    echo "here=no"
    exit 0
  fi
done
echo "here=yes"
