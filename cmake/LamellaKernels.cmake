# Compiles every kernel file once for each ISA of the target architecture, into one library. The ISA is chosen at run
# time (native/src/kernels/dispatch.cpp, which is compiled once), so nothing is ever built for -march=native.
# New kernel files are found automatically.
file(GLOB LAMELLA_KERNEL_FILES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/src/kernels/*.cpp)
list(FILTER LAMELLA_KERNEL_FILES EXCLUDE REGEX "/dispatch\\.cpp$")

function(lamella_add_isa target isa bytes)
  add_library(lamella_${isa} OBJECT ${LAMELLA_KERNEL_FILES})
  target_compile_definitions(lamella_${isa} PRIVATE LAMELLA_ISA=${isa} LAMELLA_VECTOR_BYTES=${bytes})
  target_compile_options(lamella_${isa} PRIVATE ${ARGN})
  target_sources(${target} PRIVATE $<TARGET_OBJECTS:lamella_${isa}>)
endfunction()

function(lamella_add_kernels target)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    lamella_add_isa(${target} baseline 16)
    lamella_add_isa(${target} avx2 32 -mavx2 -mfma)
    lamella_add_isa(${target} avx512 64 -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx2 -mfma
      -mprefer-vector-width=512 -DLAMELLA_WIDE_FILE)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
    lamella_add_isa(${target} neon 16 -DLAMELLA_WIDE_FILE)
  else()
    message(FATAL_ERROR "lamella: no kernels for ${CMAKE_SYSTEM_PROCESSOR}; x86_64 and aarch64 are supported")
  endif()
endfunction()
