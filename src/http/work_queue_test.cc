#include "http/work_queue.h"

#include <gtest/gtest.h>

#include <future>

namespace chancery::http {
namespace {

TEST(WorkQueue, RunsJobs) {
  WorkQueue queue(10);
  ASSERT_TRUE(queue.start(2));
  std::promise<int> first;
  std::promise<int> second;
  ASSERT_TRUE(queue.push([&] { first.set_value(1); }));
  ASSERT_TRUE(queue.push([&] { second.set_value(2); }));
  EXPECT_EQ(first.get_future().get(), 1);
  EXPECT_EQ(second.get_future().get(), 2);
}

TEST(WorkQueue, OutlivesAJobThatThrows) {
  WorkQueue queue(10);
  ASSERT_TRUE(queue.start(1));
  std::promise<void> next;
  ASSERT_TRUE(queue.push([] { throw std::bad_alloc(); }));
  ASSERT_TRUE(queue.push([&] { next.set_value(); }));
  next.get_future().get();
}

TEST(WorkQueue, RefusesMoreThanItsLength) {
  WorkQueue queue(2);
  EXPECT_TRUE(queue.push([] {}));
  EXPECT_TRUE(queue.push([] {}));
  EXPECT_FALSE(queue.push([] {}));
  EXPECT_EQ(queue.depth(), 2U);
}

TEST(WorkQueue, DoesFirstWhatIsUrgent) {
  WorkQueue queue(3);
  std::string order;
  std::promise<void> done;
  EXPECT_TRUE(queue.push([&] { order += 'a'; }));
  EXPECT_TRUE(queue.push([&] {
    order += 'b';
    done.set_value();
  }));
  EXPECT_TRUE(queue.push_first([&] { order += 'c'; }));
  EXPECT_FALSE(queue.push_first([&] { order += 'd'; }));
  ASSERT_TRUE(queue.start(1));
  done.get_future().wait();
  EXPECT_EQ(order, "cab");
}

TEST(WorkQueue, WaitsForWhatRunsAndHandsBackTheRest) {
  WorkQueue queue(10);
  ASSERT_TRUE(queue.start(1));
  std::promise<void> begun;
  std::promise<void> go_on;
  bool finished = false;
  bool never = true;
  ASSERT_TRUE(queue.push([&] {
    begun.set_value();
    go_on.get_future().wait();
    finished = true;
  }));
  begun.get_future().wait();
  ASSERT_TRUE(queue.push([&] { never = false; }));
  auto closing = std::async(std::launch::async, [&] { return queue.close().size(); });
  while (queue.depth() != 0) std::this_thread::yield();
  EXPECT_FALSE(queue.push([] {}));
  go_on.set_value();
  EXPECT_EQ(closing.get(), 1U);
  EXPECT_TRUE(finished);
  EXPECT_TRUE(never);
}

}  // namespace
}  // namespace chancery::http
