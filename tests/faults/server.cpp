// Loaded into a program with LD_PRELOAD: in place of main, serves requests to run main in a forked child with one call
// failing. So thousands of runs need the program to be loaded once, and it is the program that users run.
//
// Reads requests from FAULTS_REQUESTS and writes replies to FAULTS_REPLIES, which are file descriptors; the children's
// standard output and error go to the files FAULTS_OUT and FAULTS_ERR, which hold the last run's.
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <dlfcn.h>

#include "tests/faults/faults.h"

namespace {

constexpr unsigned kPatienceSeconds = 60;

struct Request {
    int64_t n;
    faults::Kind kind;
    int32_t onwards;
};
struct Reply {
    int64_t counted;
    int32_t fired;
    int32_t status;  // as waitpid has it
};

using Main = int (*)(int, char**, char**);
Main real_main;

void redirect(const char* variable, int fd) {
    const int file = open(getenv(variable), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || dup2(file, fd) < 0) _exit(100);
    close(file);
}

int run_child(const Request& request, int requests, int replies, int argc, char** argv, char** environment) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0);
    alarm(kPatienceSeconds);
    close(requests);
    close(replies);
    redirect("FAULTS_OUT", STDOUT_FILENO);
    redirect("FAULTS_ERR", STDERR_FILENO);
    faults::arm(request.kind, request.n, request.onwards);
    return real_main(argc, argv, environment);
}

int serve(int argc, char** argv, char** environment) {
    const int requests = atoi(getenv("FAULTS_REQUESTS")), replies = atoi(getenv("FAULTS_REPLIES"));
    faults::arm(faults::Kind::none, 0);
    Request request;
    while (read(requests, &request, sizeof(request)) == ssize_t(sizeof(request))) {
        const pid_t child = fork();
        if (child == 0) return run_child(request, requests, replies, argc, argv, environment);
        Reply reply{};
        waitpid(child, &reply.status, 0);
        reply.counted = faults::counted();
        reply.fired = faults::fired();
        faults::disarm();
        if (write(replies, &reply, sizeof(reply)) != ssize_t(sizeof(reply))) break;
    }
    _exit(0);
}

}  // namespace

extern "C" int __libc_start_main(Main main, int argc, char** argv, void (*init)(), void (*fini)(), void (*rtld_fini)(),
                                 void* stack_end) {
    real_main = main;
    using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
    const auto start = reinterpret_cast<Start>(dlsym(RTLD_NEXT, "__libc_start_main"));
    return start(getenv("FAULTS_REQUESTS") ? serve : main, argc, argv, init, fini, rtld_fini, stack_end);
}
