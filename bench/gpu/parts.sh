# The parts of gpu-check.sh, which reads this file. Each runs in a process of its own, which finds root, lamella,
# scripts, out, run, quick, device, compile_at_once and part_limit in its environment; what it prints is its file.

parts_known="facts correct kernels steps demo peers model"
no_gpu=10
no_torch=11
no_python=12
no_bundle=13

# A command of a part, with a limit: in the part's process group, so that the part's own limit ends it too.
limited() { limit=$(($1 > 0 ? $1 : 1)); shift; timeout --foreground -k 2 "$limit" "$@"; }

# The same; says how it failed, and continues. $failed is 1 at the end.
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

# Seconds: the limit of the part minus the time that it needs for other work.
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
  last_lines "$out/correct.txt"
}

# What each command of a part's file said last: `bench check` sums up there.
last_lines() { # FILE
  echo "--- summary"
  awk '/^--- summary$/ { exit }
    /^--- / { if (command) print last, "(" command ")"; command = $0; last = "nothing was said"; next }
    !/^FAILED/ && NF { last = $0 }
    END { if (command) print last, "(" command ")" }' "$1" | sed 's/(--- .*--kernels \([^ ]*\) .*)$/(\1)/'
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

step() { # FILE NET INPUT BATCH OPTION...
  file=$out/step-$1.json; net=$2; input=$3; batch=$4; shift 4
  seconds=0.7; if [ "$quick" = 1 ]; then seconds=0.1; fi
  try 40 "$lamella" bench step --net "$net" --input "$input" --batch "$batch" --device "$device" --seconds $seconds \
    --json "$file" "$@"
}

part_steps() {
  need_gpu
  profile=--profile; if [ "$quick" = 1 ]; then profile=""; fi
  while read -r name net input batch <&3; do
    if [ "$net" = mlp ]; then  # no convolutions: there is nothing to choose
      step "$name-auto" "$net" "$input" "$batch" $profile
      continue
    fi
    step "$name-own" "$net" "$input" "$batch" --kernels own
    step "$name-auto" "$net" "$input" "$batch" --kernels auto $profile
    step "$name-cudnn" "$net" "$input" "$batch" --kernels cudnn
  done 3<<LIST
$(networks)
LIST
  export LAMELLA_CUDA_GRAPHS=off
  if [ "$quick" = 1 ]; then
    step lenet-16-no-graphs lenet 1x16x16 4 --kernels auto
  else
    step lenet-34-no-graphs lenet 1x34x34 128 --kernels auto
  fi
}

part_demo() {
  need_gpu
  sizes=""; if [ "$quick" = 1 ]; then sizes="--sequences 60 --epochs 1"; fi
  # shellcheck disable=SC2086
  try $((part_limit - 3)) "$lamella" demo --device "$device" --out "$run/demo" $sizes
  if [ -f "$run/demo/history.csv" ]; then cp "$run/demo/history.csv" "$out/demo-history.csv"; fi
}

# PyTorch compiles while nothing is timed; its cache on disk serves the part that measures.
part_compile() {
  need_python
  try $((part_limit - 3)) "$python" "$scripts/peer_torch.py" --compile --at-once "$compile_at_once" \
    --limit "$(less 15)"
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

# Seconds that a part may take: as --limit says, or as it needs.
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

# How a part ended, from its exit code.
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

# The first file in a folder that a run writes; nothing if there is none.
result_in() { # FOLDER
  for name in summary.txt summary.json facts.txt correct.txt 'correct-*.json' kernels.txt kernels.json kernels.md \
    steps.txt 'step-*.json' demo.txt demo-history.csv compile.txt peers.txt peers.json peers.md model.txt model.json; do
    # shellcheck disable=SC2086
    for file in "$1"/$name; do if [ -e "$file" ]; then echo "$file"; return; fi; done
  done
}
