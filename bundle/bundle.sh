# shellcheck shell=sh
# `lamella bundle`, sourced by the launcher: builds one archive that runs without Java, Maven, root or network. Uses
# home, say, maven, ensure_tools and check_java of the launcher. Its parts: options (here), floors.sh, runtime.sh,
# kernels.sh, nvidia.sh.

for part in floors runtime kernels nvidia; do . "$home/bundle/$part.sh"; done

bundle_usage() {
  cat <<'END'
usage: lamella bundle [--cuda none|11.8|13] [--with-cuda DIR] [--jdk DIR] --out F.tar.xz
Makes one archive with a Java runtime, native libraries and CUDA kernels: it runs on a machine without Java, Maven, root
or network.

  --out F.tar.xz       where it goes; replaced only when the new one is whole
  --cuda VERSION       11.8 (default; K80 to H100), 13 (current GPUs), none (CPU only)
  --with-cuda DIR      take NVIDIA's libraries along, from this CUDA toolkit or folder; under NVIDIA's licence
  --jdk DIR            the JDK to take the runtime from (default: LAMELLA_JDK, else one found here that fits)
LAMELLA_NVRTC names a folder or archive with libnvrtc.so.11.2, which knows the K80; nvcc on the path knows new GPUs.
Runs on glibc 2.17 and later (--cuda 13: 2.34 and later).
END
}

# Wrong input: one line, exit code 2. A failure of the bundle itself: exit code 1.
bundle_refuse() { say "bundle: $*"; exit 2; }
bundle_fail() { say "bundle: $*"; exit 1; }

bundle_options() {
  cuda=11.8 with_cuda="" jdk="" out=""
  while [ $# -gt 0 ]; do
    option=$1 value=""
    case $1 in
      --help | -h) bundle_usage; exit 0 ;;
      --*=*) option=${1%%=*} value=${1#*=} ;;
      --cuda | --with-cuda | --jdk | --out)
        [ $# -gt 1 ] || bundle_refuse "$1 needs a value; see lamella bundle --help"
        value=$2
        shift
        ;;
    esac
    shift
    case $option in
      --cuda) cuda=$value ;;
      --with-cuda) with_cuda=$value ;;
      --jdk) jdk=$value ;;
      --out) out=$value ;;
      *) bundle_refuse "unknown option '$option'; see lamella bundle --help" ;;
    esac
    [ -n "$value" ] || bundle_refuse "$option needs a value; see lamella bundle --help"
  done
  case $cuda in
    none | 11.8) floor=2.17 major=11 maven_cuda="" ;;
    13) floor=2.34 major=13 maven_cuda=-Dcuda=13 ;;
    *) bundle_refuse "--cuda $cuda: there are none, 11.8 and 13" ;;
  esac
  [ -n "$out" ] || bundle_refuse "--out F.tar.xz is missing: where the archive goes"
  case $out in *.tar.xz) ;; *) bundle_refuse "--out $out: the archive's name ends in .tar.xz" ;; esac
  [ ! -d "$out" ] || bundle_refuse "--out $out is a folder; name a file in it"
  folder=$(dirname -- "$out")
  [ -d "$folder" ] || bundle_refuse "--out $out: there is no folder $folder"
  [ -w "$folder" ] || bundle_refuse "--out $out: nothing can be written in $folder"
  folder=$(CDPATH= cd -- "$folder" && pwd)
  out=$folder/$(basename -- "$out")
  [ "$(uname -sm)" = "Linux x86_64" ] ||
    bundle_refuse "bundles are made on Linux with x86-64 processors, this is $(uname -sm)"
  if [ -n "$with_cuda" ]; then
    [ "$cuda" != none ] || bundle_refuse "--with-cuda has no effect with --cuda none; leave one of them out"
    nvidia_check
  fi
  command -v xz >/dev/null 2>&1 || bundle_refuse "xz is missing; install it (Debian: xz-utils) and try again"
}

