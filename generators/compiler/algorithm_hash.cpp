#include "generators/compiler/algorithm_hash.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <cctype>
#include <cstring>
#include <sstream>
#include <utility>
#include <vector>

#include "generators/compiler/emit_kernel.h"
#include "generators/compiler/hash.h"
#include "generators/compiler/stage_generator.h"
#include "generators/system/child_process.h"
#include "models/error.h"

namespace senetc {
namespace {

using namespace Halide;

constexpr size_t kDigits = 16;
constexpr unsigned kSeconds = 60;

// Names without the numbers that Halide appends to make them unique: "sum$1" is "sum".
std::string plain_names(const std::string& text) {
    std::string plain;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool number =
            text[i] == '$' && i + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[i + 1]));
        if (!number) {
            plain += text[i];
            continue;
        }
        while (i + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[i + 1]))) ++i;
    }
    return plain;
}

// "sum(c, x, y) = sum(c, x, y) + ... for tap.x in [0, 3) where ..."
void print(std::ostream& text, const std::string& name, const Internal::Definition& definition) {
    const char* separator = "";
    text << name << "(";
    for (const Expr& argument : definition.args()) text << std::exchange(separator, ", ") << argument;
    text << ") =";
    for (const Expr& value : definition.values()) text << " " << value.type() << " " << value;
    for (const auto& r : definition.schedule().rvars())
        text << " for " << r.var << " in " << r.min << " + " << r.extent;
    text << " where " << definition.predicate() << "\n";
}

std::string algorithm_text(const Stage& stage, const Schedule& schedule, const std::string& variant) {
    const auto generator = stage_generator(stage, schedule, GeneratorContext(Target(halide_target({variant}))));
    std::vector<Internal::Function> outputs;
    for (const Func& output : generator->build_pipeline().outputs()) outputs.push_back(output.function());
    std::ostringstream text;
    for (const Internal::Function& function : Internal::called_funcs_in_order_found(outputs)) {
        print(text, function.name(), function.definition());
        for (const Internal::Definition& update : function.updates()) print(text, function.name(), update);
    }
    return plain_names(text.str());
}

// Memory that a child process can write and this one reads.
class SharedDigits {
  public:
    SharedDigits() : digits_(mmap(nullptr, kDigits, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
        if (digits_ == MAP_FAILED) throw Error("there is no memory to share with a child process");
    }
    ~SharedDigits() { munmap(digits_, kDigits); }
    SharedDigits(const SharedDigits&) = delete;

    void write(const std::string& digits) { std::memcpy(digits_, digits.data(), kDigits); }
    std::string read() const { return {static_cast<const char*>(digits_), kDigits}; }

  private:
    void* digits_;
};

}  // namespace

std::string algorithm_hash(const Stage& stage, const Schedule& schedule, const std::string& variant) {
    SharedDigits digits;
    ChildProcess child(
        [&] {
            try {
                digits.write(hash_hex(algorithm_text(stage, schedule, variant)).substr(0, kDigits));
            } catch (const Halide::Error& error) {  // not a std::exception
                throw Error(error.what());
            }
        },
        kSeconds);
    if (const std::string problem = child.wait(); !problem.empty())
        throw Error(fmt::format("'{}' has no algorithm with the schedule '{}': {}", to_string(stage),
                                to_string(schedule), problem));
    return digits.read();
}

}  // namespace senetc
