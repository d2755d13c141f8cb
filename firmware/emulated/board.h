/* What a harness needs of a machine: files in, files out, instructions and stack of a call.
 *
 * Two machines implement it: board_host.c (this computer) and board_mps2.c (a Cortex-M4F of QEMU's
 * mps2-an386, bare metal). So one harness source runs on both. Files are in the current folder. */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What board_call calls: one machine word back, up to three pointers in. */
typedef int32_t (*board_fn)(void *a, const void *b, void *c);

typedef struct {
    uint32_t instructions; /* of the last board_call; 0 where nothing is counted */
    uint32_t stack_bytes;  /* deepest stack of all board_calls so far; 0 on the host */
} board_cost_t;

/* Opens `input` for reading and `output` for writing. Ends the program if it cannot. */
void board_open(const char *input, const char *output);

/* Reads exactly n_bytes. False: the file ended before. */
bool board_read(void *bytes, size_t n_bytes);

/* Buffered; ends the program when the bytes cannot be written. */
void board_write(const void *bytes, size_t n_bytes);

/* Writes what is buffered and closes both files. */
void board_close(void);

/* From here on calls are counted. Ends the program if the emulator does not count exactly. */
void board_count_instructions(void);

/* Instructions executed so far, wraps; constant while nothing is counted. */
uint32_t board_instructions(void);

/* function(a, b, c), on the emulator on a stack of its own, so that its depth can be measured. */
int32_t board_call(board_fn function, void *a, const void *b, void *c);

board_cost_t board_cost(void);

/* Says why on standard error and ends the program with status 3. */
void board_fail(const char *sentence);

#endif
