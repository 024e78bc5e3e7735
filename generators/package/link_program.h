// Static executables, linked by lld in this process.
#pragma once

#include <string>
#include <vector>

namespace senetc::package {

struct ProgramInput {
    std::vector<std::string> objects;  // paths; the first one decides the machine
    struct Alias {
        std::string name, symbol;
    };
    std::vector<Alias> aliases;  // `name` is defined as the address of `symbol`
    struct File {
        std::string name, path;
    };
    std::vector<File> files;  // `name` is the address of the file's bytes, which become a part of the program
    std::string program;      // path of what is written
};

// Throws Error when a symbol is missing, naming it.
void link_program(const ProgramInput& input);

}  // namespace senetc::package
