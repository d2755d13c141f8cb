/* Runs a bare network over vectors.
 *
 * input.bin:  u32 count (1: count instructions), u32 n_vectors, then n_vectors * N_INPUTS int8
 * output.bin: per vector u32 instructions and N_OUTPUTS int8, then u32 stack_bytes
 *
 * The network is named by macros: NETWORK_HEADER, NETWORK_RUN(input, output) and the two sizes.
 * All integers are little-endian, as both machines are. */
#include NETWORK_HEADER

#include "board.h"

static int8_t inputs[NETWORK_N_INPUTS];
static int8_t outputs[NETWORK_N_OUTPUTS];

static int32_t run_network(void *output, const void *input, void *unused)
{
    (void)unused;
    NETWORK_RUN(input, output);
    return 0;
}

int main(void)
{
    uint32_t header[2];

    board_open("input.bin", "output.bin");
    if (!board_read(header, sizeof header)) {
        board_fail("the input file ends inside its header");
    }
    if (header[0] == 1u) {
        board_count_instructions();
    }
    for (uint32_t i = 0; i < header[1]; i++) {
        if (!board_read(inputs, sizeof inputs)) {
            board_fail("the input file ends inside a vector");
        }
        (void)board_call(run_network, outputs, inputs, NULL);
        const uint32_t instructions = board_cost().instructions;
        board_write(&instructions, sizeof instructions);
        board_write(outputs, sizeof outputs);
    }
    const uint32_t stack_bytes = board_cost().stack_bytes;
    board_write(&stack_bytes, sizeof stack_bytes);
    board_close();
    return 0;
}
