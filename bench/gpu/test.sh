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
  for value in soon 19 020 99999999999999999999; do
    expect 2 "--seconds takes whole seconds" "$check" --seconds $value; one_line
  done
  for value in x 0 00 08 99999999999999999999; do
    expect 2 "--limit takes PART=SECONDS" "$check" --limit steps=$value; one_line
  done
  expect 2 "has no effect" "$check" --limit steps=3 facts; one_line
  expect 2 "is given twice" "$check" --limit steps=3 --limit steps=4; one_line
  expect 2 "there is no bundle" "$check" --out "$folder/none" --bundle "$folder/nowhere"; one_line
  expect 0 "PART" "$check" --help
  mkdir "$folder/full" && echo text >"$folder/full/file"
  expect 2 "is there and not empty" "$check" --out "$folder/full" facts; one_line
  mkdir "$folder/earlier" && echo text >"$folder/earlier/other"
  for name in summary.txt step-mlp-auto.json kernels.json; do
    echo "{}" >"$folder/earlier/$name"
    expect 2 "has results of an earlier run ($folder/earlier/$name)" env OUT="$folder/earlier" "$check" facts; one_line
    rm "$folder/earlier/$name"
  done
}

# A bundle that only pretends: what fails, and what hangs; and a GPU that only pretends, of the compute mode in
# $folder/mode. What Python is asked for is listed in $folder/asked.
pretended() {
  mkdir -p "$folder/bundle/bin" "$folder/bundle/kernels" "$folder/bundle/runtime" "$folder/bundle/native"
  echo >"$folder/bundle/native/libjnicudart.so"
  cat >"$folder/bundle/bin/lamella" <<'END'
#!/bin/sh
case "$*" in
  *"bench check"*) echo "1/1 DIFFERS"; echo "cuda:0: 0 of 1 cases agree"; exit 1 ;;
  *"bench step"*--kernels*) sleep 20 ;;
  *) echo "pretended: $*" ;;
esac
END
  mkdir "$folder/gpu"
  cat >"$folder/gpu/nvidia-smi" <<END
#!/bin/sh
case "\$*" in -L) echo "GPU 0: pretended" ;; *=compute_mode*) cat "$folder/mode" ;; esac
END
  cat >"$folder/gpu/asks" <<END
#!/bin/sh
case "\$*" in *peer_torch*) ;; --version) echo "facts" >>"$folder/asked"; exit 0 ;; *) exit 0 ;; esac
echo "begin \$*" >>"$folder/asked"
sleep 1
echo "end \$*" >>"$folder/asked"
END
  chmod +x "$folder/bundle/bin/lamella" "$folder"/gpu/*
  echo Default >"$folder/mode"
}
on_gpu() { env PATH="$folder/gpu:$PATH" "$@"; }

failures() {
  say "parts that fail or hang"
  pretended
  begin=$(date +%s)
  expect 1 "steps: FAILED: not done after 3 s" on_gpu "$check" --bundle "$folder/bundle" --out "$folder/failed" \
    --quick --limit steps=3 facts correct steps demo
  [ $(($(date +%s) - begin)) -lt 30 ] || fail "a part that hangs was not ended in time"
  result "$folder/failed" facts "done"
  result "$folder/failed" correct "FAILED: exit code 1"
  result "$folder/failed" demo "done"
  has "$folder/failed/demo.txt" "pretended: demo"
  for kernels in own cudnn forward=cudnn,filter=own,data=cudnn; do
    has "$folder/said" "cuda:0: 0 of 1 cases agree ($kernels)"
  done
  if command -v python3 >/dev/null 2>&1; then
    python3 -m json.tool "$folder/failed/summary.json" >/dev/null || fail "summary.json is no JSON"
  fi
  tar -C "$folder" -cJf "$folder/broken.tar.xz" said
  expect 2 "is no bundle of Lamella" "$check" --out "$folder/b" --bundle "$folder/broken.tar.xz" facts
  echo junk >"$folder/junk.tar.xz"
  expect 2 "cannot be unpacked" "$check" --out "$folder/b" --bundle "$folder/junk.tar.xz" facts
  if grep -q "Traceback\|not found" "$folder/said"; then cat "$folder/said" >&2; fail "more than what matters"; fi
  nothing_left
}
nothing_left() {
  for rest in "$folder"/lamella-gpu-check-*/run-*; do [ ! -e "$rest" ] || fail "$rest was left"; done
}

