/* Streams commands from standard input through a classifier with a toy extraction and network, and
 * prints everything that the trace hooks and the classifier tell.
 *
 * Commands: "s A B" pushes a sample of two channels, "g N" skips N samples, "r" resets,
 * "e" ends the stream, "f" lets the network fail once, "l" prints the last scores. */
#include <stdio.h>

#include "tinygest.h"

#ifndef TINYGEST_TRACE
#error "build with TINYGEST_TRACE, for the library too"
#endif

static bool network_fails = false;
static tg_classifier_t classifier;

void tg_trace_segment(const void *which, const tg_segment_t *segment) {
    printf("%s %u %u\n", which == &classifier ? "segment" : "stranger", (unsigned)segment->start,
           (unsigned)segment->length);
}

void tg_trace_input(const void *which, const int8_t *input, uint16_t n_inputs) {
    printf("%s %d %d\n", which == &classifier && n_inputs == 2 ? "input" : "stranger", input[0],
           input[1]);
}

void tg_trace_logits(const void *which, const int8_t *logits, uint16_t n_classes) {
    printf("%s %d %d\n", which == &classifier && n_classes == 2 ? "logits" : "stranger", logits[0],
           logits[1]);
}

/* The mean of each channel. */
static void extract_means(const void *config, const tg_ring_t *ring, const tg_segment_t *segment,
                          void *scratch, int32_t *raw, int8_t *input) {
    int16_t *const values = (int16_t *)scratch;

    (void)config;
    (void)raw;
    for (uint8_t channel = 0; channel < 2; ++channel) {
        int32_t sum = 0;
        tg_ring_copy_channel(ring, segment, channel, values);
        for (uint16_t i = 0; i < segment->length; ++i) {
            sum += values[i];
        }
        input[channel] = tg_saturate_int8(sum / (int32_t)segment->length);
    }
}

/* Its input, and how often it ran as the second logit's least bits. */
static tg_status_t toy_network(const int8_t *input, int8_t *output, void *arena) {
    uint8_t *const n_runs = (uint8_t *)arena;

    if (network_fails) {
        network_fails = false;
        return TG_ERROR_NETWORK;
    }
    ++*n_runs;
    output[0] = input[0];
    output[1] = (int8_t)(input[1] + *n_runs);
    return TG_OK;
}

static const uint8_t class_to_label[2] = {1, 2};
static const uint8_t thresholds[3] = {0, 20, 20};
static const tg_hysteresis_config_t segmenter_config = {50, 50, 1, 40, 1, 1, 2};
static const tg_classifier_config_t config = {
    {40, {2, {16, 16, 0, 0, 0, 0, 0, 0}, 1, 1}, &tg_hysteresis_kind, &segmenter_config},
    extract_means,
    NULL,
    toy_network,
    {2, class_to_label, thresholds, NULL, 5, 1, 1, NULL, NULL},
    2};

static int16_t ring_rows[40 * 2];
static uint16_t motion[1];
static tg_hysteresis_t segmenter_state;
static int16_t scratch[40];
static int8_t input[2];
static int8_t logits[2];
static uint8_t arena[1];

static void print_answer(tg_status_t status, const tg_event_t *event) {
    if (status == TG_EVENT) {
        printf("event %u %u %u %u\n", (unsigned)event->label, (unsigned)event->score,
               (unsigned)event->start, (unsigned)event->length);
    } else if (status != TG_OK) {
        printf("status %d\n", (int)status);
    }
}

static void push(void) {
    int a = 0;
    int b = 0;
    tg_event_t event;

    if (scanf("%d %d", &a, &b) != 2) {
        return;
    }
    const int16_t sample[2] = {(int16_t)a, (int16_t)b};
    print_answer(tg_classifier_push(&classifier, sample, &event), &event);
}

static void finish(void) {
    tg_event_t event;

    print_answer(tg_classifier_finish(&classifier, &event), &event);
}

static void skip(void) {
    unsigned n_missing = 0;

    if (scanf("%u", &n_missing) == 1) {
        tg_classifier_skip(&classifier, n_missing);
    }
}

int main(void) {
    const tg_classifier_memory_t memory = {
        {ring_rows, motion, &segmenter_state}, scratch, input, logits, arena, NULL};
    const int16_t sample[2] = {0, 0};
    tg_event_t event;
    char command = 0;

    tg_classifier_init(&classifier, &config, &memory);
    printf("arguments %d %d %d %d %d\n", (int)tg_classifier_push(NULL, sample, &event),
           (int)tg_classifier_push(&classifier, NULL, &event),
           (int)tg_classifier_push(&classifier, sample, NULL),
           (int)tg_classifier_finish(NULL, &event), (int)tg_classifier_finish(&classifier, NULL));
    while (scanf(" %c", &command) == 1) {
        const int8_t *const scores = tg_classifier_last_scores(&classifier);
        switch (command) {
        case 's': push(); break;
        case 'g': skip(); break;
        case 'r': tg_classifier_reset(&classifier); break;
        case 'e': finish(); break;
        case 'f': network_fails = true; break;
        case 'l': printf("scores %d %d\n", scores[0], scores[1]); break;
        default: return 1;
        }
    }
    return 0;
}
