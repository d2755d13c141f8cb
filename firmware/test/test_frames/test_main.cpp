/* The board's side of every frame, against the examples that Python is tested with. */
#include <cstdint>

#include "tg_batcher.h"
#include "tg_contracts.h"
#include "tg_frame.h"
#include "tg_link.h"
#include "tg_serial_parser.h"
#include "tg_ssi.h"
#include "tg_test.h"

#define VECTOR_HEAD                                                                                          \
    const char *name;                                                                                        \
    size_t n_bytes;                                                                                          \
    uint8_t bytes[256];

struct samples_vector_t {
    VECTOR_HEAD tg_sample_header_t header;
    int16_t rows[60];
};
struct event_vector_t {
    VECTOR_HEAD tg_reported_event_t value;
};
struct health_vector_t {
    VECTOR_HEAD tg_health_t value;
};
struct info_vector_t {
    VECTOR_HEAD uint8_t kinds[8];
    uint64_t device_id;
    uint32_t rate_mhz, part_rate_mhz;
    uint8_t capture_id[32], model_id[32];
    const char *board_name, *version;
};
struct command_vector_t {
    VECTOR_HEAD int op, tag, status, n_arguments;
    uint8_t arguments[64];
};
typedef command_vector_t reply_vector_t;
struct ssi_v2_vector_t {
    VECTOR_HEAD int channel, sequence, n_values;
    int16_t values[60];
};
struct ssi_config_vector_t {
    VECTOR_HEAD int rate_hz, samples_per_packet, version;
};
struct result_line_vector_t {
    VECTOR_HEAD int model, label, start, length;
};
struct sensiml_result_vector_t {
    VECTOR_HEAD int model, label;
};
struct advertising_vector_t {
    VECTOR_HEAD int mode, side, device_id;
    const char *board_name, *scan_response;
};

#include "vectors.h"