# Networks without convolutions have nothing to choose: one step, without --kernels.
steps() {
  say "steps"
  mkdir -p "$folder/quick/bin"
  printf '#!/bin/sh\necho pretended\n' >"$folder/quick/bin/lamella" && chmod +x "$folder/quick/bin/lamella"
  expect 0 "steps: done" on_gpu "$check" --bundle "$folder/quick" --out "$folder/steps" --quick steps
  [ "$(grep -c -- "^--- .*--net mlp" "$folder/steps/steps.txt")" -eq 1 ] || fail "mlp runs not once"
  if grep -- "--net mlp" "$folder/steps/steps.txt" | grep -q -- --kernels; then fail "mlp has --kernels"; fi
  [ "$(grep -c -- "^--- .*--net lenet.*--kernels" "$folder/steps/steps.txt")" -eq 4 ] || fail "lenet runs not 4 times"
}

# A stopped run tells what was done and what was running; nothing is left running or lying about.
stopped() {
  say "stopped"
  for signal in TERM INT KILL; do
    rm -rf "$folder/stopped"
    # A shell's background command ignores INT, as its children do: timeout gives it back, and ends early on ALRM.
    env PATH="$folder/gpu:$PATH" timeout -s $signal 60 "$check" --bundle "$folder/bundle" --out "$folder/stopped" \
      --quick facts steps >"$folder/said" 2>&1 &
    until grep -qs "\"steps\"" "$folder/stopped/summary.json" || ! kill -0 $! 2>/dev/null; do sleep 0.2; done
    kill -ALRM $! 2>/dev/null || true
    wait $! 2>/dev/null || true
    result "$folder/stopped" facts "done"
    result "$folder/stopped" steps "stopped"
    has "$folder/stopped/summary.json" '"part": "steps"'
    if command -v python3 >/dev/null 2>&1; then
      python3 -m json.tool "$folder/stopped/summary.json" >/dev/null || fail "summary.json is no JSON"
    fi
    for rest in "$folder/stopped"/.[!.]* "$folder/stopped"/*.new; do [ ! -e "$rest" ] || fail "$rest was left"; done
    if [ $signal != KILL ]; then
      has "$folder/said" "gpu-check: stopped"
      has "$folder/said" "| steps |"
      nothing_left
    fi
  done
  rm -rf "$folder"/lamella-gpu-check-*/run-*
}

