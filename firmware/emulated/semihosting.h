/* Calls from the emulated processor to its host.
 * Source: Arm, "Semihosting for AArch32 and AArch64", version 2.0, sections 5 and 6. */
#ifndef SEMIHOSTING_H
#define SEMIHOSTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEMIHOSTING_READ_BINARY 1u  /* fopen mode "rb" */
#define SEMIHOSTING_WRITE_BINARY 5u /* fopen mode "wb" */

/* A handle, or -1. */
int32_t semihosting_open(const char *path, uint32_t mode);

/* Bytes read; fewer than n_bytes only at the end of the file. */
size_t semihosting_read(int32_t handle, void *bytes, size_t n_bytes);

/* True if all bytes were written. */
bool semihosting_write(int32_t handle, const void *bytes, size_t n_bytes);

bool semihosting_close(int32_t handle);

/* Text for the console of the debugger: QEMU's standard error. */
void semihosting_print(const char *text);

/* Ends the emulator with this exit status. */
void semihosting_exit(int32_t status);

#endif
