// The stand-in for NVRTC: compiles the unchanged kernel files with the host compiler, with a header that simulates
// blocks and threads, and adds a launcher for every kernel in the text.
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "device.h"
#include "machine_code.h"

using namespace lamella::sim;

namespace {

// Every access to memory becomes a call (see kernel_access.cpp), and red zones after shared arrays reveal accesses
// beyond their end.
const std::string kChecked =
    "-DLAMELLA_CHECKED -fsanitize=kernel-address -fasan-shadow-offset=0 -fsanitize-sections=simulated_shared --param "
    "asan-stack=0 --param asan-globals=1 "
    "--param asan-instrumentation-with-call-threshold=0";

// For counters: every basic block becomes a call, too. The code stays as in the source: no vectors of the host,
// structures of several floats are moved whole, and multiply-adds are one instruction.
const std::string kCounted =
    "-O2 -DLAMELLA_COUNTED -fsanitize-coverage=trace-pc -ffp-contract=fast -fno-tree-vectorize -fno-tree-sra "
    "-fno-ipa-sra -fno-reorder-blocks -fno-optimize-sibling-calls -fno-if-conversion -fno-if-conversion2 ";

enum Result : int {
  kOk = 0,
  kInvalidInput = 3,
  kInvalidProgram = 4,
  kInvalidOption = 5,
  kCompilation = 6,
  kInternal = 11
};

struct Program {
  std::string source, name, log, code;
  std::vector<std::pair<std::string, std::string>> headers;
};

// Architectures that NVRTC 11.8 knows.
bool known(const std::string& architecture) {
  return std::regex_match(architecture, std::regex("sm_(3[57]|5[023]|6[012]|7[025]|8[0679]|90)"));
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void write(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

std::string launchers(const std::string& source) {
  std::string text;
  std::regex kernel("LAMELLA_KERNEL\\s+void\\s+(?:__launch_bounds__\\([^)]*\\)\\s+)?(\\w+)\\(");
  for (std::sregex_iterator i(source.begin(), source.end(), kernel), end; i != end; ++i)
    text += "LAMELLA_LAUNCH(" + (*i)[1].str() + ")\n";
  return text;
}

// The folder of these stand-ins, with the libcuda.so.1 that runs the blocks.
std::string libraries() {
  Dl_info info;
  if (!dladdr(reinterpret_cast<void*>(&lamella_sim_device_count), &info)) return ".";
  std::string path = info.dli_fname;
  return path.substr(0, path.rfind('/'));
}

bool counted() { return !lamella_sim_settings().counts.empty(); }

// Unrolls the loops that nvcc unrolls, so that a basic block has as many accesses as there.
std::string unrolled(const std::string& source) {
  std::string text = std::regex_replace(source, std::regex("#pragma unroll[ \t]*\n"), "#pragma GCC unroll 64\n");
  return std::regex_replace(text, std::regex("#pragma unroll"), "#pragma GCC unroll");
}

// The basic blocks of a library, from the text of objdump: the instructions between two marks.
std::vector<Stretch> stretches(const std::string& disassembly) {
  std::vector<Stretch> all;
  std::istringstream lines(disassembly);
  bool marked = false;
  uint32_t function = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(">:") != std::string::npos) function++;
    if (line.find(":\t") == std::string::npos) continue;
    uint32_t at = uint32_t(strtoul(line.c_str(), nullptr, 16));
    if (marked) all.push_back({at, 0, 0, function});
    marked = line.find("<__sanitizer_cov_trace_pc") != std::string::npos;
    if (marked || all.empty() || line.find("<__asan_") != std::string::npos) continue;
    all.back().instructions++;
    if (std::regex_search(line, std::regex("\tvf(m|nm)(add|sub)\\d+ss"))) all.back().multiply_adds++;
  }
  return all;
}

int compile(Program& p, const std::string& constants) {
  char folder[] = "/tmp/lamella-sim-XXXXXX";
  if (!mkdtemp(folder)) return kInternal;
  std::string at = folder;
  for (auto& [name, text] : p.headers) write(at + "/" + name, counted() ? unrolled(text) : text);
  write(at + "/" + p.name, counted() ? unrolled(p.source) : p.source);
  write(at + "/unit.cpp",
        "#define LAMELLA_SIMULATED\n#include \"launch.h\"\n#include \"" + p.name + "\"\n" + launchers(p.source));
  std::string command = "cd " + at + " && env -u LD_PRELOAD c++ -std=c++17 -O3 -march=native -ffp-contract=off -w " +
                        (lamella_sim_settings().checks ? kChecked : "") + " " + (counted() ? kCounted : "") +
                        " -shared -fPIC -I. -I" LAMELLA_SIM_SOURCE + constants + " unit.cpp " + libraries() +
                        "/libcuda.so.1 -o kernels.so 2>log" +
                        (counted() ? " && objdump -d --no-show-raw-insn kernels.so >blocks 2>>log" : "");
  int status = system(command.c_str());
  p.log = read(at + "/log");
  std::string library = status == 0 ? read(at + "/kernels.so") : "";
  std::vector<Stretch> blocks = stretches(counted() ? read(at + "/blocks") : "");
  std::filesystem::remove_all(at);
  if (library.empty()) return kCompilation;
  MachineCode head;
  memcpy(head.magic, kMagic, sizeof head.magic);
  head.bytes = library.size(), head.stretches = blocks.size();
  snprintf(head.variant, sizeof head.variant, "%s%s", p.name.c_str(), constants.c_str());
  p.code = std::string(reinterpret_cast<char*>(&head), sizeof head) + library +
           std::string(reinterpret_cast<char*>(blocks.data()), blocks.size() * sizeof(Stretch));
  return kOk;
}

bool plain(const std::string& name) { return std::regex_match(name, std::regex("[A-Za-z0-9_.]+")); }

}  // namespace

