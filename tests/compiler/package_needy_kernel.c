// A kernel that no package may hold: it needs more of its process than memcpy and memset.
#include <stdio.h>

int package_needy_argv(void** args) {
    return puts((const char*)args[1]);
}
