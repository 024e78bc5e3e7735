#include "models/graph/parse.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>

#include "models/error.h"
#include "models/graph/ops.h"
#include "models/graph/types.h"
#include "models/graph/verify.h"

namespace senetc {
namespace {

// The whole of `text` as a number, or nothing.
template <class Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::stringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
    return parts;
}

// Fills an op's attributes from key=value words; what it takes is erased, so that the rest is unknown.
struct AttributeReader {
    std::map<std::string, std::string> words;
    std::vector<std::string> keys;  // that the op has, for the message

    std::optional<std::string> take(const char* key) {
        keys.push_back(key);
        auto found = words.find(key);
        if (found == words.end()) return std::nullopt;
        std::string value = found->second;
        words.erase(found);
        return value;
    }
    [[noreturn]] void refuse(const char* key, const char* form, const std::optional<std::string>& found) {
        throw Error(found ? fmt::format("expected {}={}, found '{}={}'", key, form, key, *found)
                          : fmt::format("expected {}={}, which is missing", key, form));
    }

    void constant(const char* key, std::string& name, Presence presence) {
        auto value = take(key);
        if (!value && presence == Presence::optional) return;
        if (!value || value->size() < 2 || value->front() != '@') refuse(key, "@NAME", value);
        name = value->substr(1);
    }
    void integer(const char* key, int& result, Range, int absent) {
        auto value = take(key);
        if (!value && absent != kAlwaysPrinted) return void(result = absent);
        auto parsed = value ? number<int>(*value) : std::nullopt;
        if (!parsed) refuse(key, "INTEGER", value);
        result = *parsed;
    }
    void extent(const char* key, int& height, int& width, Range) {
        auto value = take(key);
        size_t cross = value ? value->find('x') : std::string::npos;
        if (cross == std::string::npos) refuse(key, "HEIGHTxWIDTH", value);
        auto h = number<int>(std::string_view(*value).substr(0, cross));
        auto w = number<int>(std::string_view(*value).substr(cross + 1));
        if (!h || !w) refuse(key, "HEIGHTxWIDTH", value);
        height = *h, width = *w;
    }
    void positive(const char* key, double& result) {
        auto value = take(key);
        auto parsed = value ? number<double>(*value) : std::nullopt;
        if (!parsed) refuse(key, "NUMBER", value);
        result = *parsed;
    }
    template <class Enum>
    void choice(const char* key, Enum& result) {
        auto value = take(key);
        result = Enum{};
        if (!value) return;
        constexpr auto words = choices_of(Enum{});
        for (size_t i = 0; i < words.size(); i++)
            if (*value == words[i]) return void(result = static_cast<Enum>(i));
        refuse(key, fmt::format("{}", fmt::join(words.begin() + 1, words.end(), " or ")).c_str(), value);
    }
    void flag(const char* key, bool& result) {
        auto value = take(key);
        result = value == "1";
        if (value && value != "0" && value != "1") refuse(key, "0 or 1", value);
    }
};

template <size_t... I>
Op default_op(size_t index, std::index_sequence<I...>) {
    Op op;
    ((I == index ? void(op = std::variant_alternative_t<I, Op>{}) : void()), ...);
    return op;
}

Op op_of_name(const std::string& name) {
    std::vector<std::string> known;
    for (size_t i = 0; i < kOps.size(); i++) {
        if (name == kOps[i].name) return default_op(i, std::make_index_sequence<std::variant_size_v<Op>>());
        known.push_back(kOps[i].name);
    }
    throw Error(fmt::format("expected an operation ({}), found '{}'", fmt::join(known, ", "), name));
}

Type parse_type(const std::string& text) {
    auto wrong = Error(fmt::format("expected a type, f32[C,H,W] or f32[C], found '{}'", text));
    if (!text.starts_with("f32[") || !text.ends_with("]") || text.find(",]") != std::string::npos) throw wrong;
    std::vector<int> extents;
    for (const std::string& part : split(text.substr(4, text.size() - 5), ',')) {
        auto extent = number<int>(part);
        if (!extent || *extent < 1) throw wrong;
        extents.push_back(*extent);
    }
    if (extents.size() == 1) return {extents[0], 0, 0};
    if (extents.size() == 3) return {extents[0], extents[1], extents[2]};
    throw wrong;
}

class Parser {
  public:
    void line(std::string text) {
        text.erase(std::find(text.begin(), text.end(), '#'), text.end());
        std::stringstream stream(text);
        std::vector<std::string> words;
        for (std::string word; stream >> word;) words.push_back(word);
        if (words.empty()) return;
        if (finished_) throw Error(fmt::format("expected nothing after 'return', found '{}'", words[0]));
        if (graph_.name.empty()) return header(words);
        if (words[0] == "return") return output(words);
        node(words);
    }

