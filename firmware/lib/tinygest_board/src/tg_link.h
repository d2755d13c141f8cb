/* What the board knows of its link: how much a notification carries, and whether anyone is there. */
#ifndef TG_LINK_H
#define TG_LINK_H

#include <stdbool.h>

#include "tg_protocol.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint32_t last_heartbeat_ms;
    uint32_t n_losses; /* links that ended without goodbye */
    uint16_t payload;  /* bytes that a notification carries, as far as is known */
    bool is_up;
    bool expects_heartbeat;
    bool is_probed; /* payload was learned on this link */
    bool is_leaving; /* the central said that it goes: STOP, or no subscription left */
} tg_link_t;

/* A central has connected. */
void tg_link_begin(tg_link_t *link);

/* The link is gone. It counts as lost if the board itself gave it up, or data was still wanted. */
void tg_link_end(tg_link_t *link, bool was_streaming);

/* HEARTBEAT came; from now on more are expected. */
void tg_link_heartbeat(tg_link_t *link, uint32_t now_ms);

/* True: the central has been silent for too long and is to be given up. */
bool tg_link_is_silent(const tg_link_t *link, uint32_t now_ms);

/* True: it was given up long ago and the link still stands, so the radio hangs. */
bool tg_link_is_stuck(const tg_link_t *link, uint32_t now_ms);

/* A notification of n_asked bytes went out, n_sent of them on the air: less than asked is all that
 * fits. Returns false when it was cut. */
bool tg_link_learn(tg_link_t *link, uint16_t n_asked, uint16_t n_sent);

#ifdef __cplusplus
}
#endif

#endif
