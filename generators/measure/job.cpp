#include "generators/measure/job.h"

#include <fmt/format.h>

#include <cstring>
#include <map>
#include <vector>

#include "generators/oracle/arguments.h"
#include "generators/oracle/storage.h"
#include "runtime/harness/job.h"

namespace senetc::measure {
namespace {

// Appends, each piece on a cache line.
class Bytes {
  public:
    explicit Bytes(size_t header) : bytes_(header, '\0') {}

    template <typename T>
    uint64_t add(const std::vector<T>& values) {
        bytes_.resize((bytes_.size() + 127) / 128 * 128);
        const size_t at = bytes_.size();
        bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
        return at;
    }
    template <typename T>
    void put_first(const T& header) {
        std::memcpy(bytes_.data(), &header, sizeof header);
    }
    size_t size() const { return bytes_.size(); }
    std::string take() { return std::move(bytes_); }

  private:
    std::string bytes_;
};

class JobWriter {
  public:
    JobWriter(const Stage& stage, oracle::Arguments values, oracle::Expected result)
        : stage_(stage), values_(std::move(values)), result_(std::move(result)), bytes_(sizeof(senetc_job_header_t)) {}

    senetc_job_kernel_t add_kernel(const JobKernel& kernel, bool candidate) {
        senetc_job_kernel_t added{};
        added.first_arg = static_cast<uint32_t>(arguments_.size());
        added.scratch_bytes = static_cast<uint64_t>(kernel.scratch_bytes);
        oracle::Outputs outputs;
        if (candidate) outputs = oracle::outputs(stage_, kernel.schedule, result_);
        for (const Argument& argument : arguments(stage_, kernel.schedule)) {
            const auto expected = outputs.find(argument.name);
            arguments_.push_back(
                view(argument, storage(argument, expected != outputs.end() ? &expected->second : nullptr)));
        }
        added.num_args = static_cast<uint32_t>(arguments_.size()) - added.first_arg;
        return added;
    }

    std::string finish(senetc_job_header_t header) {
        header.magic = SENETC_JOB_MAGIC;
        header.num_storages = static_cast<uint32_t>(storages_.size());
        header.num_arguments = static_cast<uint32_t>(arguments_.size());
        header.storages = bytes_.add(storages_);
        header.arguments = bytes_.add(arguments_);
        header.bytes = bytes_.size();
        bytes_.put_first(header);
        return bytes_.take();
    }

  private:
    // Its index. Both kernels share what they lay out alike.
    uint32_t storage(const Argument& argument, const oracle::Expected* expected) {
        const std::string key = fmt::format("{} {} {} {}", argument.name, argument.packing, argument.storage_elements,
                                            fmt::join(strides(argument), " "));
        const auto [known, fresh] = known_.try_emplace(key, static_cast<uint32_t>(storages_.size()));
        if (fresh) storages_.push_back(new_storage(argument, expected));
        return known->second;
    }

    senetc_job_storage_t new_storage(const Argument& argument, const oracle::Expected* expected) {
        const oracle::Storage layout(stage_, argument);
        senetc_job_storage_t storage{};
        storage.role = argument.role == Role::input       ? SENETC_JOB_INPUT
                       : argument.role == Role::parameter ? SENETC_JOB_PARAMETER
                                                          : SENETC_JOB_OUTPUT;
        storage.batched = argument.batched;
        storage.element_bytes = static_cast<uint32_t>(argument.type_bits / 8);
        storage.bytes = layout.bytes();
        if (argument.role != Role::output) storage.contents = bytes_.add(layout.contents(values_.at(argument.name)));
        if (expected != nullptr) {
            const oracle::Storage::Stored stored = layout.stored(*expected);
            storage.expected = bytes_.add(stored.expected);
            storage.bounds = bytes_.add(stored.bounds);
        }
        return storage;
    }

    static std::vector<int> strides(const Argument& argument) {
        std::vector<int> strides;
        for (const Argument::Dim& dim : argument.dims) strides.push_back(dim.stride);
        return strides;
    }

    static senet_buffer_v1_t view(const Argument& argument, uint32_t storage) {
        senet_buffer_v1_t view{};
        view.storage = storage;
        view.type_code = static_cast<uint32_t>(argument.type_code);
        view.type_bits = static_cast<uint32_t>(argument.type_bits);
        view.dimensions = static_cast<uint32_t>(argument.dims.size());
        view.batched = argument.batched;
        view.start = static_cast<uint64_t>(argument.start * argument.type_bits / 8);
        for (size_t i = 0; i < argument.dims.size(); ++i)
            view.dim[i] = {argument.dims[i].min, argument.dims[i].extent, argument.dims[i].stride, 0};
        return view;
    }

    const Stage& stage_;
    oracle::Arguments values_;
    oracle::Expected result_;
    Bytes bytes_;
    std::vector<senetc_job_storage_t> storages_;
    std::vector<senet_buffer_v1_t> arguments_;
    std::map<std::string, uint32_t> known_;
};

}  // namespace

oracle::Arguments job_arguments(const Stage& stage, const Schedule& schedule) {
    oracle::Random random;
    return oracle::random_arguments(stage, schedule, random);
}

std::string make_job(const Stage& stage, const JobKernel& candidate, const JobKernel& incumbent,
                     oracle::Expected result, const JobOptions& options) {
    JobWriter writer(stage, job_arguments(stage, candidate.schedule), std::move(result));
    senetc_job_header_t header{};
    header.candidate = writer.add_kernel(candidate, true);
    header.incumbent = writer.add_kernel(incumbent, false);
    header.cpu_features = options.cpu_features;
    header.threads = static_cast<uint32_t>(options.threads);
    header.images = static_cast<uint32_t>(options.images);
    header.cold = options.cold;
    header.network_bytes = options.network_bytes;
    header.limit_seconds = static_cast<uint32_t>(options.limit_seconds);
    header.seconds = options.seconds;
    header.give_up = options.give_up;
    return writer.finish(header);
}

}  // namespace senetc::measure
