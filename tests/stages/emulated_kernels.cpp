#include "tests/stages/emulated_kernels.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <stdexcept>

namespace senetc::test {

namespace {

const std::string kCompiler = SENETC_ARM_COMPILER, kEmulator = SENETC_ARM_EMULATOR;

void check(bool fine, const std::string& what) {
    if (!fine) throw std::runtime_error(what);
}

// Kernels' entries by number, for the runner.
void write_table(const std::filesystem::path& path, const std::vector<std::string>& entries) {
    std::string declared, listed;
    for (const std::string& entry : entries) {
        declared += fmt::format("int {}(void**);\n", entry);
        listed += fmt::format("    {},\n", entry);
    }
    std::ofstream(path) << fmt::format(
        "extern \"C\" {{\n{}extern int (*const kernel_entries[])(void**);\nint (*const kernel_entries[])(void**) = "
        "{{\n{}}};\n}}\n",
        declared, listed);
}

void write_all(int file, const void* bytes, size_t size) {
    for (size_t done = 0; done < size;) {
        const ssize_t count = write(file, static_cast<const char*>(bytes) + done, size - done);
        check(count > 0, "the emulated program no longer listens");
        done += static_cast<size_t>(count);
    }
}

void read_all(int file, void* bytes, size_t size) {
    for (size_t done = 0; done < size;) {
        const ssize_t count = read(file, static_cast<char*>(bytes) + done, size - done);
        check(count > 0, "the emulated program ended within a kernel");
        done += static_cast<size_t>(count);
    }
}

}  // namespace

std::string missing_for_arm() {
    if (kCompiler.empty()) return "aarch64-linux-gnu-g++";
    return kEmulator.empty() ? "qemu-aarch64" : "";
}

EmulatedKernels::EmulatedKernels(const std::filesystem::path& folder, const std::string& objects,
                                 const std::vector<std::string>& entries) {
    const std::string table = folder / "table.cpp", program = folder / "runner", log = folder / "link.log";
    write_table(table, entries);
    const std::string command = fmt::format("{} -static -o {} {} {}{} >{} 2>&1", kCompiler, program, table,
                                            SENETC_ARM_RUNNER_OBJECTS, objects, log);
    check(std::system(command.c_str()) == 0, "cannot link: " + command);
    int to[2], from[2];
    check(pipe(to) == 0 && pipe(from) == 0, "no pipes");
    std::signal(SIGPIPE, SIG_IGN);
    process_ = fork();
    check(process_ >= 0, "no process");
    if (process_ == 0) {
        dup2(to[0], STDIN_FILENO);
        dup2(from[1], STDOUT_FILENO);
        for (const int end : {to[0], to[1], from[0], from[1]}) close(end);
        execl(kEmulator.c_str(), kEmulator.c_str(), program.c_str(), nullptr);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    to_ = to[1], from_ = from[0];
    KernelReply started;  // it is in memory, so its file may go
    read_all(from_, &started, sizeof started);
}

EmulatedKernels::~EmulatedKernels() {
    close(to_);  // it ends with its input
    close(from_);
    waitpid(process_, nullptr, 0);
}

int EmulatedKernels::run(uint32_t kernel, const std::vector<ViewedMemory>& arguments) {
    const KernelCall call{kernel, static_cast<uint32_t>(arguments.size())};
    write_all(to_, &call, sizeof call);
    for (const ViewedMemory& argument : arguments) {
        const HostMemory& memory = argument.memory;
        const SentArgument sent{argument.view, memory.bytes, static_cast<uint64_t>(memory.host - memory.begin),
                                argument.output, 0};
        write_all(to_, &sent, sizeof sent);
        write_all(to_, memory.begin, memory.bytes);
    }
    KernelReply reply;
    read_all(from_, &reply, sizeof reply);
    for (const ViewedMemory& argument : arguments)
        if (argument.output) read_all(from_, argument.memory.begin, argument.memory.bytes);
    return reply.status;
}

}  // namespace senetc::test
