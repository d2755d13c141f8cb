/* From reset to main() on a Cortex-M4F, and what happens on a fault. */
#include <stdint.h>

#include "board.h"
#include "semihosting.h"

extern const uint32_t linker_data_source[];
extern uint32_t linker_data_start[], linker_data_end[], linker_bss_start[], linker_bss_end[];
extern uint32_t linker_stack_top[];

int main(void);
void reset_handler(void);
void fault_handler(void);

#define CPACR (*(volatile uint32_t *)0xE000ED88u) /* coprocessor access; Armv7-M B3.2.20 */

void reset_handler(void)
{
    CPACR |= 0xFu << 20; /* the FPU: images of other compilers' flags may save its registers */
    __asm__ volatile("dsb\n\tisb");
    const uint32_t *source = linker_data_source;
    for (uint32_t *word = linker_data_start; word < linker_data_end; word++) {
        *word = *source++;
    }
    for (uint32_t *word = linker_bss_start; word < linker_bss_end; word++) {
        *word = 0;
    }
    semihosting_exit(main());
}

void fault_handler(void)
{
    board_fail("the emulated processor took a fault");
}

/* Armv7-M B1.5.3; the first word is the stack pointer, unused exceptions take the fault handler. */
__attribute__((section(".vectors"), used)) const uintptr_t vectors[16] = {
    (uintptr_t)linker_stack_top, (uintptr_t)reset_handler, (uintptr_t)fault_handler,
    (uintptr_t)fault_handler,    (uintptr_t)fault_handler, (uintptr_t)fault_handler,
    (uintptr_t)fault_handler,    0, 0, 0, 0,               (uintptr_t)fault_handler,
    (uintptr_t)fault_handler,    0,                        (uintptr_t)fault_handler,
    (uintptr_t)fault_handler,
};
