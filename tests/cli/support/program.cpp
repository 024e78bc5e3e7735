#include "tests/cli/support/program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace senet::cli {

namespace {

void redirect(const std::string& path, int flags, int to) {
    const int fd = open(path.c_str(), flags, 0600);
    if (fd < 0 || dup2(fd, to) < 0) _exit(99);
}

}  // namespace

Program::Program(std::vector<std::string> arguments, const std::string& input, const std::string& output)
    : own_output_(output.empty()) {
    arguments.insert(arguments.begin(), SENET_PROGRAM);
    if (*SENETC_EMULATOR) arguments.insert(arguments.begin(), SENETC_EMULATOR);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    senetc::write_file(folder_ / "in", input);
    pid_ = fork();
    if (pid_ != 0) return;
    redirect(folder_ / "in", O_RDONLY, STDIN_FILENO);
    redirect(own_output_ ? folder_ / "out" : output, O_WRONLY | O_CREAT, STDOUT_FILENO);
    redirect(folder_ / "err", O_WRONLY | O_CREAT, STDERR_FILENO);
    execvp(argv[0], argv.data());
    _exit(99);
}

Outcome Program::wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status),
            own_output_ ? senetc::read_file(folder_ / "out") : "", senetc::read_file(folder_ / "err")};
}

std::string colours_library(const senetc::TemporaryFolder& folder) {
    const std::string contents = senetc::read_file(COLOURS_LIBRARY), path = folder / "libcolours.so";
    senetc::write_file(path,
                       senetc::with_trailer(contents, senetc::trailer_of(contents, SENET_MAGIC_LIBRARY, "colours")));
    return path;
}

}  // namespace senet::cli
