/* Stands where Bosch's configuration block comes out of Arduino_BMI270_BMM150: the same size, our own
 * bytes. The virtual BMI270 measures once exactly these were loaded; a real one would not. */
#include <stdint.h>

#define ROW(n) (n), (n) ^ 0x5A, (n) + 1, (n) ^ 0xA5, (n) + 2, (n) ^ 0x3C, (n) + 3, (n) ^ 0xC3
#define ROWS(n) ROW(n), ROW((n) + 8), ROW((n) + 16), ROW((n) + 24)
#define BLOCK ROWS(0), ROWS(32), ROWS(64), ROWS(96), ROWS(11), ROWS(43), ROWS(75), ROWS(107)

const uint8_t bmi270_config_file[8192];
const uint8_t bmi270_config_file[8192] = {
    BLOCK, 1, 2, 3, 4, 5, 6, 7, 8, 9, BLOCK, 11, 12, 13, BLOCK, 14, 15, BLOCK, 16, BLOCK, BLOCK, 17,
};
