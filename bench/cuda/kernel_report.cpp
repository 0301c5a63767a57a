// Prints what ptxas reported for the CUDA kernels on the K80 (sm_37): registers, shared memory, spills, and the
// occupancy that follows on a GK210.
//   kernel_report KERNELS_FOLDER CUBINS_FOLDER LIST    LIST: what cubins.sh printed
// Exit code 1: a kernel was compiled with a warning, spills, or is a convolution or pooling kernel below half occupancy
// without a line "Occupancy of NAME: ..." next to it that says why. Exit code 2: wrong arguments.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <regex>
#include <sstream>
#include <string>

#include "read_file.h"

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

bool report(const std::string& sources, const std::string& cubins, const std::string& line) {
  std::stringstream words(line);
  std::string cubin, file, word, constants;
  words >> cubin >> file;
  while (words >> word) constants += " " + word;
  std::string source = read_file(sources + "/" + file), log = read_file(cubins + "/" + cubin + ".log");
  if (log.find("warning") != std::string::npos) {
    std::printf("%s%s: compiled with a warning\n%s\n", file.c_str(), constants.c_str(), log.c_str());
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
  if (count != 4) return std::fprintf(stderr, "usage: kernel_report KERNELS_FOLDER CUBINS_FOLDER LIST\n"), 2;
  std::printf("sm_37, occupancy of a GK210\n");
  std::stringstream lines(read_file(arguments[3]));
  bool good = true;
  int variants = 0;
  for (std::string line; std::getline(lines, line); variants++) good &= report(arguments[1], arguments[2], line);
  if (variants == 0) std::printf("the list of kernels is empty\n");
  return good && variants > 0 ? 0 : 1;
}
