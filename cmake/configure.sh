#!/bin/sh
# Configures a CMake build: configure.sh SOURCE BUILD [OPTION...]
# CMake refuses a build folder whose cache names another source or build folder. That is so after the project was moved
# or copied with its builds; the build folder is then emptied, and everything in it is built again.
set -eu

source=$1
build=$2
shift 2

# The folder that a cache names, without symbolic links. Empty if it is not there any more.
cached() {
  (CDPATH= cd -- "$(sed -n "s/^$1:INTERNAL=//p" "$build/CMakeCache.txt")" 2>/dev/null && pwd -P) || true
}

if [ -f "$build/CMakeCache.txt" ] && {
  [ "$(cached CMAKE_HOME_DIRECTORY)" != "$(cd -- "$source" && pwd -P)" ] ||
    [ "$(cached CMAKE_CACHEFILE_DIR)" != "$(cd -- "$build" && pwd -P)" ]
}; then
  rm -rf "$build"
fi
exec cmake -S "$source" -B "$build" "$@"
