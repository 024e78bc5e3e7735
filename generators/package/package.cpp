#include "generators/package/package.h"

#include "generators/package/output_folder.h"
#include "generators/package/steps.h"

namespace senetc {

std::vector<std::string> write_package(const PackageInput& input) {
    using namespace package;
    check(input);
    const std::string& name = input.plan.name;
    OutputFolder folder(input.output_folder);
    check_space(input);
    const FileHash weights = hash_file(input.weights);

    std::vector<std::string> objects = {folder.scratch("plan.o")};
    emit_plan(input, weights, objects[0]);
    objects.insert(objects.end(), input.objects.begin(), input.objects.end());

    const std::string combined = folder.scratch("combined.o"), object = folder.scratch("model.o");
    combine(objects, name, combined);
    localise(combined, name, object);
    const std::string build_id = stamp_build_id(object, name);

    const std::string library = folder.product("lib" + name + ".so");
    link_shared(input, object, build_id, library);
    append_trailer(library, SENET_MAGIC_LIBRARY, name);
    write_archive(object, name, folder.product("lib" + name + ".a"));
    write_header(input.plan, folder.product(name + ".h"));
    if (input.weights_beside) {
        const std::string beside = folder.product(weights_file_name(name));
        copy_weights(input.weights, beside);
        append_trailer(beside, SENET_MAGIC_WEIGHTS, name);
    }
    return folder.publish();
}

}  // namespace senetc
