// The replacements for newer functions of glibc (src/glibc.cpp), compared with those functions.
#include <dlfcn.h>
#include <doctest/doctest.h>

#ifdef DLFO_STRUCT_HAS_EH_DBASE
extern "C" int __wrap__dl_find_object(void* address, dl_find_object* result);

TEST_CASE("the loaded file of an address, and its table for unwinding, as glibc finds them") {
  int local = 0;
  void* addresses[] = {reinterpret_cast<void*>(&__wrap__dl_find_object), reinterpret_cast<void*>(&dlopen)};
  for (void* address : addresses) {
    dl_find_object expected{}, found{};
    REQUIRE(_dl_find_object(address, &expected) == 0);
    REQUIRE(__wrap__dl_find_object(address, &found) == 0);
    CHECK(found.dlfo_eh_frame == expected.dlfo_eh_frame);
    CHECK(found.dlfo_map_start <= address);
    CHECK(found.dlfo_map_end > address);
  }
  dl_find_object none{};
  CHECK(__wrap__dl_find_object(&local, &none) != 0);
}
#endif
