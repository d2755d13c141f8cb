/* Serial on a pseudo-terminal: what the host opens is the board's USB port. */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "Arduino.h"
#include "board.h"

using virtual_board::board;

Stream Serial;

namespace {

int terminal = -1;
uint8_t inbox[256];
ssize_t n_inbox = 0;
ssize_t at_inbox = 0;

/* As on USB, a port that nobody holds open swallows nothing. */
bool is_open() {
    struct pollfd fd = {terminal, POLLOUT, 0};
    return terminal >= 0 && ::poll(&fd, 1, 0) >= 0 && (fd.revents & POLLHUP) == 0;
}

void make_raw(const char *path) {
    const int port = ::open(path, O_RDWR | O_NOCTTY);
    struct termios mode;
    if (port >= 0 && ::tcgetattr(port, &mode) == 0) {
        ::cfmakeraw(&mode);
        ::tcsetattr(port, TCSANOW, &mode);
    }
    ::close(port); /* opened and closed once, the terminal tells when nobody has it open */
}

void link_to(const char *path, const std::string &name) {
    ::unlink(name.c_str());
    if (::symlink(path, name.c_str()) != 0) {
        std::perror("virtual board: cannot make the link to the serial port");
        std::exit(1);
    }
}

} // namespace

namespace virtual_board {

void serial_begin() {
    terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (terminal < 0 || ::grantpt(terminal) != 0 || ::unlockpt(terminal) != 0) {
        std::perror("virtual board: no serial port");
        return;
    }
    const char *const path = ::ptsname(terminal);
    make_raw(path);
    if (!board.options.serial_link.empty()) {
        link_to(path, board.options.serial_link);
    }
    const std::string text(path);
    board.link.send(kSerialPath, Bytes(text.begin(), text.end()));
}

} // namespace virtual_board

void Stream::begin(unsigned long) {
}

Stream::operator bool() {
    return is_open();
}

int Stream::available() {
    if (at_inbox == n_inbox) {
        at_inbox = 0;
        n_inbox = terminal < 0 ? 0 : ::read(terminal, inbox, sizeof inbox);
        n_inbox = n_inbox < 0 ? 0 : n_inbox;
    }
    return (int)(n_inbox - at_inbox);
}

int Stream::read() {
    return available() > 0 ? inbox[at_inbox++] : -1;
}

/* Waits for a slow reader, as USB does, but not for one that has gone. */
size_t Stream::write(const uint8_t *data, size_t n) {
    size_t done = 0;
    while (done < n && is_open()) {
        const ssize_t n_taken = ::write(terminal, data + done, n - done);
        if (n_taken > 0) {
            done += (size_t)n_taken;
        } else {
            board.wait_a_moment();
        }
    }
    return done;
}
