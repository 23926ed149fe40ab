#pragma once

// Nodes, clusters and orders as JSON, each with the shape that describes it. Absent values are left out.

#include <boost/json/object.hpp>

#include "api/shape.h"
#include "hub/clusters.h"
#include "hub/nodes.h"

namespace chancery::api {

struct NodeView {
  const fleet::Node& node;
  bool online = false;
  Timestamp now;
};
[[nodiscard]] boost::json::object to_json(const NodeView& view);
[[nodiscard]] const Shape& node_shape();
[[nodiscard]] boost::json::object to_detailed_json(const hub::NodeDetails& details, const NodeView& view);
[[nodiscard]] const Shape& node_details_shape();

// A slot, with what the hub knows of its certificate by now.
struct SlotView {
  const fleet::SlotStatus& slot;
  const std::optional<hub::CertificateFacts>& facts;
  Timestamp now;
};
[[nodiscard]] boost::json::object to_json(const SlotView& view);
[[nodiscard]] std::vector<Field> slot_fields();
// A certificate of an inventory, with what the hub knows of it.
[[nodiscard]] boost::json::object certificate_json(const std::optional<hub::CertificateFacts>& facts,
                                                   const std::string& sha256);
[[nodiscard]] std::vector<Field> certificate_fields();

[[nodiscard]] boost::json::object to_json(const fleet::NodeEvent& event);
[[nodiscard]] const Shape& node_event_shape();
[[nodiscard]] boost::json::object to_json(const fleet::Cluster& cluster);
[[nodiscard]] boost::json::object to_json(const hub::ClusterView& view, Timestamp now);
[[nodiscard]] const Shape& cluster_shape();
[[nodiscard]] boost::json::object to_json(const fleet::Order& order);
[[nodiscard]] const Shape& order_shape();

}  // namespace chancery::api
