/* Little-endian numbers into bytes and back, whatever the processor's own order. */
#ifndef TG_BYTES_H
#define TG_BYTES_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline uint8_t *tg_put_u16(uint8_t *out, uint16_t value) {
    out[0] = (uint8_t)(value & 0xFFU);
    out[1] = (uint8_t)(value >> 8);
    return out + 2;
}

static inline uint8_t *tg_put_u32(uint8_t *out, uint32_t value) {
    return tg_put_u16(tg_put_u16(out, (uint16_t)(value & 0xFFFFU)), (uint16_t)(value >> 16));
}

static inline uint16_t tg_get_u16(const uint8_t *in) {
    return (uint16_t)(in[0] | (uint16_t)(in[1] << 8));
}

static inline int16_t tg_get_s16(const uint8_t *in) {
    const int32_t value = tg_get_u16(in);
    return (int16_t)(value > INT16_MAX ? value - 65536 : value);
}

/* A counter that stays at its largest value. */
static inline uint16_t tg_clip_u16(uint32_t value) {
    return (uint16_t)(value > UINT16_MAX ? UINT16_MAX : value);
}

#ifdef __cplusplus
}
#endif

#endif
