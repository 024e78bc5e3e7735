#include <fmt/format.h>

#include <memory>

#include "generators/compiler/command_options.h"
#include "generators/compiler/commands.h"

namespace senetc {

void add_cache_command(CLI::App& app) {
    auto flags = std::make_shared<CacheFlags>();
    CLI::App& command = *app.add_subcommand("cache", "Show the cache of compiled kernels: its folder, size and limit");
    flags->add_to(command);
    CLI::App& clear = *command.add_subcommand("clear", "Remove every kernel from it");
    clear.callback([flags] {
        const KernelCache cache = flags->open();
        fmt::print("{}: removed {} kernels\n", cache.folder().string(), cache.clear());
    });
    command.callback([flags, &clear] {
        if (clear.parsed()) return;
        const KernelCache cache = flags->open();
        const KernelCache::Size size = cache.size();
        fmt::print("{}: {} kernels, {:.1f} MB of at most {} MiB\n", cache.folder().string(), size.entries,
                   double(size.bytes) / 1e6, cache.limit_bytes() >> 20);
    });
}

}  // namespace senetc
