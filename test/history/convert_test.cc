// JSON lines: each kind of operation in the form for other checkers.
#include "history/convert.h"

#include <gtest/gtest.h>

#include <sstream>

namespace remote_dram::history {
namespace {

class ConvertTest : public testing::Test {
 protected:
  void Add(Operation operation, const std::vector<Item>& items) {
    operation.began_ns = 10;
    operation.ended_ns = 20;
    operation.incarnation = 1;
    history_.Add(operation, items);
  }
  std::string Json() const {
    std::ostringstream out;
    WriteJson(history_, out);
    return out.str();
  }

  History history_;
};

TEST_F(ConvertTest, WritesReadsOfValuesOfVersionsAndOfNothing) {
  Add({.sequence = 4, .kind = Kind::kWrite, .end = End::kDone}, {{.value = 99, .what = What::kValue}});
  Add({.sequence = 6, .end = End::kDone}, {{.value = 16, .sequence = 4, .what = What::kVersion}, {.key = 2}});
  EXPECT_EQ(Json(),
            R"({"op":"write","inv":10,"ret":20,"inc":1,"keys":{"0":{"val":99}},"seq":4,"ok":true})"
            "\n"
            R"({"op":"read","inv":10,"ret":20,"inc":1,"keys":{"0":{"val":99,"seq":4},"2":{"val":null,"seq":6}}})"
            "\n");
}

TEST_F(ConvertTest, WritesConditionsRefusalsAndUnknownOutcomes) {
  const Item if_missing{.condition = Condition::kMissing};
  Add({.sequence = 4, .kind = Kind::kWrite, .end = End::kRefused}, {if_missing});
  Add({.kind = Kind::kWrite, .end = End::kUnknown}, {if_missing});
  Add({.kind = Kind::kWrite, .end = End::kFailed}, {if_missing});
  EXPECT_EQ(Json(),
            R"({"op":"write","inv":10,"ret":20,"inc":1,"keys":{"0":{"val":null,"exp":0}},"seq":4,"ok":false})"
            "\n"
            R"({"op":"write","inv":10,"ret":null,"inc":1,"keys":{"0":{"val":null,"exp":0}},"seq":0,"ok":true})"
            "\n");
}

TEST_F(ConvertTest, WritesRangesAsWhatTheyMayHaveDoneToEachKey) {
  Add({.sequence = 9, .first_key = 3, .end_key = 4, .kind = Kind::kDeleteRange, .end = End::kDone}, {});
  Add({.sequence = 9, .first_key = 3, .end_key = 4, .target_key = 7, .kind = Kind::kCopyRange, .end = End::kDone}, {});
  Add({.sequence = 9, .end = End::kDone}, {{.value = 99, .sequence = 8, .key = 7, .what = What::kValue}});
  EXPECT_EQ(Json(),
            R"({"op":"write","inv":10,"ret":null,"inc":1,"keys":{"3":{"val":null}},"seq":0,"ok":true})"
            "\n"
            R"({"op":"read","inv":10,"ret":20,"inc":1,"keys":{"7":{"val":99,"seq":8}}})"
            "\n"
            R"({"op":"write","inv":10,"ret":null,"inc":1,"keys":{"7":{"val":99}},"seq":0,"ok":true})"
            "\n");
}

}  // namespace
}  // namespace remote_dram::history
