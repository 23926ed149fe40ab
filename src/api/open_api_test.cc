#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "api/route_table.h"
#include "testing/vectors.h"

namespace chancery::api {
namespace {

TEST(OpenApi, TheFileInTheRepositoryIsCurrent) {
  const Bytes file = testing::read_vector("../api/hub.openapi.json");
  EXPECT_TRUE(as_text(file) == open_api_document()) << "make it anew: chancery docs api > api/hub.openapi.json";
}

TEST(OpenApi, DescribesEveryRouteAndEverythingItRefersTo) {
  const boost::json::value document = boost::json::parse(open_api_document());
  EXPECT_EQ(document.at("openapi"), "3.1.0");
  std::size_t operations = 0;
  for (const auto& path : document.at("paths").as_object()) operations += path.value().as_object().size();
  EXPECT_EQ(operations, admin_routes().routes().size());

  const boost::json::object& schemas = document.at("components").at("schemas").as_object();
  constexpr std::string_view prefix = "#/components/schemas/";
  const std::string text = open_api_document();
  std::size_t references = 0;
  for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at + 1), ++references) {
    const std::size_t begin = at + prefix.size();
    const std::string name = text.substr(begin, text.find('"', begin) - begin);
    EXPECT_TRUE(schemas.contains(name)) << name;
  }
  EXPECT_GT(references, operations);
}

}  // namespace
}  // namespace chancery::api
