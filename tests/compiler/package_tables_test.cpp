// A packaged model, loaded: its tables say what the plan said, and its kernels run.
#include <dlfcn.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <set>

#include "tests/compiler/package_fixture.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace senetc::test {
namespace {

// dlopen with everything bound at once, as libsenet does.
class Loaded {
  public:
    Loaded(const std::filesystem::path& library, const std::string& name) {
        handle_ = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
        REQUIRE_MESSAGE(handle_, dlerror());
        query = reinterpret_cast<senet_model_query_v1_t>(dlsym(handle_, ("senet_model_" + name).c_str()));
        REQUIRE((query != nullptr));
    }
    ~Loaded() { dlclose(handle_); }
    senet_model_query_v1_t query;

  private:
    void* handle_;
};

void check_step(const senet_step_v1_t& step, const PlanStep& plan, const senet_variant_v1_t& variant) {
    CHECK(step.name == plan.name);
    CHECK(step.kernel == plan.kernel);
    CHECK((step.schedule == nullptr) == plan.schedule.empty());
    if (step.schedule) CHECK(step.schedule == plan.schedule);
    CHECK((step.schedule_source == nullptr) == plan.schedule_source.empty());
    if (step.schedule_source) CHECK(step.schedule_source == plan.schedule_source);
    CHECK((step.stage == nullptr) == plan.stage.empty());
    if (step.stage) CHECK(step.stage == plan.stage);
    CHECK((step.entry != nullptr));
    REQUIRE(step.num_args == plan.args.size());
    REQUIRE(step.first_arg + step.num_args <= variant.num_args);
    for (uint32_t i = 0; i < step.num_args; i++) CHECK(variant.args[step.first_arg + i] == plan.args[i]);
    CHECK(step.halo == plan.halo);
    CHECK(step.interior_width == plan.interior_width);
    CHECK(step.interior_height == plan.interior_height);
    CHECK(step.channels == plan.channels);
    CHECK(step.height == plan.height);
    CHECK(step.width == plan.width);
    CHECK(step.num_outputs == plan.outputs);
    CHECK(step.flops == plan.flops);
    CHECK(step.bytes == plan.bytes);
    REQUIRE(step.num_gpu_code == plan.gpu_code.size());
    CHECK((step.gpu_code == nullptr) == plan.gpu_code.empty());
    for (uint32_t i = 0; i < step.num_gpu_code; i++) {
        const senet_gpu_code_v1_t& code = step.gpu_code[i];
        CHECK(10 * code.major + code.minor == plan.gpu_code[i].capability);
        CHECK(std::string(reinterpret_cast<const char*>(code.cubin), code.bytes) == plan.gpu_code[i].cubin);
    }
}

void check_variant(const senet_variant_v1_t& variant, const PlanVariant& plan) {
    CHECK(variant.name == plan.name);
    CHECK(variant.device == plan.device);
    CHECK(variant.capability == plan.capability);
    CHECK(variant.cpu_features == plan.cpu_features);
    REQUIRE(variant.num_buffers == plan.buffers.size());
    for (uint32_t i = 0; i < variant.num_buffers; i++)
        CHECK(std::memcmp(&variant.buffers[i], &plan.buffers[i], sizeof plan.buffers[i]) == 0);
    REQUIRE(variant.num_steps == plan.steps.size());
    for (uint32_t i = 0; i < variant.num_steps; i++) check_step(variant.steps[i], plan.steps[i], variant);
    for (int i = 0; i < 2; i++) check_step(variant.ingest[i], plan.ingest[i], variant);
    CHECK(variant.logits == plan.logits);
    CHECK(variant.arena_bytes == plan.arena_bytes);
    CHECK(variant.scratch_bytes == plan.scratch_bytes);
}

void check_model(const senet_model_v1_t& model, const Plan& plan) {
    CHECK(model.abi_version == SENET_MODEL_ABI_VERSION);
    CHECK(model.name == plan.name);
    CHECK(model.producer == plan.producer);
    CHECK(model.description == plan.description);
    CHECK(model.channels == plan.channels);
    CHECK(model.height == plan.height);
    CHECK(model.width == plan.width);
    CHECK(model.classes == plan.classes);
    CHECK(std::memcmp(&model.preprocess, &plan.preprocess, sizeof plan.preprocess) == 0);
    REQUIRE(model.labels);
    for (size_t i = 0; i < plan.labels.size(); i++) CHECK(model.labels[i] == plan.labels[i]);
    REQUIRE(model.num_variants == plan.variants.size());
    for (uint32_t i = 0; i < model.num_variants; i++) check_variant(model.variants[i], plan.variants[i]);
    CHECK(model.graph == plan.graph);
    CHECK(model.flags == plan.flags);
}

void check_hash(const std::string& bytes, const uint64_t (&hash)[2]) {
    const XXH128_hash_t expected = XXH3_128bits(bytes.data(), bytes.size());
    CHECK(hash[0] == expected.low64);
    CHECK(hash[1] == expected.high64);
}

senet_trailer_v1_t check_trailer(const std::string& file, const char* magic, const std::string& name) {
    senet_trailer_v1_t trailer;
    REQUIRE(file.size() > sizeof trailer);
    const size_t length = file.size() - sizeof trailer;
    std::memcpy(&trailer, file.data() + length, sizeof trailer);
    CHECK(std::string(trailer.magic, sizeof trailer.magic) == magic);
    CHECK(trailer.abi_version == SENET_MODEL_ABI_VERSION);
    CHECK(trailer.trailer_bytes == sizeof trailer);
    CHECK(trailer.length == length);
    check_hash(file.substr(0, length), trailer.hash);
    CHECK(std::string(trailer.model) == name);
    return trailer;
}

}  // namespace

