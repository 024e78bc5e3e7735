# Where things are installed, and manual pages. Components: libsenet (the shared library), libsenet-dev (to build with it:
# headers, archive, find_package and pkg-config), senet, senetc.
if(NOT DEFINED CMAKE_INSTALL_LIBDIR AND CMAKE_LIBRARY_ARCHITECTURE AND EXISTS /etc/debian_version)
    # Debian's linker, pkg-config and cmake look there below /usr/local too, and libraries of two machines don't collide.
    set(CMAKE_INSTALL_LIBDIR lib/${CMAKE_LIBRARY_ARCHITECTURE} CACHE PATH "Libraries' folder below the prefix")
endif()
include(GNUInstallDirs)

# senetc_man_pages(PROGRAM): pages of a program and its subcommands, by help2man from --help; none without help2man, or where
# the program can't be started.
find_program(HELP2MAN help2man)
function(senetc_man_pages program)
    if(NOT HELP2MAN OR SENETC_SANITIZE OR (CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR))
        message(STATUS "No manual pages of ${program}: help2man is not here, or ${program} can't be started")
        return()
    endif()
    set(folder ${PROJECT_BINARY_DIR}/man/${program})
    add_custom_command(OUTPUT ${folder}/${program}.1
        COMMAND ${PROJECT_SOURCE_DIR}/cmake/man_pages.sh ${PROJECT_VERSION} ${folder} ${program}
            ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:${program}>
        DEPENDS ${program} ${PROJECT_SOURCE_DIR}/cmake/man_pages.sh VERBATIM)
    add_custom_target(${program}_man ALL DEPENDS ${folder}/${program}.1)
    install(DIRECTORY ${folder}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT ${program})
endfunction()
