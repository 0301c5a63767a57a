#!/bin/sh
# Tests of how NVRTC is found (nvrtc-folders.sh), with made-up libraries. A second.
#   test.sh
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
. "$here/nvrtc-folders.sh"

say() { echo "nvrtc test: $*" >&2; }
fail() {
  say "FAILED: $*"
  cat "$folder/found" "$folder/said" >&2
  exit 1
}

# The folders of a project that lies in $folder/project, for a user whose home is $folder/home.
find_folders() {
  HOME=$folder/home nvrtc_folders "$folder/project" "$folder/work" >"$folder/found" 2>"$folder/said"
}
first_has() { [ -f "$(head -n 1 "$folder/found")/$1" ] || fail "$1 is not in the first folder"; }
one_has() {
  while read -r place; do [ ! -f "$place/$1" ] || return 0; done <"$folder/found"
  fail "$1 is in no folder"
}

unset LAMELLA_NVRTC VIRTUAL_ENV CONDA_PREFIX LD_LIBRARY_PATH 2>/dev/null || true
mkdir -p "$folder/project" "$folder/home" "$folder/work"
for inside in plain nvidia/cuda_nvrtc/lib org/bytedeco/cuda/linux-x86_64; do
  mkdir -p "$folder/made/$inside"
  for library in libnvrtc.so.11.2 libnvrtc-builtins.so.11.8; do echo "$inside" >"$folder/made/$inside/$library"; done
done

say "a folder"
LAMELLA_NVRTC=$folder/made/plain
find_folders
first_has libnvrtc.so.11.2

say "archives: a wheel, .tar.xz, and one that is broken"
jar --create --no-manifest --file="$folder/nvrtc.whl" -C "$folder/made" nvidia
tar -C "$folder/made/plain" -cJf "$folder/nvrtc.tar.xz" libnvrtc.so.11.2 libnvrtc-builtins.so.11.8
for archive in nvrtc.whl nvrtc.tar.xz; do
  for _ in first again; do
    LAMELLA_NVRTC=$folder/$archive
    find_folders
    first_has libnvrtc.so.11.2
    first_has libnvrtc-builtins.so.11.8
  done
done
for archive in broken.whl broken.tar.xz; do
  echo broken >"$folder/$archive"
  LAMELLA_NVRTC=$folder/$archive
  find_folders
  grep -q "$archive cannot be unpacked" "$folder/said" || fail "nothing is said of $archive"
done

say "next to the project, Python's packages, Maven's artifact"
LAMELLA_NVRTC=""
mkdir -p "$folder/shared/tools/nvrtc-11.8" "$folder/home/.local/lib/python3.11/site-packages"
cp "$folder/nvrtc.tar.xz" "$folder/shared/tools/nvrtc-11.8/libnvrtc-11.8.tar.xz"
find_folders
first_has libnvrtc.so.11.2
rm -r "$folder/shared"
cp -r "$folder/made/nvidia" "$folder/home/.local/lib/python3.11/site-packages/"
echo here >"$folder/home/.local/lib/python3.11/site-packages/nvidia/cuda_nvrtc/lib/of-python"
find_folders
one_has of-python
artifact=$folder/home/.m2/repository/org/bytedeco/cuda/11.8-8.6-1.5.8
mkdir -p "$artifact"
jar --create --no-manifest --file="$artifact/cuda-11.8-8.6-1.5.8-linux-x86_64-redist.jar" -C "$folder/made" org
rm -r "$folder/home/.local"
find_folders
tail -n 1 "$folder/found" >"$folder/last" && mv "$folder/last" "$folder/found"
one_has libnvrtc.so.11.2
say "passed"
