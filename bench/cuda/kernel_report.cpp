// Compiles the CUDA kernels with NVRTC to machine code for the K80 (sm_37), which needs no GPU and no driver, and
// prints the report of ptxas for each: registers, shared memory, spills, and the occupancy that follows on a GK210.
//   kernel_report LIBNVRTC KERNELS_FOLDER LIST    (of kernels.sh)
// Exit code 1: a kernel does not compile, spills, or is a convolution or pooling kernel below half occupancy without a
// line "Occupancy of NAME: ..." next to it that says why. Exit code 2: wrong arguments.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "nvrtc.h"

namespace {

// GK210, CUDA's occupancy data for compute capability 3.7: registers are given to warps by 256, shared memory by 256
// bytes.
double occupancy(int registers, int shared, int threads) {
  constexpr int kRegisters = 131072, kShared = 112 * 1024, kWarps = 64, kBlocks = 16;
  int warps = (threads + 31) / 32, a_warp = (registers * 32 + 255) / 256 * 256;
  int blocks = std::min(kBlocks, kWarps / warps);
  blocks = std::min(blocks, kRegisters / a_warp / warps);
  if (shared) blocks = std::min(blocks, kShared / ((shared + 255) / 256 * 256));
  return double(blocks * warps) / kWarps;
}

// Threads per block of a kernel: from its launch bounds, else what the backend takes for one thread per element.
int threads_of(const std::string& source, const std::string& kernel, const std::string& constants) {
  std::smatch found;
  if (!std::regex_search(source, found, std::regex("__launch_bounds__\\(THREADS[^)]*\\)\\s+" + kernel + "\\(")))
    return 256;
  if (!std::regex_search(constants, found, std::regex("-DTHREADS=(\\d+)")) &&
      !std::regex_search(source, found, std::regex("#define THREADS (\\d+)"))) {
    std::fprintf(stderr, "error: %s is bounded by THREADS, and no line defines THREADS as a number\n", kernel.c_str());
    std::exit(1);
  }
  return std::stoi(found[1]);
}

bool report(const Nvrtc& nvrtc, const std::string& folder, const std::string& line) {
  std::stringstream words(line);
  std::string file, word;
  words >> file;
  std::vector<std::string> options = {"--gpu-architecture=sm_37", "--ptxas-options=-v", "--std=c++14"};
  std::string constants;
  while (words >> word) options.push_back(word), constants += " " + word;
  std::string source = read(folder + "/" + file);
  auto [result, log, cubin] = compile(nvrtc, folder, file, options);
  if (result != 0 || cubin.empty() || log.find("warning") != std::string::npos) {
    std::printf("%s%s: %s\n%s\n", file.c_str(), constants.c_str(), nvrtc.error(result), log.c_str());
    return false;
  }
  bool good = true;
  std::regex entry(
      "entry function '(\\w+)'[\\s\\S]*?(\\d+) bytes spill stores, (\\d+) bytes spill loads[\\s\\S]*?"
      "Used (\\d+) registers(?:, (\\d+) bytes smem)?");
  int kernels = 0;
  for (std::sregex_iterator i(log.begin(), log.end(), entry), end; i != end; ++i, kernels++) {
    const std::smatch& m = *i;
    std::string name = m[1];
    int stores = std::stoi(m[2]), loads = std::stoi(m[3]), registers = std::stoi(m[4]),
        shared = m[5].matched ? std::stoi(m[5]) : 0;
    int threads = threads_of(source, name, constants);
    double part = occupancy(registers, shared, threads);
    bool heavy = name.find("convolution") == 0 || name.find("pool") == 0;
    bool excused = source.find("Occupancy of " + name + ":") != std::string::npos;
    bool spills = stores || loads, low = heavy && part < 0.5 && !excused;
    const char* verdict = spills ? "SPILLS" : low ? "LOW" : part < 0.5 ? "see file" : "";
    good &= !spills && !low;
    std::printf("%-28s %4d registers %6d B shared %4d threads %4.0f %% occupancy  %s%s\n", name.c_str(), registers,
                shared, threads, 100 * part, verdict, constants.c_str());
  }
  if (kernels == 0) std::printf("%s%s: ptxas reports no kernel\n%s\n", file.c_str(), constants.c_str(), log.c_str());
  return good && kernels > 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return std::fprintf(stderr, "usage: kernel_report LIBNVRTC KERNELS_FOLDER LIST\n"), 2;
  Nvrtc nvrtc = load_nvrtc(arguments[1]);
  int major = 0, minor = 0;
  nvrtc.version(&major, &minor);
  std::printf("NVRTC %d.%d, sm_37, occupancy of a GK210\n", major, minor);
  std::stringstream lines(read(arguments[3]));
  bool good = true;
  for (std::string line; std::getline(lines, line);)
    if (!line.empty() && line[0] != '#') good &= report(nvrtc, arguments[2], line);
  return good ? 0 : 1;
}
