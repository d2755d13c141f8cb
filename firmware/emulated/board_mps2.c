/* The board that is a Cortex-M4F in QEMU: files by semihosting, instructions by a timer, a painted stack.
 *
 * Under `-icount shift=7` one instruction takes 2^7 = 128 ns of virtual time, and TIMER0 counts 25 MHz,
 * 40 ns a tick: 3.2 ticks an instruction. A reading is cut to whole ticks, an error of less than a third
 * of an instruction, so rounding gives the exact count. board_count_instructions checks that. */
#include <string.h>

#include "board.h"
#include "semihosting.h"

/* CMSDK APB timer 0 (Arm DDI 0479, section 4.5): counts down, 32 bits. */
#define TIMER0_CTRL (*(volatile uint32_t *)0x40000000u)
#define TIMER0_VALUE (*(volatile uint32_t *)0x40000004u)
#define TIMER0_RELOAD (*(volatile uint32_t *)0x40000008u)

#define STACK_WORDS 8192u
#define PAINT 0xA5A5A5A5u
#define KNOWN_LOOP_INSTRUCTIONS 2002u
#define BUFFER_BYTES 16384u

static int32_t input_handle;
static int32_t output_handle;
static uint8_t input_buffer[BUFFER_BYTES];
static uint8_t output_buffer[BUFFER_BYTES];
static size_t n_input, input_at, n_output;

static bool counting;
static uint32_t last_value;
static uint64_t n_ticks;
static uint32_t call_overhead;
static uint32_t call_instructions;

/* Eight-byte aligned as the procedure call standard wants the stack. */
static uint32_t call_stack[STACK_WORDS] __attribute__((aligned(8)));
static bool painted;

/* calls_mps2.S */
extern uint32_t *const call_stack_end;
uint32_t *const call_stack_end = &call_stack[STACK_WORDS];
int32_t call_on_stack(void *a, const void *b, void *c, board_fn function);
int32_t call_nothing(void *a, const void *b, void *c);
int32_t call_known_loop(void *a, const void *b, void *c);

void board_fail(const char *sentence)
{
    semihosting_print(sentence);
    semihosting_print("\n");
    semihosting_exit(3);
}

void board_open(const char *input, const char *output)
{
    input_handle = semihosting_open(input, SEMIHOSTING_READ_BINARY);
    output_handle = semihosting_open(output, SEMIHOSTING_WRITE_BINARY);
    if (input_handle < 0 || output_handle < 0) {
        board_fail("cannot open the input or the output file");
    }
}

bool board_read(void *bytes, size_t n_bytes)
{
    uint8_t *out = bytes;
    while (n_bytes > 0) {
        if (input_at == n_input) {
            n_input = semihosting_read(input_handle, input_buffer, BUFFER_BYTES);
            input_at = 0;
        }
        const size_t n_ready = n_input - input_at;
        if (n_ready == 0) {
            return false;
        }
        const size_t n = n_bytes < n_ready ? n_bytes : n_ready;
        memcpy(out, &input_buffer[input_at], n);
        input_at += n;
        out += n;
        n_bytes -= n;
    }
    return true;
}

static void flush(void)
{
    if (n_output > 0 && !semihosting_write(output_handle, output_buffer, n_output)) {
        board_fail("cannot write the output file");
    }
    n_output = 0;
}

void board_write(const void *bytes, size_t n_bytes)
{
    const uint8_t *in = bytes;
    while (n_bytes > 0) {
        const size_t n_free = BUFFER_BYTES - n_output;
        const size_t n = n_bytes < n_free ? n_bytes : n_free;
        memcpy(&output_buffer[n_output], in, n);
        n_output += n;
        in += n;
        n_bytes -= n;
        if (n_output == BUFFER_BYTES) {
            flush();
        }
    }
}

void board_close(void)
{
    flush();
    if (!semihosting_close(output_handle)) {
        board_fail("cannot write the output file");
    }
    (void)semihosting_close(input_handle);
}

uint32_t board_instructions(void)
{
    if (!counting) {
        return 0;
    }
    const uint32_t value = TIMER0_VALUE;
    n_ticks += last_value - value; /* unsigned: right across one wrap, 1.3e9 instructions */
    last_value = value;
    return (uint32_t)((n_ticks * 5u + 8u) / 16u);
}

static void paint_stack(void)
{
    for (uint32_t i = 0; i < STACK_WORDS; i++) {
        call_stack[i] = PAINT;
    }
    painted = true;
}

int32_t board_call(board_fn function, void *a, const void *b, void *c)
{
    if (!painted) {
        paint_stack();
    }
    const uint32_t before = board_instructions();
    const int32_t result = call_on_stack(a, b, c, function);
    call_instructions = board_instructions() - before - call_overhead;
    if (call_stack[0] != PAINT) {
        board_fail("the called function needs more stack than the board has");
    }
    return result;
}

board_cost_t board_cost(void)
{
    uint32_t first = 0;
    while (painted && first < STACK_WORDS && call_stack[first] == PAINT) {
        first++;
    }
    const uint32_t n_words = painted ? STACK_WORDS - first : 0u;
    const board_cost_t cost = {counting ? call_instructions : 0u, n_words * (uint32_t)sizeof(uint32_t)};
    return cost;
}

/* The harness's thunks are one branch longer than what they call, call_nothing is one instruction
 * long: subtracting all of its cost leaves exactly what is called. */
void board_count_instructions(void)
{
    TIMER0_RELOAD = UINT32_MAX;
    TIMER0_VALUE = UINT32_MAX;
    TIMER0_CTRL = 1u;
    last_value = TIMER0_VALUE;
    counting = true;
    (void)board_call(call_nothing, NULL, NULL, NULL);
    call_overhead = call_instructions;
    for (int i = 0; i < 8; i++) {
        (void)board_call(call_known_loop, NULL, NULL, NULL);
        if (call_instructions != KNOWN_LOOP_INSTRUCTIONS - 1u) {
            board_fail("the emulator does not count instructions exactly");
        }
    }
}
