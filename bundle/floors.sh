# shellcheck shell=sh
# The oldest glibc that files run with, read off the files: the newest version of its symbols that they want.

# Prints 2.17, or 0 for files that want none. Reads the files' names, a line each.
floor_of() {
  while read -r file; do objdump -T "$file" 2>/dev/null; done | sed -n 's/.*GLIBC_\([0-9][0-9.]*\).*/\1/p' |
    sort -u -V | tail -n 1 | grep . || echo 0
}

# Whether glibc $1 is newer than $2.
newer() { [ "$1" != "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | tail -n 1)" = "$1" ]; }

# The executables and libraries in folders, a line each. Their first bytes say that.
elf_files() {
  find "$@" -type f \( -perm -u+x -o -name '*.so*' -o -name jspawnhelper \) | while read -r file; do
    if [ "$(head -c 4 "$file" | od -An -c | tr -d ' ')" = '177ELF' ]; then echo "$file"; fi
  done
}

# Libraries that files want and that neither come along nor belong to glibc or CUDA: names, in one line. Arguments:
# folders.
foreign_needs() {
  elf_files "$@" | while read -r file; do readelf -d "$file" 2>/dev/null; done |
    sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u |
    grep -v -E '^(ld-linux.*|lib(c|m|dl|pthread|rt)\.so\.[0-9.]+)$' |
    grep -v -E '^lib(cuda|cudart|cublas|cublasLt|nvrtc|cudnn[a-z_]*|nccl)\.so\.[0-9.]+$' |
    while read -r library; do
      [ -n "$(find "$root" -name "$library" 2>/dev/null | head -n 1)" ] || echo "$library"
    done | tr '\n' ' '
}

# Writes a line for each part into floors.txt; ends the command where the whole would not run on the glibc that it is
# made for.
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
  # What unpacks itself from a jar.
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
  echo "  $part_name: glibc $part_floor${part_needs:+, beside it $part_needs}" >>"$work/floors.txt"
  if newer "$part_floor" "$highest"; then highest=$part_floor; fi
}
