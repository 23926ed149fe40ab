#include "http/reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/exchange.h"

namespace chancery::http {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ReplyTest : public ::testing::Test {
 protected:
  std::vector<unsigned> delivered_;
  std::shared_ptr<Exchange> exchange_ =
      std::make_shared<Exchange>([this](const Response& response) { delivered_.push_back(response.status); });
  int closed_ = 0;
};

TEST_F(ReplyTest, DeliversWhatIsSent) {
  Reply(exchange_).send({.status = 204});
  EXPECT_THAT(delivered_, ElementsAre(204));
  EXPECT_EQ(exchange_->handler_returned(), Exchange::AfterHandler::over);
}

TEST_F(ReplyTest, WaitsWhileItIsKept) {
  Reply reply(exchange_);
  EXPECT_EQ(exchange_->handler_returned(), Exchange::AfterHandler::held);
  EXPECT_FALSE(reply.closed());
  Reply kept = std::move(reply);
  EXPECT_THAT(delivered_, IsEmpty());
  kept.send({.status = 204});
  EXPECT_THAT(delivered_, ElementsAre(204));
}

TEST_F(ReplyTest, IsAnswered500WhenItIsDroppedLater) {
  {
    const Reply reply(exchange_);
    EXPECT_EQ(exchange_->handler_returned(), Exchange::AfterHandler::held);
  }
  EXPECT_THAT(delivered_, ElementsAre(500));
}

TEST_F(ReplyTest, TellsTheServerWhenTheHandlerDropsIt) {
  {
    const Reply reply(exchange_);
  }
  EXPECT_THAT(delivered_, IsEmpty());
  EXPECT_EQ(exchange_->handler_returned(), Exchange::AfterHandler::dropped);
}

TEST_F(ReplyTest, IsAnsweredWhenAnotherTakesItsPlace) {
  Reply reply(exchange_);
  static_cast<void>(exchange_->handler_returned());
  reply = Reply(std::make_shared<Exchange>([](const Response&) {}));
  EXPECT_THAT(delivered_, ElementsAre(500));
}

TEST_F(ReplyTest, SaysOnceThatThePeerHasGoneAndSendsNothingThen) {
  Reply reply(exchange_);
  EXPECT_TRUE(reply.on_closed([this] { ++closed_; }));
  EXPECT_TRUE(exchange_->end());
  EXPECT_FALSE(exchange_->end());
  EXPECT_EQ(closed_, 1);
  EXPECT_TRUE(reply.closed());
  EXPECT_FALSE(reply.on_closed([this] { ++closed_; }));
  reply.send({.status = 204});
  EXPECT_THAT(delivered_, IsEmpty());
  EXPECT_EQ(closed_, 1);
}

TEST_F(ReplyTest, DoesNotSayThatThePeerHasGoneAfterTheAnswer) {
  Reply reply(exchange_);
  EXPECT_TRUE(reply.on_closed([this] { ++closed_; }));
  reply.send({.status = 204});
  EXPECT_FALSE(exchange_->end());
  EXPECT_EQ(closed_, 0);
}

TEST_F(ReplyTest, MayOwnWhatItsCallbackHolds) {
  // The callback goes with the answer, and with it the last owner of what waits for another exchange.
  auto other = std::make_shared<Exchange>([this](const Response& response) { delivered_.push_back(response.status); });
  static_cast<void>(other->handler_returned());
  auto inner = std::make_shared<Reply>(other);
  Reply reply(exchange_);
  EXPECT_TRUE(reply.on_closed([inner = std::move(inner)] {}));
  reply.send({.status = 204});
  EXPECT_THAT(delivered_, ElementsAre(204, 500));
}

}  // namespace
}  // namespace chancery::http
