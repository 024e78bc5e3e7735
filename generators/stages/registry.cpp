// HALIDE_REGISTER_GENERATOR defines a factory for each generator. Naming the factories here lets the generators live in
// a static library, whose unnamed members a linker drops, and makes a missing one an error when linking.
#include "generators/stages/registry.h"

#include <map>
#include <stdexcept>

using Factory = std::unique_ptr<Halide::Internal::AbstractGenerator>(const Halide::GeneratorContext&);

namespace halide_register_generator {
namespace batch_norm_ns {
Factory factory;
}
namespace conv_ns {
Factory factory;
}
namespace dense_ns {
Factory factory;
}
namespace depthwise_conv_ns {
Factory factory;
}
namespace excite_ns {
Factory factory;
}
namespace ingest_f32_ns {
Factory factory;
}
namespace ingest_u8_ns {
Factory factory;
}
namespace max_pool_ns {
Factory factory;
}
namespace scale_add_ns {
Factory factory;
}
namespace squeeze_ns {
Factory factory;
}
namespace winograd_ns {
Factory factory;
}
namespace window_means_ns {
Factory factory;
}
}  // namespace halide_register_generator

namespace senetc {

std::unique_ptr<Halide::Internal::AbstractGenerator> make_generator(const std::string& name,
                                                                    const Halide::GeneratorContext& context) {
    using namespace halide_register_generator;
    static const std::map<std::string, Factory*> factories = {
        {"batch_norm", batch_norm_ns::factory}, {"conv", conv_ns::factory},
        {"dense", dense_ns::factory},           {"depthwise_conv", depthwise_conv_ns::factory},
        {"excite", excite_ns::factory},         {"ingest_f32", ingest_f32_ns::factory},
        {"ingest_u8", ingest_u8_ns::factory},   {"max_pool", max_pool_ns::factory},
        {"scale_add", scale_add_ns::factory},   {"squeeze", squeeze_ns::factory},
        {"winograd", winograd_ns::factory},     {"window_means", window_means_ns::factory},
    };
    const auto found = factories.find(name);
    if (found == factories.end()) throw std::logic_error("no generator is called '" + name + "'");
    return found->second(context);
}

}  // namespace senetc
