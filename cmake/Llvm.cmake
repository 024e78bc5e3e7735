# LLVM 19 and lld as libraries, from Debian's llvm-19-dev and liblld-19-dev: LLVM emits the plan's object and localises
# symbols, lld links, and LLVM disassembles and estimates kernels. Only generators/package and generators/inspect use them.
set(LLVM_HOME "/usr/lib/llvm-19" CACHE PATH "Where Debian's llvm-19-dev is installed")
if(NOT EXISTS "${LLVM_HOME}/include/lld/Common/Driver.h")
    message(FATAL_ERROR "LLVM 19 and lld are not at LLVM_HOME='${LLVM_HOME}': run ./setup first (llvm-19-dev, liblld-19-dev)")
endif()
add_library(senetc_llvm INTERFACE)
target_include_directories(senetc_llvm SYSTEM INTERFACE "${LLVM_HOME}/include")
target_link_directories(senetc_llvm INTERFACE "${LLVM_HOME}/lib")
target_link_libraries(senetc_llvm INTERFACE lldELF lldCommon LLVM-19 z zstd)
