/* Walking over two inputs and an output of which an input may be smaller: its values then repeat. */
#ifndef TG_BROADCAST_H
#define TG_BROADCAST_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* sizes: of the output, outermost axis first. steps: how far apart neighbours along an axis lie in
 * each input, 0 where its values repeat. */
typedef struct {
    uint32_t sizes[4];
    uint32_t a_steps[4];
    uint32_t b_steps[4];
} tg_broadcast_t;

typedef struct {
    uint32_t a;
    uint32_t b;
} tg_broadcast_row_t;

static inline uint32_t tg_broadcast_rows(const tg_broadcast_t *over) {
    return over->sizes[0] * over->sizes[1] * over->sizes[2];
}

/* Where the inputs of a row begin; a row is the last axis. */
static inline tg_broadcast_row_t tg_broadcast_row(const tg_broadcast_t *over, uint32_t row) {
    tg_broadcast_row_t start = {0, 0};
    for (uint32_t axis = 3; axis-- > 0;) {
        const uint32_t at = row % over->sizes[axis];
        row /= over->sizes[axis];
        start.a += at * over->a_steps[axis];
        start.b += at * over->b_steps[axis];
    }
    return start;
}

#ifdef __cplusplus
}
#endif

#endif
