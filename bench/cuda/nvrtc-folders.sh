# shellcheck shell=sh
# Where NVIDIA's run-time compiler of kernels (NVRTC) may be on this machine. Read by sm37.sh and by `lamella bundle`.

# The folders that may have a libnvrtc.so, a line each, the preferred first: LAMELLA_NVRTC (a folder or an archive:
# .whl, .tar.xz, .jar), shared/tools next to the project, the library path, CUDA toolkits, the system, Python's packages,
# and the Maven artifact with NVIDIA's libraries, where a build with -Predist has downloaded it. Archives are unpacked
# first.
# $1: the project's folder, $2: a folder for what is unpacked
nvrtc_folders() {
  nvrtc_places "$1" | while read -r place; do
    case $place in
      *.tar.xz | *.whl | *.jar) nvrtc_unpack "$place" "$2" ;;
      *)
        for archive in "$place"/libnvrtc*.tar.xz; do
          if [ -f "$archive" ]; then nvrtc_unpack "$archive" "$2"; fi
        done
        if [ -d "$place" ]; then readlink -f -- "$place"; fi
        ;;
    esac
  done
}

# The folders and archives to look into, a line each; not all of them exist. $1: the project's folder
nvrtc_places() {
  printf '%s\n' "${LAMELLA_NVRTC:-}" "$1/../shared/tools/nvrtc-11.8"
  echo "${LD_LIBRARY_PATH:-}" | tr ':' '\n'
  printf '%s\n' /usr/local/cuda*/lib64 /usr/lib/x86_64-linux-gnu /usr/lib64
  for python in "${VIRTUAL_ENV:-/usr}" "${CONDA_PREFIX:-/usr}" /usr/local "${HOME:-/nonexistent}/.local"; do
    printf '%s\n' "$python"/lib/python3*/*-packages/nvidia/cuda_nvrtc/lib
  done
  printf '%s\n' "${HOME:-/nonexistent}"/.m2/repository/org/bytedeco/cuda/11.*/cuda-*-linux-x86_64-redist.jar
}

# Unpacks NVRTC out of an archive, once, and prints the folder. $1: the archive, $2: where the folder is made
nvrtc_unpack() {
  [ -f "$1" ] || return 0
  unpacked=$2/$(basename "$1").unpacked
  if [ ! -d "$unpacked" ]; then
    rm -rf "$unpacked.part"
    mkdir -p "$unpacked.part"
    if ! nvrtc_extract "$(readlink -f -- "$1")" "$unpacked.part"; then
      echo "lamella: $1 cannot be unpacked, its NVRTC is not used" >&2
      return 0
    fi
    mv "$unpacked.part" "$unpacked"
  fi
  echo "$unpacked"
}

# Extracts the libraries of an archive into a folder. $1: the archive, $2: the folder
nvrtc_extract() {
  case $1 in
    *.tar.xz) tar xJf "$1" -C "$2" ;;
    *.whl | *.jar)
      # shellcheck disable=SC2046
      (cd "$2" && jar xf "$1" $(jar tf "$1" | grep '/libnvrtc[^/]*\.so') && find . -name '*.so.*' -exec mv {} . \;)
      ;;
  esac
}
