# shellcheck shell=sh
# NVIDIA's libraries in a bundle, if the user asks for them.

# The file of a library below the user's folder, or nothing. $1: name
nvidia_file() {
  for below in "" /lib64 /lib /targets/x86_64-linux/lib /lib/x86_64-linux-gnu; do
    if [ -f "$with_cuda$below/$1" ]; then echo "$with_cuda$below/$1"; return; fi
  done
  for file in "$with_cuda"/nvidia/*/lib/"$1" "$with_cuda"/*/lib/"$1"; do
    if [ -f "$file" ]; then echo "$file"; return; fi
  done
}

# Names of the required libraries (CUDA 11's run-time library has its own version) and of the optional ones.
nvidia_needed() {
  if [ "$major" = 11 ]; then echo "libcudart.so.11.0"; else echo "libcudart.so.$major"; fi
}

nvidia_optional() {
  echo "libcublas.so.$major libcublasLt.so.$major"
  if [ "$major" = 11 ]; then echo "libnvrtc.so.11.2 libnccl.so.2"; else echo "libnvrtc.so.$major libnccl.so.2"; fi
}

nvidia_check() {
  [ -d "$with_cuda" ] || bundle_refuse "--with-cuda $with_cuda is no folder"
  with_cuda=$(CDPATH= cd -- "$with_cuda" && pwd)
  for library in $(nvidia_needed); do
    [ -z "$(nvidia_file "$library")" ] || continue
    other=$(find "$with_cuda" -maxdepth 4 -name "${library%%.so*}.so.[0-9]*" 2>/dev/null | sort | head -n 1)
    [ -z "$other" ] ||
      bundle_refuse "--with-cuda $with_cuda has $(basename "$other"), of another version; --cuda $cuda needs $library"
    bundle_refuse "--with-cuda $with_cuda: there is no $library in it or in its lib64, lib or nvidia/*/lib folders"
  done
}

nvidia_copy() {
  mkdir -p "$root/cuda"
  {
    echo "  NVIDIA's libraries, under NVIDIA's licence (docs.nvidia.com/cuda/eula; cuDNN and NCCL have their own),"
    echo "  which binds you when you pass them on:"
    for library in $(nvidia_needed) $(nvidia_optional); do nvidia_take "$library"; done
    compiler=$(nvidia_file "libnvrtc.so.$([ "$major" = 11 ] && echo 11.2 || echo "$major")")
    if [ -n "$compiler" ]; then
      for file in "$(dirname "$compiler")"/libnvrtc-builtins.so."$major".[0-9]; do
        if [ -f "$file" ]; then nvidia_take "$(basename "$file")"; fi
      done
    fi
    dnn=$([ "$major" = 11 ] && echo 8 || echo 9)
    main=$(nvidia_file "libcudnn.so.$dnn")
    if [ -n "$main" ]; then
      for file in "$(dirname "$main")"/libcudnn*.so."$dnn"; do nvidia_take "$(basename "$file")"; done
    else
      echo "    libcudnn.so.$dnn: not there, left out"
    fi
  } >"$work/nvidia.txt"
}

nvidia_take() {
  file=$(nvidia_file "$1")
  if [ -z "$file" ]; then
    echo "    $1: not there, left out"
    return
  fi
  cp -L "$file" "$root/cuda/$1"
  real=$(basename "$(readlink -f "$file")")
  echo "    $1 from $file$([ "$real" = "$1" ] || echo " (${real##*.so.})")"
}
