#include "generators/compiler/algorithm_hash.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <map>
#include <sstream>
#include <utility>
#include <vector>

#include "generators/compiler/emit_kernel.h"
#include "generators/compiler/hash.h"
#include "generators/compiler/stage_generator.h"
#include "generators/system/child_process.h"
#include "generators/system/on_one_line.h"
#include "models/error.h"

namespace senetc {
namespace {

using namespace Halide;

constexpr size_t kDigits = 16;
constexpr unsigned kSeconds = 60;

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c));
}
bool is_letter(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) || c == '_';
}

// Without the numbers that Halide makes names unique with: "sum$1" is "sum". Names that are a letter and such a number,
// as "t287", are numbered anew, in the order of their first use.
class PlainNames {
  public:
    std::string of(const std::string& text) {
        std::string plain;
        for (size_t i = 0; i < text.size();) {
            size_t end = i + 1;
            const auto belongs = [](char c) { return is_letter(c) || is_digit(c) || c == '$' || c == '.'; };
            if (belongs(text[i]))
                while (end < text.size() && belongs(text[end])) ++end;
            const std::string word = text.substr(i, end - i);
            plain += is_letter(word[0]) ? name(word) : word;
            i = end;
        }
        return plain;
    }

  private:
    std::string name(const std::string& unique) {
        std::string plain;
        for (size_t i = 0; i < unique.size(); ++i) {
            if (unique[i] != '$' || i + 1 == unique.size() || !is_digit(unique[i + 1])) {
                plain += unique[i];
                continue;
            }
            while (i + 1 < unique.size() && is_digit(unique[i + 1])) ++i;
        }
        if (plain.size() < 2 || !std::all_of(plain.begin() + 1, plain.end(), is_digit)) return plain;
        return fmt::format("{}{}", plain[0], numbers_.try_emplace(plain, numbers_.size()).first->second);
    }

    std::map<std::string, size_t> numbers_;
};

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
    return PlainNames().of(text.str());
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
                throw Error(on_one_line(error.what()));
            }
        },
        kSeconds);
    if (const std::string problem = child.wait(); !problem.empty())
        throw Error(fmt::format("'{}' has no algorithm with the schedule '{}': {}", to_string(stage),
                                to_string(schedule), problem));
    return digits.read();
}

}  // namespace senetc
