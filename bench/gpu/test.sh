#!/bin/sh
# Tests of gpu-check.sh and gpu-pack.sh. Short, under a minute: Python's unit tests, arguments, parts that fail or hang,
# a whole run where there is no GPU. --full, some minutes more: the folder that travels is made with a real bundle; all
# of it runs from there, without a GPU and on a simulated one.
#   test.sh [--full]
set -eu

scripts=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
check=$scripts/../gpu-check.sh
pack=$scripts/../gpu-pack.sh
project=$scripts/../..
case ${1:-} in "" | --full) ;; *) echo "usage: test.sh [--full]" >&2; exit 2 ;; esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export TMPDIR="$folder" PYTHONDONTWRITEBYTECODE=1
unset OUT LAMELLA_SIM 2>/dev/null || true

say() { echo "gpu test: $*" >&2; }
fail() { say "FAILED: $*"; exit 1; }

# What a command ends with and says.
expect() { # CODE TEXT COMMAND...
  wanted=$1; text=$2; shift 2
  code=0
  "$@" >"$folder/said" 2>&1 || code=$?
  [ $code -eq "$wanted" ] || { cat "$folder/said" >&2; fail "exit code $code, not $wanted: $*"; }
  grep -qF -- "$text" "$folder/said" || { cat "$folder/said" >&2; fail "does not say '$text': $*"; }
}
one_line() { [ "$(wc -l <"$folder/said")" -eq 1 ] || { cat "$folder/said" >&2; fail "more than one line"; }; }
has() { grep -qF -- "$2" "$1" || { cat "$1" >&2; fail "$1 does not say '$2'"; }; }
result() {
  grep "^| $2 |" "$1/summary.txt" | grep -qF -- "| $3 |" || { cat "$1/summary.txt" >&2; fail "$2 is not '$3'"; }
}

unit_tests() {
  say "unit tests"
  if ! command -v python3 >/dev/null 2>&1; then say "no python3: the unit tests are skipped"; return; fi
  (cd "$scripts" && python3 -W error::ResourceWarning -m unittest -q) >"$folder/unit" 2>&1 ||
    { cat "$folder/unit" >&2; fail "unit tests"; }
}

arguments() {
  say "arguments"
  expect 2 "no part 'speed'" "$check" speed; one_line
  expect 2 "no option --fast" "$check" --fast; one_line
  expect 2 "--seconds takes whole seconds" "$check" --seconds soon; one_line
  expect 2 "--limit takes PART=SECONDS" "$check" --limit steps=x; one_line
  expect 2 "there is no bundle" "$check" --out "$folder/none" --bundle "$folder/nowhere"; one_line
  expect 0 "PART" "$check" --help
  mkdir "$folder/full" && echo text >"$folder/full/file"
  expect 2 "is there and not empty" "$check" --out "$folder/full" facts; one_line
}

# A bundle that only pretends: what fails, and what hangs, on a GPU that it says to have.
pretended() {
  mkdir -p "$folder/bundle/bin"
  cat >"$folder/bundle/bin/lamella" <<'END'
#!/bin/sh
case "$*" in
  *"bench check"*) echo "1/1 DIFFERS"; exit 1 ;;
  *"bench step"*) sleep 60 ;;
  *) echo "pretended: $*" ;;
esac
END
  chmod +x "$folder/bundle/bin/lamella"
}

failures() {
  say "parts that fail or hang"
  pretended
  begin=$(date +%s)
  LAMELLA_SIM=devices=1 expect 1 "steps: FAILED: not done after 3 s" "$check" --bundle "$folder/bundle" \
    --out "$folder/failed" --quick --limit steps=3 facts correct steps demo
  [ $(($(date +%s) - begin)) -lt 30 ] || fail "a part that hangs was not ended in time"
  result "$folder/failed" facts "done"
  result "$folder/failed" correct "FAILED: exit code 1"
  result "$folder/failed" demo "done"
  has "$folder/failed/demo.txt" "pretended: demo"
  if command -v python3 >/dev/null 2>&1; then
    python3 -m json.tool "$folder/failed/summary.json" >/dev/null || fail "summary.json is no JSON"
  fi
  tar -C "$folder" -cJf "$folder/broken.tar.xz" said
  expect 2 "is no bundle of Lamella" "$check" --out "$folder/b" --bundle "$folder/broken.tar.xz" facts
  for rest in "$folder"/lamella-gpu-check-*/new-*; do [ ! -e "$rest" ] || fail "an unpacked rest was left"; done
}

