#include "generators/compiler/kernel_cache.h"

#include <doctest/doctest.h>

#include <chrono>
#include <fstream>

#include "generators/compiler/compile_kernels.h"
#include "generators/compiler/temporary_folder.h"
#include "models/error.h"
#include "schedules/schedules.h"

using namespace senetc;
namespace fs = std::filesystem;

namespace {

KernelSpec squeeze_of(int channels) {
    const Stage stage{"squeeze", {{"ch", std::to_string(channels)}, {"h", "3"}, {"w", "3"}, {"in_halo", "0"}}};
    return {stage, choose_schedule(stage, "avx2"), {"avx2"}};
}

fs::path only_entry(const fs::path& folder) {
    return fs::directory_iterator(folder)->path();
}

}  // namespace

TEST_CASE("a stored kernel is found again, byte for byte") {
    const TemporaryFolder folder;
    const KernelCache cache(folder.path() / "a" / "b", 1 << 20);
    CHECK_FALSE(cache.find(squeeze_of(16)));
    cache.store(squeeze_of(16), {std::string("obj\n\0ect", 8), 42, ""});
    const auto found = cache.find(squeeze_of(16));
    REQUIRE(found);
    CHECK(found->object == std::string("obj\n\0ect", 8));
    CHECK(found->scratch_bytes == 42);
    CHECK(found->gpu_code.empty());
    CHECK_FALSE(cache.find(squeeze_of(32)));
}

TEST_CASE("a GPU's kernel is stored with its source and its cubins, under their architectures and assembler") {
    const TemporaryFolder folder;
    const KernelCache cache(folder.path(), 1 << 20);
    KernelSpec spec = squeeze_of(16);
    spec.target.cubins = {{80, 90}, {"ptxas", "13.0.88"}};
    const EmittedKernel kernel{"object", 0, "features", "ptx\n", {{80, std::string("\0a\n", 3)}, {90, "b"}}};
    cache.store(spec, kernel);
    const auto found = cache.find(spec);
    REQUIRE(found);
    CHECK(found->object == kernel.object);
    CHECK(found->featurization == kernel.featurization);
    CHECK(found->gpu_source == kernel.gpu_source);
    REQUIRE(found->gpu_code.size() == 2);
    for (const size_t i : {0, 1}) {
        CHECK(found->gpu_code[i].capability == kernel.gpu_code[i].capability);
        CHECK(found->gpu_code[i].cubin == kernel.gpu_code[i].cubin);
    }
    CHECK_FALSE(cache.find(squeeze_of(16)));
    spec.target.cubins.ptxas.version = "13.0.89";
    CHECK_FALSE(cache.find(spec));
}

TEST_CASE("a damaged or cut entry counts as absent") {
    const TemporaryFolder folder;
    const KernelCache cache(folder.path(), 1 << 20);
    cache.store(squeeze_of(16), {"some object code", 0, ""});
    const fs::path entry = only_entry(folder.path());
    const auto bytes = fs::file_size(entry);
    fs::resize_file(entry, bytes - 1);
    CHECK_FALSE(cache.find(squeeze_of(16)));
    cache.store(squeeze_of(16), {"some object code", 0, ""});
    std::fstream(entry, std::ios::in | std::ios::out | std::ios::binary).seekp(long(bytes) - 3).put('?');
    CHECK_FALSE(cache.find(squeeze_of(16)));
    fs::resize_file(entry, 0);
    CHECK_FALSE(cache.find(squeeze_of(16)));
}

TEST_CASE("trimming removes what was unused longest, and clearing removes all") {
    const TemporaryFolder folder;
    const KernelCache cache(folder.path(), 250);
    for (int i = 1; i <= 4; ++i) {
        cache.store(squeeze_of(16 * i), {std::string(50, 'x'), 0, ""});
        for (const auto& file : fs::directory_iterator(folder.path()))
            fs::last_write_time(file, file.last_write_time() - std::chrono::hours(1));  // all older than the next
    }
    REQUIRE(cache.find(squeeze_of(16)));  // used just now
    cache.trim();
    CHECK(cache.size().bytes <= 250);
    CHECK(cache.find(squeeze_of(16)));
    CHECK_FALSE(cache.find(squeeze_of(32)));
    CHECK(cache.clear() == 2);
    CHECK(cache.size().entries == 0);
}

TEST_CASE("a cache that can't be written says where and what to do") {
    CHECK_THROWS_WITH_AS(KernelCache("/proc/nowhere", 1), doctest::Contains("--cache"), Error);
}

TEST_CASE("kernels compile in child processes and come from the cache the second time") {
    const TemporaryFolder folder;
    const KernelCache cache(folder.path(), 1 << 20);
    const std::vector<KernelSpec> specs = {squeeze_of(16), squeeze_of(32)};
    int from_cache = -1;
    CompileOptions options;
    options.progress = [&](int, int, int cached) { from_cache = cached; };
    const auto first = compile_kernels(specs, cache, options);
    CHECK(from_cache == 0);
    const auto second = compile_kernels(specs, cache, options);
    CHECK(from_cache == 2);
    for (size_t i = 0; i < specs.size(); ++i) CHECK(first[i].object == second[i].object);
}

TEST_CASE("a kernel that can't be compiled is named, and the process lives on") {
    const TemporaryFolder folder;
    const KernelCache cache(folder.path(), 1 << 20);
    KernelSpec wrong = squeeze_of(16);
    wrong.stage.generator = "no_such_generator";
    CHECK_THROWS_WITH_AS(compile_kernels({wrong}, cache, {}), doctest::Contains("no_such_generator"), Error);
    CHECK(compile_kernels({squeeze_of(16)}, cache, {}).size() == 1);
}
