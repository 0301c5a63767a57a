#!/bin/sh
# Tests of how the launcher finds tools and installs them: made-up tools in a folder that is the whole PATH, and the
# launcher in a source tree with nothing to build. Nothing is installed. A few seconds.
#   test.sh
set -eu

home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
unset LAMELLA_YES LAMELLA_MAVEN_OPTIONS 2>/dev/null || true

say() { echo "launcher test: $*" >&2; }
fail() {
  say "FAILED: $*"
  cat "$folder/said" "$folder/ran" >&2 2>/dev/null || true
  exit 1
}

# A source tree with the launcher and a wrapper that only says that it runs.
mkdir -p "$folder/tree/java/cli"
cp -r "$home/lamella" "$home/launcher" "$folder/tree/"
printf '#!/bin/sh\necho "wrapper: $*" >>"%s"\n' "$folder/ran" >"$folder/tree/mvnw"
chmod 755 "$folder/tree/mvnw"

# A folder of tools: the shell's own, and each named one made up. Made-up tools list what they are called with in
# $folder/ran. sudo runs its command, as root would.
tools() { # USER_ID [NAME...]
  rm -rf "${folder:?}/bin"
  mkdir "$folder/bin"
  for name in sh cat dirname env grep head mkdir readlink rm sed sort; do
    ln -s "$(command -v $name)" "$folder/bin/$name"
  done
  made_up id "echo $1"
  shift
  for name in "$@"; do
    case $name in
      sudo) made_up sudo "echo \"sudo \$*\" >>'$folder/ran'; [ \"\$1\" != -n ] || shift; exec \"\$@\"" ;;
      apt-get) made_up apt-get "echo \"apt-get \$*\" >>'$folder/ran'" ;;
      mvn-*)
        made_up mvn "if [ \"\$*\" = --version ]; then echo 'Apache Maven ${name#mvn-}'; exit; fi
          echo \"mvn \$*\" >>'$folder/ran'"
        ;;
      java) made_up java "echo 'openjdk version \"17.0.1\"' >&2" ;;
      *) made_up "$name" "exit 0" ;;
    esac
  done
}
made_up() { # NAME TEXT
  printf '#!/bin/sh\n%s\n' "$2" >"$folder/bin/$1"
  chmod 755 "$folder/bin/$1"
}

# Runs the launcher without a terminal. $1: the exit code that it must end with
lamella() {
  wanted=$1 code=0
  shift
  : >"$folder/ran"
  PATH="$folder/bin" "$folder/tree/lamella" "$@" >"$folder/said" 2>&1 </dev/null || code=$?
  [ $code -eq "$wanted" ] || fail "'lamella $*' ended with $code, not $wanted"
}
# The same on a terminal. $1: the exit code, $2: what is typed
on_terminal() {
  wanted=$1 typed=$2 code=0
  shift 2
  : >"$folder/ran"
  # shellcheck disable=SC2016
  (sleep 1; printf '%s\n' "$typed") | tree="$folder/tree" tool_path="$folder/bin" words="$*" \
    script -qec 'PATH="$tool_path" "$tree/lamella" $words' /dev/null >"$folder/said" 2>&1 || code=$?
  [ $code -eq "$wanted" ] || fail "'lamella $*' with '$typed' ended with $code, not $wanted"
}
says() { grep -qF -- "$1" "$folder/said" || fail "does not say '$1'"; }
says_not() { if grep -qF -- "$1" "$folder/said"; then fail "says '$1'"; fi; }
ran() { grep -qxF -- "$1" "$folder/ran" || fail "did not run '$1'"; }
ran_not() { if grep -q -- "$1" "$folder/ran"; then fail "ran '$1'"; fi; }

build_tools="javac java cmake make objdump c++"

nothing_missing() {
  say "nothing is missing"
  # shellcheck disable=SC2086
  tools 1000 $build_tools mvn-3.8.7 sudo apt-get
  lamella 0 install
  ran "mvn -q -B -f $folder/tree/pom.xml -DskipTests install"
  ran_not "apt-get"
}

