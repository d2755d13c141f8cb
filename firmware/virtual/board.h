/* The virtual board: clock, link to the virtual radio, sensor, faults. docs/virtual-board.md. */
#ifndef VIRTUAL_BOARD_H
#define VIRTUAL_BOARD_H

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "imu_model.h"

namespace virtual_board {

/* Types of message; the layouts are in docs/virtual-board.md. */
enum ToRadio : uint8_t {
    kHello = 0x01, kTable = 0x02, kAdvertise = 0x03, kStopAdvertise = 0x04, kValue = 0x05, kNotify = 0x06,
    kDisconnect = 0x07, kParameters = 0x08, kLeds = 0x09, kSerialPath = 0x0A, kFeedDone = 0x0B,
    kSampling = 0x0C, kFeedBegan = 0x0D
};
enum FromRadio : uint8_t {
    kConnected = 0x81, kMtu = 0x82, kDisconnected = 0x83, kWrite = 0x84, kSubscribe = 0x85, kCredit = 0x86,
    kRssi = 0x87, kFeedRows = 0x90, kFeedStart = 0x91, kFeedEnd = 0x92, kFault = 0x93, kShutdown = 0x94,
    kFeedClear = 0x95
};
enum Fault : uint8_t { kStall = 1, kReboot = 2, kOverrun = 3, kBusFailure = 4, kHang = 5 };

struct Options {
    std::string imu = "bmi270";   /* or lsm9ds1, none */
    std::string store;            /* file of settings; empty: they last until the end of the process */
    std::string serial_link;      /* symbolic link to the pty */
    uint64_t device_id = 0x7E57;
    double speed = 1;             /* of the clock; 0: a millisecond a turn, as fast as it goes */
    double rate_error = 0;        /* of the sensor's crystal, a share */
    bool has_radio = true;
    bool rests = true;            /* without a feed the sensor lies on a table; false: it makes nothing */
    uint8_t reset_cause = 0;
    uint64_t patience_us = 0;     /* waiting for the radio, the clock goes no further beyond its last word; 0: it does */
};

using Bytes = std::vector<uint8_t>;

struct Message {
    uint8_t type;
    Bytes payload;
};

/* Messages over standard input and output: type u8, length u32, payload. */
class Link {
  public:
    void send(uint8_t type, const Bytes &payload);
    /* Reads what is there, waits at most so long for the first byte. False: the other side is gone. */
    bool read(int timeout_us);
    bool take(Message *message);

  private:
    Bytes inbox_;
    std::size_t at_ = 0;
};

class Clock {
  public:
    void begin(double speed);
    void turn();   /* once a turn of the loop: real time, but in small steps when the process was held up */
    /* The loop stands still: as much passes as in reality, up to the limit; nothing while the clock lags
     * behind anyway. */
    void wait(uint64_t limit_us);
    bool is_behind() const { return is_behind_; }
    uint64_t now_us() const { return now_us_; }
    uint64_t began_ns() const { return began_ns_; } /* by the computer's monotonic clock */

  private:
    uint64_t real_us() const;

    double speed_ = 1;
    bool is_behind_ = false;
    uint64_t seen_us_ = 0;
    uint64_t began_ns_ = 0;
    uint64_t now_us_ = 0;
};

/* Makes the sensor sample at its own rate: from the feed, else at rest, or not at all. */
class Feed {
  public:
    void begin(ImuModel *imu, const Options &options);
    void add_rows(const Bytes &payload);
    /* False: it was meant for an earlier start of the driver. */
    bool start(const Bytes &payload, uint64_t now_us, uint32_t n_starts);
    void end() { has_end_ = true; }
    void overrun(uint32_t n_rows);
    /* True, once: the feed has run out and everything was read. */
    bool update(uint64_t now_us);
    /* The driver starts to measure: what was playing ends here. */
    void restart();
    void clear();

  private:
    void make_one();

    ImuModel *imu_ = nullptr;
    std::deque<int16_t> values_;
    bool rests_ = true, is_playing_ = false, has_end_ = false, is_part_scale_ = false;
    double rate_error_ = 0;
    uint64_t feed_rate_mhz_ = 0;
    uint64_t began_us_ = 0, n_made_ = 0, rate_mhz_ = 0;
};

class Board {
  public:
    void begin(const Options &options, char **argv);
    /* One turn around loop(): messages, clock, sensor, faults. */
    void turn();
    /* Inside a shim that has to wait for something. */
    void wait_a_moment();
    bool is_over() const { return is_over_; }
    bool may_run() const { return stalled_until_us_ <= clock.now_us(); }
    void kick() { kicked_us_ = clock.now_us(); }
    void start_watchdog(uint32_t timeout_ms);
    void reboot(uint8_t cause);

    Options options;
    Clock clock;
    Link link;
    Feed feed;
    std::unique_ptr<ImuModel> imu;
    uint32_t n_bus_failures = 0; /* transactions that will get no answer */

  private:
    void listen(int timeout_us);
    void let_time_pass(bool stands_still);
    void notice_start();
    void take_messages();
    void take_fault(const Bytes &payload);
    void start_feed(const Bytes &payload);

    char **argv_ = nullptr;
    bool is_over_ = false;
    uint64_t stalled_until_us_ = 0;
    uint64_t kicked_us_ = 0;
    uint64_t watchdog_us_ = 0;
    uint32_t n_starts_ = 0;
    uint64_t heard_us_ = 0;
};

extern Board board;

/* The shims' sides of the link. */
void ble_message(const Message &message);
void serial_begin();
void serial_wait(int timeout_us);

uint16_t get_u16(const Bytes &bytes, std::size_t at);
uint32_t get_u32(const Bytes &bytes, std::size_t at);
void put_u16(Bytes *bytes, uint16_t value);
void put_u32(Bytes *bytes, uint32_t value);
void put_u64(Bytes *bytes, uint64_t value);

} // namespace virtual_board

#endif
