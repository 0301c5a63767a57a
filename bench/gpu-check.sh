#!/bin/sh
# The first script to run on a machine with an NVIDIA GPU: lists the hardware, checks that everything is computed
# correctly, and measures the speed, compared with PyTorch and with the model. Needs no Java, Maven, network or root:
# only sh, the bundle next to this file, and for some parts python3 with PyTorch. Ends within 9 minutes.
# bench/gpu-pack.sh makes the folder to run it from.
#
#   gpu-check.sh [--out FOLDER] [--bundle F.tar.xz|FOLDER] [--seconds LIMIT] [--limit PART=SECONDS] [--quick] [PART ...]
#
# Parts, each with its own limit of time and its own file; one that fails does not stop the next:
#   facts    driver, GPU, libraries, what Lamella finds     correct  `bench check`: own, cuDNN's and mixed kernels
#   kernels  single convolutions, own and cuDNN             steps    `bench step` of five networks: own, auto, cudnn
#   demo     the demo, on the GPU                           peers    the same networks in PyTorch at its best
#   model    model compared with measurement
# Results go to $OUT, or else to FOLDER (./gpu-check-results); one with results of an earlier run is refused.
# summary.txt and summary.json are there from the first part on. --seconds: of all (535). --limit: of a part, at most.
# --quick: small sizes, for a try without a GPU. A source checkout simulates one (LAMELLA_SIM=devices=1); a bundle does
# only where the sources' stand-ins for NVIDIA's libraries are built for it and preloaded.
# Exit code: 0 if every part succeeded or said "no GPU"; 1 if one failed or a file could not be
# written; 2 for wrong arguments; 129, 130 or 143 if it was stopped.
set -u

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
scripts=$here/gpu
python=${PYTHON:-python3}

say() { echo "gpu-check: $*"; }
refuse() { echo "gpu-check: $*" >&2; exit 2; }

for file in parts bundle summary; do
  [ -f "$scripts/$file.sh" ] || refuse "$scripts/$file.sh is missing; bench/gpu-pack.sh makes a folder with all"
  # shellcheck source=/dev/null
  . "$scripts/$file.sh"
done

# ---- The process of one part: gpu-check.sh --part NAME, started by the other.

if [ "${1:-}" = --part ]; then
  failed=0; code=0
  "part_$2" </dev/null
  exit $failed
fi

# ---- Arguments.

# Fewer digits than arithmetic can hold, and none that would make them octal.
is_seconds() { case $1 in "" | 0* | *[!0-9]* | ??????*) return 1 ;; esac; }

out=""; bundle=""; quick=0; seconds=535; limits=""; parts=""
while [ $# -gt 0 ]; do
  case $1 in
    --out | --bundle | --seconds | --limit)
      [ $# -ge 2 ] && [ -n "$2" ] || refuse "$1 needs a value"
      case $1 in --out) out=$2 ;; --bundle) bundle=$2 ;; --seconds) seconds=$2 ;; --limit) limits="$limits $2" ;; esac
      shift ;;
    --quick) quick=1 ;;
    --help | -h) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p;}' "$0"; exit 0 ;;
    -*) refuse "no option $1; there are --out, --bundle, --seconds, --limit, --quick and --help" ;;
    *)
      case " $parts_known " in *" $1 "*) ;; *) refuse "no part '$1'; there are $parts_known" ;; esac
      parts="$parts $1" ;;
  esac
  shift
done
parts=${parts:-$parts_known}
chosen() { case " $parts " in *" $1 "*) ;; *) return 1 ;; esac; }

is_seconds "$seconds" && [ "$seconds" -ge 20 ] || refuse "--seconds takes whole seconds, 20 to 99999, got '$seconds'"
for given in $limits; do
  name=${given%%=*}
  case " $parts_known " in *" $name "*) ;; *) refuse "--limit $given: no part '$name'; there are $parts_known" ;; esac
  is_seconds "${given#*=}" || refuse "--limit takes PART=SECONDS, whole, 1 to 99999, got '$given'"
  chosen "$name" || refuse "--limit $given has no effect: the part $name is not among those to run"
  case " ${limits#*"$given"} " in *" $name="*) refuse "--limit of $name is given twice" ;; esac
done
[ -z "${OUT:-}" ] || [ -z "$out" ] || refuse "results go to \$OUT ($OUT) or to --out, not to both"
if [ -n "${OUT:-}" ]; then
  out=$OUT
  earlier=$(result_in "$out")
  [ -z "$earlier" ] || refuse "\$OUT has results of an earlier run ($earlier); empty it, or set it to another folder"
else
  out=${out:-./gpu-check-results}
  if [ -e "$out" ] && { [ ! -d "$out" ] || [ -n "$(ls -A "$out")" ]; }; then
    refuse "$out is there and not empty; name another folder with --out"
  fi
fi
mkdir -p "$out" 2>/dev/null && [ -w "$out" ] || refuse "cannot write into $out"
out=$(CDPATH= cd -- "$out" && pwd)
command -v timeout >/dev/null 2>&1 || refuse "there is no timeout (coreutils)"

# ---- Lamella. From here on a stop cleans up, and says what was done.

