#!/bin/sh
# The first thing to run on a machine with an NVIDIA GPU: what it is, whether all is computed right there, how fast,
# beside PyTorch and beside the model. Needs no Java, no Maven, no network and no root: sh, the bundle beside this file,
# and for some parts python3 with PyTorch. Ends within 9 minutes. bench/gpu-pack.sh makes the folder to run it from.
#
#   gpu-check.sh [--out FOLDER] [--bundle F.tar.xz|FOLDER] [--seconds LIMIT] [--limit PART=SECONDS] [--quick] [PART ...]
#
# Parts, each with its own limit of time and its own file; one that fails does not stop the next:
#   facts    driver, GPU, libraries, what Lamella finds     correct  `bench check`: own, cuDNN's and mixed kernels
#   kernels  convolutions alone, own beside cuDNN           steps    `bench step` of five networks: own, auto, cudnn
#   demo     the demo, on the GPU                           peers    the same networks in PyTorch at its best
#   model    modelled beside measured
# Results go to $OUT, or else to FOLDER (./gpu-check-results). --seconds: of all (535). --limit: of a part, at most.
# --quick: small sizes, for a try without a GPU, as with LAMELLA_SIM=devices=1, which simulates one.
# Exit code: 0 if every part ended as it should, also one that says "no GPU"; 1 if one failed; 2 for wrong arguments.
set -u

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
parts_known="facts correct kernels steps demo peers model"
python=${PYTHON:-python3}
no_gpu=10
no_torch=11
no_python=12
no_bundle=13

say() { echo "gpu-check: $*"; }
refuse() { echo "gpu-check: $*" >&2; exit 2; }

# ---- Parts. Each runs in a process of its own, which finds root, lamella, scripts, out, work, quick, device and
# part_limit in its environment; what it prints is its file.

# A command of a part, with a limit: in the part's process group, so that the part's own limit ends it too.
limited() { limit=$(($1 > 0 ? $1 : 1)); shift; timeout --foreground -k 2 "$limit" "$@"; }

# The same; says how it failed, and goes on. $failed tells at the end.
try() {
  limit=$1; shift
  echo "--- $*"
  limited "$limit" "$@"
  code=$?
  case $code in
    0 | "$no_gpu" | "$no_torch") ;;
    *) failed=1; echo "FAILED: exit code $code (124: not done after $limit s)" ;;
  esac
}

show() { echo "--- $*"; limited 10 "$@" 2>&1 || echo "(exit code $?)"; }

# Seconds: the part's limit without some that it needs besides.
less() { echo $((part_limit > $1 + 5 ? part_limit - $1 : 5)); }

need_gpu() { [ -n "$device" ] || { echo "no GPU"; exit $no_gpu; }; }
need_python() { command -v "$python" >/dev/null 2>&1 || { echo "no $python"; exit $no_python; }; }

