#include "generators/package/package.h"

#include "generators/package/output_folder.h"
#include "generators/package/steps.h"
#include "generators/system/child_process.h"
#include "models/error.h"

namespace senetc {

namespace package {
namespace {

struct Products {
    std::string library, archive, header, weights;  // weights: "" unless they lie beside
};

void make_products(const PackageInput& input, const OutputFolder& folder, const Products& products) {
    const std::string& name = input.plan.name;
    const FileHash weights = hash_file(input.weights);
    std::vector<std::string> objects = {folder.scratch("plan.o")};
    emit_plan(input, weights, objects[0]);
    objects.insert(objects.end(), input.objects.begin(), input.objects.end());

    const std::string combined = folder.scratch("combined.o"), object = folder.scratch("model.o");
    combine(objects, name, combined);
    localise(combined, name, object);
    const std::string build_id = stamp_build_id(object, name);

    link_shared(input, object, build_id, products.library);
    append_trailer(products.library, SENET_MAGIC_LIBRARY, name);
    write_archive(object, name, products.archive);
    write_header(input.plan, products.header);
    if (!input.weights_beside) return;
    copy_weights(input.weights, products.weights);
    append_trailer(products.weights, SENET_MAGIC_WEIGHTS, name);
}

}  // namespace
}  // namespace package

std::vector<std::string> write_package(const PackageInput& input) {
    using namespace package;
    check(input);
    const std::string& name = input.plan.name;
    OutputFolder folder(input.output_folder);
    check_space(input);
    Products products;
    products.library = folder.product("lib" + name + ".so");
    products.archive = folder.product("lib" + name + ".a");
    products.header = folder.product(name + ".h");
    if (input.weights_beside) products.weights = folder.product(weights_file_name(name));
    // In a child, because LLVM and lld end their process when memory or a mapped file's disk runs out.
    const std::string problem = ChildProcess([&] { make_products(input, folder, products); }, 0).wait();
    if (!problem.empty()) throw Error(problem);
    return folder.publish();
}

}  // namespace senetc
