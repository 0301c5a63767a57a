#!/bin/sh
# Tests of how NVRTC is found (nvrtc-folders.sh), with made-up libraries, and of which machine code is kept (cubins.sh),
# with a made-up compiler. Two seconds.
#   test.sh
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
. "$here/nvrtc-folders.sh"

say() { echo "kernel tools test: $*" >&2; }
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

say "machine code that is kept"
tree=$folder/a\ tree
mkdir -p "$tree/bench" "$tree/cuda-kernels" "$folder/bin"
cp -r "$here" "$tree/bench/"
echo "kernel one" >"$tree/cuda-kernels/one.cu"
echo "kernel two" >"$tree/cuda-kernels/two.cu"
echo "for both" >"$tree/cuda-kernels/device.cuh"
# It says its version, keeps a list of what it compiles, and compiles no file that says "wrong".
make_nvcc() {
  cat >"$folder/bin/nvcc" <<END
#!/bin/sh
if [ "\$1" = --version ]; then echo "release $1"; exit; fi
for word in "\$@"; do case \$word in *.cu) source=\$word ;; esac; done
while [ "\$1" != -o ]; do shift; done
if grep -q wrong "\$source"; then echo "\$source is wrong" >&2; exit 1; fi
echo "\$source" >>"$folder/compiled"
echo "the report of \$source" >&2
cat "\$source" >"\$2"
END
  chmod 755 "$folder/bin/nvcc"
}
make_nvcc 1
# $1: how many files are compiled, $2: the exit code; then options of the second kernel
cubins() {
  files=$1 wanted=$2 code=0
  shift 2
  : >"$folder/compiled"
  printf '%s\n' "one.cu" "two.cu $*" | PATH="$folder/bin:$PATH" "$tree/bench/cuda/cubins.sh" sm_90 \
    "$tree/cuda-kernels" >"$folder/found" 2>"$folder/said" || code=$?
  [ $code -eq "$wanted" ] || fail "cubins.sh ended with $code, not $wanted"
  [ "$(wc -l <"$folder/compiled")" -eq "$files" ] || fail "$(wc -l <"$folder/compiled") compiled, not $files"
}
whole() { # each file has its kernel's code and report
  while read -r file source _; do
    kept=$tree/bench/target/cubins/sm_90/$file
    cmp -s "$kept" "$tree/cuda-kernels/$source" || fail "$file is not the code of $source"
    grep -qx "the report of $source" "$kept.log" || fail "there is no report of $source"
  done <"$folder/found"
}
cubins 2 0
whole
cubins 0 0
whole
cubins 1 0 -DTILE=2
cubins 0 0 -DTILE=2
echo "for both, changed" >"$tree/cuda-kernels/device.cuh"
cubins 2 0
echo "kernel two, changed" >"$tree/cuda-kernels/two.cu"
cubins 2 0
whole
find "$tree/bench/target/cubins" -type f -exec touch -d '9 days ago' {} +
cubins 0 0
whole
[ "$(find "$tree/bench/target/cubins" -name '*.cubin' | wc -l)" -eq 2 ] || fail "files of last week are left"
make_nvcc 2
cubins 2 0
echo "wrong" >"$tree/cuda-kernels/two.cu"
cubins 1 1
grep -q "two.cu is wrong" "$folder/said" || fail "the compiler's message is not shown"
cubins 0 1
[ -z "$(find "$tree/bench/target/cubins" -name 'work.*')" ] || fail "temporary files are left"
say "passed"
