#!/bin/sh
# Every kernel as the backend compiles it, a line each: the file, then its constants as options. Each file without any,
# then those of variants.txt.
#   kernels.sh
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
for file in "$here"/../../cuda-kernels/*.cu; do basename "$file"; done
grep -v '^#' "$here/variants.txt"
