# shellcheck shell=sh
# The Java runtime of a bundle: linked from a JDK that runs on the oldest system for which the bundle is made.

# Modules in addition to those that jdeps finds: used by reflection or as services.
runtime_modules=java.base,java.desktop,java.logging,java.management,java.xml,jdk.unsupported

# The reason why a folder cannot be used as JDK, or nothing. $1: folder
jdk_problem() {
  if [ ! -x "$1/bin/jlink" ] || [ ! -f "$1/release" ] || [ ! -f "$1/lib/server/libjvm.so" ]; then
    echo "is no JDK: it has no bin/jlink"
    return
  fi
  jdk_version=$(jdk_major "$1")
  if [ "${jdk_version:-0}" -lt 17 ]; then
    echo "is Java ${jdk_version:-of an unknown version}, 17 or later is needed"
    return
  fi
  if [ ! -d "$1/jmods" ] && ! "$1/bin/jlink" --help 2>&1 | grep -q 'run-time image enabled'; then
    echo "cannot link a runtime: it has no jmods folder"
    return
  fi
  jdk_floor=$(printf '%s\n' "$1"/lib/server/libjvm.so "$1"/lib/libj*.so "$1"/lib/libn*.so "$1"/bin/java | floor_of)
  if newer "$jdk_floor" "$floor"; then
    echo "needs glibc $jdk_floor, the bundle is for $floor and later"
  elif readelf -d "$1/lib/server/libjvm.so" | grep -q 'NEEDED.*libstdc++'; then
    echo "needs libstdc++.so.6 from the system"
  fi
}

jdk_major() { sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"; }

# JDKs of this machine, one per line: the user's setting first, then from new to old.
jdks_here() {
  {
    if [ -n "${JAVA_HOME:-}" ]; then readlink -f -- "$JAVA_HOME" || true; fi
    if command -v java >/dev/null 2>&1; then dirname -- "$(dirname -- "$(readlink -f -- "$(command -v java)")")"; fi
    for folder in /usr/lib/jvm/* /opt/java/* /opt/jdk* "${HOME:-/nonexistent}"/.sdkman/candidates/java/*; do
      if [ -f "$folder/release" ] && [ -x "$folder/bin/jlink" ]; then
        echo "$(jdk_major "$folder") $(readlink -f -- "$folder")"
      fi
    done | sort -rn | cut -d ' ' -f 2-
  } | awk '!seen[$0]++'
}

# The first suitable JDK of this machine, or nothing.
jdk_that_fits() {
  jdks_here | while read -r candidate; do
    if [ -z "$(jdk_problem "$candidate")" ]; then echo "$candidate"; break; fi
  done
}

runtime_find() {
  wanted=${jdk:-${LAMELLA_JDK:-}}
  if [ -n "$wanted" ]; then
    problem=$(jdk_problem "$wanted")
    [ -z "$problem" ] || bundle_refuse "the JDK $wanted $problem; $(runtime_remedy)"
    jdk=$(CDPATH= cd -- "$wanted" && pwd)
  else
    jdk=$(jdk_that_fits)
    if [ -z "$jdk" ]; then
      found=$(jdks_here | while read -r candidate; do printf '%s %s; ' "$candidate" "$(jdk_problem "$candidate")"; done)
      bundle_refuse "no JDK here fits: ${found:-there is none; }$(runtime_remedy)"
    fi
  fi
  say "bundle: Java $(jdk_major "$jdk") from $jdk"
}

runtime_remedy() {
  other=$(jdk_that_fits)
  if [ -n "$other" ]; then
    echo "this one fits: --jdk $other"
  else
    echo "Eclipse Temurin (adoptium.net) fits: unpack its JDK anywhere and name it with --jdk DIR"
  fi
}

runtime_link() {
  say "bundle: linking the Java runtime"
  at_once "$jdk/bin/jdeps" --print-module-deps --ignore-missing-deps --multi-release 17 "$root"/lib/*.jar \
    >"$work/jdeps.txt" 2>"$work/jdeps.log" || true
  found=$(tail -n 1 "$work/jdeps.txt")
  case $found in
    java.base*) ;;
    *) bundle_fail "jdeps does not say which modules are needed: $found $(cat "$work/jdeps.log")" ;;
  esac
  # Not compressed: the archive as a whole then becomes smaller.
  compress=--compress=zip-0
  if [ "$(jdk_major "$jdk")" -lt 21 ]; then compress=--compress=0; fi
  # Without windows, sound and splash screens: they need libraries of a desktop.
  desktop='**/libawt_xawt.so,**/libsplashscreen.so,**/libjawt.so,**/libjsound.so,**/psfont*'
  at_once "$jdk/bin/jlink" --add-modules "$runtime_modules,$found" $compress --strip-java-debug-attributes \
    --no-header-files --no-man-pages "--exclude-files=$desktop" --output "$root/runtime" >"$work/jlink.log" 2>&1 ||
    bundle_fail "the runtime cannot be linked: $(tail -n 3 "$work/jlink.log" | tr '\n' ' ')"
  chmod -R u+w "$root/runtime"
  runtime_floor=$(elf_files "$root/runtime" | floor_of)
  if newer "$runtime_floor" "$floor"; then
    bundle_refuse "the runtime of $jdk needs glibc $runtime_floor, the bundle is for $floor and later;" \
      "$(runtime_remedy)"
  fi
}
