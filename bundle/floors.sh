# shellcheck shell=sh
# The oldest glibc with which files run: the newest version of the glibc symbols that they need.

# Prints for example 2.17, or 0 for files that need no glibc. Reads the names of the files, one per line.
floor_of() {
  while read -r file; do objdump -T "$file" 2>/dev/null; done | sed -n 's/.*GLIBC_\([0-9][0-9.]*\).*/\1/p' |
    sort -u -V | tail -n 1 | grep . || echo 0
}

# Whether glibc $1 is newer than $2.
newer() { [ "$1" != "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | tail -n 1)" = "$1" ]; }

# The executables and libraries in folders, one per line, recognised by their first bytes.
elf_files() {
  find "$@" -type f \( -perm -u+x -o -name '*.so*' -o -name jspawnhelper \) | while read -r file; do
    if [ "$(head -c 4 "$file" | od -An -c | tr -d ' ')" = '177ELF' ]; then echo "$file"; fi
  done
}

# The names, in one line, of libraries that files need and that are neither in the bundle nor part of glibc or CUDA.
# Arguments: folders.
foreign_needs() {
  elf_files "$@" | while read -r file; do readelf -d "$file" 2>/dev/null; done |
    sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u |
    grep -v -E '^(ld-linux.*|lib(c|m|dl|pthread|rt)\.so\.[0-9.]+)$' |
    grep -v -E '^lib(cuda|cudart|cublas|cublasLt|nvrtc|cudnn[a-z_]*|nccl)\.so\.[0-9.]+$' |
    while read -r library; do
      [ -n "$(find "$root" -name "$library" 2>/dev/null | head -n 1)" ] || echo "$library"
    done | tr '\n' ' '
}

# Writes a line for each part into floors.txt. Fails if the bundle would not run on the glibc for which it is made.
floors_check() {
  say "bundle: reading what the files need"
  : >"$work/floors.txt"
  highest=0
  floors_part "Java runtime" "$root/runtime"
  floors_part "engine" "$root/native/libjniNativeEngine.so"
  if [ "$cuda" != none ]; then
    mkdir -p "$work/bindings"
    rm -f "$work"/bindings/*
    cp "$root"/native/libjni[a-z]*.so "$work/bindings/"
    floors_part "CUDA bindings" "$work/bindings"
  fi
  # Libraries that are unpacked from a jar at run time.
  for file in "$root"/lib/*.jar; do
    if "$jdk/bin/jar" tf "$file" | grep -q 'inux.*x86_64.*\.so$'; then
      rm -rf "$work/inside"
      mkdir "$work/inside"
      (cd "$work/inside" && "$jdk/bin/jar" xf "$file" && find . -name '*.so' ! -path '*inux*x86_64*' -delete)
      floors_part "inside $(basename "$file")" "$work/inside"
    fi
  done
  if [ -d "$root/cuda" ]; then
    floors_part "NVIDIA's libraries" "$root/cuda"
    if newer "$part_floor" "$floor"; then
      bundle_refuse \
        "the libraries in $with_cuda need glibc $part_floor, the bundle is for $floor and later; name others"
    fi
  fi
  if newer "$highest" "$floor"; then
    cat "$work/floors.txt" >&2
    bundle_fail "a part needs glibc $highest, the bundle is made for $floor"
  fi
  rm -rf "$work/inside" "$work/bindings"
}

floors_part() {
  part_name=$1
  shift
  part_floor=$(elf_files "$@" | floor_of)
  part_needs=$(foreign_needs "$@")
  echo "  $part_name: glibc $part_floor${part_needs:+, also $part_needs}" >>"$work/floors.txt"
  if newer "$part_floor" "$highest"; then highest=$part_floor; fi
}