without_permission() {
  say "without a terminal nothing is installed with sudo"
  tools 1000 java mvn-3.8.7 sudo apt-get
  lamella 2 install
  says "missing: openjdk-17-jdk-headless cmake make binutils g++. Run this, then try again:"
  says "sudo apt-get update && sudo apt-get install -y openjdk-17-jdk-headless cmake make binutils g++"
  says "give --yes, or set LAMELLA_YES=1"
  ran_not .
  LAMELLA_YES=0 lamella 2 install
  ran_not .
  say "where there is no sudo, --yes changes nothing"
  tools 1000 java mvn-3.8.7 apt-get
  lamella 2 --yes install
  says "sudo apt-get install -y openjdk-17-jdk-headless"
  ran_not .
}

with_permission() {
  say "--yes, LAMELLA_YES=1, or root"
  packages="openjdk-17-jdk-headless cmake make binutils g++"
  install="env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages"
  for form in "--yes install" "install --yes"; do
    tools 1000 java mvn-3.8.7 sudo apt-get
    # shellcheck disable=SC2086
    lamella 0 $form
    ran "sudo -n apt-get update -q"
    ran "sudo -n $install"
    ran "mvn -q -B -f $folder/tree/pom.xml -DskipTests install"
  done
  LAMELLA_YES=1 lamella 0 install
  ran "sudo -n $install"
  tools 0 java mvn-3.8.7 sudo apt-get
  lamella 0 install
  ran "apt-get install -y -q --no-install-recommends $packages"
  ran_not sudo
}

failing() {
  say "an installation that fails"
  tools 0 java mvn-3.8.7
  made_up apt-get "echo 'E: no network' >&2; exit 100"
  lamella 2 install
  says "E: no network"
  says "the packages could not be installed"
  ran_not mvn
}

asking() {
  say "on a terminal"
  if ! command -v script >/dev/null 2>&1; then say "skipped: there is no script (Debian: bsdutils)"; return; fi
  tools 1000 java mvn-3.8.7 sudo apt-get
  for answer in "" n no x; do
    on_terminal 2 "$answer" install
    says "install with sudo apt-get: openjdk-17-jdk-headless cmake make binutils g++? [y/N]"
    says "Run this, then try again"
    ran_not .
  done
  for answer in y Y yes; do
    on_terminal 0 "$answer" install
    ran "sudo apt-get update -q"
    ran "mvn -q -B -f $folder/tree/pom.xml -DskipTests install"
  done
  on_terminal 0 "" --yes install
  says_not "[y/N]"
  ran "sudo apt-get update -q"
}

other_systems() {
  say "without apt-get"
  tools 1000 java mvn-3.8.7 sudo dnf
  lamella 2 --yes install
  says "sudo dnf install -y java-17-openjdk-devel"
  ran_not .
}

which_maven() {
  say "which Maven"
  for version in 3.6.3 3.9.11 4.0.0-rc-4 10.1; do
    # shellcheck disable=SC2086
    tools 1000 $build_tools mvn-$version
    lamella 0 install
    ran "mvn -q -B -f $folder/tree/pom.xml -DskipTests install"
  done
  for version in 3.6.2 3.5.4 2.2.1; do
    # shellcheck disable=SC2086
    tools 1000 $build_tools unzip mvn-$version
    lamella 0 install
    ran "wrapper: -q -B -f $folder/tree/pom.xml -DskipTests install"
    ran_not mvn
  done
  # shellcheck disable=SC2086
  tools 1000 $build_tools sudo apt-get
  lamella 2 install
  says "missing: unzip. Run this"  # the wrapper needs it
}

# What steps in the background print and how they end, by a script of its own. $1: the exit code, $2: its lines
steps() {
  wanted=$1 code=0
  {
    printf '%s\n' 'set -eu' 'say() { echo "lamella: $*"; }' ". '$folder/tree/launcher/steps.sh'" \
      'good() { sleep 0.2; echo "good is done"; }' 'bad() { false; echo "not reached"; }' 'long() { exec sleep 60; }'
    printf '%s\n' "$2"
  } >"$folder/steps.sh"
  sh "$folder/steps.sh" "$folder/printed" >"$folder/said" 2>&1 || code=$?
  [ $code -eq "$wanted" ] || fail "steps ended with $code, not $wanted"
}