# Builds into separate folders; the user's own build is not changed. Only the native library is the same for all, and is
# compiled once; so this waits for a build of the launcher.
bundle_build() {
  mkdir -p "$home/java/cli/target"
  exec 8>"$home/java/cli/target/build.lock"
  if command -v flock >/dev/null 2>&1 && ! at_once flock -w 1200 8; then
    bundle_fail "another build has held $home/java/cli/target/build.lock for 20 minutes"
  fi
  build=target/bundle-$major
  options=""
  for option in ${LAMELLA_MAVEN_OPTIONS:-}; do  # a proxy or a mirror, but no other version
    case $option in -Dcuda=* | -Predist | -Dlamella.target=*) ;; *) options="$options $option" ;; esac
  done
  say "bundle: building with the bindings of CUDA $([ "$major" = 13 ] && echo 13 || echo 11.8)"
  rm -rf "$home/java/cli/$build/lib" "$home/bench/command/$build/lib"  # no jar of an earlier version
  # shellcheck disable=SC2086
  at_once maven -q -B $options $maven_cuda "-Dlamella.target=$build" -f "$home/pom.xml" -DskipTests \
    -Dlicense.includedScopes=compile,runtime package org.codehaus.mojo:license-maven-plugin:add-third-party \
    >"$work/build.log" 2>&1 || {
    tail -n 20 "$work/build.log" >&2
    bundle_fail "the build failed; all of it is in $work/build.log"
  }
  exec 8>&-
  built=$home/java/cli/$build
  built_bench=$home/bench/command/$build
}

