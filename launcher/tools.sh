# shellcheck shell=sh
# The tools that the build needs: finds them, and installs what is missing where that is allowed. Uses the launcher's
# home and say.

# What Debian and Ubuntu call the packages of the tools that are missing here. $1: `test` adds what the tests need
missing_tools() {
  missing=""
  command -v javac >/dev/null 2>&1 || missing="$missing openjdk-17-jdk-headless"
  # Without a Maven that is new enough the wrapper downloads one, as a .zip file.
  maven_is_here || command -v unzip >/dev/null 2>&1 || missing="$missing unzip"
  command -v cmake >/dev/null 2>&1 || missing="$missing cmake"
  command -v make >/dev/null 2>&1 || missing="$missing make"
  command -v objdump >/dev/null 2>&1 || missing="$missing binutils"
  command -v c++ >/dev/null 2>&1 || missing="$missing g++"
  if [ "${1:-}" = test ]; then
    [ -f /usr/include/doctest/doctest.h ] || missing="$missing doctest-dev"
    if apt-cache show clang-format-19 >/dev/null 2>&1; then
      [ "$(clang_format)" != none ] || missing="$missing clang-format-19"
    fi
  fi
  echo "$missing"
}

# Whether the Maven on the PATH is 3.6.3 or later, which the build's plugins need.
maven_is_here() {
  command -v mvn >/dev/null 2>&1 || return 1
  maven_version=$(mvn --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p' | head -n 1)
  [ -n "$maven_version" ] && [ "$(printf '3.6.3\n%s\n' "$maven_version" | sort -V | head -n 1)" = 3.6.3 ]
}

# Runs Maven: the one on the PATH, else the one of the wrapper, which downloads it once.
maven() {
  if [ -z "${maven_command:-}" ]; then
    maven_command=mvn
    maven_is_here || maven_command=$home/mvnw
  fi
  "$maven_command" "$@"
}

# Whether packages may be installed here; sets as_root to what precedes a command for that. Root may. Others may with
# sudo, after --yes or LAMELLA_YES=1, or a yes on the terminal. Without a terminal nobody is asked for a password.
# $1: the packages
may_install() {
  as_root=""
  [ "$(id -u)" -ne 0 ] || return 0
  command -v sudo >/dev/null 2>&1 || return 1
  as_root=sudo
  if [ -t 0 ] && [ -t 2 ]; then
    [ "${LAMELLA_YES:-}" != 1 ] || return 0
    printf 'lamella: install with sudo apt-get:%s? [y/N] ' "$1" >&2
    answer=""
    read -r answer || echo >&2
    case $answer in y | Y | yes | Yes | YES) return 0 ;; *) return 1 ;; esac
  fi
  as_root="sudo -n"
  [ "${LAMELLA_YES:-}" = 1 ]
}

# Installs Debian's packages. $1: their names
apt_install() {
  # shellcheck disable=SC2086
  { $as_root apt-get update -q &&
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $1; } >&2
}

# The commands for what is missing, by the system's own package manager. $1: Debian's names of the packages
say_how_to_install() {
  if command -v apt-get >/dev/null 2>&1; then
    say "missing:$1. Run this, then try again:"
    say "  sudo apt-get update && sudo apt-get install -y$1"
    say "or let Lamella do it: give --yes, or set LAMELLA_YES=1"
    return
  fi
  say "the build needs a JDK 17 or later, Maven, CMake, make, binutils and a C++17 compiler (the tests also doctest);"
  say "missing here (Debian's names):$1. Run this, then try again:"
  if command -v dnf >/dev/null 2>&1; then
    say "  sudo dnf install -y java-17-openjdk-devel maven cmake make binutils gcc-c++ libstdc++-static doctest-devel"
  elif command -v zypper >/dev/null 2>&1; then
    say "  sudo zypper install -y java-17-openjdk-devel maven cmake make binutils gcc-c++ doctest-devel"
  elif command -v pacman >/dev/null 2>&1; then
    say "  sudo pacman -S --needed jdk17-openjdk maven cmake make binutils gcc doctest"
  else
    say "  your package manager's install command for these packages"
  fi
}

# Installs the tools that are missing where that is allowed, else says what to do. $1: `test` adds what the tests need
ensure_tools() {
  missing=$(missing_tools "${1:-}")
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null 2>&1 || ! may_install "$missing"; then
    say_how_to_install "$missing"
    exit 2
  fi
  say "installing what is missing:$missing"
  if ! apt_install "$missing"; then
    say "the packages could not be installed; the lines above say why. Install them, then try again"
    exit 2
  fi
}

# What one test each needs, which is skipped without it: clusters of proteins, and a browser for the report. (Elsewhere
# than on Debian the browser is no package of apt's.)
try_optional_tools() {
  optional=""
  command -v cd-hit >/dev/null 2>&1 || optional=" cd-hit"
  if grep -qs '^ID=debian' /etc/os-release; then
    command -v chromium >/dev/null 2>&1 || optional="$optional chromium"
  fi
  if [ -z "$optional" ] || ! command -v apt-get >/dev/null 2>&1; then return 0; fi
  if ! may_install "$optional"; then
    say "tests that need them are skipped:$optional"
    return 0
  fi
  say "installing what a test each needs:$optional"
  apt_install "$optional" || say "they could not be installed: those tests are skipped"
}

check_java() {
  version=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
  if [ -z "$version" ] || [ "$version" -lt 17 ]; then
    say "Java 17 or later is needed, 'java' is version ${version:-unknown}; put a newer one first on the PATH"
    exit 2
  fi
}
