#!/bin/sh
# Makes the folder to copy to a machine with a GPU: the bundle, gpu-check.sh, its files in gpu/ and a README.txt
# with the one command to run there.
#
#   gpu-pack.sh [--cuda 13|11.8] --out FOLDER [--bundle F.tar.xz [--any-commit]]
#
# --cuda: version of the bundle's CUDA libraries (13; 11.8 for a K80). --bundle: use this bundle and build none; it must
# be made from the sources here, unless --any-commit is given.
# Exit code: 0 done; 1 if it could not be made, or is 60 MiB or more (what was made is then in FOLDER.too-large); 2 for
# wrong arguments.
set -eu

home=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
most_mib=60

say() { echo "gpu-pack: $*"; }
refuse() { echo "gpu-pack: $*" >&2; exit 2; }
fail() { echo "gpu-pack: $*" >&2; exit 1; }

# Checks that the bundle is for GPUs, made from the sources here, and has the parts that gpu-check.sh runs.
check_bundle() {
  anew="make it anew: ./lamella bundle --cuda 13 (11.8 for a K80), or leave --bundle out"
  command -v xz >/dev/null 2>&1 || refuse "xz is missing; install it (Debian: xz-utils) and try again"
  names=$(tar -tJf "$bundle" 2>/dev/null) || refuse "$bundle is no bundle of Lamella: it is no whole .tar.xz; $anew"
  top=${names%%/*}
  for needed in bin/lamella kernels/ runtime/ native/libjnicudart.so; do
    printf '%s\n' "$names" | grep -qxF -- "$top/$needed" ||
      refuse "$bundle is no bundle of Lamella for GPUs: it has no $needed; $anew"
  done
  commit=$(tar -xJOf "$bundle" "$top/COMMIT" 2>/dev/null) && [ -n "$commit" ] ||
    refuse "$bundle does not tell of which sources it is (no COMMIT in it); $anew"
  [ -z "$any_commit" ] || return 0
  anew="$anew; --any-commit takes it all the same"
  here=$(git -C "$home" describe --always --dirty --abbrev=12 2>/dev/null) ||
    refuse "which sources are here is not known (git), $bundle is of $commit; $anew"
  [ "$commit" = "$here" ] || refuse "$bundle is of $commit, the sources here are $here; $anew"
  case $here in *-dirty) refuse "$bundle and the sources here have changes that no commit names; $anew" ;; esac
}

cuda=""; out=""; bundle=""; any_commit=""
while [ $# -gt 0 ]; do
  case $1 in
    --cuda | --out | --bundle)
      [ $# -ge 2 ] || refuse "$1 needs a value"
      case $1 in --cuda) cuda=$2 ;; --out) out=$2 ;; --bundle) bundle=$2 ;; esac
      shift ;;
    --any-commit) any_commit=1 ;;
    --help | -h) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p;}' "$0"; exit 0 ;;
    *) refuse "no option $1; there are --cuda, --out, --bundle, --any-commit and --help" ;;
  esac
  shift
done
[ -n "$out" ] || refuse "--out FOLDER is missing"
case $cuda in "" | 13 | 11.8) ;; *) refuse "--cuda is 13 or 11.8, got $cuda" ;; esac
[ -z "$bundle" ] || [ -z "$cuda" ] || refuse "--cuda is of a bundle that is built here; --bundle is one already"
[ -z "$bundle" ] || [ -f "$bundle" ] || refuse "there is no bundle $bundle"
[ -z "$any_commit" ] || [ -n "$bundle" ] || refuse "--any-commit has no effect without --bundle"
case $bundle in "" | *.tar.xz) ;; *) refuse "a bundle's name ends in .tar.xz, got $bundle" ;; esac
if [ -e "$out" ] && { [ ! -d "$out" ] || [ -n "$(ls -A "$out")" ]; }; then
  refuse "$out is there and not empty; name another folder"
fi
parent=$(CDPATH= cd -- "$(dirname -- "$out")" 2>/dev/null && pwd) || refuse "there is no folder $(dirname -- "$out")"
out=$parent/$(basename -- "$out")

[ -z "$bundle" ] || check_bundle

# Made under another name and renamed at the end: a folder of this name is always complete.
new=$out.new-$$
trap 'rm -rf "$new"' EXIT
mkdir -p "$new/gpu" || refuse "cannot write into $parent"
if [ -n "$bundle" ]; then
  cp "$bundle" "$new/"
else
  "$home/lamella" bundle --cuda "${cuda:-13}" --out "$new/lamella.tar.xz" || fail "the bundle could not be made"
fi
cp "$home/bench/gpu-check.sh" "$new/"
for file in "$home"/bench/gpu/*.py "$home"/bench/gpu/*.sh; do
  case ${file##*/} in test*) ;; *) cp "$file" "$new/gpu/" ;; esac
done
cat >"$new/README.txt" <<'TEXT'
Lamella on a machine with an NVIDIA GPU. The one command to run here:

    ./gpu-check.sh

It needs no Java, no network and no root, and ends within 9 minutes. Results are in ./gpu-check-results, or in $OUT
where that is set; summary.txt there comes first. `./gpu-check.sh --help` has the options.
TEXT
kib=$(du -sk "$new" | cut -f 1)
size=$(awk -v kib="$kib" 'BEGIN { printf "%.1f MiB", kib / 1024 }')
if [ "$kib" -ge $((most_mib * 1024)) ]; then
  rm -rf "$out.too-large"
  mv "$new" "$out.too-large"
  fail "it takes $size, $most_mib MiB is the most that travels: it is kept in $out.too-large"
fi
if [ -d "$out" ]; then rmdir "$out"; fi
mv "$new" "$out"
say "$out: $size; run ./gpu-check.sh in it"
