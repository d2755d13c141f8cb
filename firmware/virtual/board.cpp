#include "board.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "Arduino.h"
#include "tg_protocol.h"

extern "C" const uint8_t bmi270_config_file[];

namespace virtual_board {

Board board;

namespace {

uint64_t steady_ns() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return (uint64_t)std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

std::unique_ptr<ImuModel> make_imu(const std::string &name) {
    if (name == "bmi270") {
        return std::unique_ptr<ImuModel>(new Bmi270Model(bmi270_config_file));
    }
    if (name == "lsm9ds1") {
        return std::unique_ptr<ImuModel>(new Lsm9ds1Model);
    }
    return nullptr;
}

const int kTurnUs = 1000; /* real time that a turn takes when the clock follows real time */
/* At most so much passes in a turn: a process that its computer held up is no board that stalls. */
const uint64_t kStepUs = 4000;

} // namespace

void Clock::begin(double speed) {
    speed_ = speed;
    began_ns_ = steady_ns();
}

uint64_t Clock::real_us() const {
    return (uint64_t)((double)(steady_ns() - began_ns_) / 1000.0 * speed_);
}

void Clock::turn() {
    if (speed_ == 0) {
        now_us_ += 1000;
        return;
    }
    seen_us_ = real_us();
    is_behind_ = seen_us_ > now_us_ + kStepUs;
    now_us_ = is_behind_ ? now_us_ + kStepUs : seen_us_;
}

void Clock::wait(uint64_t limit_us) {
    const uint64_t real = real_us();
    const uint64_t passed = real - seen_us_ < kStepUs ? real - seen_us_ : kStepUs;
    seen_us_ = real;
    if (!is_behind_ && now_us_ < limit_us) {
        now_us_ = now_us_ + passed < limit_us ? now_us_ + passed : limit_us;
    }
}

void Board::begin(const Options &chosen, char **argv) {
    options = chosen;
    argv_ = argv;
    clock.begin(options.speed);
    imu = make_imu(options.imu);
    feed.begin(imu.get(), options);
    Bytes hello{1, options.reset_cause};
    put_u64(&hello, clock.began_ns());
    link.send(kHello, hello);
    serial_begin();
}

void Board::start_watchdog(uint32_t timeout_ms) {
    watchdog_us_ = timeout_ms * 1000ULL;
    kick();
}

/* The process begins anew; the link stays open. */
void Board::reboot(uint8_t cause) {
    std::vector<std::string> words;
    for (char **word = argv_; *word != nullptr; ++word) {
        if (std::strncmp(*word, "--reset-cause=", 14) != 0) {
            words.emplace_back(*word);
        }
    }
    words.push_back("--reset-cause=" + std::to_string(cause));
    std::vector<char *> pointers;
    for (std::string &word : words) {
        pointers.push_back(&word[0]);
    }
    pointers.push_back(nullptr);
    ::execv("/proc/self/exe", pointers.data());
    std::perror("virtual board: cannot start again");
    std::exit(1);
}

void Board::take_fault(const Bytes &payload) {
    const uint32_t argument = get_u32(payload, 1);
    switch (payload.empty() ? 0 : payload[0]) {
    case kStall:
        stalled_until_us_ = clock.now_us() + argument * 1000ULL;
        break;
    case kHang:
        stalled_until_us_ = UINT64_MAX;
        break;
    case kReboot:
        reboot(TG_RESET_SOFTWARE);
        break;
    case kOverrun:
        feed.overrun(argument);
        break;
    case kBusFailure:
        n_bus_failures = argument;
        break;
    default:
        std::fprintf(stderr, "virtual board: a fault that does not exist was asked for\n");
    }
}

void Board::start_feed(const Bytes &payload) {
    const uint32_t n_starts = imu ? imu->n_starts() : 0;
    if (feed.start(payload, clock.now_us(), n_starts)) {
        Bytes began;
        put_u32(&began, n_starts);
        put_u64(&began, clock.now_us());
        link.send(kFeedBegan, began);
    }
}

void Board::take_messages() {
    Message message;
    while (link.take(&message)) {
        heard_us_ = clock.now_us();
        switch (message.type) {
        case kFeedRows:
            feed.add_rows(message.payload);
            break;
        case kFeedStart:
            start_feed(message.payload);
            break;
        case kFeedEnd:
            feed.end();
            break;
        case kFeedClear:
            feed.clear();
            break;
        case kFault:
            take_fault(message.payload);
            break;
        case kShutdown:
            is_over_ = true;
            break;
        default:
            ble_message(message);
        }
    }
}

void Board::listen(int timeout_us) {
    if (!link.read(timeout_us)) {
        std::exit(0);
    }
    take_messages();
}

/* Told, so that a recording can begin with the stream. */
void Board::notice_start() {
    if (imu == nullptr || imu->n_starts() == n_starts_) {
        return;
    }
    n_starts_ = imu->n_starts();
    feed.restart();
    Bytes payload;
    put_u32(&payload, imu->rate_mhz());
    put_u32(&payload, n_starts_);
    link.send(kSampling, payload);
}

void Board::let_time_pass(bool stands_still) {
    if (stands_still) {
        clock.wait(options.patience_us == 0 ? UINT64_MAX : heard_us_ + options.patience_us);
    } else {
        clock.turn();
    }
    notice_start();
    if (feed.update(clock.now_us())) {
        link.send(kFeedDone, {});
    }
    if (watchdog_us_ != 0 && clock.now_us() - kicked_us_ > watchdog_us_) {
        reboot(TG_RESET_WATCHDOG);
    }
}

void Board::turn() {
    const bool waits = options.speed > 0 && !clock.is_behind();
    listen(waits ? (int)(kTurnUs / (options.speed > 1 ? options.speed : 1)) : 0);
    let_time_pass(false);
}

/* Without real time the clock stands still meanwhile: nobody can say how long the radio takes. */
void Board::wait_a_moment() {
    listen(kTurnUs);
    if (options.speed > 0) {
        let_time_pass(true);
    }
}

} // namespace virtual_board

unsigned long micros() {
    return (uint32_t)virtual_board::board.clock.now_us();
}

unsigned long millis() {
    return (uint32_t)(virtual_board::board.clock.now_us() / 1000);
}

void pinMode(int, int) {
}

/* Bits of the lights that shine: 1 yellow, 2 red, 4 green, 8 blue. */
void digitalWrite(int pin, int value) {
    static uint8_t lights = 0;
    const int place = pin == LED_BUILTIN ? 0 : pin - LEDR + 1;
    const bool is_lit = pin == LED_BUILTIN ? value == HIGH : value == LOW;
    if (pin != LED_BUILTIN && (pin < LEDR || pin > LEDB)) {
        return;
    }
    const uint8_t before = lights;
    lights = (uint8_t)(is_lit ? lights | 1U << place : lights & ~(1U << place));
    if (lights != before) {
        virtual_board::board.link.send(virtual_board::kLeds, {lights});
    }
}
