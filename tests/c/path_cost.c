/* Counts the instructions of tg_path_push for six channels, for each segmenter in turn.
 * output.bin: for each of them u32 samples, u32 instructions in sum, u32 instructions of the longest push,
 * u32 segments. input.bin is opened and not read. */
#include "board.h"
#include "tinygest.h"

#define N_CHANNELS 6
#define N_SAMPLES 2000
#define LONGEST 150

static int16_t ring_rows[LONGEST * N_CHANNELS];
static uint16_t motion[5];
static tg_segment_t segment;
static tg_path_t path;

static int32_t call_push(void *state, const void *sample, void *out) {
    return tg_path_push((tg_path_t *)state, (const int16_t *)sample, (tg_segment_t *)out);
}

/* A quarter of the time movement, else faint noise. */
static void next_sample(uint32_t n, int16_t *sample) {
    static uint32_t seed = 1;
    const int32_t amplitude = n / 150U % 4U == 3U ? 4000 : 60;

    for (uint8_t channel = 0; channel < N_CHANNELS; ++channel) {
        seed = seed * 1664525U + 1013904223U;
        sample[channel] = (int16_t)((int32_t)(seed >> 16) % (2 * amplitude) - amplitude);
    }
}

static void measure(const tg_segmenter_kind_t *kind, const void *config, void *state) {
    const tg_path_config_t path_config = {
        LONGEST, {N_CHANNELS, {16, 16, 16, 2, 2, 2, 0, 0}, 325, 5}, kind, config};
    const tg_path_memory_t memory = {ring_rows, motion, state};
    uint32_t told[4] = {N_SAMPLES, 0, 0, 0};
    int16_t sample[N_CHANNELS];

    tg_path_init(&path, &path_config, &memory);
    for (uint32_t n = 0; n < N_SAMPLES; ++n) {
        next_sample(n, sample);
        told[3] += (uint32_t)board_call(call_push, &path, sample, &segment);
        const uint32_t cost = board_cost().instructions;
        told[1] += cost;
        told[2] = cost > told[2] ? cost : told[2];
    }
    board_write(told, sizeof told);
}

int main(void) {
    static const tg_hysteresis_config_t hysteresis = {2000, 1000, 10, LONGEST, 5, 5, 10};
    static const tg_adaptive_config_t adaptive = {
        {1000, 500, 10, LONGEST, 5, 5, 10}, 20000, 10000, 66};
    static const tg_peak_config_t peak = {1000, 10000, 66, 50000, 30, 80, 30};
    static const tg_trigger_config_t trigger = {2000, 80, 10};
    static const tg_sliding_config_t sliding = {100, 10};
    static tg_hysteresis_t hysteresis_state;
    static tg_adaptive_t adaptive_state;
    static tg_peak_t peak_state;
    static tg_trigger_t trigger_state;
    static tg_sliding_t sliding_state;

    board_open("input.bin", "output.bin");
    board_count_instructions();
    measure(&tg_hysteresis_kind, &hysteresis, &hysteresis_state);
    measure(&tg_adaptive_kind, &adaptive, &adaptive_state);
    measure(&tg_peak_kind, &peak, &peak_state);
    measure(&tg_trigger_kind, &trigger, &trigger_state);
    measure(&tg_sliding_kind, &sliding, &sliding_state);
    board_close();
    return 0;
}
