# cmake --install BUILD --component libsenet: the library, its two headers, and packages for find_package(senet) and pkg-config.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(SENET_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/senet)
install(TARGETS senet_runtime senet_runtime_static EXPORT senet
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT libsenet NAMELINK_COMPONENT libsenet
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT libsenet)
install(FILES
    ${PROJECT_SOURCE_DIR}/runtime/include/senet/senet.h ${PROJECT_SOURCE_DIR}/runtime/include/senet/model_abi.h
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/senet COMPONENT libsenet)
install(EXPORT senet NAMESPACE senet:: FILE senetTargets.cmake DESTINATION ${SENET_CMAKE_DIR} COMPONENT libsenet)
configure_file(senetConfig.cmake.in senetConfig.cmake @ONLY)
write_basic_package_version_file(senetConfigVersion.cmake VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/senetConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/senetConfigVersion.cmake
    DESTINATION ${SENET_CMAKE_DIR} COMPONENT libsenet)
# Relative, so that the installed folder can be moved.
file(RELATIVE_PATH SENET_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(senet.pc.in senet.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/senet.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT libsenet)
