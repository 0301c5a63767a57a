# shellcheck shell=sh
# Machine code of the CUDA kernels for GPUs from the K80 on, compiled without a GPU by the compilers of this machine. It
# is kept in bundle/target/kernels for the next bundle: the name of a file depends on everything that determines its
# meaning, its folder on the compiler.

architectures="sm_37 sm_60 sm_70 sm_75 sm_80 sm_86 sm_90 sm_120"

. "$home/bench/cuda/nvrtc-folders.sh"

# The compilers of this machine, one per line: version, kind, path. NVRTC as nvrtc_folders finds it, and nvcc.
kernel_compilers() {
  tools=$home/bundle/target/tools
  mkdir -p "$tools"
  c++ -O1 -std=c++17 "$home/bundle/nvrtc_compile.cpp" -o "$tools/nvrtc_compile" -ldl ||
    bundle_fail "bundle/nvrtc_compile.cpp does not compile"
  nvrtc_folders "$home" "$tools" | while read -r place; do
    for library in "$place"/libnvrtc.so.*; do
      [ -f "$library" ] || continue
      if compiler_version=$(LD_LIBRARY_PATH=$place "$tools/nvrtc_compile" "$library" --version </dev/null 2>&1); then
        echo "$compiler_version nvrtc $library"
      fi
    done
  done
  nvcc=$(command -v nvcc || ls /usr/local/cuda/bin/nvcc 2>/dev/null || true)
  if [ -n "$nvcc" ]; then echo "$("$nvcc" --version | sed -n 's/.*release \([0-9.]*\),.*/\1/p') nvcc $nvcc"; fi
}

# Compiles the list on standard input (FILE SOURCE OPTION...) into a folder. $1 kind, $2 path, $3 folder
kernels_compile() {
  mkdir -p "$3"
  case $1 in
    nvrtc) LD_LIBRARY_PATH=$(dirname "$2") "$home/bundle/target/tools/nvrtc_compile" "$2" "$home/cuda-kernels" "$3" ;;
    nvcc)
      while read -r file source kernel_options; do
        # shellcheck disable=SC2086
        "$2" -cubin $kernel_options -o "$3/$file.part" "$home/cuda-kernels/$source" || return 1
        mv "$3/$file.part" "$3/$file"
      done
      ;;
  esac
}

# Compiles for one architecture, with the first compiler that supports it. Writes a line into kernels-ARCHITECTURE.txt.
# $1 architecture
kernels_of() {
  list=$work/list-$1
  grep "^$1/" "$work/kernels.list" >"$list"
  while read -r compiler_version kind path; do
    kept=$home/bundle/target/kernels/$kind-$compiler_version
    mkdir -p "$kept/$1"
    missing=$work/missing-$1
    while read -r file rest; do [ -f "$kept/$file" ] || echo "$file $rest"; done <"$list" >"$missing"
    # One kernel first: a compiler that does not support the GPU fails at once.
    if head -n 1 "$missing" | kernels_compile "$kind" "$path" "$kept" >"$work/compile-$1.log" 2>&1 &&
      tail -n +2 "$missing" | kernels_compile "$kind" "$path" "$kept" >>"$work/compile-$1.log" 2>&1; then
      mkdir -p "$root/kernels/$1"
      while read -r file rest; do cp "$kept/$file" "$root/kernels/$file"; done <"$list"
      echo "  kernels for $1: $(wc -l <"$list") by $kind $compiler_version" >"$work/kernels-$1.txt"
      return 0
    fi
  done <"$work/compilers"
  why=$(tail -n 1 "$work/compile-$1.log" 2>/dev/null | cut -c 1-120)
  echo "  kernels for $1: none; no compiler here makes them (${why:-there is none}); compiled at first use by NVRTC" \
    >"$work/kernels-$1.txt"
}

kernels_make() {
  rm -f "$work"/kernels-sm_* "$work"/compile-sm_*
  # The compiler of the bundle's CUDA version first, then the others from old to new.
  kernel_compilers | awk '!seen[$3]++' >"$work/compilers.found"
  { grep "^$major\." "$work/compilers.found" || true; } >"$work/compilers"
  { grep -v "^$major\." "$work/compilers.found" || true; } | sort -V >>"$work/compilers"
  names=$(awk '{ printf "%s%s %s", s, $2, $1; s = ", " }' "$work/compilers")
  say "bundle: kernels, by ${names:-no compiler: there is none here}"
  "$home/bench/cuda/kernels.sh" >"$work/kernels.variants"
  # shellcheck disable=SC2086
  "$jdk/bin/java" -cp "$root/lib/*" org.lamella.cuda.compile.ShippedKernels "$work/kernels.variants" $architectures \
    >"$work/kernels.list" || bundle_fail "the list of kernels cannot be made"
  mkdir -p "$root/kernels"
  for architecture in $architectures; do
    kernels_of "$architecture" &
    running="${running:-} $!"
    if [ "$(echo "$running" | wc -w)" -ge "$(nproc)" ]; then
      # shellcheck disable=SC2086
      wait $running
      running=""
    fi
  done
  wait
  (cd "$root/kernels" && find . -name '*.cubin' | sed 's:^\./::' | LC_ALL=C sort | xargs -r sha256sum >SHA256SUMS)
  for architecture in $architectures; do cat "$work/kernels-$architecture.txt"; done >"$work/kernels.txt"
}
