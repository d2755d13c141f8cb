#include "tg_box.h"

/* Of three channels over the same time: samples, or areas. */
typedef struct {
    int32_t a;
    int32_t b;
    int32_t c;
} tg_three_t;

static tg_three_t times(tg_three_t x, int32_t factor) {
    const tg_three_t product = {x.a * factor, x.b * factor, x.c * factor};

    return product;
}

static tg_three_t add_times(tg_three_t sum, tg_three_t x, int32_t factor) {
    sum.a += x.a * factor;
    sum.b += x.b * factor;
    sum.c += x.c * factor;
    return sum;
}

static int32_t *store(int32_t *area, uint16_t n_points, tg_three_t value) {
    area[0] = value.a;
    area[n_points] = value.b;
    area[2 * n_points] = value.c;
    return area + 1;
}

/* Time is counted in 1 / n_points of a sample, so that a sample lasts n_points and a point lasts n. */
void tg_box_areas(const tg_ring_t *ring, const tg_segment_t *segment,
                  const uint8_t channels[TG_BOX_CHANNELS], uint16_t n_points, int32_t *areas) {
    const uint8_t n_channels = ring->n_channels;
    const uint8_t a = channels[0];
    const uint8_t b = channels[1];
    const uint8_t c = channels[2];
    const int32_t n = segment->length;
    int32_t room = n;            /* what the open point still lacks */
    tg_three_t open = {0, 0, 0}; /* its area so far */
    tg_run_t runs[2];

    tg_ring_runs(ring, segment, runs);
    for (uint8_t i = 0; i < 2; ++i) {
        const int16_t *row = runs[i].rows;
        const int16_t *const end = row + (uint32_t)runs[i].n_rows * n_channels;
        for (; row != end; row += n_channels) {
            for (; room > n_points && row != end; row += n_channels) {
                open.a += n_points * row[a];
                open.b += n_points * row[b];
                open.c += n_points * row[c];
                room -= n_points;
            }
            if (row == end) {
                break;
            }
            /* The point ends in this sample or with it, and so may more points. */
            const tg_three_t x = {row[a], row[b], row[c]};
            areas = store(areas, n_points, add_times(open, x, room));
            for (room += n - n_points; room <= 0; room += n) {
                areas = store(areas, n_points, times(x, n));
            }
            open = times(x, n - room);
        }
    }
}

uint64_t tg_box_squares(const tg_ring_t *ring, const tg_segment_t *segment, uint8_t first) {
    const uint8_t n_channels = ring->n_channels;
    int64_t squares = 0;
    tg_run_t runs[2];

    tg_ring_runs(ring, segment, runs);
    for (uint8_t i = 0; i < 2; ++i) {
        const int16_t *x = runs[i].rows + first;
        for (uint16_t left = runs[i].n_rows; left > 0; --left) {
            squares += (int64_t)x[0] * x[0];
            squares += (int64_t)x[1] * x[1];
            squares += (int64_t)x[2] * x[2];
            x += n_channels;
        }
    }
    return (uint64_t)squares;
}
