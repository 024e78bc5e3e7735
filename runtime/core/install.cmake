# cmake --install: the library (libsenet), and what programs are built with (libsenet-dev): headers, archive, and packages
# for find_package(senet) and pkg-config. find_package finds a build folder too, by -Dsenet_DIR=BUILD/runtime/core.
include(CMakePackageConfigHelpers)

set(SENET_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/senet)
install(TARGETS senet_runtime senet_runtime_static EXPORT senet
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT libsenet NAMELINK_COMPONENT libsenet-dev
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT libsenet-dev)
install(FILES
    ${PROJECT_SOURCE_DIR}/runtime/include/senet/senet.h ${PROJECT_SOURCE_DIR}/runtime/include/senet/model_abi.h
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/senet COMPONENT libsenet-dev)
install(EXPORT senet NAMESPACE senet:: FILE senetTargets.cmake DESTINATION ${SENET_CMAKE_DIR} COMPONENT libsenet-dev)
export(EXPORT senet NAMESPACE senet:: FILE ${CMAKE_CURRENT_BINARY_DIR}/senetTargets.cmake)
configure_file(senetConfig.cmake.in senetConfig.cmake @ONLY)
write_basic_package_version_file(senetConfigVersion.cmake VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/senetConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/senetConfigVersion.cmake
    DESTINATION ${SENET_CMAKE_DIR} COMPONENT libsenet-dev)
# Relative, so that the installed folder can be moved.
file(RELATIVE_PATH SENET_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(senet.pc.in senet.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/senet.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT libsenet-dev)
