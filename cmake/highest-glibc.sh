#!/bin/sh
# Prints the newest glibc that a library needs: it loads on every Linux with that release or a later one.
set -eu
highest=$(objdump -T "$1" | grep -o 'GLIBC_[0-9.]*' | sort -u -t_ -k2 -V | tail -n 1)
echo "highest glibc symbol version needed by $(basename "$1"): ${highest:-none}"
