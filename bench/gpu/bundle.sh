# Finds Lamella for gpu-check.sh, which reads this file: in a bundle, given or next to it, or in a source checkout.

# A folder that nobody else may have put programs into: /tmp is everyone's.
check_own() { # FOLDER
  if [ -L "$1" ]; then refuse "$1 is a link; remove it, or set TMPDIR to a folder of your own"; fi
  [ -d "$1" ] && [ -O "$1" ] || refuse "$1 is no folder of yours; set TMPDIR to a folder of your own"
  case $(ls -ld "$1") in
    d????w* | d???????w*) refuse "others may write into $1; remove it, or set TMPDIR to a folder of your own" ;;
  esac
}

# Sets work, which is kept for the next run, and run, which is not.
make_work() {
  work=${TMPDIR:-/tmp}/lamella-gpu-check-$(id -u)
  if [ ! -L "$work" ] && [ ! -e "$work" ]; then
    mkdir -p -m 700 "$work" 2>/dev/null || refuse "cannot make $work; set TMPDIR"
  fi
  check_own "$work"
  run=$work/run-$$
  rm -rf "$run" && mkdir "$run" 2>/dev/null || refuse "cannot write into $work; is the disk full?"
}

# Says in one line why not, where it fails.
extract() { # ARCHIVE FOLDER
  if command -v xz >/dev/null 2>&1; then
    said=$(tar -xJf "$1" -C "$2" 2>&1) || { echo "$said" | head -n 1; return 1; }
  elif command -v "$python" >/dev/null 2>&1; then
    code="import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])"
    said=$("$python" -c "$code" "$1" "$2" 2>&1) || { echo "$said" | tail -n 1; return 1; }
  else
    echo "there is neither xz nor $python"
    return 1
  fi
}

unpack() { # ARCHIVE: into a folder of its own, whole or not at all, once
  sum=$(sha256sum 2>/dev/null <"$1" | cut -c 1-32) && [ -n "$sum" ] || refuse "$1 cannot be read"
  root=$work/bundle-$sum
  if [ ! -e "$root" ] && [ ! -L "$root" ]; then
    mkdir "$run/new" || refuse "cannot write into $run"
    say "unpacking $1"
    why=$(extract "$1" "$run/new") || refuse "$1 cannot be unpacked into $work (is it whole, is there room?): $why"
    inner=$(find "$run/new" -mindepth 1 -maxdepth 1)
    [ -x "$inner/bin/lamella" ] || refuse "$1 is no bundle of Lamella: it has no bin/lamella"
    chmod go-w "$inner"
    mv "$inner" "$root" 2>/dev/null || [ -d "$root" ] || refuse "cannot write $root"
  fi
  check_own "$root"
}

# Of two that would both be right none is taken.
bundle_beside() {
  for file in "$here"/*.tar.xz; do
    if [ -f "$file" ]; then
      [ -z "$bundle" ] || refuse "two bundles in $here; name one with --bundle"
      bundle=$file
    fi
  done
}

# A bundle's launcher simulates nothing by itself: with a real GPU, real numbers would be called simulated.
check_simulation() {
  [ -n "${LAMELLA_SIM:-}" ] || return 0
  case ${LD_PRELOAD:-} in *libsimulated*) return 0 ;; esac
  how="build native/sim/stand_ins of the sources with -DJNI_LIBRARIES=BUNDLE/native and name its lib/libsimulated.so in"
  refuse "LAMELLA_SIM has no effect on a bundle by itself: unset it, or $how LD_PRELOAD, lib and lib/nvrtc in" \
    "LD_LIBRARY_PATH"
}

# Sets root and lamella.
find_lamella() {
  [ -n "$bundle" ] || bundle_beside
  if [ -z "$bundle" ]; then
    [ -x "$here/../lamella" ] || refuse "there is no bundle next to this file; name one with --bundle"
    root=$(CDPATH= cd -- "$here/.." && pwd)
    lamella=$root/lamella
    return
  fi
  check_simulation
  if [ -f "$bundle" ]; then
    unpack "$bundle"
  else
    root=$(CDPATH= cd -- "$bundle" 2>/dev/null && pwd) || refuse "there is no bundle $bundle"
    [ -x "$root/bin/lamella" ] || refuse "$bundle is no bundle of Lamella: it has no bin/lamella"
  fi
  lamella=$root/bin/lamella
}
