// Every unit exactly once, for any number of threads and of units, over and over; pools come and go.
#include <atomic>

#include "executor/thread_pool.h"
#include "testing.h"

TEST_CASE("every unit runs exactly once") {
  for (int threads : {1, 2, 3, 8}) {
    lamella::ThreadPool pool;
    REQUIRE(pool.start(threads));
    for (int round = 0; round < 2000; round++) {
      struct Context {
        std::atomic<int> seen[40];
        std::atomic<bool> wrong_thread;
        int threads;
      } context = {};
      context.threads = threads;
      int units = round % 40;
      pool.run(
          units,
          [](void* c, int64_t unit, int thread) {
            Context& own = *static_cast<Context*>(c);
            own.seen[unit]++;
            if (thread < 0 || thread >= own.threads) own.wrong_thread = true;
          },
          &context);
      for (int i = 0; i < 40; i++) REQUIRE(context.seen[i] == (i < units ? 1 : 0));
      REQUIRE(!context.wrong_thread);
    }
  }
}

TEST_CASE("pools start and stop") {
  for (int i = 0; i < 200; i++) {
    lamella::ThreadPool pool;
    REQUIRE(pool.start(4));
  }
}
