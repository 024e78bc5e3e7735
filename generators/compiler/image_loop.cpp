#include "generators/compiler/image_loop.h"

#include <algorithm>
#include <stdexcept>

namespace senetc {

using namespace Halide;
using namespace Halide::Internal;

namespace {

Expr buffer_of(const LoweredArgument& argument) {
    return Variable::make(type_of<halide_buffer_t*>(), argument.name + ".buffer");
}

Expr on_stack(const Type& type, const Expr& bytes) {
    return Call::make(type, Call::alloca, {bytes}, Call::Intrinsic);
}

// The image's part of a buffer, seen as image 0 of one.
Expr image_of(const LoweredArgument& argument, const Expr& image) {
    const Expr whole = buffer_of(argument);
    const int last = argument.dimensions - 1;
    std::vector<Expr> mins, extents;
    for (int dim = 0; dim < last; dim++) {
        mins.push_back(Call::make(Int(32), Call::buffer_get_min, {whole, dim}, Call::Extern));
        extents.push_back(Call::make(Int(32), Call::buffer_get_extent, {whole, dim}, Call::Extern));
    }
    mins.push_back(image);
    extents.push_back(1);
    const Expr part = Call::make(
        type_of<halide_buffer_t*>(), Call::buffer_crop,
        {on_stack(type_of<halide_buffer_t*>(), Call::make(Int(32), Call::size_of_halide_buffer_t, {}, Call::Intrinsic)),
         on_stack(type_of<halide_dimension_t*>(), static_cast<int>(sizeof(halide_dimension_t)) * argument.dimensions),
         whole, Call::make(type_of<const int*>(), Call::make_struct, mins, Call::Intrinsic),
         Call::make(type_of<const int*>(), Call::make_struct, extents, Call::Intrinsic)},
        Call::Extern);
    return Call::make(type_of<halide_buffer_t*>(), Call::buffer_set_bounds, {part, last, 0, 1}, Call::Extern);
}

Stmt call_for_each(const LoweredFunc& function, const std::string& symbol, const std::vector<bool>& batched) {
    const std::string image = symbol + ".image";
    std::vector<Expr> args;
    size_t buffers = 0;
    for (const LoweredArgument& argument : function.args) {
        if (!argument.is_buffer()) {
            args.push_back(Variable::make(argument.type, argument.name));
        } else if (batched.at(buffers++)) {
            args.push_back(image_of(argument, Variable::make(Int(32), image)));
        } else {
            args.push_back(buffer_of(argument));
        }
    }
    const std::string result = symbol + ".result";
    const Expr status = Variable::make(Int(32), result);
    const Stmt body = LetStmt::make(result, Call::make(Int(32), function.name, args, Call::Extern),
                                    AssertStmt::make(status == 0, status));
    const LoweredArgument& last = function.args.back();
    const Expr images =
        Call::make(Int(32), Call::buffer_get_extent, {buffer_of(last), last.dimensions - 1}, Call::Extern);
    return For::make(image, 0, images, ForType::Serial, Partition::Never, DeviceAPI::None, body);
}

}  // namespace

Module loop_over_images(const Module& one_image, const std::string& symbol, const std::vector<bool>& batched) {
    const auto& functions = one_image.functions();
    const auto is_kernel = [&](const LoweredFunc& function) { return function.name == one_image_symbol(symbol); };
    const auto kernel = std::find_if(functions.begin(), functions.end(), is_kernel);
    if (kernel == functions.end()) throw std::logic_error("no kernel of one image in the module of '" + symbol + "'");
    Module module(symbol, one_image.target());
    for (const auto& buffer : one_image.buffers()) module.append(buffer);
    for (const LoweredFunc& function : functions) module.append(function);
    module.append(
        LoweredFunc(symbol, kernel->args, call_for_each(*kernel, symbol, batched), LinkageType::ExternalPlusArgv));
    return module;
}

std::string one_image_symbol(const std::string& symbol) {
    return symbol + "_image";
}

}  // namespace senetc
