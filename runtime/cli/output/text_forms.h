// Forms that text takes in the reports.
#pragma once

#include <string>
#include <string_view>

namespace senet::cli {

// Quoted when it holds a comma, a quote or a line break.
std::string csv_field(std::string_view text);

// With its quotes; invalid UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text);

// Control characters become '?', so that a file's name can't steer the terminal.
std::string printable(std::string_view text);

// Columns that UTF-8 text takes on a terminal, one per character.
size_t columns(std::string_view text);

}  // namespace senet::cli
