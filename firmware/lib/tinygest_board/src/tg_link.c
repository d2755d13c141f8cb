#include "tg_link.h"

void tg_link_begin(tg_link_t *link) {
    link->is_up = true;
    link->expects_heartbeat = false;
    link->is_probed = false;
    link->is_leaving = false;
    link->payload = TG_MAX_PAYLOAD;
}

void tg_link_end(tg_link_t *link, bool was_streaming) {
    if (link->is_up && was_streaming && !link->is_leaving) {
        ++link->n_losses;
    }
    link->is_up = false;
    link->expects_heartbeat = false;
}

void tg_link_heartbeat(tg_link_t *link, uint32_t now_ms) {
    link->expects_heartbeat = true;
    link->last_heartbeat_ms = now_ms;
}

static bool is_silent_for(const tg_link_t *link, uint32_t now_ms, uint32_t timeout_ms) {
    return link->is_up && link->expects_heartbeat && now_ms - link->last_heartbeat_ms > timeout_ms;
}

bool tg_link_is_silent(const tg_link_t *link, uint32_t now_ms) {
    return is_silent_for(link, now_ms, TG_HEARTBEAT_TIMEOUT_MS);
}

bool tg_link_is_stuck(const tg_link_t *link, uint32_t now_ms) {
    return is_silent_for(link, now_ms, 3 * TG_HEARTBEAT_TIMEOUT_MS);
}

bool tg_link_learn(tg_link_t *link, uint16_t n_asked, uint16_t n_sent) {
    if (n_sent >= n_asked || n_sent == 0) { /* 0: nobody is there any more */
        return true;
    }
    link->payload = n_sent < TG_MIN_PAYLOAD ? TG_MIN_PAYLOAD : n_sent;
    return false;
}
