#!/bin/sh
# Tests `lamella bundle`: that it refuses wrong options, and that a bundle runs in a folder tree with only itself, a
# shell and the C library.
#   test.sh WORK_FOLDER           the bundle without CUDA (a minute or two)
#   test.sh WORK_FOLDER --full    also the bundles with CUDA, the demo, and simulated GPUs (half an hour)
set -eu

home=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
mkdir -p "$1"
work=$(CDPATH= cd -- "$1" && pwd)
full=${2:-}
say() { echo "bundle test: $*" >&2; }
fail() { say "FAILED: $*"; exit 1; }
bundle() { "$home/lamella" bundle "$@"; }

# Runs a command quietly; shows what it printed if it fails. $1: what it is, then the command.
succeeds() {
  what=$1
  shift
  "$@" >"$work/out" 2>&1 || fail "$what: $(cat "$work/out")"
}

# A refused command: exit code 2, and one line that contains a text. Arguments: the text, then those of the command.
refused() {
  text=$1
  shift
  code=0
  bundle "$@" >"$work/out" 2>"$work/err" || code=$?
  [ $code -eq 2 ] || fail "'bundle $*' ended with $code: $(cat "$work/err")"
  grep -q -- "$text" "$work/err" || fail "'bundle $*' does not say '$text': $(cat "$work/err")"
  [ "$(wc -l <"$work/err")" -eq 1 ] || fail "'bundle $*' says more than one line: $(cat "$work/err")"
}