# Nothing can be written any more: the table is on the screen, and why.
full_disk() {
  say "a full disk"
  code=0
  (trap '' XFSZ; ulimit -f 0; "$check" --bundle "$folder/bundle" --out "$folder/full-disk" facts 2>&1; echo "code $?") |
    cat >"$folder/said"
  has "$folder/said" "| facts |"
  has "$folder/said" "files could not be written into $folder/full-disk"
  has "$folder/said" "code 1"
  for rest in "$folder/full-disk"/*.new; do [ ! -e "$rest" ] || fail "$rest was left"; done
}

# Programs of another user in the folder of everyone.
work_folder() {
  say "the work folder"
  others=$folder/others
  work=$others/lamella-gpu-check-$(id -u)
  mkdir -p "$others/target"
  refused() { expect 2 "$1" env TMPDIR="$others" "$check" --out "$folder/w" --bundle "$folder/bundle" facts; one_line; }
  ln -s "$others/target" "$work" && refused "is a link" && rm "$work"
  ln -s "$others/nowhere" "$work" && refused "is a link" && rm "$work"
  echo >"$work" && refused "is no folder of yours" && rm "$work"
  mkdir "$work"
  for mode in 777 775 702; do chmod $mode "$work" && refused "others may write into"; done
  chmod 700 "$work"
  if [ "$(id -u)" -eq 0 ]; then chown 12345 "$work" && refused "is no folder of yours" && chown 0 "$work"; fi
  expect 0 "facts: done" env TMPDIR="$others" "$check" --out "$folder/w2" --bundle "$folder/bundle" facts
}

# A bundle simulates only with the stand-ins preloaded.
simulation() {
  say "LAMELLA_SIM with a bundle"
  expect 2 "LAMELLA_SIM has no effect on a bundle by itself" env LAMELLA_SIM=devices=1 "$check" \
    --bundle "$folder/bundle" --out "$folder/sim" facts; one_line
  expect 0 "simulated: devices=1" env LAMELLA_SIM=devices=1 LD_PRELOAD="$folder/libsimulated.so" "$check" \
    --bundle "$folder/bundle" --out "$folder/sim" facts
}

# PyTorch compiles during `correct`, never during `facts`; alone where the GPU is for one process at a time.
compiling() {
  say "when PyTorch compiles"
  peers() { # FOLDER: a run whose Python only lists what it is asked for
    : >"$folder/asked"
    expect 1 "peers: done" on_gpu env PYTHON="$folder/gpu/asks" "$check" --bundle "$folder/bundle" --out "$1" --quick \
      facts correct peers
    result "$1" compile "done"
    [ "$(grep -c begin "$folder/asked")" -eq 2 ] || { cat "$folder/asked" >&2; fail "Python is not asked twice"; }
  }
  order() { sed 1,2d "$1/summary.txt" | cut -d ' ' -f 2 | tr '\n' ' '; }
  peers "$folder/during"
  [ "$(head -n 1 "$folder/asked")" = facts ] || { cat "$folder/asked" >&2; fail "PyTorch compiles during facts"; }
  has "$folder/asked" "--compile --at-once 6"
  [ "$(order "$folder/during")" = "facts correct compile peers " ] || fail "$(order "$folder/during")"
  if grep -q "s\] compile, at most" "$folder/said"; then fail "PyTorch does not compile during correct"; fi
  for mode in Exclusive_Process ""; do
    echo "$mode" >"$folder/mode"
    peers "$folder/alone$mode"
    has "$folder/asked" "--compile --at-once 1"
    has "$folder/said" "s] compile, at most"
  done
  echo Default >"$folder/mode"
}

# A checkout of its own, whose commit is known, and bundles of it that are not what they should be.
bundles() {
  say "bundles that are refused"
  tree=$folder/tree
  mkdir -p "$tree/bench"
  cp -r "$scripts" "$check" "$pack" "$tree/bench/"
  git -C "$tree" init -q && git -C "$tree" add bench
  git -C "$tree" -c user.name=test -c user.email=test commit -q -m test
  commit=$(git -C "$tree" describe --always --dirty --abbrev=12)
  made() { # COMMIT, or none: the bundle of that
    rm -f "$folder/bundle/COMMIT"
    if [ "$1" != none ]; then echo "$1" >"$folder/bundle/COMMIT"; fi
    tar -C "$folder" -cJf "$folder/of.tar.xz" bundle
  }
  packs() { expect "$1" "$2" "$tree/bench/gpu-pack.sh" --bundle "$folder/of.tar.xz" --out "$folder/of"; one_line; }
  echo junk >"$folder/of.tar.xz" && packs 2 "is no whole .tar.xz"
  made none && packs 2 "no COMMIT in it"
  made 0123456789ab && packs 2 "is of 0123456789ab, the sources here are $commit; make it anew"
  made "$commit" && packs 0 "MiB; run ./gpu-check.sh" && rm -rf "$folder/of"
  mv "$folder/bundle/kernels" "$folder/kernels" && made "$commit" && packs 2 "it has no kernels/"
  mv "$folder/kernels" "$folder/bundle/kernels"
  echo "# changed" >>"$tree/bench/gpu-check.sh"
  made "$commit-dirty" && packs 2 "have changes that no commit names"
  rm -rf "$tree/.git" && made "$commit" && packs 2 "which sources are here is not known"
  [ ! -e "$folder/of" ] || fail "a folder was made of what was refused"
  expect 2 "--any-commit has no effect" "$pack" --any-commit --out "$folder/x"; one_line
}

packing() {
  say "packing"
  echo 0123456789ab >"$folder/bundle/COMMIT"
  tar -C "$folder" -cJf "$folder/small.tar.xz" bundle
  expect 0 "MiB; run ./gpu-check.sh" "$pack" --any-commit --bundle "$folder/small.tar.xz" --out "$folder/packed"
  for file in gpu-check.sh gpu/parts.sh gpu/zoo.py gpu/kernels.py README.txt small.tar.xz; do
    [ -f "$folder/packed/$file" ] || fail "$file is missing"
  done
  for file in "$folder"/packed/gpu/test*; do [ ! -e "$file" ] || fail "tests travel"; done
  expect 2 "is there and not empty" "$pack" --bundle "$folder/small.tar.xz" --out "$folder/packed"; one_line
  expect 2 "--out FOLDER is missing" "$pack"; one_line
  expect 2 "there is no bundle" "$pack" --bundle "$folder/nowhere.tar.xz" --out "$folder/x"; one_line
  { cat "$folder/small.tar.xz"; head -c 70000000 /dev/zero; } >"$folder/large.tar.xz"  # xz allows zeros behind it
  expect 1 "60 MiB is the most that travels" "$pack" --any-commit --bundle "$folder/large.tar.xz" --out "$folder/large"
  one_line
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
  native=""
  for library in "$folder"/lamella-gpu-check-*/bundle-*/native/libjnicudart.so; do  # made-up bundles lie there too
    if readelf -h "$library" >/dev/null 2>&1; then native=${library%/*}; fi
  done
  stand_ins=$folder/stand-ins
  { cmake -S "$project/native/sim/stand_ins" -B "$stand_ins" -DJNI_LIBRARIES="$native" &&
    cmake --build "$stand_ins"; } >"$folder/cmake" 2>&1 ||
    { cat "$folder/cmake" >&2; fail "the simulated GPU could not be built"; }
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
steps
stopped
full_disk
work_folder
simulation
compiling
bundles
packing
"$project/lamella" --version >"$folder/said"  # built, so that the time of a build counts for no part
without_gpu "$check" "$folder/no-gpu"
if [ "${1:-}" = --full ]; then whole; fi
say "all passed"
