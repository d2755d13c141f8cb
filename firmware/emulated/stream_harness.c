/* Streams whole recordings through a generated classifier and writes down what happens.
 *
 * input.bin:  u32 FORMAT, u32 count (1: count instructions), u32 n_channels, then pairs of u32:
 *             RECORDING number | SAMPLES n, followed by n rows of int16 | GAP n_missing | END 0
 * output.bin: a byte that names a record, then its fields; `at` is the stream index of the sample whose
 *             push caused it, of the last one where the end of the stream did:
 *             'R' u32 number                                       a recording begins
 *             'S' u32 at, u32 start, u16 length                    a segment (traced builds)
 *             'I' u32 at, u16 n, int8[n]                           the network's input (traced builds)
 *             'L' u32 at, u16 n, int8[n]                           the network's output (traced builds)
 *             'E' u32 at, u32 start, u16 length, u8 label, u8 score  an event
 *             'T' u32 at, u32 instructions                         cost of a push (when counted)
 *             'C' u32 at, u32 path, extract, network, decision     the same in parts (counted and traced)
 *             'Z' u32 n_samples, u32 stack_bytes                   all input was read
 *
 * MODEL is the model's name, MODEL_HEADER its header. Integers are little-endian, as both machines are. */
#include MODEL_HEADER

#include "board.h"

#define FORMAT 0x31534754u /* "TGS1" */
#define JOIN_NAMES(name, suffix) tg_##name##suffix
#define NAMED(name, suffix) JOIN_NAMES(name, suffix)

enum { RECORDING = 1, SAMPLES = 2, GAP = 3, END = 4 };

static NAMED(MODEL, _t) model;
static uint32_t now; /* stream index of the sample being pushed */
static uint32_t n_samples;

static void write_u32(uint32_t value)
{
    board_write(&value, sizeof value);
}

static void write_record(char name, uint32_t value)
{
    board_write(&name, 1);
    write_u32(value);
}

#ifdef TINYGEST_TRACE

#include "tg_trace.h"

enum { AT_SEGMENT, AT_INPUT, AT_LOGITS, N_HOOKS };

/* Instructions at which each hook was entered and left in this push. */
static uint32_t entered[N_HOOKS], left[N_HOOKS];
static bool segment_seen;

static void write_bytes_record(char name, const int8_t *bytes, uint16_t n)
{
    write_record(name, now);
    board_write(&n, sizeof n);
    board_write(bytes, n);
}

void tg_trace_segment(const void *classifier, const tg_segment_t *segment)
{
    entered[AT_SEGMENT] = board_instructions();
    (void)classifier;
    segment_seen = true;
    write_record('S', now);
    write_u32(segment->start);
    board_write(&segment->length, sizeof segment->length);
    left[AT_SEGMENT] = board_instructions();
}

void tg_trace_input(const void *classifier, const int8_t *input, uint16_t n_inputs)
{
    entered[AT_INPUT] = board_instructions();
    (void)classifier;
    write_bytes_record('I', input, n_inputs);
    left[AT_INPUT] = board_instructions();
}

void tg_trace_logits(const void *classifier, const int8_t *logits, uint16_t n_classes)
{
    entered[AT_LOGITS] = board_instructions();
    (void)classifier;
    write_bytes_record('L', logits, n_classes);
    left[AT_LOGITS] = board_instructions();
}

/* What counting itself costs before, between and after the hooks of a push. */
static uint32_t cost_before, cost_between, cost_after;

static int32_t push_nothing(void *state, const void *sample, void *event)
{
    (void)state;
    (void)sample;
    (void)event;
    entered[AT_SEGMENT] = board_instructions();
    left[AT_SEGMENT] = board_instructions();
    return 0;
}

static void measure_hooks(void)
{
    const uint32_t begun = board_instructions();
    (void)board_call(push_nothing, NULL, NULL, NULL);
    cost_before = entered[AT_SEGMENT] - begun;
    cost_between = left[AT_SEGMENT] - entered[AT_SEGMENT];
    cost_after = board_instructions() - left[AT_SEGMENT];
}

static void write_parts(uint32_t begun, uint32_t ended)
{
    write_record('C', now);
    write_u32(entered[AT_SEGMENT] - begun - cost_before);
    write_u32(entered[AT_INPUT] - left[AT_SEGMENT] - cost_between);
    write_u32(entered[AT_LOGITS] - left[AT_INPUT] - cost_between);
    write_u32(ended - left[AT_LOGITS] - cost_after);
}

#endif

static int32_t call_push(void *state, const void *sample, void *event)
{
    return NAMED(MODEL, _push)(state, sample, event);
}

static void write_event(const tg_event_t *event)
{
    write_record('E', now);
    write_u32(event->start);
    board_write(&event->length, sizeof event->length);
    board_write(&event->label, sizeof event->label);
    board_write(&event->score, sizeof event->score);
}

static void push_row(const int16_t *sample, bool count)
{
    tg_event_t event;
#ifdef TINYGEST_TRACE
    segment_seen = false;
    const uint32_t begun = board_instructions();
#endif
    const tg_status_t status = (tg_status_t)board_call(call_push, &model, sample, &event);
#ifdef TINYGEST_TRACE
    const uint32_t ended = board_instructions();
    if (count && segment_seen) {
        write_parts(begun, ended);
    }
#endif
    if (count) {
        write_record('T', now);
        write_u32(board_cost().instructions);
    }
    if (status == TG_EVENT) {
        write_event(&event);
    } else if (status != TG_OK) {
        board_fail("the model refused a sample");
    }
    now++;
    n_samples++;
}

static void finish(void)
{
    tg_event_t event;

    now--;
    const tg_status_t status = NAMED(MODEL, _finish)(&model, &event);
    if (status == TG_EVENT) {
        write_event(&event);
    } else if (status != TG_OK) {
        board_fail("the model refused the end of a stream");
    }
    now++;
}

static void push_rows(uint32_t n, uint32_t n_channels, bool count)
{
    int16_t sample[TG_MAX_CHANNELS];

    for (; n > 0; n--) {
        if (!board_read(sample, n_channels * sizeof sample[0])) {
            board_fail("the input file ends inside a row");
        }
        push_row(sample, count);
    }
}

static void run_records(uint32_t n_channels, bool count)
{
    uint32_t record[2];

    while (board_read(record, sizeof record)) {
        switch (record[0]) {
        case RECORDING:
            NAMED(MODEL, _reset)(&model);
            now = 0;
            write_record('R', record[1]);
            break;
        case SAMPLES:
            push_rows(record[1], n_channels, count);
            break;
        case GAP:
            NAMED(MODEL, _skip)(&model, record[1]);
            now += record[1];
            break;
        case END:
            finish();
            break;
        default:
            board_fail("the input file holds an unknown record");
        }
    }
}

int main(void)
{
    uint32_t header[3];

    board_open("input.bin", "output.bin");
    if (!board_read(header, sizeof header) || header[0] != FORMAT || header[2] > TG_MAX_CHANNELS) {
        board_fail("the input file is not a stream for this harness");
    }
    if (header[1] == 1u) {
        board_count_instructions();
#ifdef TINYGEST_TRACE
        measure_hooks();
#endif
    }
    NAMED(MODEL, _init)(&model);
    run_records(header[2], header[1] == 1u);
    write_record('Z', n_samples);
    write_u32(board_cost().stack_bytes);
    board_close();
    return 0;
}