part_facts() {
  show uname -a
  show lscpu
  show free -g
  if command -v nvidia-smi >/dev/null 2>&1; then
    show nvidia-smi -L
    [ -n "$device" ] || echo "no GPU"
    facts=name,driver_version,compute_cap,clocks.sm,clocks.max.sm,clocks.mem,memory.total,memory.used,power.limit
    facts=$facts,temperature.gpu,pcie.link.gen.current,pcie.link.width.current,compute_mode,ecc.mode.current
    show nvidia-smi --query-gpu=$facts --format=csv
    show nvidia-smi topo -m
  else
    echo "no GPU: there is no nvidia-smi"
  fi
  echo "--- environment"
  for name in LD_LIBRARY_PATH LD_BIND_NOW LD_PRELOAD CUDA_VISIBLE_DEVICES LAMELLA_CUDA_LIBRARIES; do
    eval "echo \"$name=\${$name:-}\""
  done
  if command -v "$python" >/dev/null 2>&1; then
    show "$python" --version
    show "$python" -c 'import torch; print(torch.__version__, torch.version.cuda, torch.backends.cudnn.version())'
  fi
  for tool in nvcc ncu; do if command -v $tool >/dev/null 2>&1; then show $tool --version; fi; done
  for library in "$root"/native/*.so; do
    if [ -f "$library" ]; then show ldd "$library"; fi
  done
  if [ -n "${LAMELLA_CUDA_LIBRARIES:-}" ]; then
    echo "--- what is found without LAMELLA_CUDA_LIBRARIES"
    (unset LAMELLA_CUDA_LIBRARIES; show "$lamella" devices --verbose)
  fi
  try 20 "$lamella" devices --verbose
}

part_correct() {
  need_gpu
  filter=""; steps=20
  if [ "$quick" = 1 ]; then filter="training: m"; steps=3; fi
  each=$((part_limit / 3))
  for kernels in own cudnn forward=cudnn,filter=own,data=cudnn; do
    name=$(echo "$kernels" | tr '=,' '--')
    try $((each - 1)) "$lamella" bench check --device "$device" --kernels "$kernels" --steps $steps --filter "$filter" \
      --seconds $((each > 12 ? each - 8 : 4)) --json "$out/correct-$name.json"
  done
}

part_kernels() {
  need_python
  [ -d "$root/kernels" ] || { echo "no bundle: a source checkout has no machine code of kernels"; exit $no_bundle; }
  try $((part_limit - 3)) "$python" "$scripts/kernels.py" --cubins "$root/kernels" --seconds "$(less 15)" \
    --json "$out/kernels.json" --markdown "$out/kernels.md"
  [ $code -lt 10 ] || exit $code
}

# NETWORK, its name and input for bench step, batch.
networks() {
  if [ "$quick" = 1 ]; then
    echo "lenet-16 lenet 1x16x16 4"; echo "mlp mlp 39x1x1 4"
  else
    echo "lenet-100 lenet 1x100x100 100"; echo "lenet-34 lenet 1x34x34 128"; echo "cifarnet cifarnet 3x28x28 128"
    echo "seqcnn seqcnn 4x1x2000 64"; echo "mlp mlp 1000x1x1 128"
  fi
}

step() { # FILE KERNELS NET INPUT BATCH OPTION...
  file=$out/step-$1.json; kernels=$2; net=$3; input=$4; batch=$5; shift 5
  seconds=0.7; if [ "$quick" = 1 ]; then seconds=0.1; fi
  try 40 "$lamella" bench step --net "$net" --input "$input" --batch "$batch" --device "$device" --kernels "$kernels" \
    --seconds $seconds --json "$file" "$@"
}

part_steps() {
  need_gpu
  networks >"$out/.networks"
  profile=--profile; if [ "$quick" = 1 ]; then profile=""; fi
  while read -r name net input batch; do
    step "$name-own" own "$net" "$input" "$batch"
    step "$name-auto" auto "$net" "$input" "$batch" $profile
    step "$name-cudnn" cudnn "$net" "$input" "$batch"
  done <"$out/.networks"
  rm -f "$out/.networks"
  export LAMELLA_CUDA_GRAPHS=off
  if [ "$quick" = 1 ]; then
    step lenet-16-no-graphs auto lenet 1x16x16 4
  else
    step lenet-34-no-graphs auto lenet 1x34x34 128
  fi
}

part_demo() {
  need_gpu
  sizes=""; if [ "$quick" = 1 ]; then sizes="--sequences 60 --epochs 1"; fi
  # shellcheck disable=SC2086
  try $((part_limit - 3)) "$lamella" demo --device "$device" --out "$work/demo" $sizes
  if [ -f "$work/demo/history.csv" ]; then cp "$work/demo/history.csv" "$out/demo-history.csv"; fi
}

# PyTorch compiles while nothing is timed; its cache on disk serves the part that measures.
part_compile() {
  need_python
  try $((part_limit - 3)) "$python" "$scripts/peer_torch.py" --compile --limit "$(less 15)"
  [ $code -lt 10 ] || exit $code
}

part_peers() {
  need_python
  try $((part_limit - 3)) "$python" "$scripts/peer_torch.py" --limit "$(less 15)" --json "$out/peers.json" \
    --markdown "$out/peers.md"
  [ $code -lt 10 ] || exit $code
}

part_model() {
  need_python
  try 15 "$python" "$scripts/model.py" "$out" --json "$out/model.json"
}

limit_of() {
  for given in $limits; do if [ "${given%=*}" = "$1" ]; then echo "${given#*=}"; return; fi; done
  case $1 in
    facts) echo 40 ;;
    correct) echo 150 ;;
    kernels) echo 90 ;;
    steps) echo 160 ;;
    demo) if [ "$quick" = 1 ]; then echo 120; else echo 45; fi ;;
    compile | peers) echo 115 ;;
    model) echo 15 ;;
  esac
}

# ---- The process of one part: gpu-check.sh --part NAME, started by the other.

if [ "${1:-}" = --part ]; then
  failed=0; code=0
  "part_$2" </dev/null
  exit $failed
fi

# ---- Arguments.

out=""; bundle=""; quick=0; seconds=535; limits=""; parts=""
while [ $# -gt 0 ]; do
  case $1 in
    --out | --bundle | --seconds | --limit)
      [ $# -ge 2 ] || refuse "$1 needs a value"
      case $1 in --out) out=$2 ;; --bundle) bundle=$2 ;; --seconds) seconds=$2 ;; --limit) limits="$limits $2" ;; esac
      shift ;;
    --quick) quick=1 ;;
    --help | -h) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p;}' "$0"; exit 0 ;;
    -*) refuse "no option $1; there are --out, --bundle, --seconds, --limit, --quick and --help" ;;
    *)
      case " $parts_known " in *" $1 "*) ;; *) refuse "no part '$1'; there are $parts_known" ;; esac
      parts="$parts $1" ;;
  esac
  shift
done
case $seconds in "" | *[!0-9]*) refuse "--seconds takes whole seconds, got '$seconds'" ;; esac
[ "$seconds" -ge 20 ] || refuse "--seconds must be 20 or more, got $seconds"
for given in $limits; do
  case " $parts_known " in
    *" ${given%%=*} "*) ;;
    *) refuse "--limit $given: no part '${given%%=*}'; there are $parts_known" ;;
  esac
  case ${given#*=} in "" | 0 | *[!0-9]*) refuse "--limit takes PART=SECONDS, got '$given'" ;; esac
done
parts=${parts:-$parts_known}
[ -z "${OUT:-}" ] || [ -z "$out" ] || refuse "results go to \$OUT ($OUT) or to --out, not to both"
if [ -n "${OUT:-}" ]; then
  out=$OUT
else
  out=${out:-./gpu-check-results}
  if [ -e "$out" ] && { [ ! -d "$out" ] || [ -n "$(ls -A "$out")" ]; }; then
    refuse "$out is there and not empty; name another folder with --out"
  fi
fi
mkdir -p "$out" 2>/dev/null && [ -w "$out" ] || refuse "cannot write into $out"
out=$(CDPATH= cd -- "$out" && pwd)
command -v timeout >/dev/null 2>&1 || refuse "there is no timeout (coreutils)"

# ---- The bundle: given, beside this file, or a source checkout around it.

began=$(date +%s)
work=${TMPDIR:-/tmp}/lamella-gpu-check-$(id -u)
mkdir -p -m 700 "$work" || refuse "cannot make $work; set TMPDIR"

unpack() { # ARCHIVE: into a folder of its own, whole or not at all, once
  sum=$(cksum <"$1" | tr ' ' '-')
  root=$work/bundle-$sum
  if [ ! -d "$root" ]; then
    rm -rf "$work/new-$$" && mkdir "$work/new-$$"
    say "unpacking $1"
    if ! { { command -v xz >/dev/null 2>&1 && tar -xJf "$1" -C "$work/new-$$"; } ||
      "$python" -c "import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])" "$1" "$work/new-$$"; }; then
      rm -rf "$work/new-$$"
      refuse "$1 cannot be unpacked: xz, or python3 with lzma, is needed, and room in $work"
    fi
    inner=$(find "$work/new-$$" -mindepth 1 -maxdepth 1)
    if [ ! -x "$inner/bin/lamella" ]; then
      rm -rf "$work/new-$$"
      refuse "$1 is no bundle of Lamella: it has no bin/lamella"
    fi
    mv "$inner" "$root" 2>/dev/null || [ -d "$root" ] || refuse "cannot write $root"
    rm -rf "$work/new-$$"
  fi
}

if [ -z "$bundle" ]; then
  for file in "$here"/*.tar.xz; do
    if [ -f "$file" ]; then
      [ -z "$bundle" ] || refuse "two bundles in $here; name one with --bundle"
      bundle=$file
    fi
  done
fi
if [ -f "$bundle" ]; then
  unpack "$bundle"
  lamella=$root/bin/lamella
elif [ -n "$bundle" ]; then
  root=$(CDPATH= cd -- "$bundle" 2>/dev/null && pwd) || refuse "there is no bundle $bundle"
  lamella=$root/bin/lamella
  [ -x "$lamella" ] || refuse "$bundle is no bundle of Lamella: it has no bin/lamella"
elif [ -x "$here/../lamella" ]; then
  root=$(CDPATH= cd -- "$here/.." && pwd)
  lamella=$root/lamella
else
  refuse "there is no bundle beside this file; name one with --bundle"
fi
scripts=$here/gpu

# ---- What there is.

device=""
if [ -n "${LAMELLA_SIM:-}" ]; then
  device=cuda:0
elif command -v nvidia-smi >/dev/null 2>&1; then
  if timeout -k 2 20 nvidia-smi -L 2>/dev/null | grep -q '^GPU '; then device=cuda:0; fi
elif [ -e /dev/nvidia0 ]; then  # a container without the tool
  device=cuda:0
fi
mkdir -p "$work/cache"
# NVIDIA's libraries as Python packages, by Python itself: its program may be one that only starts another.
if [ -z "${LAMELLA_CUDA_LIBRARIES:-}${LAMELLA_SIM:-}" ]; then
  wheels='import glob, nvidia; print(":".join(lib for at in nvidia.__path__ for lib in glob.glob(at + "/*/lib")))'
  found=$("$python" -c "$wheels" 2>/dev/null) || found=""
  if [ -n "$found" ]; then export LAMELLA_CUDA_LIBRARIES="$found"; fi
fi
export root lamella scripts out quick device work python
export XDG_CACHE_HOME="$work/cache" TORCHINDUCTOR_CACHE_DIR="$work/cache/torch" TRITON_CACHE_DIR="$work/cache/triton"
export TORCHINDUCTOR_COMPILE_THREADS=2 PYTHONDONTWRITEBYTECODE=1

# ---- Parts, one after the other, within the time of all.

results=$(mktemp "$work/results-XXXXXX")
running=""; compiler=""
trap 'rm -f "$results"' EXIT
# shellcheck disable=SC2086
trap 'kill $running $compiler 2>/dev/null; say "stopped"; exit 130' INT TERM HUP
left() { echo $((began + seconds - $(date +%s))); }

verdict() { # EXIT_CODE LIMIT
  case $1 in
    0) echo "done" ;;
    "$no_gpu") echo "no GPU" ;;
    "$no_torch") echo "no torch" ;;
    "$no_python") echo "no python3" ;;
    "$no_bundle") echo "no bundle" ;;
    124 | 137) echo "FAILED: not done after $2 s" ;;
    *) echo "FAILED: exit code $1" ;;
  esac
}

