/* Made by tools/make_tables.py, which says what the numbers are. Do not edit. */
#include "tg_log2.h"

const uint16_t tg_log2_table[TG_LOG2_STEPS + 1] = {
    0, 1455, 2866, 4236, 5568, 6863, 8124, 9352,
    10549, 11716, 12855, 13968, 15055, 16117, 17156, 18173,
    19168, 20143, 21098, 22034, 22952, 23852, 24736, 25604,
    26455, 27292, 28114, 28922, 29717, 30498, 31267, 32024,
    32768,
};
