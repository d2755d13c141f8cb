/* The firmware as a process. What it speaks on standard input and output: docs/virtual-board.md. */
#ifndef PIO_UNIT_TESTING

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "Arduino.h"
#include "board.h"

using virtual_board::board;

namespace {

const char *value_of(const char *word, const char *name) {
    const size_t length = std::strlen(name);
    return std::strncmp(word, name, length) == 0 && word[length] == '=' ? word + length + 1 : nullptr;
}

bool take_option(const char *word, virtual_board::Options *options) {
    const char *value = nullptr;
    if ((value = value_of(word, "--imu")) != nullptr) {
        options->imu = value;
    } else if ((value = value_of(word, "--store")) != nullptr) {
        options->store = value;
    } else if ((value = value_of(word, "--serial-link")) != nullptr) {
        options->serial_link = value;
    } else if ((value = value_of(word, "--device-id")) != nullptr) {
        options->device_id = std::strtoull(value, nullptr, 16);
    } else if ((value = value_of(word, "--speed")) != nullptr) {
        options->speed = std::atof(value);
    } else if ((value = value_of(word, "--rate-error")) != nullptr) {
        options->rate_error = std::atof(value);
    } else if ((value = value_of(word, "--patience-ms")) != nullptr) {
        options->patience_us = (uint64_t)(std::atof(value) * 1000);
    } else if ((value = value_of(word, "--reset-cause")) != nullptr) {
        options->reset_cause = (uint8_t)std::atoi(value);
    } else if (std::strcmp(word, "--no-radio") == 0) {
        options->has_radio = false;
    } else if (std::strcmp(word, "--silent") == 0) {
        options->rests = false;
    } else {
        return false;
    }
    return true;
}

} // namespace

int main(int argc, char **argv) {
    virtual_board::Options options;
    for (int i = 1; i < argc; ++i) {
        if (!take_option(argv[i], &options)) {
            std::fprintf(stderr, "virtual board: %s is not an option; see docs/virtual-board.md\n", argv[i]);
            return 2;
        }
    }
    board.begin(options, argv);
    setup();
    while (!board.is_over()) {
        board.turn();
        if (board.may_run()) {
            loop();
        }
    }
    return 0;
}

#endif
