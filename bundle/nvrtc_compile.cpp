// Compiles CUDA kernels with NVRTC to files of machine code. Needs no GPU and no driver.
//   nvrtc_compile LIBNVRTC --version
//   nvrtc_compile LIBNVRTC KERNELS_FOLDER OUT_FOLDER < LIST    a line of LIST: FILE_BELOW_OUT SOURCE OPTION...
// What the compiler says of a file is in FILE_BELOW_OUT.log. Exit code 1: something does not compile; 2: wrong
// arguments.
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "../bench/cuda/nvrtc.h"

// The file is whole under its name, or not there at all.
static bool write_file(const std::string& path, const std::string& content) {
  std::string part = path + "." + std::to_string(getpid()) + ".part";
  std::ofstream file(part, std::ios::binary);
  file << content;
  file.close();
  return file && std::rename(part.c_str(), path.c_str()) == 0;
}

int main(int count, char** arguments) {
  if (count < 3)
    return std::fprintf(stderr, "usage: nvrtc_compile LIBNVRTC --version | KERNELS_FOLDER OUT_FOLDER < LIST\n"), 2;
  Nvrtc nvrtc = load_nvrtc(arguments[1]);
  if (count == 3) {
    int major = 0, minor = 0;
    nvrtc.version(&major, &minor);
    return std::printf("%d.%d\n", major, minor), 0;
  }
  for (std::string line; std::getline(std::cin, line);) {
    std::stringstream words(line);
    std::string out, source, word;
    std::vector<std::string> options;
    words >> out >> source;
    while (words >> word) options.push_back(word);
    Compiled compiled = compile(nvrtc, arguments[2], source, options);
    if (compiled.result != 0 || compiled.cubin.empty()) {
      std::fprintf(stderr, "%s: %s\n%s\n", line.c_str(), nvrtc.error(compiled.result), compiled.log.c_str());
      return 1;
    }
    std::string path = std::string(arguments[3]) + "/" + out;
    if (!write_file(path + ".log", compiled.log.c_str()) || !write_file(path, compiled.cubin))
      return std::fprintf(stderr, "cannot write %s\n", out.c_str()), 1;
  }
  return 0;
}
