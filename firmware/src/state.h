/* What the application knows of itself, and reports. */
#ifndef STATE_H
#define STATE_H

#include "settings.h"
#include "tg_frame.h"

namespace state {

struct Board {
    settings::Settings settings;
    uint8_t mode;
    uint8_t faults; /* that are not seen elsewhere */
    uint16_t rate_hz;
    bool has_radio;
    uint32_t n_events;
    uint32_t longest_push_us; /* since the last report, like the next */
    uint32_t longest_loop_ms;
};

extern Board board;

void begin();

/* As of now; what is counted since the last report starts again. */
const tg_health_t *report_health();

/* As of now. */
const tg_info_t *report_info();

} // namespace state

#endif
