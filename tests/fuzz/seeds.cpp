// Writes small legal inputs of every fuzz target to a folder each: seeds FOLDER. A corpus grows from these.
#include <elf.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "runtime/core/hash.h"
#include "senet/model_abi.h"
#include "tests/cli/support/pictures.h"

namespace {

using senet::cli::JpegForm;
using senet::cli::PngForm;

std::filesystem::path root;

void write(const std::string& target, const std::string& name, const std::string& bytes) {
    std::filesystem::create_directories(root / target);
    std::ofstream(root / target / name, std::ios::binary) << bytes;
}

std::string text(const senet::cli::FileBytes& bytes) {
    return {bytes.begin(), bytes.end()};
}

// The picture and six bytes that choose its preprocessing.
void write_picture(const std::string& name, const senet::cli::FileBytes& bytes) {
    write("image", name, text(bytes) + std::string({31, 23, 0, 0, 0, 0}));
    write("image", name + "-crop", text(bytes) + std::string({15, 15, 20, 1, 11, 17}));
}

void write_pictures() {
    const senet::cli::Image picture = senet::cli::gradient(19, 13);
    for (int components : {1, 3, 4})
        for (bool progressive : {false, true})
            write_picture("jpeg-" + std::to_string(components) + (progressive ? "p" : ""),
                          encode_jpeg(picture, JpegForm{.components = components, .progressive = progressive}));
    for (int orientation = 1; orientation <= 8; orientation++)
        write_picture("exif-" + std::to_string(orientation),
                      encode_jpeg(picture, JpegForm{.orientation = orientation, .big_endian = orientation % 2 == 0}));
    for (int type : {0, 2, 3, 4, 6})
        for (bool interlaced : {false, true})
            write_picture("png-" + std::to_string(type) + (interlaced ? "i" : ""),
                          encode_png(picture, PngForm{.type = type, .interlaced = interlaced, .orientation = type}));
    for (int depth : {1, 2, 4, 16})
        write_picture("png-depth-" + std::to_string(depth), encode_png(picture, PngForm{.type = 0, .depth = depth}));
}

std::string safetensors(const std::string& header, size_t data_bytes) {
    std::string bytes;
    for (int i = 0; i < 8; i++) bytes += char(uint64_t(header.size()) >> (8 * i) & 0xff);
    return bytes + header + std::string(data_bytes, '\x3c');
}

void write_tensors() {
    const std::string one = safetensors(R"({"x":{"dtype":"F32","shape":[1,2,1,2],"data_offsets":[0,16]}})", 16);
    write("tensors", "one", one);
    write("tensors", "metadata",
          safetensors(R"({"__metadata__":{"a":"b"},"x":{"dtype":"F32","shape":[],)"
                      R"("data_offsets":[0,4]}})",
                      4));
    write("weights", "one", one);
    write("weights", "wrapped",
          safetensors(R"({"module.a":{"dtype":"F16","shape":[3],"data_offsets":[0,6]},)"
                      R"("module.b":{"dtype":"BF16","shape":[1,2],"data_offsets":[6,10]}})",
                      10));
    write("weights", "others",
          safetensors(R"({"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]},)"
                      R"("d":{"dtype":"F64","shape":[0,5],"data_offsets":[8,8]}})",
                      8));
}

void write_graphs() {
    write("graph", "block",
          "graph g # note\n%x = input : f32[3,9,7]\n"
          "%a = conv %x weight=@a.w bias=@a.b out=4 kernel=3x3 pad=1\n"
          "%n = batch_norm %a weight=@n.w bias=@n.b mean=@n.m variance=@n.v epsilon=0.001\n"
          "%p = global_avg_pool %n\n%l = linear %p weight=@l out=2\n%r = activation %l act=relu\n"
          "%k = linear %r weight=@k bias=@k.b out=4\n%e = activation %k act=sigmoid\n%s = scale %n %e\n"
          "%d = conv %x weight=@d out=4 kernel=1x1 stride=1 stage=short\n%t = add %s %d\n"
          "%u = activation %t act=relu stage=layer1\n%v = global_avg_pool %u\n%o = linear %v weight=@o out=5\nreturn "
          "%o\n");
    write("graph", "fused",
          "graph g\n%x = input : f32[4,8,8]\n"
          "%a = conv %x weight=@a out=4 kernel=3x3 stride=2 pad=1 groups=4 act=sigmoid sums=1\n"
          "%p = window_means %a kernel=3 pad=1\n%e = excite %p w1=@w1 b1=@b1 w2=@w2 b2=@b2 hidden=2 out=4\n"
          "%b = conv %a %e %x weight=@b out=4 kernel=1x1 gate=output act=relu shortcut_weight=@h shortcut_bias=@hb "
          "shortcut_stride=2\n%s = scale_add %b %e %a act=relu\n%q = add_activation %s %a act=relu sums=1\n"
          "%m = max_pool %q kernel=3 stride=2 pad=1\n%g = global_avg_pool %m\nreturn %g : f32[4]\n");
}

// An ELF header with one segment of bytes to read, and a trailer.
void write_library() {
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_type = ET_DYN;
    header.e_machine = EM_X86_64;
    header.e_phoff = sizeof(header);
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phnum = 1;
    Elf64_Phdr segment{};
    segment.p_type = PT_LOAD;
    segment.p_flags = PF_R;
    segment.p_offset = sizeof(header) + sizeof(segment);
    segment.p_vaddr = 0x1000;
    segment.p_filesz = segment.p_memsz = 32;
    std::string file(reinterpret_cast<const char*>(&header), sizeof(header));
    file.append(reinterpret_cast<const char*>(&segment), sizeof(segment)).append(32, 'w');
    senet_trailer_v1_t trailer{};
    std::memcpy(trailer.magic, SENET_MAGIC_LIBRARY, sizeof(trailer.magic));
    trailer.abi_version = SENET_MODEL_ABI_VERSION;
    trailer.trailer_bytes = sizeof(trailer);
    trailer.length = file.size();
    const senet::Hash hash = senet::hash_bytes(file.data(), file.size());
    trailer.hash[0] = hash.low, trailer.hash[1] = hash.high;
    std::memcpy(trailer.model, "toy", 4);
    write("library", "library", file + std::string(reinterpret_cast<const char*>(&trailer), sizeof(trailer)));
    std::memcpy(trailer.magic, SENET_MAGIC_WEIGHTS, sizeof(trailer.magic));
    write("library", "weights", file + std::string(reinterpret_cast<const char*>(&trailer), sizeof(trailer)));
    write("library", "no-trailer", file);
}

void write_lists() {
    write("lists", "mean", std::string(1, '\x10') + "0.5,0.25,1e-3");
    write("lists", "crop", std::string(1, '\x01') + "224x192");
    write("lists", "size", std::string(1, '\x02') + "224x192");
    write("lists", "names", std::string(1, '\x03') + "a\r\nb\n\nc");
    write("lists", "null",
          std::string("\x04"
                      "a\0b\n\0",
                      6));
    write("lists", "run",
          std::string(1, '\x05') + "run\nlib\na\nb\n--top\n3\n--mean\n1,2,3\n--crop\n2x3\n--format\ncsv");
    write("lists", "bench", std::string(1, '\x05') + "bench\nlib\n--batch\n4\n--threads\n2\n--seconds\n0.5\n--profile");
}

}  // namespace

int main(int argc, char** argv) {
    root = argc > 1 ? argv[1] : "seeds";
    write_pictures();
    write_tensors();
    write_graphs();
    write_library();
    write_lists();
    write("tables", "batch", std::string("\x00\x01\x02\x03\x04\x05\x06\x07", 8));
}
