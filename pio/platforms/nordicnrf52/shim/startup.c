/* From reset to main(). */
#include <stdint.h>
#include <stdlib.h>

extern uint32_t data_source, data_begin, data_end, bss_begin, bss_end, stack_top;
extern void __libc_init_array(void);
extern int main(void);
#ifdef TINYGEST_EMULATED
extern void initialise_monitor_handles(void);
#endif

void _init(void);
void _fini(void);
void _init(void) {
}
void _fini(void) {
}

static void enable_fpu(void) {
    *(volatile uint32_t *)0xE000ED88U |= 0xFU << 20;
    __asm volatile("dsb\n isb");
}

void Reset_Handler(void);
void Reset_Handler(void) {
    const uint32_t *from = &data_source;

    enable_fpu();
    for (uint32_t *to = &data_begin; to < &data_end; ++to) {
        *to = *from++;
    }
    for (uint32_t *to = &bss_begin; to < &bss_end; ++to) {
        *to = 0;
    }
#ifdef TINYGEST_EMULATED
    initialise_monitor_handles();
#endif
    __libc_init_array();
    exit(main());
}

static void stop(void) {
#ifdef TINYGEST_EMULATED
    abort();
#endif
    for (;;) {
    }
}

__attribute__((section(".vectors"), used)) void *const tinygest_vectors[16] = {
    &stack_top, Reset_Handler, stop, stop, stop, stop, stop, 0, 0, 0, 0, stop, stop, 0, stop, stop};
