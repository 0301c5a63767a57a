#!/bin/sh
# Runs Lamella from its own folder. Needs only a shell and /proc, and readlink if this file is called by a link.
set -eu

refuse() { echo "error: $*" >&2; exit 2; }

here=$0
case $here in
  */*) ;;
  *) here=./$here ;;  # `sh lamella` in its folder
esac
while [ -L "$here" ]; do
  link=$(PATH=${PATH:-/usr/bin:/bin} readlink -- "$here" 2>&-) ||
    refuse "$here is a link, and this machine has no readlink to follow it; start bin/lamella where the bundle lies"
  case $link in /*) here=$link ;; *) here=${here%/*}/$link ;; esac
done
root=$(CDPATH= cd -P -- "${here%/*}/.." && pwd -P)

case "${1:-} ${2:-}" in
  test\ * | bundle\ * | install\ * | bench\ kernels | bench\ peers | bench\ gpu-model)
    what=${1:-}
    if [ "$what" = bench ]; then what="bench ${2:-}"; fi
    refuse "'$what' needs Lamella's source tree and its tools; this is a bundle, which has neither"
    ;;
esac

# Java options and jars for other programs are ignored; LAMELLA_JAVA_OPTIONS has the options for this one.
unset JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS CLASSPATH

commit=""
if [ -f "$root/COMMIT" ]; then read -r commit <"$root/COMMIT" || true; fi

# Login nodes may limit the address space: Java reserves more than it uses, and crashes if it cannot. In kilobytes, as
# in ulimit and /proc/meminfo. The user's own settings take precedence.
limits=""
space=$(ulimit -v 2>&-) || space=unlimited
case $space:${LAMELLA_JAVA_OPTIONS:-} in
  unlimited:* | *-Xmx* | *MaxRAM*) ;;
  *)
    [ "$space" -ge 1200000 ] ||
      refuse "ulimit -v allows $space kB of address space, Java needs 1200000 to start; raise it: ulimit -v unlimited"
    memory=$space
    if read -r _ memory _ 2>&- </proc/meminfo && [ "$memory" -gt "$space" ]; then memory=$space; fi
    limits=-Xmx$((memory / 4))k
    if [ "$space" -lt 6000000 ]; then
      limits="$limits -XX:CompressedClassSpaceSize=64m -XX:ReservedCodeCacheSize=64m"
      export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"  # else 64 MiB of address space per thread
    fi
    ;;
esac

# Whether a text is pure ASCII, in any locale.
is_ascii() (
  LC_ALL=C
  case $1 in *[!\ -~]*) return 1 ;; esac
)

# Java decodes file names in the locale's encoding. Whether it can decode those of this folder and the current one.
names_are_read() {
  # shellcheck disable=SC2086
  said=$("$root/runtime/bin/java" -Xint $limits -XshowSettings:properties -version 2>&1) || return 1
  case $said in *"java.home = $root/runtime
"*) ;; *) return 1 ;; esac
  case $said in *"user.dir = $current
"*) ;; *) return 1 ;; esac
  case $said in *"sun.jnu.encoding = ANSI_X3.4-1968"*) return 1 ;; esac
}

current=$(pwd -P)
if ! is_ascii "$root$current$*" && ! names_are_read; then
  found=""
  # The first locale is part of Debian and of glibc 2.35, the second is common elsewhere.
  for locale in C.UTF-8 en_US.UTF-8; do
    if [ -z "$found" ] && (export LC_ALL=$locale; names_are_read); then found=$locale; fi
  done
  if [ -n "$found" ]; then
    export LC_ALL="$found"
  elif is_ascii "$root"; then
    refuse "Java cannot read the letters beyond ASCII in '$current' or the arguments:" \
      "no UTF-8 locale is set or found;" \
      "set LC_ALL to one of \`locale -a\`, or use paths of plain letters"
  else
    refuse "Java cannot start from '$root', whose name has letters beyond ASCII: no UTF-8 locale is set or found;" \
      "set LC_ALL to one of \`locale -a\`, or move the bundle to a path of plain letters"
  fi
fi

# All native code is in native/: the bindings unpack nothing and need no folder for it. Crash reports are not written to
# the current folder.
# shellcheck disable=SC2086
exec "$root/runtime/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=4 -Xshare:auto -Djava.awt.headless=true \
  -XX:-CreateCoredumpOnCrash "-XX:ErrorFile=${TMPDIR:-/tmp}/lamella-crash-%p.log" $limits \
  --enable-native-access=ALL-UNNAMED "-Djava.library.path=$root/native" "-Dlamella.kernels=$root/kernels" \
  "-Dlamella.commit=$commit" "-Dlamella.command=$0" \
  -Dorg.bytedeco.javacpp.cacheLibraries=false ${LAMELLA_JAVA_OPTIONS:-} \
  -cp "$root/lib/*" org.lamella.cli.Lamella "$@"