refusals() {
  say "what is refused"
  mkdir -p "$work/empty" "$work/other/lib64" "$work/folder.tar.xz"
  : >"$work/other/lib64/libcudart.so.12"
  refused "unknown option '--nonsense'" --nonsense --out "$work/x.tar.xz"
  refused "unknown option 'more'" more --out "$work/x.tar.xz"
  refused "--out F.tar.xz is missing"
  refused "--out needs a value" --out
  refused "is a folder" "--out=$work/folder.tar.xz"
  refused "there is no folder" --out "$work/nowhere/x.tar.xz"
  refused "ends in .tar.xz" --out "$work/x.zip"
  refused "there are none, 11.8 and 13" --cuda 12 --out "$work/x.tar.xz"
  refused "has no effect with --cuda none" --cuda none --with-cuda "$work/empty" --out "$work/x.tar.xz"
  refused "there is no libcudart.so.13" --cuda 13 --with-cuda "$work/empty" --out "$work/x.tar.xz"
  refused "libcudart.so.12, of another version" --cuda 13 --with-cuda "$work/other" --out "$work/x.tar.xz"
  refused "is no folder" --with-cuda "$work/nowhere" --out "$work/x.tar.xz"
  refused "is no JDK" --cuda none --jdk "$work/empty" --out "$work/x.tar.xz"
  for jdk in /usr/lib/jvm/*; do
    [ -x "$jdk/bin/jlink" ] || continue
    if objdump -T "$jdk/lib/server/libjvm.so" | grep -q 'GLIBC_2\.3[0-9]'; then
      refused "needs glibc 2.3., the bundle is for 2.17 and later" --cuda none --jdk "$jdk" --out "$work/x.tar.xz"
    fi
  done
  [ ! -e "$work/x.tar.xz" ] || fail "a refused command has written"
}

# A signal ends the build at once, with its own exit code, and leaves no files. $1: signal, $2: exit code
stopped() {
  mkdir -p "$work/stopped"
  "$home/lamella" bundle --cuda none --out "$work/stopped/x.tar.xz" >"$work/out" 2>&1 &
  making=$!
  # Not INT: background processes of a shell ignore it.
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    if grep -q "bundle: building" "$work/out"; then break; fi
    sleep 1
  done
  sleep 2  # Maven has started
  began=$(date +%s)
  kill "-$1" $making
  code=0
  wait $making || code=$?
  [ $code -eq "$2" ] || fail "$1 ends the making with $code, not $2: $(cat "$work/out")"
  [ $(($(date +%s) - began)) -lt 10 ] || fail "$1 is obeyed after $(($(date +%s) - began)) s"
  [ -z "$(ls -A "$work/stopped")" ] || fail "$1 leaves $(ls -A "$work/stopped")"
}

# A second build reports that it waits; it checks its options before.
waits() {
  say "a second bundle waits, and says so"
  command -v flock >/dev/null 2>&1 || return 0
  mkdir -p "$home/bundle/target" "$work/stopped"
  rm -f "$work/release"
  # shellcheck disable=SC2016
  flock "$home/bundle/target/lock" timeout 120 sh -c 'until [ -e "$1" ]; do sleep 0.2; done' sh "$work/release" &
  holder=$!
  while flock -n "$home/bundle/target/lock" true; do sleep 0.2; done
  refused "is no JDK" --cuda none --jdk "$work/empty" --out "$work/x.tar.xz"
  "$home/lamella" bundle --cuda none --out "$work/stopped/x.tar.xz" >"$work/out" 2>&1 &
  making=$!
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    if grep -q "another bundle is being made here, waiting" "$work/out"; then break; fi
    sleep 1
  done
  kill $making
  wait $making || true
  : >"$work/release"
  grep -q "another bundle is being made here, waiting" "$work/out" || fail "waits in silence: $(cat "$work/out")"
  [ -z "$(ls -A "$work/stopped")" ] || fail "a bundle that waited leaves $(ls -A "$work/stopped")"
  wait $holder
}

# The launcher of a bundle with a Java that cannot decode file names, as without a UTF-8 locale; and with Java options
# of other programs.
launcher() {
  say "the launcher by itself"
  for place in "$work/fake/plain" "$work/fake/größer"; do
    mkdir -p "$place/bin" "$place/runtime/bin"
    cp "$home/bundle/launcher.sh" "$place/bin/lamella"
    printf '#!/bin/sh\necho "java: $* ${JAVA_TOOL_OPTIONS:-none} ${CLASSPATH:-none}"\n' >"$place/runtime/bin/java"
    chmod 755 "$place/bin/lamella" "$place/runtime/bin/java"
  done
  JAVA_TOOL_OPTIONS=-Xwrong CLASSPATH=/wrong "$work/fake/plain/bin/lamella" --version >"$work/out" 2>&1
  grep -q "java: .*XX:ErrorFile=/.* none none" "$work/out" || fail "options of others: $(cat "$work/out")"
  code=0
  "$work/fake/größer/bin/lamella" --version >"$work/out" 2>&1 || code=$?
  [ $code -eq 2 ] && [ "$(wc -l <"$work/out")" -eq 1 ] && grep -q "beyond ASCII" "$work/out" ||
    fail "a path that Java cannot read: $code, $(cat "$work/out")"
  code=0
  (ulimit -v 1000000 && "$work/fake/plain/bin/lamella" --version) >"$work/out" 2>&1 || code=$?
  [ $code -eq 2 ] && grep -q "ulimit -v allows 1000000 kB" "$work/out" || fail "ulimit: $code, $(cat "$work/out")"
  (ulimit -v 2000000 && "$work/fake/plain/bin/lamella" --version) >"$work/out" 2>&1
  grep -q -- "-Xmx[0-9]*k" "$work/out" || fail "no heap fits the limit: $(cat "$work/out")"
  ln -sfn "$work/fake/plain/bin/lamella" "$work/fake/link"
  code=0
  PATH=/nowhere /bin/sh "$work/fake/link" --version >"$work/out" 2>&1 || code=$?
  [ $code -eq 2 ] && [ "$(wc -l <"$work/out")" -eq 1 ] || fail "a link without readlink: $code, $(cat "$work/out")"
}

# A folder tree with a shell, the C library and an unpacked bundle, whose path has a space and a letter beyond ASCII.
# $1: archive
unpack() {
  tree=$work/tree
  mkdir -p "$tree/proc"
  umount "$tree/proc" 2>/dev/null || true
  rm -rf "$tree"
  mkdir -p "$tree/bin" "$tree/lib64" "$tree/lib/x86_64-linux-gnu" "$tree/tmp" "$tree/proc"
  mkdir -p "$tree/opt/ein größerer Ordner"
  chmod 1777 "$tree/tmp"
  cp -L /bin/sh "$tree/bin/sh"
  for file in $(ldd /bin/sh | sed -n 's/.*[[:space:]]\(\/[^ ]*\) (0x.*/\1/p') $(for name in c m dl pthread rt; do
    ldconfig -p | sed -n "s/.*lib$name\.so\.[0-9] (libc6,x86-64.*=> //p" | head -n 1
  done); do
    mkdir -p "$tree$(dirname "$file")"
    cp -L "$file" "$tree$file"
  done
  if [ -d /usr/lib/locale/C.utf8 ]; then  # glibc has no UTF-8 locale of its own
    mkdir -p "$tree/usr/lib/locale"
    cp -r /usr/lib/locale/C.utf8 "$tree/usr/lib/locale/"
  fi
  tar xJf "$1" -C "$tree/opt/ein größerer Ordner"
  folder=$(ls "$tree/opt/ein größerer Ordner")
  lamella="/opt/ein größerer Ordner/$folder/bin/lamella"
  [ "$(wc -c <"$1")" -lt 73400320 ] || fail "$1 is larger than 70 MiB"
}