    Graph finish() {
        if (!finished_) throw Error("expected 'return %NAME' as the last line");
        verify(graph_);
        return std::move(graph_);
    }

  private:
    void header(const std::vector<std::string>& words) {
        if (words.size() != 2 || words[0] != "graph") throw Error("expected 'graph NAME' as the first line");
        check_name(words[1]);
        graph_.name = words[1];
    }

    void output(const std::vector<std::string>& words) {
        if (words.size() != 2) throw Error("expected 'return %NAME'");
        graph_.output = value(words[1]);
        finished_ = true;
    }

    ValueId value(const std::string& word) const {
        if (word.size() < 2 || word[0] != '%') throw Error(fmt::format("expected %NAME, found '{}'", word));
        auto found = ids_.find(word.substr(1));
        if (found == ids_.end()) throw Error(fmt::format("expected a value computed above, found '{}'", word));
        return found->second;
    }

    void node(std::vector<std::string> words) {
        if (words.size() < 3 || words[0].size() < 2 || words[0][0] != '%' || words[1] != "=")
            throw Error(fmt::format("expected '%NAME = OPERATION ...' or 'return %NAME', found '{}'", words[0]));
        Node node;
        node.name = words[0].substr(1);
        check_name(node.name);
        if (ids_.contains(node.name)) throw Error(fmt::format("expected a new name, found '%{}' again", node.name));
        node.op = op_of_name(words[2]);
        if (std::holds_alternative<InputOp>(node.op) != graph_.nodes.empty())
            throw Error("expected '%NAME = input : f32[C,H,W]' as the first node, and nowhere else");
        Type given = take_type(words);
        size_t next = 3;
        for (; next < words.size() && words[next][0] == '%'; next++) node.inputs.push_back(value(words[next]));
        attributes(node, {words.begin() + next, words.end()});
        set_type(node, given);
        ids_[node.name] = static_cast<ValueId>(graph_.nodes.size());
        graph_.nodes.push_back(std::move(node));
    }

    // Takes ": TYPE" off the end.
    static Type take_type(std::vector<std::string>& words) {
        auto colon = std::find(words.begin(), words.end(), ":");
        if (colon == words.end()) return {};
        if (words.end() - colon != 2) throw Error("expected one type after ':', and nothing after it");
        Type type = parse_type(words.back());
        words.erase(colon, words.end());
        return type;
    }

    static void attributes(Node& node, const std::vector<std::string>& words) {
        AttributeReader reader;
        for (const std::string& word : words) {
            size_t equals = word.find('=');
            if (equals == std::string::npos || equals == 0)
                throw Error(fmt::format("expected KEY=VALUE, found '{}'", word));
            if (!reader.words.emplace(word.substr(0, equals), word.substr(equals + 1)).second)
                throw Error(fmt::format("expected {} once, found it again", word.substr(0, equals)));
        }
        visit_fields(node.op, reader);
        if (auto stage = reader.take("stage")) {
            check_name(*stage);
            node.stage = *stage;
        }
        if (!reader.words.empty())
            throw Error(fmt::format("expected one of {}'s attributes ({}), found '{}'", op_name(node.op),
                                    fmt::join(reader.keys, ", "), reader.words.begin()->first));
    }

    void set_type(Node& node, Type given) {
        node.type = given;
        if (std::holds_alternative<InputOp>(node.op) && !given.known())
            throw Error(fmt::format("expected the input's type, %{} = input : f32[C,H,W]", node.name));
        node.type = infer_type(graph_, node);
        if (given.known() && given != node.type)
            throw Error(fmt::format("expected %{} : {}, found {}", node.name, to_string(node.type), to_string(given)));
    }

    Graph graph_;
    std::map<std::string, ValueId> ids_;
    bool finished_ = false;
};

}  // namespace

Graph parse_graph(const std::string& text, const std::string& path) {
    Parser parser;
    int line = 0;
    try {
        std::stringstream stream(text);
        for (std::string words; std::getline(stream, words);) {
            line++;
            parser.line(words);
        }
        return parser.finish();
    } catch (const Error& error) {
        throw Error(fmt::format("{}:{}: {}", path, std::max(line, 1), error.what()));
    }
}

Graph read_graph(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    if (!file || !(text << file.rdbuf())) throw Error(fmt::format("{}: can't be read, or is empty", path));
    return parse_graph(text.str(), path);
}

}  // namespace senetc