packing() {
  say "packing"
  tar -C "$folder" -cJf "$folder/small.tar.xz" bundle
  expect 0 "MiB; run ./gpu-check.sh" "$pack" --bundle "$folder/small.tar.xz" --out "$folder/packed"
  for file in gpu-check.sh gpu/zoo.py gpu/kernels.py README.txt small.tar.xz; do
    [ -f "$folder/packed/$file" ] || fail "$file is missing"
  done
  for file in "$folder"/packed/gpu/test*; do [ ! -e "$file" ] || fail "tests travel"; done
  expect 2 "is there and not empty" "$pack" --bundle "$folder/small.tar.xz" --out "$folder/packed"; one_line
  expect 2 "--out FOLDER is missing" "$pack"; one_line
  expect 2 "there is no bundle" "$pack" --bundle "$folder/nowhere.tar.xz" --out "$folder/x"; one_line
  head -c 70000000 /dev/urandom >"$folder/large.tar.xz"
  expect 1 "60 MiB is the most that travels" "$pack" --bundle "$folder/large.tar.xz" --out "$folder/large"; one_line
  [ ! -e "$folder/large" ] || fail "a folder that is too large is in the way"
  rm -rf "$folder/large.tar.xz" "$folder/large.too-large"
  expect 0 "facts: done" "$folder/packed/gpu-check.sh" --out "$folder/from-packed" facts
  has "$folder/from-packed/facts.txt" "pretended: devices --verbose"
  expect 0 "facts: done" "$folder/packed/gpu-check.sh" --out "$folder/again" facts
  if grep -q unpacking "$folder/said"; then fail "what was unpacked is unpacked again"; fi
}

# Everything, where there is no GPU. $1: gpu-check.sh, $2: where results go
without_gpu() {
  say "a whole run without a GPU: $1"
  mkdir -p "$folder/hidden"  # a GPU that this machine may have
  printf '#!/bin/sh\nexit 9\n' >"$folder/hidden/nvidia-smi" && chmod +x "$folder/hidden/nvidia-smi"
  expect 0 "gpu-check: all in" env PATH="$folder/hidden:$PATH" CUDA_VISIBLE_DEVICES= "$1" --out "$2"
  for part in correct steps demo; do
    result "$2" $part "no GPU"
    has "$2/$part.txt" "no GPU"
  done
  result "$2" facts "done"
  has "$2/facts.txt" "no GPU"
  if command -v python3 >/dev/null 2>&1; then
    result "$2" model "done"
    has "$2/model.txt" "modelled only, nothing here was measured"
    for part in peers kernels; do
      grep "^| $part |" "$2/summary.txt" | grep -qE '\| no (torch|GPU|bundle) \|' ||
        { cat "$2/summary.txt" >&2; fail "$part"; }
    done
  fi
}

# The folder that travels, with a real bundle; and its GPU path on stand-ins for NVIDIA's libraries, built for the
# bundle's bindings.
whole() {
  say "the folder that travels"
  expect 0 "MiB; run ./gpu-check.sh" "$pack" --cuda 13 --out "$folder/travels"
  tail -n 1 "$folder/said" >&2
  without_gpu "$folder/travels/gpu-check.sh" "$folder/travelled"
  say "the same on a simulated GPU"
  native=""
  for library in "$folder"/lamella-gpu-check-*/bundle-*/native/libjnicudart.so; do native=${library%/*}; done
  stand_ins=$folder/stand-ins
  { cmake -S "$project/native/sim/stand_ins" -B "$stand_ins" -DJNI_LIBRARIES="$native" &&
    cmake --build "$stand_ins"; } >"$folder/cmake" 2>&1 || { cat "$folder/cmake" >&2; fail "the simulated GPU could not be built"; }
  expect 0 "gpu-check: all in" env LAMELLA_SIM=devices=1,checks=off LD_PRELOAD="$stand_ins/lib/libsimulated.so" \
    LD_LIBRARY_PATH="$stand_ins/lib:$stand_ins/lib/nvrtc" \
    "$folder/travels/gpu-check.sh" --quick --out "$folder/simulated"
  for part in facts correct steps demo model; do result "$folder/simulated" $part "done"; done
  for kernels in own cudnn forward-cudnn-filter-own-data-cudnn; do
    has "$folder/simulated/correct-$kernels.json" '"all_agree" : true'
  done
  has "$folder/simulated/step-lenet-16-own.json" '"device" : "cuda:0 (simulated'
}

unit_tests
arguments
failures
packing
"$project/lamella" --version >"$folder/said"  # built, so that the time of a build counts for no part
without_gpu "$check" "$folder/no-gpu"
if [ "${1:-}" = --full ]; then whole; fi
say "all passed"
