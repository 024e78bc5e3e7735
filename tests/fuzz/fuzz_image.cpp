// The way of an image: decode, turn upright, resize, crop. Any bytes are refused with an Error or fill exactly the
// network's input. The last bytes of a file choose the preprocessing; decoders don't look at them.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "runtime/cli/error.h"
#include "runtime/cli/image/decode.h"
#include "runtime/cli/image/preprocess.h"

using namespace senet::cli;

namespace {

constexpr uint64_t kMaxPixels = 1 << 16;
constexpr size_t kChunkOverhead = 12;  // length, type and checksum
constexpr uint8_t kPngSignature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

InputShape shape_of(const uint8_t* choice) {
    InputShape input{};
    input.height = 1 + choice[0] % 40;
    input.width = 1 + choice[1] % 40;
    input.resize = choice[2] % 64;
    if (choice[3] % 2) {
        input.crop_height = 1 + choice[4] % 64;
        input.crop_width = 1 + choice[5] % 64;
    }
    return input;
}

uint32_t big_endian(const uint8_t* bytes) {
    return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

uint32_t checksum(const uint8_t* bytes, size_t count) {
    uint32_t crc = ~0u;
    for (size_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

// Puts every chunk's checksum right, so that changed chunks reach the decoder.
void mend_checksums(uint8_t* bytes, size_t count) {
    if (count < sizeof(kPngSignature) || std::memcmp(bytes, kPngSignature, sizeof(kPngSignature)) != 0) return;
    for (size_t at = sizeof(kPngSignature); at + kChunkOverhead <= count;) {
        const size_t length = big_endian(bytes + at);
        if (length > count - at - kChunkOverhead) return;
        const uint32_t crc = checksum(bytes + at + 4, length + 4);
        for (int i = 0; i < 4; i++) bytes[at + 8 + length + size_t(i)] = uint8_t(crc >> (24 - 8 * i));
        at += length + kChunkOverhead;
    }
}

}  // namespace

extern "C" size_t LLVMFuzzerMutate(uint8_t* bytes, size_t count, size_t room);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* bytes, size_t count, size_t room, unsigned seed) {
    count = LLVMFuzzerMutate(bytes, count, room);
    if (seed % 8) mend_checksums(bytes, count);
    return count;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count) {
    uint8_t choice[6] = {31, 31, 0, 0, 0, 0};
    if (count >= sizeof(choice)) std::memcpy(choice, bytes + count - sizeof(choice), sizeof(choice));
    try {
        const Image image = decode_image({bytes, count}, kMaxPixels);
        if (uint64_t(image.width) * uint64_t(image.height) > kMaxPixels) abort();
        if (image.rgb.size() != size_t(image.width) * size_t(image.height) * 3) abort();
        const InputShape input = shape_of(choice);
        std::vector<uint8_t> pixels(input.bytes());
        to_input(image, input, pixels.data());
    } catch (const Error& error) {
        if (std::strlen(error.what()) < 10) abort();
    }
    return 0;
}
