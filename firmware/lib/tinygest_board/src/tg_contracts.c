#include "tg_contracts.h"

#include <stddef.h>

#include "tg_batcher.h"

const tg_contract_t *tg_find_contract(uint16_t rate_hz) {
    for (uint8_t i = 0; i < TG_N_RATES; ++i) {
        if (tg_contracts[i].rate_hz == rate_hz) {
            return &tg_contracts[i];
        }
    }
    return NULL;
}

uint16_t tg_highest_rate(uint16_t payload) {
    for (uint8_t i = TG_N_RATES; i > 0; --i) {
        if (tg_rows_per_frame(tg_contracts[i - 1].rate_hz, payload) > 0) {
            return tg_contracts[i - 1].rate_hz;
        }
    }
    return 0;
}
