#ifndef ON_EVENT_H
#define ON_EVENT_H

#include "tg_types.h"

/* Called for every event that the model reports. label is its name, "unknown" for label 0. It runs
 * between samples: return within a few milliseconds, do not wait. */
void on_event(const tg_event_t &event, const char *label);

#endif
