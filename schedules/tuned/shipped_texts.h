// The text of every table; Embed.cmake writes the definition.
#pragma once

namespace senetc {

struct ShippedText {
    const char *file, *text;
};
extern const ShippedText kShippedTexts[];  // ends with {nullptr, nullptr}

}  // namespace senetc
