/* The generated models of this image, or none. */
#ifndef MODEL_H
#define MODEL_H

#include "tg_protocol.h"
#include "tg_types.h"

namespace model {

const uint8_t kNone = 255;

uint8_t count();

/* Picks the model for a side: the first whose name says it, else the first. */
void select(uint8_t side);
uint8_t selected(); /* kNone without models */

const uint8_t *id(); /* (TG_ID_BYTES), or NULL */
uint16_t rate_hz();  /* 0 without a model, or if it is no whole number */

/* True when this board's samples are what the model was made for. */
bool fits();

/* From now on as new; then sample by sample. */
void start();
void skip(uint32_t n_missing);
tg_status_t push(const int16_t *row, tg_event_t *event);

/* No more samples: TG_EVENT when a movement was still going on and event was written. */
tg_status_t finish(tg_event_t *event);
const char *label_name(uint8_t label);

} // namespace model

#endif
