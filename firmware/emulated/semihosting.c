#include "semihosting.h"

#include <string.h>

enum {
    SYS_OPEN = 0x01,
    SYS_CLOSE = 0x02,
    SYS_WRITE0 = 0x04,
    SYS_WRITE = 0x05,
    SYS_READ = 0x06,
    SYS_EXIT_EXTENDED = 0x20
};

#define APPLICATION_EXIT 0x20026u /* ADP_Stopped_ApplicationExit */

static int32_t host_call(int32_t operation, const void *arguments)
{
    register int32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = arguments;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

int32_t semihosting_open(const char *path, uint32_t mode)
{
    const uint32_t arguments[3] = {(uint32_t)path, mode, (uint32_t)strlen(path)};
    return host_call(SYS_OPEN, arguments);
}

size_t semihosting_read(int32_t handle, void *bytes, size_t n_bytes)
{
    const uint32_t arguments[3] = {(uint32_t)handle, (uint32_t)bytes, (uint32_t)n_bytes};
    const uint32_t n_left = (uint32_t)host_call(SYS_READ, arguments);
    return n_left > n_bytes ? 0 : n_bytes - n_left;
}

bool semihosting_write(int32_t handle, const void *bytes, size_t n_bytes)
{
    const uint32_t arguments[3] = {(uint32_t)handle, (uint32_t)bytes, (uint32_t)n_bytes};
    return host_call(SYS_WRITE, arguments) == 0; /* what it returns is the number not written */
}

bool semihosting_close(int32_t handle)
{
    return host_call(SYS_CLOSE, &handle) == 0;
}

void semihosting_print(const char *text)
{
    (void)host_call(SYS_WRITE0, text);
}

void semihosting_exit(int32_t status)
{
    const uint32_t arguments[2] = {APPLICATION_EXIT, (uint32_t)status};
    for (;;) {
        (void)host_call(SYS_EXIT_EXTENDED, arguments);
    }
}
