# Writes the tables of this folder into a source file, so that an installed senetc has them: zero or more.
file(GLOB tables CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.table)
set(SENETC_SHIPPED_TEXTS "")
foreach(table ${tables})
    cmake_path(GET table FILENAME name)
    file(READ ${table} text)
    string(APPEND SENETC_SHIPPED_TEXTS "    {\"${name}\", R\"table(${text})table\"},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${table})
endforeach()
set(SENETC_SHIPPED_SOURCE ${CMAKE_CURRENT_BINARY_DIR}/shipped_texts.cpp)
file(CONFIGURE OUTPUT ${SENETC_SHIPPED_SOURCE} @ONLY CONTENT
"#include \"schedules/tuned/shipped_texts.h\"

namespace senetc {

const ShippedText kShippedTexts[] = {
@SENETC_SHIPPED_TEXTS@    {nullptr, nullptr},
};

}  // namespace senetc
")
