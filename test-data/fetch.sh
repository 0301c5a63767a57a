#!/bin/sh
# Downloads the real data sets that some tests use (sources.txt, 13 MB) from GitHub into shared/data of this project.
# What is there already is kept. Without them these tests are skipped.
#   fetch.sh
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
target=$here/../shared/data
say() { echo "test data: $*" >&2; }

if [ $# -gt 0 ]; then
  say "fetch.sh takes no arguments; it downloads what sources.txt lists"
  exit 2
fi
command -v curl >/dev/null 2>&1 || { say "curl is missing; install it and try again"; exit 2; }

is_whole() { [ -f "$1" ] && [ "$(sha256sum <"$1" | cut -d ' ' -f 1)" = "$2" ]; }

# Downloads one file and checks it. $1: where it goes, $2: its SHA-256, $3: its address
fetch() {
  case $3 in
    *.gz) curl -sSfL --retry 3 "$3" -o "$1.part.gz" && gzip -dc "$1.part.gz" >"$1.part" ;;
    *) curl -sSfL --retry 3 "$3" -o "$1.part" ;;
  esac || {
    say "$3 cannot be downloaded; the line above says why"
    return 1
  }
  if ! is_whole "$1.part" "$2"; then
    say "$3 is another file than the one that the tests know; nothing was kept of it"
    return 1
  fi
  mv "$1.part" "$1"
}

failed=0
while read -r file sum repository commit path; do
  case $file in "#"*) continue ;; esac
  if is_whole "$target/$file" "$sum"; then continue; fi
  mkdir -p "$(dirname "$target/$file")"
  if fetch "$target/$file" "$sum" "https://raw.githubusercontent.com/$repository/$commit/$path" </dev/null; then
    say "$file"
  else
    failed=$((failed + 1))
  fi
  rm -f "$target/$file.part" "$target/$file.part.gz"
done <"$here/sources.txt"
cp "$here/plant-pseaac.xml" "$target/"  # names of labels that were published without a file
if [ $failed -gt 0 ]; then
  say "$failed files are missing; tests that need them are skipped. Try again later"
  exit 1
fi
say "all files are in $(cd "$target" && pwd)"