background_steps() {
  say "steps in the background"
  steps 0 'begin_step "$1" one good; echo first; finish_steps; echo last'
  [ "$(tr '\n' ' ' <"$folder/said")" = "first good is done last " ] || fail "not in order"
  steps 1 'begin_step "$1" one good; begin_step "$1" two bad; begin_step "$1" three good; finish_steps; echo last'
  says "lamella: failed: two"
  says "good is done"
  says_not "not reached"
  says_not "last"
  steps 0 'begin_step "$1" one good; finish_steps; begin_step "$1" two good; finish_steps'
  [ "$(grep -c "good is done" "$folder/said")" -eq 2 ] || fail "a step is printed twice"
  before=$(date +%s)
  steps 1 'begin_step "$1" one long; sleep 0.2; false'
  [ $(($(date +%s) - before)) -lt 20 ] || fail "a step outlives the launcher"
}

# `lamella test` in a tree whose stages only say that they run. $1: the exit code, $2: the stage that fails, or none
stages() {
  [ -f /usr/include/doctest/doctest.h ] || return 1
  # shellcheck disable=SC2086
  tools 0 $build_tools mvn-3.8.7 cd-hit chromium
  for name in cp ctest date find mv nice nproc sleep; do
    case $name in ctest) ;; *) ln -s "$(command -v $name)" "$folder/bin/$name" ;; esac
  done
  made_up cmake "echo \"cmake \$*\" >>'$folder/ran'"
  made_up ctest "echo \"ctest \${PWD##*/}\" >>'$folder/ran'; [ $2 != \"\${PWD##*/}\" ]"
  for stage in cmake/configure.sh bench/cuda/test.sh bench/cuda/gates.sh bench/gpu/test.sh bundle/test.sh; do
    mkdir -p "$folder/tree/${stage%/*}"
    {
      echo '#!/bin/sh'
      echo "if [ $stage = cmake/configure.sh ]; then mkdir -p \"\$2\"; fi"
      echo "echo \"$stage \$*\" >>'$folder/ran'; [ $2 != $stage ]"
    } >"$folder/tree/$stage"
    chmod 755 "$folder/tree/$stage"
  done
  mkdir -p "$folder/tree/native" "$folder/tree/cuda-kernels" "$folder/tree/bench/cuda" "$folder/tree/bundle"
  printf '#!/bin/sh\necho launcher/test.sh >>"%s"\n' "$folder/ran" >"$folder/tree/launcher/test.sh"
  chmod 755 "$folder/tree/launcher/test.sh"
  lamella "$1" test
}

all_stages() {
  say "the stages of lamella test"
  if ! stages 0 none; then say "skipped: there is no doctest"; return; fi
  tree=$folder/tree
  ran "mvn -q -B -f $tree/pom.xml -Ppeers com.diffplug.spotless:spotless-maven-plugin:check"
  for kind in native native-tests-sanitized; do
    ran "cmake --build $tree/java/core/target/$kind --parallel $(nproc)"
    ran "ctest $kind"
  done
  ran "bench/cuda/test.sh "
  ran "bench/cuda/gates.sh $tree/java/core/target/cuda-gates"
  grep -q "mvn -B -Dcuda=13 " "$folder/ran" || fail "no CUDA 13"
  grep -q "mvn -B -Pgates " "$folder/ran" || fail "no Java tests"
  ran "bench/gpu/test.sh "
  ran "launcher/test.sh"
  ran "bundle/test.sh $tree/bundle/target/test"
  grep -n "gates.sh\|mvn -B -Pgates" "$folder/ran" | head -n 1 | grep -q "gates.sh" || fail "gates come before Java tests"
  for stage in bench/cuda/test.sh bench/cuda/gates.sh bench/gpu/test.sh bundle/test.sh native native-tests-sanitized; do
    stages 1 $stage
  done
}

background_steps
all_stages
nothing_missing
without_permission
with_permission
failing
asking
other_systems
which_maven
say "passed"
