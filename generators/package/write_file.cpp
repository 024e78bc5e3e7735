#include "generators/package/write_file.h"

#include <fmt/format.h>

#include "models/error.h"

namespace senetc::package {

void write_file(const std::string& path, llvm::function_ref<void(llvm::raw_pwrite_stream&)> fill) {
    std::error_code error;
    llvm::raw_fd_ostream out(path, error);
    if (!error) {
        fill(out);
        out.close();
        error = out.error();
        out.clear_error();
    }
    if (error) throw Error(fmt::format("can't write '{}' ({})", path, error.message()));
}

}  // namespace senetc::package