note() { printf '%s|%s|%s|%s|%s\n' "$1" "$2" "$3" "$4" "$1.txt" >>"$results"; }

run_part() { # NAME
  limit=$(limit_of "$1")
  spare=$(left)
  case "$1 $parts " in
    model*) ;;
    *" model "*) spare=$((spare - 15)) ;;  # the model is cheap, and reads what there is
  esac
  if [ "$spare" -lt 5 ]; then
    echo "the time was up" >"$out/$1.txt"
    note "$1" 0 "$limit" "FAILED: the time was up"
    return
  fi
  if [ "$limit" -gt "$spare" ]; then limit=$spare; fi
  say "[$(($(date +%s) - began)) s] $1, at most $limit s"
  start=$(date +%s)
  part_limit=$limit timeout -k 5 "$limit" sh "$0" --part "$1" >"$out/$1.txt" 2>&1 &
  running=$!
  wait "$running"
  result=$(verdict $? "$limit")
  running=""
  note "$1" $(($(date +%s) - start)) "$limit" "$result"
  tail -n 12 "$out/$1.txt" | cut -c 1-180
  say "[$(($(date +%s) - began)) s] $1: $result"
}

# What follows is timed: the compiler must have ended.
end_compiler() {
  if [ -n "$compiler" ]; then
    wait "$compiler"
    result=$(verdict $? "$compiler_limit")
    note compile $(($(date +%s) - compiler_start)) "$compiler_limit" "$result"
    compiler=""
  fi
}

