#!/bin/sh
# Runs Lamella out of its own folder. Needs a shell and nothing else of the machine; readlink only where this file is
# reached by a link.
set -eu

here=$0
case $here in
  */*) ;;
  *) here=./$here ;;  # `sh lamella` in its folder
esac
while [ -L "$here" ]; do
  link=$(PATH=${PATH:-/usr/bin:/bin} readlink -- "$here")
  case $link in /*) here=$link ;; *) here=${here%/*}/$link ;; esac
done
root=$(CDPATH= cd -P -- "${here%/*}/.." && pwd -P)

case "${1:-} ${2:-}" in
  test\ * | bundle\ * | install\ * | bench\ kernels | bench\ peers | bench\ sm37)
    what=${1:-}
    if [ "$what" = bench ]; then what="bench ${2:-}"; fi
    echo "error: '$what' needs Lamella's source tree and its tools; this is a bundle, which has neither" >&2
    exit 2
    ;;
esac

commit=""
if [ -f "$root/COMMIT" ]; then read -r commit <"$root/COMMIT" || true; fi

# All native code lies in native/: the bindings unpack nothing, and want no folder for that.
# shellcheck disable=SC2086
exec "$root/runtime/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=4 -Xshare:auto -Djava.awt.headless=true \
  --enable-native-access=ALL-UNNAMED "-Djava.library.path=$root/native" "-Dlamella.kernels=$root/kernels" \
  "-Dlamella.commit=$commit" "-Dlamella.command=$0" \
  -Dorg.bytedeco.javacpp.cacheLibraries=false ${LAMELLA_JAVA_OPTIONS:-} \
  -cp "$root/lib/*" org.lamella.cli.Lamella "$@"
