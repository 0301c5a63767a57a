#!/bin/sh
# On a machine with an NVIDIA GPU, its driver, nvcc and the CUDA libraries: builds, runs the comparisons of the CUDA backend on the
# real GPU, times LeNet training and prints one table. Takes about ten minutes. Options go to the build:
#   bench/gpu-check.sh              CUDA 11.8, as everything else here; the one for a K80
#   bench/gpu-check.sh -Dcuda=13    current CUDA libraries, as GPUs newer than sm_90 need
#   bench/gpu-check.sh -Predist     with NVIDIA's libraries of CUDA 11.8 from Maven Central, 2 GB
set -eu

home=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
say() { echo "gpu-check: $*" >&2; }

if ! command -v nvidia-smi >/dev/null 2>&1 || ! nvidia-smi -L >/dev/null 2>&1; then
  say "nvidia-smi finds no GPU here; install NVIDIA's driver, or run this where a GPU is"
  exit 2
fi
if ! command -v nvcc >/dev/null 2>&1 && [ ! -x /usr/local/cuda/bin/nvcc ]; then
  say "there is no nvcc; install the CUDA toolkit and put its bin folder on the PATH"
  exit 2
fi
if [ -n "${LAMELLA_SIM:-}" ]; then
  say "LAMELLA_SIM is set: this is for real GPUs only"
  exit 2
fi
export LAMELLA_MAVEN_OPTIONS="$*"
export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}/usr/local/cuda/lib64"
gpu=$(nvidia-smi --query-gpu=name,compute_cap,driver_version --format=csv,noheader | head -n 1)

say "building, $gpu"
"$home/lamella" devices >&2
say "kernels for current GPUs, and for the K80"
"$home/bench/cuda/gates.sh" "$home/java/core/target/cuda-gates"
say "whole training steps against the CPU's, kernel by kernel against double precision"
# shellcheck disable=SC2086
mvn -q -B $LAMELLA_MAVEN_OPTIONS -Preal-gpu -f "$home/pom.xml" -pl java/core,java/cuda -am \
  -Dtest='SimulatedTrainingTest,SimulatedKernelsTest#aConvolution*+anUpdate*' -Dsurefire.failIfNoSpecifiedTests=false package >&2

row() {  # network's input, kernels, graphs
  result=$(LAMELLA_CUDA_GRAPHS=$3 "$home/lamella" bench step --net lenet --input "1x$1x$1" --batch 128 --device cuda:0 --kernels "$2" --json)
  number() { echo "$result" | sed -n "s/.*\"$1\" : \\([0-9.E+-]*\\).*/\\1/p"; }
  awk -v size="$1" -v kernels="$2" -v graphs="$3" -v train="$(number train_samples_per_s)" -v part="$(number fraction_of_peak)" \
    -v peak="$(number peak_gflops)" \
    'BEGIN { printf "| LeNet-%d | %s | %s | %.0f | %.1f %% of %.0f GFLOP/s |\n", size, kernels, graphs, train, 100 * part, peak }'
}
say "timing"
echo "$gpu, batch 128, CUDA build options '${LAMELLA_MAVEN_OPTIONS}'"
echo
echo "| network | kernels | graphs | training, samples/s | of the measured peak, counted dense |"
echo "|---|---|---|---:|---:|"
for size in 100 34; do
  for kernels in own cudnn; do
    for graphs in on off; do row "$size" "$kernels" "$graphs"; done
  done
done
