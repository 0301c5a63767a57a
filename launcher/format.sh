# shellcheck shell=sh
# The format of the code: Java and the POMs by Spotless, C++ and CUDA by clang-format. Uses the launcher's home, say,
# maven.

# The formatter of C++ and CUDA: the version that the code is formatted with, or none. Another one would want other
# breaks.
clang_format() {
  for name in clang-format-19 clang-format; do
    if command -v $name >/dev/null 2>&1 && $name --version | grep -q 'version 19\.'; then
      echo $name
      return 0
    fi
  done
  echo none
}

# Formats everything, or fails where something is not formatted. $1: apply or check
run_format() {
  formatter=$(clang_format)
  if [ "$formatter" = none ]; then
    say "C++ and CUDA are not looked at: that needs clang-format 19"
  else
    [ "$1" = apply ] && how="-i" || how="--dry-run -Werror"
    # shellcheck disable=SC2086
    find "$home/native" "$home/cuda-kernels" "$home/bench/cuda" "$home/bundle" -name target -prune -o \
      \( -name '*.cpp' -o -name '*.h' -o -name '*.cu' -o -name '*.cuh' \) -exec $formatter $how {} + || {
      say "not formatted as agreed: run ./lamella format"
      exit 1
    }
  fi
  maven -q -B -f "$home/pom.xml" -Ppeers com.diffplug.spotless:spotless-maven-plugin:"$1" || {
    say "not formatted as agreed: run ./lamella format"
    exit 1
  }
}