say "results in $out, ${device:-no GPU}${LAMELLA_SIM:+, simulated: $LAMELLA_SIM}"
case " $parts " in
  *" peers "*)
    compiler_limit=$(limit_of compile); compiler_start=$(date +%s)
    part_limit=$compiler_limit timeout -k 5 "$compiler_limit" sh "$0" --part compile >"$out/compile.txt" 2>&1 &
    compiler=$! ;;
esac
for part in $parts_known; do
  case " $parts " in *" $part "*) ;; *) continue ;; esac
  case $part in facts | correct | model) ;; *) end_compiler ;; esac
  run_part "$part"
done
end_compiler

# ---- The summary.

{
  echo "| part | seconds | limit, s | result | file |"
  echo "|---|---:|---:|---|---|"
  while IFS='|' read -r name took limit result file; do
    echo "| $name | $took | $limit | $result | $file |"
  done <"$results"
} >"$out/summary.txt"
{
  small=false; if [ "$quick" = 1 ]; then small=true; fi
  printf '{"seconds": %s, "device": "%s", "quick": %s, "parts": [' "$(($(date +%s) - began))" "$device" $small
  comma=""
  while IFS='|' read -r name took limit result file; do
    printf '%s\n  {"part": "%s", "seconds": %s, "limit_s": %s, ' "$comma" "$name" "$took" "$limit"
    printf '"result": "%s", "file": "%s"}' "$result" "$file"
    comma=","
  done <"$results"
  printf '\n]}\n'
} >"$out/summary.json"
echo
cat "$out/summary.txt"
say "all in $(($(date +%s) - began)) s"
if grep -q FAILED "$results"; then exit 1; fi
