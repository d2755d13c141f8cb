/* Where samples and events go: tinygest frames to one listener, SensiML's rows and results to whoever
 * asked for them. */
#ifndef OUTPUTS_H
#define OUTPUTS_H

#include "tg_frame.h"

namespace outputs {

enum class Listener { kNobody, kBle, kSerial };

/* From the next sample on, index 0. rows_per_frame 0: no sample frames. */
void start(Listener listener, uint16_t rate_hz, uint8_t rows_per_frame, bool is_raw);

/* What was collected goes out, then nothing more to the listener. */
void stop();

Listener listener();

/* True while anybody over BLE waits for samples or events. */
bool is_wanted_over_ble();

void sample(const int16_t *row);
void gap(uint32_t n_missing);
void event(const tg_reported_event_t &reported);

/* The link turned out to carry too little for the rate; sample frames were given up. */
bool is_payload_too_small();

} // namespace outputs

#endif
