#include "platform.h"

#include <cstdio>
#include <cstring>

#include "board.h"

using virtual_board::board;

namespace {

uint8_t kept[64];
size_t n_kept = 0;

} // namespace

namespace platform {

uint64_t device_id() {
    return board.options.device_id;
}

uint8_t reset_cause() {
    return board.options.reset_cause;
}

uint16_t free_stack() {
    return UINT16_MAX; /* a process has no stack that could be measured like the board's */
}

void start_watchdog(uint32_t timeout_ms) {
    board.start_watchdog(timeout_ms);
}

void kick_watchdog() {
    board.kick();
}

bool load(void *data, size_t n) {
    if (board.options.store.empty()) {
        std::memcpy(data, kept, n <= n_kept ? n : 0);
        return n <= n_kept;
    }
    std::FILE *const file = std::fopen(board.options.store.c_str(), "rb");
    const bool is_there = file != nullptr && std::fread(data, 1, n, file) == n;
    if (file != nullptr) {
        std::fclose(file);
    }
    return is_there;
}

bool store(const void *data, size_t n) {
    if (board.options.store.empty()) {
        std::memcpy(kept, data, n);
        n_kept = n;
        return true;
    }
    std::FILE *const file = std::fopen(board.options.store.c_str(), "wb");
    const bool is_written = file != nullptr && std::fwrite(data, 1, n, file) == n;
    return file != nullptr && std::fclose(file) == 0 && is_written;
}

} // namespace platform
