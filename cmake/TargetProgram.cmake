# Programs that run where networks run, with kernels or networks that senetc links into them: each is compiled for every
# target and joined with libc into one relocatable object, which becomes a part of senetc. What is linked of it needs
# nothing of the machine that it runs on.
#
# senetc_target_program(NAME SOURCES...): sources below runtime/, as C++ without exceptions, RTTI and libstdc++. The static
# library senetc_program_<NAME> defines senetc_<NAME>_<target>[] and senetc_<NAME>_<target>_end[], with _ for -, for each
# target of SENETC_PROGRAM_TARGETS; nothing lies between them where the target's compiler wasn't found.
set(SENETC_PROGRAM_TARGETS x86-64 arm-64)
foreach(pair "x86-64;x86_64" "arm-64;aarch64")
    list(GET pair 0 target)
    list(GET pair 1 machine)
    if(CMAKE_SYSTEM_PROCESSOR STREQUAL machine)
        set(SENETC_PROGRAM_COMPILER_${target} ${CMAKE_CXX_COMPILER})
    else()
        find_program(SENETC_PROGRAM_COMPILER_${target} ${machine}-linux-gnu-g++)
    endif()
endforeach()

set(SENETC_PROGRAM_FLAGS -std=c++20 -O2 -Wall -Wextra -fno-pie -fno-exceptions -fno-rtti -fno-threadsafe-statics -D_GNU_SOURCE
    -I${PROJECT_SOURCE_DIR} -I${PROJECT_SOURCE_DIR}/runtime/include)

# Compiles SOURCES for a target and joins them with libc into `object`.
function(_senetc_program_object name target object)
    set(compiler ${SENETC_PROGRAM_COMPILER_${target}})
    set(objects)
    foreach(source ${ARGN})
        string(REPLACE / _ stem ${source})
        set(compiled ${PROJECT_BINARY_DIR}/programs/${target}/${name}/${stem}.o)
        set(flags ${SENETC_PROGRAM_FLAGS} -DSENET_VERSION=\"${PROJECT_VERSION}\")
        if(source MATCHES "_avx2.cpp$")
            list(APPEND flags -mavx2)
        endif()
        add_custom_command(OUTPUT ${compiled}
            COMMAND ${compiler} ${flags} -MD -MF ${compiled}.d -c ${PROJECT_SOURCE_DIR}/${source} -o ${compiled}
            DEPENDS ${PROJECT_SOURCE_DIR}/${source} DEPFILE ${compiled}.d VERBATIM)
        list(APPEND objects ${compiled})
    endforeach()
    foreach(part crt1.o crti.o crtbeginT.o crtend.o crtn.o)
        execute_process(COMMAND ${compiler} -print-file-name=${part} OUTPUT_VARIABLE ${part} OUTPUT_STRIP_TRAILING_WHITESPACE)
    endforeach()
    add_custom_command(OUTPUT ${object}
        COMMAND ${compiler} -no-pie -nostdlib -r -o ${object} ${crt1.o} ${crti.o} ${crtbeginT.o} ${objects}
            -Wl,--start-group -lgcc -lgcc_eh -lc -Wl,--end-group ${crtend.o} ${crtn.o}
        DEPENDS ${objects} VERBATIM)
endfunction()

function(senetc_target_program name)
    set(embedded "/* The objects of ${name}. */\n")
    set(objects)
    foreach(target ${SENETC_PROGRAM_TARGETS})
        file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/programs/${target}/${name})
        string(REPLACE - _ suffix ${target})
        set(symbol senetc_${name}_${suffix})
        set(bytes "")
        if(SENETC_PROGRAM_COMPILER_${target})
            set(sources ${ARGN})
            if(NOT target STREQUAL "x86-64")
                list(FILTER sources EXCLUDE REGEX "_avx2.cpp$")
            endif()
            set(object ${PROJECT_BINARY_DIR}/programs/${target}/${name}.o)
            _senetc_program_object(${name} ${target} ${object} ${sources})
            list(APPEND objects ${object})
            set(bytes ".incbin \\\"${object}\\\"\\n")
        endif()
        string(APPEND embedded "__asm__(\".section .rodata\\n.balign 16\\n.globl ${symbol}, ${symbol}_end\\n"
            "${symbol}:\\n${bytes}${symbol}_end:\\n.previous\\n\");\n")
    endforeach()
    set(source ${PROJECT_BINARY_DIR}/programs/${name}.c)
    file(CONFIGURE OUTPUT ${source} CONTENT "${embedded}" @ONLY)
    set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${objects}")
    add_library(senetc_program_${name} STATIC ${source})
endfunction()
