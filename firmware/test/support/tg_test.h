/* As much of a test framework as these tests need. Prints what Unity prints, so that `pio test`
 * understands it. */
#ifndef TG_TEST_H
#define TG_TEST_H

#include <cstdio>
#include <cstring>

namespace tg_test {

static int n_tests = 0;
static int n_failures = 0;
static bool failed = false;

inline void check(bool is_right, const char *what, const char *file, int line, const char *name) {
    if (!is_right && !failed) {
        failed = true;
        std::printf("%s:%d:%s:FAIL: %s\n", file, line, name, what);
    }
}

template <typename Test> void run(const char *name, const char *file, int line, Test test) {
    failed = false;
    ++n_tests;
    test(name);
    if (failed) {
        ++n_failures;
    } else {
        std::printf("%s:%d:%s:PASS\n", file, line, name);
    }
}

inline int finish() {
    std::printf("\n-----------------------\n%d Tests %d Failures 0 Ignored\n%s\n", n_tests, n_failures,
                n_failures == 0 ? "OK" : "FAIL");
    return 0; /* the runner reads the lines; it takes another status for a crash */
}

} // namespace tg_test

#define CHECK(condition) tg_test::check((condition), #condition, __FILE__, __LINE__, name)
#define RUN(test) tg_test::run(#test, __FILE__, __LINE__, test)

#endif