LAMELLA_EXPORT const char* nvrtcGetErrorString(int result) {
  switch (result) {
    case kOk: return "NVRTC_SUCCESS";
    case kInvalidInput: return "NVRTC_ERROR_INVALID_INPUT";
    case kInvalidProgram: return "NVRTC_ERROR_INVALID_PROGRAM";
    case kInvalidOption: return "NVRTC_ERROR_INVALID_OPTION";
    case kCompilation: return "NVRTC_ERROR_COMPILATION";
    default: return "NVRTC_ERROR_INTERNAL_ERROR";
  }
}

LAMELLA_EXPORT int nvrtcVersion(int* major, int* minor) {
  if (!major || !minor) return kInvalidInput;
  *major = 0,
  *minor = LAMELLA_SIM_VERSION * 4 + 2 * counted() +
           lamella_sim_settings()
               .checks;  // not a version of a real compiler, so that cached code is never mistaken for real code
  return kOk;
}

LAMELLA_EXPORT int nvrtcCreateProgram(Program** program, const char* source, const char* name, int headers,
                                      const char* const* texts, const char* const* names) {
  if (!program || !source || !name || !plain(name) || headers < 0) return kInvalidInput;
  auto made = new Program{source, name, "", "", {}};
  for (int i = 0; i < headers; i++) {
    if (!plain(names[i])) return delete made, kInvalidInput;
    made->headers.emplace_back(names[i], texts[i]);
  }
  *program = made;
  return kOk;
}

LAMELLA_EXPORT int nvrtcDestroyProgram(Program** program) {
  if (!program || !*program) return kInvalidProgram;
  delete *program;
  *program = nullptr;
  return kOk;
}

LAMELLA_EXPORT int nvrtcCompileProgram(Program* program, int count, const char* const* options) {
  if (!program) return kInvalidProgram;
  std::string constants;
  for (int i = 0; i < count; i++) {
    std::string option = options[i], architecture = "--gpu-architecture=";
    if (option.rfind(architecture, 0) == 0) {
      if (known(option.substr(architecture.size()))) continue;
      program->log = "nvrtc: error: invalid value for --gpu-architecture (-arch): " + option;
      return kInvalidOption;
    }
    if (option.rfind("--std=", 0) == 0) continue;
    if (!std::regex_match(option, std::regex("-D[A-Za-z_]\\w*=-?\\w+"))) {
      program->log = "nvrtc: error: unrecognized option " + option;
      return kInvalidOption;
    }
    constants += " " + option;
  }
  return compile(*program, constants);
}

LAMELLA_EXPORT int nvrtcGetCUBINSize(Program* program, size_t* bytes) {
  if (!program || !bytes) return kInvalidInput;
  *bytes = program->code.size();
  return kOk;
}

LAMELLA_EXPORT int nvrtcGetCUBIN(Program* program, char* code) {
  if (!program || !code) return kInvalidInput;
  memcpy(code, program->code.data(), program->code.size());
  return kOk;
}

LAMELLA_EXPORT int nvrtcGetProgramLogSize(Program* program, size_t* bytes) {
  if (!program || !bytes) return kInvalidInput;
  *bytes = program->log.size() + 1;
  return kOk;
}

LAMELLA_EXPORT int nvrtcGetProgramLog(Program* program, char* log) {
  if (!program || !log) return kInvalidInput;
  memcpy(log, program->log.c_str(), program->log.size() + 1);
  return kOk;
}
