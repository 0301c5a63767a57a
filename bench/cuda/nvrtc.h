// NVIDIA's run-time compiler, loaded from a file: needs no header of NVIDIA's, no GPU and no driver. For tools: what
// goes wrong ends the program with exit code 2.
#pragma once

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "read_file.h"

// Its C interface.
using Program = void*;
struct Nvrtc {
  int (*create)(Program*, const char* source, const char* name, int headers, const char* const*, const char* const*);
  int (*compile)(Program, int options, const char* const*);
  int (*log_size)(Program, size_t*);
  int (*log)(Program, char*);
  int (*cubin_size)(Program, size_t*);
  int (*cubin)(Program, char*);
  int (*destroy)(Program*);
  const char* (*error)(int);
  int (*version)(int*, int*);
};

// What became of a source file.
struct Compiled {
  int result;
  std::string log, cubin;
};

template <typename F>
void find(void* library, const char* name, F& f) {
  f = reinterpret_cast<F>(dlsym(library, name));
  if (!f) std::fprintf(stderr, "error: %s is missing from the NVRTC library\n", name), std::exit(2);
}

inline Nvrtc load_nvrtc(const char* file) {
  void* library = dlopen(file, RTLD_NOW);
  if (!library) std::fprintf(stderr, "error: %s\n", dlerror()), std::exit(2);
  Nvrtc nvrtc;
  find(library, "nvrtcCreateProgram", nvrtc.create), find(library, "nvrtcCompileProgram", nvrtc.compile);
  find(library, "nvrtcGetProgramLogSize", nvrtc.log_size), find(library, "nvrtcGetProgramLog", nvrtc.log);
  find(library, "nvrtcGetCUBINSize", nvrtc.cubin_size), find(library, "nvrtcGetCUBIN", nvrtc.cubin);
  find(library, "nvrtcDestroyProgram", nvrtc.destroy);
  find(library, "nvrtcGetErrorString", nvrtc.error), find(library, "nvrtcVersion", nvrtc.version);
  return nvrtc;
}

// Machine code of a file of a folder, which is also where it finds what it includes.
inline Compiled compile(const Nvrtc& nvrtc, const std::string& folder, const std::string& file,
                        std::vector<std::string> options) {
  options.push_back("-I" + folder);
  std::vector<const char*> pointers;
  for (const std::string& o : options) pointers.push_back(o.c_str());
  std::string source = read_file(folder + "/" + file);
  Program program = nullptr;
  nvrtc.create(&program, source.c_str(), file.c_str(), 0, nullptr, nullptr);
  Compiled compiled{nvrtc.compile(program, int(pointers.size()), pointers.data()), "", ""};
  size_t size = 0;
  nvrtc.log_size(program, &size);
  compiled.log.resize(size);
  nvrtc.log(program, compiled.log.data());
  size = 0;
  if (compiled.result == 0) nvrtc.cubin_size(program, &size);
  compiled.cubin.resize(size);
  if (size) nvrtc.cubin(program, compiled.cubin.data());
  nvrtc.destroy(&program);
  return compiled;
}
