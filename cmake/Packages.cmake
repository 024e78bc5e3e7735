# Debian packages by CPack (`cmake --workflow --preset packages`): libsenet0 for programs that run networks, libsenet-dev for
# those who write them, senet and senetc. Dependencies are what dpkg-shlibdeps finds.
set(CPACK_GENERATOR DEB)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL libsenet libsenet-dev)
set(CPACK_PACKAGE_NAME senetc)
set(CPACK_PACKAGE_VENDOR "The senetc authors")
set(CPACK_PACKAGE_CONTACT "The senetc authors")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
    set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
endif()

# senetc_package(COMPONENT NAME SECTION SUMMARY TEXT): what a package is called and says of itself.
macro(senetc_package component name section summary text)
    string(TOUPPER ${component} _component)
    set(CPACK_DEBIAN_${_component}_PACKAGE_NAME ${name})
    set(CPACK_DEBIAN_${_component}_PACKAGE_SECTION ${section})
    set(CPACK_DEBIAN_${_component}_DESCRIPTION "${summary}\n${text}")
    install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name} RENAME copyright
        COMPONENT ${component})
endmacro()

senetc_package(libsenet libsenet${PROJECT_VERSION_MAJOR} libs "runtime for networks that senetc compiled"
    "Loads a compiled network and runs it. It needs the C library alone.")
set(CPACK_DEBIAN_LIBSENET_PACKAGE_GENERATE_SHLIBS ON)
senetc_package(libsenet-dev libsenet-dev libdevel "runtime for networks that senetc compiled, to build with"
    "Headers, the static library, and packages for CMake and pkg-config.")
set(CPACK_DEBIAN_LIBSENET-DEV_PACKAGE_DEPENDS "libsenet${PROJECT_VERSION_MAJOR} (= ${PROJECT_VERSION})")
if(SENETC_CLI)
    list(APPEND CPACK_COMPONENTS_ALL senet)
    senetc_package(senet senet science "classifies images with networks that senetc compiled"
        "Folders of JPEG and PNG images into a table, tensors into logits, and how fast a network runs.")
endif()
if(SENETC_COMPILER)
    list(APPEND CPACK_COMPONENTS_ALL senetc)
    senetc_package(senetc senetc science "compiles Squeeze-and-Excitation networks ahead of time"
        "Takes a network and its trained weights and writes a library that senet and libsenet run. Brings Halide along.")
    set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${HALIDE_HOME}/lib64)
    file(GLOB _halide_licence ${HALIDE_HOME}/../halide-*.dist-info/licenses/LICENSE.txt)
    install(FILES ${_halide_licence} DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/senetc RENAME copyright.halide COMPONENT senetc)
endif()
include(CPack)