TEST_CASE("the tables of a packaged model say what the plan said") {
    const TestFolder folder;
    PackageInput input = make_input(folder, "tables");
    input.plan.variants[0].device = SENET_DEVICE_CUDA;
    input.plan.variants[0].capability = 75;
    write_package(input);
    const Loaded loaded(folder / "dist/libtables.so", "tables");
    const senet_model_v1_t* model = loaded.query(SENET_MODEL_ABI_VERSION);
    REQUIRE(model);
    check_model(*model, input.plan);
    CHECK(loaded.query(SENET_MODEL_ABI_VERSION + 1) == model);
}

TEST_CASE("a runtime older than the model gets no tables") {
    const TestFolder folder;
    write_package(make_input(folder, "newer"));
    CHECK(Loaded(folder / "dist/libnewer.so", "newer").query(SENET_MODEL_ABI_VERSION - 1) == nullptr);
}

namespace {

// The build id of a package as its tables have it: 32 hexadecimal digits.
std::string build_id(const PackageInput& input) {
    const TestFolder folder;
    PackageInput elsewhere = input;
    elsewhere.output_folder = folder / "dist";
    write_package(elsewhere);
    const std::string& name = input.plan.name;
    const Loaded loaded(folder / ("dist/lib" + name + ".so"), name);
    const senet_model_v1_t& model = *loaded.query(SENET_MODEL_ABI_VERSION);
    return fmt::format("{:016x}{:016x}", model.build_id[1], model.build_id[0]);
}

}  // namespace

TEST_CASE("a model's build id follows everything that decides its bytes: tables, flags, kernels, weights") {
    const TestFolder folder;
    const PackageInput input = make_input(folder, "traced");
    const std::string id = build_id(input);
    CHECK(id.size() == 32);
    CHECK(build_id(input) == id);
    std::set<std::string> ids = {id};
    const auto changed = [&](auto change) {
        PackageInput other = input;
        change(other);
        CHECK(ids.insert(build_id(other)).second);
    };
    changed([](PackageInput& other) { other.plan.flags += " --more"; });
    changed([](PackageInput& other) { other.plan.graph += "# a note"; });
    changed([](PackageInput& other) { other.plan.producer = "senetc 99"; });
    changed([](PackageInput& other) { other.plan.variants[1].steps[0].flops++; });
    changed([](PackageInput& other) { other.plan.variants[1].steps[0].entry = "package_zero_argv"; });
    changed([](PackageInput& other) { other.weights_beside = true; });
    std::string weights = read(input.weights);
    weights.back() ^= 1;
    write(input.weights, weights);
    changed([](PackageInput&) {});
}

TEST_CASE("debuggers find the tables' build id in the library's note") {
    const TestFolder folder;
    const PackageInput input = make_input(folder, "noted");
    write_package(input);
    const Output notes = shell(fmt::format("LC_ALL=C '{}' -n '{}'", READELF, (folder / "dist/libnoted.so").string()));
    CHECK_MESSAGE(notes.text.find("Build ID: " + build_id(input)) != std::string::npos, notes.text);
}

