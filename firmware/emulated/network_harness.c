/* Runs a generated network over vectors.
 *
 * input.bin:  u32 count (1: count instructions), u32 n_inputs, u32 n_vectors, then n_inputs int8 for each
 * output.bin: u32 n_outputs, per vector u32 instructions and n_outputs int8, then u32 stack_bytes
 *
 * The network is named by macros: its header, function, sizes. Integers are little-endian, as both
 * machines are. */
#include NETWORK_HEADER

#include "board.h"

static uint32_t arena[(NETWORK_ARENA_BYTES + 3) / 4 + (NETWORK_ARENA_BYTES == 0)];
#ifdef NETWORK_INPUT_OFFSET /* input and output in the arena: the least memory that there can be */
#define inputs ((int8_t *)arena + NETWORK_INPUT_OFFSET)
#define outputs ((int8_t *)arena + NETWORK_OUTPUT_OFFSET)
#else
static int8_t inputs[NETWORK_N_INPUTS];
static int8_t outputs[NETWORK_N_OUTPUTS];
#endif

static int32_t run_network(void *output, const void *input, void *unused)
{
    (void)unused;
    return (int32_t)NETWORK_INVOKE(input, output, arena);
}

static void run_vectors(uint32_t n_vectors)
{
    for (uint32_t i = 0; i < n_vectors; i++) {
        if (!board_read(inputs, NETWORK_N_INPUTS)) {
            board_fail("the input file ends inside a vector");
        }
        if (board_call(run_network, outputs, inputs, NULL) != (int32_t)TG_OK) {
            board_fail("the network could not run");
        }
        const uint32_t instructions = board_cost().instructions;
        board_write(&instructions, sizeof instructions);
        board_write(outputs, NETWORK_N_OUTPUTS);
    }
}

int main(void)
{
    uint32_t header[3];
    const uint32_t n_outputs = NETWORK_N_OUTPUTS;

    board_open("input.bin", "output.bin");
    if (!board_read(header, sizeof header) || header[1] != NETWORK_N_INPUTS) {
        board_fail("the input file is not made for this network");
    }
    if (header[0] == 1u) {
        board_count_instructions();
    }
    board_write(&n_outputs, sizeof n_outputs);
    run_vectors(header[2]);
    const uint32_t stack_bytes = board_cost().stack_bytes;
    board_write(&stack_bytes, sizeof stack_bytes);
    board_close();
    return 0;
}
