# Halide from its PyPI wheel, which ./setup puts into .venv. The wheel's own CMake package asks for CMake 3.28 and
# Debian 12 has 3.25, so the library is imported by path.
file(GLOB _halide_homes "${CMAKE_SOURCE_DIR}/.venv/lib/python3*/site-packages/halide")
list(GET _halide_homes 0 _halide_home)
set(HALIDE_HOME "${_halide_home}" CACHE PATH "The halide folder of Halide's wheel, 21.0.0")
if(NOT EXISTS "${HALIDE_HOME}/lib64/libHalide.so")
    message(FATAL_ERROR "Halide is not at HALIDE_HOME='${HALIDE_HOME}': run ./setup first, which installs it into .venv")
endif()
add_library(Halide::Halide SHARED IMPORTED)
set_target_properties(Halide::Halide PROPERTIES
    IMPORTED_LOCATION "${HALIDE_HOME}/lib64/libHalide.so"
    IMPORTED_SONAME libHalide.so
    INTERFACE_INCLUDE_DIRECTORIES "${HALIDE_HOME}/include"
    INTERFACE_COMPILE_DEFINITIONS HALIDE_WITH_EXCEPTIONS)