namespace {

uint8_t out[512];

template <typename Vector> bool is_same(const Vector &vector, size_t n_bytes) {
    return n_bytes == vector.n_bytes && std::memcmp(out, vector.bytes, n_bytes) == 0;
}

void samples_through_the_batcher(const char *name) {
    for (const auto &vector : samples_vectors) {
        const tg_sample_header_t &header = vector.header;
        tg_batcher_t batcher;
        tg_batcher_start(&batcher, header.n_rows, header.flags & TG_FLAG_RAW);
        if ((header.flags & TG_FLAG_RESTART) == 0) {
            batcher.flags = batcher.lasting_flags;
        }
        if (header.flags & TG_FLAG_GAP) {
            tg_batcher_gap(&batcher, 0);
        }
        batcher.next_index = header.first_index;
        for (uint8_t i = 0; i < header.n_rows; ++i) {
            CHECK(tg_batcher_push(&batcher, vector.rows + 6 * i) == (i + 1 == header.n_rows));
        }
        const size_t n_bytes = tg_batcher_close(&batcher, 0x70000U + header.device_ms);
        std::memcpy(out, batcher.frame, n_bytes);
        CHECK(is_same(vector, n_bytes));
        CHECK(tg_batcher_close(&batcher, 0) == 0);
    }
}

void events(const char *name) {
    for (const auto &vector : event_vectors) {
        CHECK(is_same(vector, tg_put_event(out, &vector.value)));
    }
    for (const auto &vector : sensiml_result_vectors) {
        CHECK(is_same(vector, tg_put_sensiml_result(out, (uint16_t)vector.model, (uint16_t)vector.label)));
    }
}

void health(const char *name) {
    for (const auto &vector : health_vectors) {
        CHECK(is_same(vector, tg_put_health(out, &vector.value)));
    }
}

void info(const char *name) {
    for (const auto &vector : info_vectors) {
        const uint8_t *const kinds = vector.kinds;
        const bool has_model = kinds[6] != 255;
        const tg_info_t value = {kinds[0] != 0, kinds[1], kinds[2], kinds[3], kinds[4], kinds[5], kinds[6],
                                 kinds[7], vector.device_id, vector.rate_mhz, vector.part_rate_mhz,
                                 vector.capture_id, has_model ? vector.model_id : nullptr,
                                 vector.board_name, vector.version};
        CHECK(is_same(vector, tg_put_info(out, &value)));
        const tg_contract_t *const contract = tg_find_contract((uint16_t)(vector.rate_mhz / 1000));
        CHECK(contract != nullptr && std::memcmp(contract->capture_id, vector.capture_id, 32) == 0);
    }
}

void commands(const char *name) {
    for (const auto &vector : command_vectors) {
        tg_command_t command;
        CHECK(tg_get_command(vector.bytes, vector.n_bytes, &command));
        CHECK(command.op == vector.op && command.tag == vector.tag);
        CHECK(command.n_arguments == vector.n_arguments);
        CHECK(std::memcmp(command.arguments, vector.arguments, command.n_arguments) == 0);
    }
}

void what_is_no_command(const char *name) {
    tg_command_t command;
    uint8_t data[64] = {TG_OP_STOP};
    CHECK(!tg_get_command(data, 0, &command));
    CHECK(!tg_get_command(data, 1, &command));
    CHECK(tg_get_command(data, TG_MAX_COMMAND, &command));
    CHECK(!tg_get_command(data, TG_MAX_COMMAND + 1, &command));
    data[0] = 0;
    CHECK(!tg_get_command(data, 2, &command));
    data[0] = 0x80;
    CHECK(!tg_get_command(data, 2, &command));
}

void replies(const char *name) {
    for (const auto &vector : reply_vectors) {
        tg_command_t to = {};
        to.op = (uint8_t)vector.op;
        to.tag = (uint8_t)vector.tag;
        CHECK(is_same(vector, tg_put_reply(out, &to, (tg_command_status_t)vector.status, vector.arguments,
                                           (size_t)vector.n_arguments)));
    }
    const tg_started_t started = {100, 244, 5, 1};
    CHECK(tg_put_started(out, &started) == 6);
    CHECK(std::memcmp(out, reply_vectors[1].arguments, 6) == 0);
}

void ssi_v2(const char *name) {
    for (const auto &vector : ssi_v2_vectors) {
        const size_t n_payload = tg_put_row(out + TG_V2_HEADER_BYTES, vector.values, (uint8_t)vector.n_values);
        CHECK(is_same(vector, tg_ssi_v2_wrap(out, n_payload, (uint8_t)vector.channel, (uint32_t)vector.sequence)));
    }
}

void ssi_texts(const char *name) {
    char *const text = reinterpret_cast<char *>(out);
    for (const auto &vector : ssi_config_vectors) {
        CHECK(is_same(vector, tg_ssi_config(text, (uint16_t)vector.rate_hz, (uint8_t)vector.version,
                                            (uint8_t)vector.samples_per_packet)));
    }
    for (const auto &vector : result_line_vectors) {
        const tg_event_t event = {(uint8_t)vector.label, 0, (uint32_t)vector.start, (uint16_t)vector.length};
        CHECK(is_same(vector, tg_ssi_result(text, (uint8_t)vector.model, &event)));
    }
    const tg_event_t longest = {255, 255, UINT32_MAX, UINT16_MAX};
    CHECK(tg_ssi_result(text, 255, &longest) <= TG_SSI_RESULT_BYTES);
    CHECK(tg_ssi_config(text, UINT16_MAX, 255, 255) <= TG_SSI_CONFIG_BYTES);
}

void advertising(const char *name) {
    for (const auto &vector : advertising_vectors) {
        const size_t n_bytes = tg_put_manufacturer(out, (uint8_t)vector.mode, (uint8_t)vector.side,
                                                   UINT64_C(0x1234567800000000) + (uint64_t)vector.device_id);
        CHECK(n_bytes == TG_MANUFACTURER_BYTES && std::memcmp(out, vector.bytes + 25, n_bytes) == 0);
    }
}

tg_serial_input_t feed(tg_serial_parser_t *parser, const void *data, size_t n_bytes) {
    tg_serial_input_t last = TG_INPUT_NOTHING;
    for (size_t i = 0; i < n_bytes; ++i) {
        const tg_serial_input_t input = tg_serial_parser_push(parser, static_cast<const uint8_t *>(data)[i]);
        last = input != TG_INPUT_NOTHING ? input : last;
    }
    return last;
}

void serial_words(const char *name) {
    tg_serial_parser_t parser;
    tg_serial_parser_reset(&parser);
    CHECK(feed(&parser, "connect", 7) == TG_INPUT_CONNECT);
    CHECK(feed(&parser, "disconnect", 10) == TG_INPUT_DISCONNECT);
    CHECK(feed(&parser, "conneconnect\r\n", 14) == TG_INPUT_CONNECT);
    CHECK(feed(&parser, "disdisconnec", 12) == TG_INPUT_NOTHING);
    CHECK(feed(&parser, "t", 1) == TG_INPUT_DISCONNECT);
    CHECK(feed(&parser, "\xFF\xFF\xFFxyconnect", 12) == TG_INPUT_CONNECT);
}

void serial_commands(const char *name) {
    tg_serial_parser_t parser;
    tg_serial_parser_reset(&parser);
    for (const auto &vector : command_vectors) {
        std::memcpy(out + TG_V2_HEADER_BYTES, vector.bytes, vector.n_bytes);
        const size_t n_bytes = tg_ssi_v2_wrap(out, vector.n_bytes, TG_SERIAL_CONTROL, 1);
        CHECK(feed(&parser, out, n_bytes) == TG_INPUT_COMMAND);
        CHECK(parser.command.op == vector.op && parser.command.n_arguments == vector.n_arguments);
        out[n_bytes - 1] ^= 1;
        CHECK(feed(&parser, out, n_bytes) == TG_INPUT_NOTHING);
    }
    uint8_t name_command[] = {TG_OP_SET_NAME, 0, 'c', 'o', 'n', 'n', 'e', 'c', 't'};
    std::memcpy(out + TG_V2_HEADER_BYTES, name_command, sizeof name_command);
    CHECK(feed(&parser, out, tg_ssi_v2_wrap(out, sizeof name_command, TG_SERIAL_CONTROL, 1)) == TG_INPUT_COMMAND);
}

void serial_noise_is_survived(const char *name) {
    tg_serial_parser_t parser;
    uint32_t random = 1;
    tg_serial_parser_reset(&parser);
    for (int i = 0; i < 100000; ++i) {
        random = random * 1664525U + 1013904223U;
        const uint8_t byte = random & 0x80000000U ? 0xFF : (uint8_t)(random >> 16);
        (void)tg_serial_parser_push(&parser, byte);
        CHECK(parser.n_frame < sizeof parser.frame);
    }
    tg_serial_parser_reset(&parser);
    CHECK(feed(&parser, "connect", 7) == TG_INPUT_CONNECT);
}

void rows_follow_rate_and_payload(const char *name) {
    CHECK(tg_rows_per_frame(100, 244) == 5);
    CHECK(tg_rows_per_frame(400, 244) == 19);
    CHECK(tg_rows_per_frame(400, 182) == 14);
    CHECK(tg_rows_per_frame(25, 20) == 1);
    CHECK(tg_rows_per_frame(50, 20) == 1);
    CHECK(tg_rows_per_frame(100, 20) == 0);
    CHECK(tg_rows_per_frame(100, 7) == 0);
    CHECK(tg_highest_rate(20) == 50);
    CHECK(tg_highest_rate(182) == 400);
    CHECK(tg_highest_rate(8) == 0);
    CHECK(tg_find_contract(99) == nullptr);
}

void a_silent_central_is_given_up(const char *name) {
    tg_link_t link = {};
    tg_link_begin(&link);
    CHECK(!tg_link_is_silent(&link, 1000000));
    tg_link_heartbeat(&link, UINT32_MAX - 1000);
    CHECK(!tg_link_is_silent(&link, 3000));
    CHECK(tg_link_is_silent(&link, 5000));
    CHECK(!tg_link_is_stuck(&link, 13000) && tg_link_is_stuck(&link, 15001));
    tg_link_end(&link, true);
    CHECK(link.n_losses == 1 && !tg_link_is_silent(&link, 9000) && !tg_link_is_stuck(&link, 90000));
    tg_link_begin(&link);
    link.is_leaving = true;
    tg_link_end(&link, true);
    tg_link_begin(&link);
    tg_link_end(&link, false);
    CHECK(link.n_losses == 1);
}

void the_payload_is_learned(const char *name) {
    tg_link_t link = {};
    tg_link_begin(&link);
    CHECK(tg_link_learn(&link, 244, 244) && link.payload == 244);
    CHECK(tg_link_learn(&link, 244, 0) && link.payload == 244);
    CHECK(!tg_link_learn(&link, 244, 182) && link.payload == 182);
    CHECK(!tg_link_learn(&link, 244, 3) && link.payload == 20);
}

} // namespace

int main() {
    RUN(samples_through_the_batcher);
    RUN(events);
    RUN(health);
    RUN(info);
    RUN(commands);
    RUN(what_is_no_command);
    RUN(replies);
    RUN(ssi_v2);
    RUN(ssi_texts);
    RUN(advertising);
    RUN(serial_words);
    RUN(serial_commands);
    RUN(serial_noise_is_survived);
    RUN(rows_follow_rate_and_payload);
    RUN(a_silent_central_is_given_up);
    RUN(the_payload_is_learned);
    return tg_test::finish();
}
