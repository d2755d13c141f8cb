/* SensiML's Simple Streaming Interface: its JSON and its v2 frames. */
#ifndef TG_SSI_H
#define TG_SSI_H

#include <stddef.h>

#include "tg_frame.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_SSI_CONFIG_BYTES 256 /* room that the configuration never fills */
#define TG_SSI_RESULT_BYTES 96
#define TG_V2_HEADER_BYTES 9
#define TG_V2_OVERHEAD 10

/* Each returns the length, without a line end; there is no terminating zero. */
size_t tg_ssi_config(char *out, uint16_t rate_hz, uint8_t version, uint8_t samples_per_packet);
size_t tg_ssi_result(char *out, uint8_t model, const tg_event_t *event);

/* Header before and checksum after a payload that lies at frame + TG_V2_HEADER_BYTES and has
 * n_payload bytes. Returns the frame's length. */
size_t tg_ssi_v2_wrap(uint8_t *frame, size_t n_payload, uint8_t channel, uint32_t sequence);

#ifdef __cplusplus
}
#endif

#endif
