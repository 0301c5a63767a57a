// The text of a file, for tools: a file that cannot be read ends the program with exit code 2.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

inline std::string read_file(const std::string& path) {
  std::ifstream in(path);
  if (!in) std::fprintf(stderr, "error: cannot read %s\n", path.c_str()), std::exit(2);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}
