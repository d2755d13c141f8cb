/* Calls that C cannot write: on another stack, and of a known number of instructions. */
    .syntax unified
    .thumb

/* int32_t call_on_stack(void *a, const void *b, void *c, board_fn function)
 * function(a, b, c) with the stack pointer at the end of call_stack. */
    .section .text.call_on_stack, "ax", %progbits
    .global call_on_stack
    .type call_on_stack, %function
call_on_stack:
    push    {r4, lr}
    mov     r4, sp
    ldr     r12, =call_stack_end
    ldr     r12, [r12]
    mov     sp, r12
    blx     r3
    mov     sp, r4
    pop     {r4, pc}
    .ltorg
    .size call_on_stack, . - call_on_stack

/* One instruction. */
    .section .text.call_nothing, "ax", %progbits
    .global call_nothing
    .type call_nothing, %function
call_nothing:
    bx      lr
    .size call_nothing, . - call_nothing

/* 1 + 2 * 1000 + 1 instructions. */
    .section .text.call_known_loop, "ax", %progbits
    .global call_known_loop
    .type call_known_loop, %function
call_known_loop:
    mov     r0, #1000
1:  subs    r0, r0, #1
    bne     1b
    bx      lr
    .size call_known_loop, . - call_known_loop