began=$(date +%s)
run=""; device=""
stop() { # EXIT_CODE
  trap '' INT TERM HUP
  write_summary
  # shellcheck disable=SC2086
  if [ -n "$running$compiler" ]; then kill $running $compiler 2>/dev/null; wait; fi
  as_table
  say "stopped"
  tell_unwritten
  exit "$1"
}
trap '[ -z "$run" ] || rm -rf "$run"' EXIT
trap 'stop 129' HUP
trap 'stop 130' INT
trap 'stop 143' TERM
make_work
find_lamella

# ---- Facts about this machine.

if [ -n "${LAMELLA_SIM:-}" ]; then
  device=cuda:0
elif command -v nvidia-smi >/dev/null 2>&1; then
  if timeout -k 2 20 nvidia-smi -L 2>/dev/null | grep -q '^GPU '; then device=cuda:0; fi
elif [ -e /dev/nvidia0 ]; then  # a container without the tool
  device=cuda:0
fi
# Compilers use the GPU together with other processes only where its compute mode is known to allow that; one after the other
# where it is not.
compile_at_once=1
modes=$(timeout -k 2 20 nvidia-smi --query-gpu=compute_mode --format=csv,noheader 2>/dev/null | sort -u)
if [ "$modes" = Default ] || [ -z "$device" ]; then compile_at_once=6; fi
mkdir -p "$work/cache"
# NVIDIA's libraries as Python packages, by Python itself: its program may be one that only starts another.
if [ -z "${LAMELLA_CUDA_LIBRARIES:-}${LAMELLA_SIM:-}" ]; then
  wheels='import glob, nvidia; print(":".join(lib for at in nvidia.__path__ for lib in glob.glob(at + "/*/lib")))'
  found=$("$python" -c "$wheels" 2>/dev/null) || found=""
  if [ -n "$found" ]; then export LAMELLA_CUDA_LIBRARIES="$found"; fi
fi
export root lamella scripts out quick device run python compile_at_once
export XDG_CACHE_HOME="$work/cache" TORCHINDUCTOR_CACHE_DIR="$work/cache/torch" TRITON_CACHE_DIR="$work/cache/triton"
export TORCHINDUCTOR_COMPILE_THREADS=2 PYTHONDONTWRITEBYTECODE=1

# ---- Parts, one after the other, within the time of all.

# Seconds that are left for a part.
spare_for() { # NAME
  spare=$((began + seconds - $(date +%s)))
  if [ "$1" != model ] && chosen model; then spare=$((spare - 15)); fi  # it is cheap, and reads the existing results
  if [ "$1" = compile ]; then spare=$((spare / 2)); fi  # what is compiled is to be measured, too
  echo $spare
}

# Its own process, in the background: a stop is answered at once.
start_part() { # NAME LIMIT
  part_limit=$2 timeout -k 5 "$2" sh "$0" --part "$1" 2>/dev/null >"$out/$1.txt" 2>&1 &
}

run_part() { # NAME
  running_name=$1; running_limit=$(limit_of "$1")
  spare=$(spare_for "$1")
  if [ "$spare" -lt 5 ]; then
    replace "$out/$1.txt" "the time was up"
    note "$1" 0 "$running_limit" "FAILED: the time was up"
    write_summary
    return
  fi
  if [ "$running_limit" -gt "$spare" ]; then running_limit=$spare; fi
  say "[$(since "$began") s] $1, at most $running_limit s"
  running_start=$(date +%s)
  start_part "$1" "$running_limit"
  running=$!
  write_summary  # says "stopped" if nothing more can be written
  wait "$running"
  result=$(verdict $? "$running_limit")
  running=""
  note "$1" "$(since "$running_start")" "$running_limit" "$result"
  write_summary
  tail -n 12 "$out/$1.txt" 2>/dev/null | cut -c 1-180
  say "[$(since "$began") s] $1: $result"
}

# PyTorch compiles during `correct`, which is not timed.
start_compiler() {
  compiler_limit=$(limit_of compile); compiler_start=$(date +%s)
  spare=$(spare_for compile)
  if [ "$spare" -lt 5 ]; then return; fi
  if [ "$compiler_limit" -gt "$spare" ]; then compiler_limit=$spare; fi
  start_part compile "$compiler_limit"
  compiler=$!
  compiled=1
}

# What follows is timed: the compiler must have ended.
end_compiler() {
  if [ -n "$compiler" ]; then
    wait "$compiler"
    result=$(verdict $? "$compiler_limit")
    compiler=""
    note compile "$(since "$compiler_start")" "$compiler_limit" "$result"
    write_summary
  fi
}

say "results in $out, ${device:-no GPU}${LAMELLA_SIM:+, simulated: $LAMELLA_SIM}"
compiled=0
for part in $parts_known; do
  chosen "$part" || continue
  case $part in
    facts | model) ;;
    correct) if chosen peers && [ $compile_at_once -gt 1 ]; then start_compiler; fi ;;
    peers)
      end_compiler
      [ $compiled = 1 ] || run_part compile ;;
    *) end_compiler ;;
  esac
  run_part "$part"
done

# ---- The summary.

write_summary
echo
as_table
say "all in $(since "$began") s"
tell_unwritten || exit 1
case $notes in *"|FAILED"*) exit 1 ;; esac
exit 0