TEST_CASE("weights lie in the library on a page of their own, with their length and hash") {
    const TestFolder folder;
    for (const size_t bytes : {size_t{1}, size_t{12345}, size_t{3 << 20}}) {
        const PackageInput input = make_input(folder, "weights", bytes);
        write_package(input);
        const std::string file = read(folder / "dist/libweights.so");
        check_trailer(file, SENET_MAGIC_LIBRARY, "weights");
        const Loaded loaded(folder / "dist/libweights.so", "weights");
        const senet_model_v1_t& model = *loaded.query(SENET_MODEL_ABI_VERSION);
        const std::string expected = read(input.weights);
        REQUIRE(model.weights);
        CHECK(model.weights_file == nullptr);
        REQUIRE(model.weights_bytes == bytes);
        CHECK(std::memcmp(model.weights, expected.data(), bytes) == 0);
        CHECK(reinterpret_cast<uintptr_t>(model.weights) % 4096 == 0);
        check_hash(expected, model.weights_hash);
        CHECK(file.size() < bytes + 32768);  // alignment costs next to nothing in the file
    }
}

TEST_CASE("weights beside are the packed bytes and a trailer, and the library names their file") {
    const TestFolder folder;
    PackageInput input = make_input(folder, "beside", 5000);
    input.weights_beside = true;
    const std::vector<std::string> files = write_package(input);
    CHECK(list(folder / "dist") ==
          std::vector<std::string>{"beside.h", "beside.weights", "libbeside.a", "libbeside.so"});
    CHECK(files.size() == 4);
    const std::string file = read(folder / "dist/beside.weights"), expected = read(input.weights);
    CHECK(check_trailer(file, SENET_MAGIC_WEIGHTS, "beside").length == expected.size());
    CHECK(file.substr(0, expected.size()) == expected);

    const Loaded loaded(folder / "dist/libbeside.so", "beside");
    const senet_model_v1_t& model = *loaded.query(SENET_MODEL_ABI_VERSION);
    CHECK(model.weights == nullptr);
    REQUIRE(model.weights_file);
    CHECK(std::string(model.weights_file) == "beside.weights");
    CHECK(model.weights_bytes == expected.size());
    check_hash(expected, model.weights_hash);
    check_model(model, input.plan);
}

TEST_CASE("a model without labels or stages has NULL for them") {
    const TestFolder folder;
    PackageInput input = make_input(folder, "bare");
    input.plan.labels.clear();
    write_package(input);
    const Loaded loaded(folder / "dist/libbare.so", "bare");
    CHECK(loaded.query(SENET_MODEL_ABI_VERSION)->labels == nullptr);
}

namespace {

// A context that counts what kernels ask of it. Kernels get the address of `table`, so it comes first.
struct CountingContext {
    senet_kernel_context_v1_t table{allocate, release, do_par_for};
    int allocated = 0, released = 0, tasks = 0, fail_at = -1;

    static void* allocate(void* context, size_t bytes) {
        static_cast<CountingContext*>(context)->allocated++;
        return std::malloc(bytes);
    }
    static void release(void* context, void* pointer) {
        static_cast<CountingContext*>(context)->released++;
        std::free(pointer);
    }
    static int do_par_for(void* context, senet_task_v1_t task, int min, int extent, uint8_t* closure) {
        auto* self = static_cast<CountingContext*>(context);
        for (int i = min; i < min + extent; i++) {
            self->tasks++;
            if (i == self->fail_at) return -7;
            if (const int result = task(context, i, closure)) return result;
        }
        return 0;
    }
};

senet_kernel_buffer_v1_t view(float* values, senet_dim_v1_t* dim) {
    senet_kernel_buffer_v1_t buffer{};
    buffer.host = reinterpret_cast<uint8_t*>(values);
    buffer.type_code = 2;
    buffer.type_bits = 32;
    buffer.type_lanes = 1;
    buffer.dimensions = 1;
    buffer.dim = dim;
    return buffer;
}

}  // namespace

TEST_CASE("kernels reach scratch and threads through the context they are called with") {
    const TestFolder folder;
    write_package(make_input(folder, "running"));
    const Loaded loaded(folder / "dist/librunning.so", "running");
    const senet_variant_v1_t& variant = loaded.query(SENET_MODEL_ABI_VERSION)->variants[0];
    float in[3] = {1, 2, 3}, out[3] = {9, 9, 9};
    senet_dim_v1_t dim = {0, 3, 1, 0};
    senet_kernel_buffer_v1_t in_view = view(in, &dim), out_view = view(out, &dim);
    CountingContext context;
    void* pointer = &context;
    void* args[] = {&pointer, &in_view, &out_view};

    CHECK(variant.steps[0].entry(args) == 0);
    CHECK((out[0] == 2 && out[1] == 4 && out[2] == 6));
    CHECK((context.allocated == 1 && context.released == 1 && context.tasks == 3));

    context.fail_at = 1;
    CHECK(variant.steps[0].entry(args) == -7);

    void* zero_args[] = {&pointer, &out_view};
    CHECK(variant.steps[1].entry(zero_args) == 0);
    CHECK((out[0] == 0 && out[1] == 0 && out[2] == 0));
}

}  // namespace senetc::test