# Jars without the files that the bundle has unpacked. They are not compressed, because the archive as a whole then
# becomes smaller.
bundle_jars() {
  say "bundle: jars"
  mkdir -p "$root/lib" "$root/native" "$root/licences"
  for file in "$built/lamella-cli.jar" "$built"/lib/*.jar \
    "$built_bench/lamella-bench-command.jar" "$built_bench"/lib/*.jar; do
    name=$(basename "$file")
    case $cuda:$name in none:lamella-cuda-* | none:cuda-[0-9]* | none:javacpp-*-linux-*) continue ;; esac
    rm -rf "$work/jar"
    mkdir "$work/jar"
    (cd "$work/jar" && "$jdk/bin/jar" xf "$file")
    case $name in
      cuda-*-linux-x86_64.jar)
        for library in cudart nvrtc cublas cudnn nccl; do
          cp "$work/jar/org/bytedeco/cuda/linux-x86_64/libjni$library.so" "$root/native/"
        done
        continue
        ;;
      javacpp-*-linux-x86_64.jar | lamella-core-*)
        find "$work/jar" -name 'lib*.so' -exec mv {} "$root/native/" \;
        ;;
    esac
    case $name in javacpp-*-linux-x86_64.jar) continue ;; esac
    find "$work/jar/META-INF" -maxdepth 1 -type f \( -iname '*licen[sc]e*' -o -iname '*notice*' \) |
      while read -r text; do
        mkdir -p "$root/licences/${name%.jar}"
        cp "$text" "$root/licences/${name%.jar}/"
      done
    find "$work/jar" -name module-info.class -delete  # all are on the class path
    mv "$work/jar/META-INF/MANIFEST.MF" "$work/manifest"
    "$jdk/bin/jar" --create --no-compress "--file=$root/lib/$name" "--manifest=$work/manifest" -C "$work/jar" .
    chmod 644 "$root/lib/$name"
  done
  cat "$built/generated-sources/license/THIRD-PARTY.txt" "$built_bench/generated-sources/license/THIRD-PARTY.txt" \
    >"$root/licences/THIRD-PARTY.txt"
  chmod 644 "$root"/native/*.so
  rm -rf "$work/jar" "$work/manifest"
}

bundle_texts() {
  mkdir -p "$root/bin"
  cp "$home/bundle/launcher.sh" "$root/bin/lamella"
  chmod 755 "$root/bin/lamella"
  cp "$home/LICENSE" "$root/"
  git -C "$home" describe --always --dirty --abbrev=12 >"$root/COMMIT" 2>/dev/null || echo unknown >"$root/COMMIT"
  {
    cat <<END
$title

Trains multi-label convolutional networks and runs them. Needs Linux on x86-64 with glibc $floor or later and /proc
(every system has it; a chroot may not), and nothing else: no Java, no installation, no home folder, no network. The
folder may be read-only and may lie anywhere. Paths with letters beyond ASCII need a UTF-8 locale (LC_ALL); one is taken
where the system has C.UTF-8 or en_US.UTF-8. Java's options go into LAMELLA_JAVA_OPTIONS; others are not read.

    bin/lamella demo                   trains on generated RNA, in runs/demo
    bin/lamella train YOUR.arff --labels 20 --out runs/yours
    bin/lamella devices --verbose      what can be used, what was looked for
    bin/lamella --help
END
    if [ "$cuda" != none ]; then
      cat <<END

On a GPU it needs NVIDIA's driver and libcudart of CUDA $cuda; libcublas, cuDNN and (for several GPUs) NCCL are used
where they are. They are looked for in the usual places, Python's packages too; LAMELLA_CUDA_LIBRARIES=FOLDER:FOLDER
names others. It also needs libstdc++.so.6 and libgcc_s.so.1, which come with every Linux but the smallest. Kernels for
the GPUs in kernels/ came along; for others they are compiled where NVRTC is found.
END
    fi
    echo
    echo "Licences: LICENSE (Lamella), licences/ (what is in lib/), runtime/legal/ (Java)."
  } >"$root/README.txt"
}

# Runs a long command in the background: a shell handles a signal at once while it waits, but not while a command runs
# in the foreground.
at_once() {
  "$@" &
  wait $!
}

# A process and all its descendants. $1: its number
end_tree() {
  for child in $(grep -l "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status 2>/dev/null); do
    child=${child#/proc/}
    end_tree "${child%/status}"
  done
  if [ "$1" != "$bundle_shell" ]; then kill "$1" 2>/dev/null || true; fi
}

# Handles a signal: ends the running command, then cleans up. $1: exit code
bundle_stop() {
  trap '' INT TERM HUP
  end_tree "$bundle_shell"
  wait || true  # until no process writes into the folders that are cleaned
  exit "$1"
}

# Packs under another name in the target's folder; an old file is replaced only when the new one is complete.
bundle_archive() {
  rm -f "$work/packed"
  { tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner -cf - "$title" && : >"$work/packed"; } |
    xz -T0 -6 >"$part"
}

bundle_pack() {
  say "bundle: packing"
  at_once bundle_archive || bundle_fail "the archive cannot be written; is the disk full?"
  [ -f "$work/packed" ] || bundle_fail "packing failed"
  bytes=$(wc -c <"$part")
  mv "$part" "$out"
  part=""
}

bundle_cleanup() {
  if [ -n "${part:-}" ]; then rm -f "$part"; fi
  if [ -n "${root:-}" ]; then rm -rf "$root"; fi
}

# One bundle at a time, of any kind: they share the compilers and the kept kernels.
bundle_lock() {
  lock=$home/bundle/target/lock
  exec 9>"$lock"
  command -v flock >/dev/null 2>&1 || return 0
  if flock -n 9; then return 0; fi
  say "bundle: another bundle is being made here, waiting for it (20 minutes at most)"
  at_once flock -w 1200 9 || bundle_fail "another bundle has held $lock for 20 minutes"
}

run_bundle() {
  bundle_options "$@"
  ensure_tools
  check_java
  version=$(sed -n 's:^  <version>\(.*\)</version>$:\1:p' "$home/pom.xml" | head -n 1)
  title=lamella-$version-linux-x86_64
  if [ "$cuda" != none ]; then title=$title-cuda$cuda; fi
  work=$home/bundle/target/$major
  mkdir -p "$work"
  runtime_find
  bundle_shell=$$ root=""
  part=$folder/.$(basename "$out").$$.part
  trap bundle_cleanup EXIT
  trap 'bundle_stop 129' HUP
  trap 'bundle_stop 130' INT
  trap 'bundle_stop 143' TERM
  (: >"$part") 2>/dev/null || bundle_refuse "--out $out: nothing can be written in $folder"
  bundle_lock
  root=$work/$title
  rm -rf "$root"
  bundle_build
  at_once bundle_jars
  runtime_link
  if [ "$cuda" != none ]; then kernels_make; fi
  if [ -n "$with_cuda" ]; then at_once nvidia_copy; fi
  bundle_texts
  at_once floors_check
  bundle_pack
  echo "$out"
  awk -v bytes="$bytes" -v unpacked="$(du -sm "$root" | cut -f 1)" \
    'BEGIN { printf "  size: %.1f MB (%.1f MiB), unpacked %d MiB\n", bytes / 1e6, bytes / 1048576, unpacked }'
  cat "$work/floors.txt"
  if [ "$cuda" != none ]; then cat "$work/kernels.txt"; fi
  if [ -n "$with_cuda" ]; then cat "$work/nvidia.txt"; fi
}
