/* The part of Mbed OS and of Nordic's registers that platform_nano33.cpp uses. */
#ifndef MBED_H
#define MBED_H

#include <stdint.h>

typedef void *osThreadId_t;
osThreadId_t osThreadGetId();
uint32_t osThreadGetStackSpace(osThreadId_t thread);

struct NRF_POWER_Type {
    volatile uint32_t RESETREAS;
};
struct NRF_FICR_Type {
    volatile uint32_t DEVICEID[2];
};
#define NRF_POWER ((NRF_POWER_Type *)0x40000400)
#define NRF_FICR ((NRF_FICR_Type *)0x10000060)

namespace mbed {

class Watchdog {
  public:
    static Watchdog &get_instance();
    bool start(uint32_t timeout_ms);
    void kick();
};

class FlashIAP {
  public:
    int init();
    int deinit();
    uint32_t get_flash_start() const;
    uint32_t get_flash_size() const;
    uint32_t get_sector_size(uint32_t address) const;
    int read(void *data, uint32_t address, uint32_t n);
    int erase(uint32_t address, uint32_t n);
    int program(const void *data, uint32_t address, uint32_t n);
};

} // namespace mbed

#endif
