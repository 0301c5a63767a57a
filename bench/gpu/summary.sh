# summary.txt and summary.json of gpu-check.sh, which reads this file. They are rewritten when a part begins and when
# it ends: if the run is stopped, they list the parts that were done, and the part that ran then as "stopped".

notes=""  # a line for each part that has ended: name|seconds|limit|result|file
running=""; running_name=""; running_limit=""; running_start=0
compiler=""; compiler_limit=""; compiler_start=0
unwritten=0

since() { echo $(($(date +%s) - $1)); }

# A run where nothing can be written still has its notes in memory.
note() { # NAME SECONDS LIMIT RESULT
  notes="$notes$1|$2|$3|$4|$1.txt
"
}

# All lines, with those of what is running.
all_notes() {
  printf '%s' "$notes"
  if [ -n "$running" ]; then
    echo "$running_name|$(since "$running_start")|$running_limit|stopped|$running_name.txt"
  fi
  if [ -n "$compiler" ]; then echo "compile|$(since "$compiler_start")|$compiler_limit|stopped|compile.txt"; fi
}

as_table() {
  echo "| part | seconds | limit, s | result | file |"
  echo "|---|---:|---:|---|---|"
  all_notes | while IFS='|' read -r name took limit result file; do
    echo "| $name | $took | $limit | $result | $file |"
  done
}

as_json() {
  small=false; if [ "$quick" = 1 ]; then small=true; fi
  printf '{"seconds": %s, "device": "%s", "quick": %s, "parts": [' "$(since "$began")" "$device" $small
  all_notes | {
    comma=""
    while IFS='|' read -r name took limit result file; do
      printf '%s\n  {"part": "%s", "seconds": %s, "limit_s": %s, ' "$comma" "$name" "$took" "$limit"
      printf '"result": "%s", "file": "%s"}' "$result" "$file"
      comma=","
    done
  }
  printf '\n]}\n'
}

# Writes a file, whole or not at all.
replace() { # FILE TEXT
  if ! printf '%s\n' "$2" 2>/dev/null >"$1.new" || ! mv "$1.new" "$1" 2>/dev/null; then
    rm -f "$1.new"
    unwritten=1
  fi
}

write_summary() {
  unwritten=0
  replace "$out/summary.txt" "$(as_table)"
  replace "$out/summary.json" "$(as_json)"
}

# 1, with one line, where the last summary could not be written.
tell_unwritten() {
  [ $unwritten = 0 ] && return
  say "FAILED: files could not be written into $out (is the disk full?); the table above is all there is" >&2
  return 1
}
