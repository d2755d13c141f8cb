/* The sensor contracts that a board can deliver: six axes, canonical counts, board frame, one rate each. */
#ifndef TG_CONTRACTS_H
#define TG_CONTRACTS_H

#include "tg_protocol.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_DEFAULT_RATE_HZ 100
#define TG_N_RATES 5

typedef struct {
    uint16_t rate_hz;
    uint8_t capture_id[TG_ID_BYTES];
} tg_contract_t;

/* By rising rate; made by tools/make_contracts.py. */
extern const tg_contract_t tg_contracts[TG_N_RATES];

/* NULL when no board delivers the rate. */
const tg_contract_t *tg_find_contract(uint16_t rate_hz);

/* The highest rate that notifications of this payload carry; 0 when none does. */
uint16_t tg_highest_rate(uint16_t payload);

#ifdef __cplusplus
}
#endif

#endif