# Runs a command in that tree, as a user without name, home and environment, who can write to /tmp only.
alone() {
  if [ "$(id -u)" -eq 0 ]; then
    mountpoint -q "$tree/proc" || mount -t proc proc "$tree/proc" || return 77
    env -i "$(command -v chroot)" --userspec=54321:54321 "$tree" "$@"
  else
    env -i "$(command -v unshare)" -r -m -p -f "$(command -v sh)" -c \
      '/bin/mount -t proc proc "$1/proc" && shift && exec /usr/sbin/chroot "$@"' sh "$tree" "$tree" "$@"
  fi
}

# Whether this machine allows to run commands in such a tree.
can_be_alone() { alone /bin/sh -c : 2>/dev/null; }

leave() { if [ -n "${tree:-}" ]; then umount "$tree/proc" 2>/dev/null || true; fi; }
trap leave EXIT

table() {
  echo "a,b,c,first,second"
  awk 'BEGIN {
    srand(1)
    for (i = 0; i < 200; i++) {
      a = rand()
      b = rand()
      printf "%f,%f,%f,%d,%d\n", a, b, rand(), (a > 0.5), (a + b > 1)
    }
  }'
}

runs_alone() {
  if ! can_be_alone; then
    say "skipped: a folder tree of its own needs root or user namespaces"
    return
  fi
  say "train, predict, inspect in a folder tree with a shell, the C library and the bundle"
  table >"$tree/tmp/table.csv"
  succeeds --version alone "$lamella" --version
  succeeds train alone "$lamella" train /tmp/table.csv --labels 2 --net mlp-small --epochs 8 --out /tmp/run
  for file in report.html model.safetensors metrics.json; do
    [ -s "$tree/tmp/run/$file" ] || fail "train wrote no $file"
  done
  succeeds predict alone "$lamella" predict /tmp/run /tmp/table.csv --out /tmp/p.csv
  [ "$(wc -l <"$tree/tmp/p.csv")" -eq 201 ] || fail "predict wrote $(wc -l <"$tree/tmp/p.csv") lines"
  succeeds inspect alone "$lamella" inspect /tmp/run
  succeeds "bench step" alone "$lamella" bench step --net lenet-small --input 1x20x20 --batch 8 --seconds 0.2
  say "with little address space"
  for space in 4000000 2000000 1300000; do
    succeeds "ulimit -v $space" alone /bin/sh -c "ulimit -v $space && exec '$lamella' bench step --net lenet-small \
      --input 1x20x20 --batch 8 --seconds 0.2"
  done
  say "by a link, by a relative path"
  ln -s "$lamella" "$tree/opt/link"
  if [ -x "$tree/bin/readlink" ] || cp "$(command -v busybox 2>/dev/null)" "$tree/bin/readlink" 2>/dev/null; then
    succeeds "by a link" alone /opt/link --version
  fi
  succeeds "by a relative path" alone /bin/sh -c "cd '/opt/ein größerer Ordner' && './$folder/bin/lamella' --version"
  succeeds "in its folder" alone /bin/sh -c \
    "cd '/opt/ein größerer Ordner/$folder/bin' && ./lamella --version && sh lamella --version"
  for command in test bundle "bench kernels" "bench peers" "bench gpu-model"; do
    code=0
    # shellcheck disable=SC2086
    alone "$lamella" $command >"$work/out" 2>&1 || code=$?
    [ $code -eq 2 ] && [ "$(wc -l <"$work/out")" -eq 1 ] || fail "'$command' in a bundle: $code, $(cat "$work/out")"
  done
  unpacked=$(find "$tree/opt" "$tree/tmp" -name '*.so' -newer "$tree/tmp/table.csv")
  [ -z "$unpacked" ] || fail "libraries were unpacked: $unpacked"
}

