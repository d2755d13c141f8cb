#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "board.h"

namespace virtual_board {

uint16_t get_u16(const Bytes &bytes, std::size_t at) {
    return at + 2 > bytes.size() ? 0 : (uint16_t)(bytes[at] | bytes[at + 1] << 8);
}

uint32_t get_u32(const Bytes &bytes, std::size_t at) {
    return (uint32_t)get_u16(bytes, at) | (uint32_t)get_u16(bytes, at + 2) << 16;
}

void put_u16(Bytes *bytes, uint16_t value) {
    bytes->push_back((uint8_t)(value & 0xFF));
    bytes->push_back((uint8_t)(value >> 8));
}

void put_u32(Bytes *bytes, uint32_t value) {
    put_u16(bytes, (uint16_t)(value & 0xFFFF));
    put_u16(bytes, (uint16_t)(value >> 16));
}

void put_u64(Bytes *bytes, uint64_t value) {
    put_u32(bytes, (uint32_t)(value & 0xFFFFFFFFU));
    put_u32(bytes, (uint32_t)(value >> 32));
}

void Link::send(uint8_t type, const Bytes &payload) {
    Bytes frame{type};
    put_u32(&frame, (uint32_t)payload.size());
    frame.insert(frame.end(), payload.begin(), payload.end());
    for (std::size_t done = 0; done < frame.size();) {
        const ssize_t n = ::write(STDOUT_FILENO, frame.data() + done, frame.size() - done);
        if (n <= 0) {
            std::exit(0); /* the radio is gone, and with it the reason to be */
        }
        done += (std::size_t)n;
    }
}

bool Link::read(int timeout_us) {
    struct pollfd fd = {STDIN_FILENO, POLLIN, 0};
    struct timespec timeout = {timeout_us / 1000000, timeout_us % 1000000 * 1000L};
    while (::ppoll(&fd, 1, &timeout, nullptr) > 0) {
        uint8_t buffer[65536];
        const ssize_t n = ::read(STDIN_FILENO, buffer, sizeof buffer);
        if (n <= 0) {
            return false;
        }
        inbox_.insert(inbox_.end(), buffer, buffer + n);
        timeout = {0, 0};
    }
    return true;
}

bool Link::take(Message *message) {
    const std::size_t n_there = inbox_.size() - at_;
    if (n_there < 5 || n_there - 5 < get_u32(inbox_, at_ + 1)) {
        inbox_.erase(inbox_.begin(), inbox_.begin() + (std::ptrdiff_t)at_);
        at_ = 0;
        return false;
    }
    const auto begin = inbox_.begin() + (std::ptrdiff_t)at_ + 5;
    const uint32_t n = get_u32(inbox_, at_ + 1);
    message->type = inbox_[at_];
    message->payload.assign(begin, begin + n);
    at_ += 5U + n;
    return true;
}

} // namespace virtual_board
