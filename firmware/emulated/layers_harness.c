/* Runs a generated network over vectors and counts the instructions of each of its layers.
 *
 * input.bin:  u32 n_vectors, then NETWORK_N_INPUTS int8 for each
 * output.bin: u32 n_layers, then as many u32 for each vector
 *
 * The network is compiled with its kernels calling layer_done afterwards. It is named by macros as in
 * network_harness.c. */
#include NETWORK_HEADER

#include "board.h"
#include "layers_harness.h"

static int8_t inputs[NETWORK_N_INPUTS];
static int8_t outputs[NETWORK_N_OUTPUTS];
static uint32_t arena[NETWORK_ARENA_BYTES / sizeof(uint32_t) + 1];

static uint32_t costs[NETWORK_N_LAYERS + 2];
static uint32_t n_done;
static uint32_t last;
static uint32_t overhead;

void layer_done(void)
{
    const uint32_t now = board_instructions();
    if (n_done == NETWORK_N_LAYERS + 2u) {
        board_fail("the network has more layers than it was said to have");
    }
    costs[n_done++] = now - last - overhead;
    last = board_instructions();
}

static int32_t run_network(void *output, const void *input, void *unused)
{
    (void)unused;
    n_done = 0;
    last = board_instructions();
    return (int32_t)NETWORK_INVOKE(input, output, arena);
}

/* What lies between two calls with nothing in between. */
static int32_t measure_overhead(void *a, const void *b, void *c)
{
    (void)a;
    (void)b;
    (void)c;
    overhead = 0;
    n_done = 0;
    layer_done();
    layer_done();
    overhead = costs[1];
    return 0;
}

int main(void)
{
    const uint32_t n_layers = NETWORK_N_LAYERS;
    uint32_t n_vectors;

    board_open("input.bin", "output.bin");
    if (!board_read(&n_vectors, sizeof n_vectors)) {
        board_fail("the input file is empty");
    }
    board_count_instructions();
    (void)board_call(measure_overhead, NULL, NULL, NULL);
    board_write(&n_layers, sizeof n_layers);
    for (uint32_t i = 0; i < n_vectors; i++) {
        if (!board_read(inputs, sizeof inputs)) {
            board_fail("the input file ends inside a vector");
        }
        if (board_call(run_network, outputs, inputs, NULL) != (int32_t)TG_OK || n_done != n_layers) {
            board_fail("the network did not run all of its layers");
        }
        board_write(costs, n_layers * sizeof costs[0]);
    }
    board_close();
    return 0;
}