# A bundle for a version of CUDA. $1: 11.8 or 13
with_cuda_bindings() {
  say "the bundle for CUDA $1"
  bundle --cuda "$1" --out "$work/cuda.tar.xz" >"$work/out" || fail "bundle --cuda $1"
  cat "$work/out"
  unpack "$work/cuda.tar.xz"
  (cd "$tree/opt/ein größerer Ordner/$folder/kernels" && sha256sum -c --quiet SHA256SUMS) ||
    fail "kernels are damaged"
  runs_alone
  if can_be_alone; then
    succeeds devices alone "$lamella" devices --verbose
    grep -q "libcudart.so.* missing" "$work/out" || fail "devices does not say what is missing: $(cat "$work/out")"
    succeeds demo alone /bin/sh -c "cd /tmp && exec '$lamella' demo"
    grep -q "the network is better than logistic regression" "$work/out" || fail "demo: $(cat "$work/out")"
  fi
  on_simulated_gpus
}

# On stand-ins for NVIDIA's libraries: the driver refuses real machine code, so the kernels are compiled after one note.
on_simulated_gpus() {
  say "on simulated GPUs"
  bundled="$tree/opt/ein größerer Ordner/$folder"
  ln -sfn "$bundled" "$work/bundled"  # CMake's generated lists take no spaces
  stand_ins=$work/stand-ins-$(ls "$bundled/lib" | sed -n 's/^cuda-\([0-9.]*\)-.*\.jar/\1/p' | head -n 1)
  cmake -S "$home/native/sim/stand_ins" -B "$stand_ins" -DJNI_LIBRARIES="$work/bundled/native" >/dev/null
  cmake --build "$stand_ins" >/dev/null
  for kernels in own cudnn; do
    code=0
    LAMELLA_SIM=devices=1,memory=4g LD_PRELOAD="$stand_ins/lib/libsimulated.so" XDG_CACHE_HOME="$work/cache" \
      LD_LIBRARY_PATH="$stand_ins/lib:$stand_ins/lib/nvrtc" \
      "$bundled/bin/lamella" bench step --net lenet-small --input 1x20x20 --batch 4 --device cuda:0 \
      --kernels "$kernels" >"$work/out" 2>"$work/err" || code=$?
    grep -q "training" "$work/out" || fail "bench step --kernels $kernels: $code, $(cat "$work/out" "$work/err")"
    [ $code -eq 0 ] || fail "bench step --kernels $kernels: $code, $(cat "$work/err")"
    [ "$(grep -c "does not take the kernels" "$work/err")" -eq 1 ] || fail "not said once: $(cat "$work/err")"
  done
}

# glibc 2.5 is older than 2.17, 2.34 is newer.
floors() {
  . "$home/bundle/floors.sh"
  newer 2.34 2.17 || fail "2.34 is not newer than 2.17"
  if newer 2.5 2.17 || newer 2.17 2.17; then fail "2.5 or 2.17 is newer than 2.17"; fi
  echo 'int main() { return 0; }' | c++ -x c++ - -static-libgcc -o "$work/plain"
  plain=$(elf_files "$work/plain" | floor_of)
  case $plain in 2.[0-9]*) ;; *) fail "the floor of a program is '$plain'" ;; esac
  [ "$(echo "$work/out" | floor_of)" = 0 ] || fail "the floor of a text is not 0"
}

refusals
floors
launcher
waits
say "what a signal does"
stopped TERM 143
say "the bundle without CUDA"
bundle --cuda none --out "$work/none.tar.xz" >"$work/out"
cat "$work/out"
grep -q "Java runtime: glibc 2.1[0-7]" "$work/out" || fail "the runtime's floor is not 2.17"
unpack "$work/none.tar.xz"
[ -z "$(find "$tree" -name '*cuda*')" ] || fail "there is CUDA in a bundle without CUDA: $(find "$tree" -name '*cuda*')"
runs_alone
if [ "$full" = --full ]; then
  with_cuda_bindings 11.8
  with_cuda_bindings 13
fi
leave
rm -rf "$tree" "$work/none.tar.xz" "$work/cuda.tar.xz"
say "passed"
