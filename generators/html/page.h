// A page of HTML that needs no other file: no scripts, fonts or pictures from elsewhere.
#pragma once

#include <string>

namespace senetc::html {

// `style`: rules beside those that all pages share, for tables (td.n: a number, td.k: code), lists of facts, legends
// and drawings.
std::string page(const std::string& title, const std::string& style, const std::string& body);

// Throws Error; `flag` is the one that asked for the file.
void write_file(const std::string& flag, const std::string& path, const std::string& text);

}  // namespace senetc::html
