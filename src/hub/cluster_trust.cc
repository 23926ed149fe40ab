#include "hub/cluster_trust.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace chancery::hub {
namespace {

constexpr int nodes_at_once = 1000;
// As agents call it where nothing else is said.
constexpr std::string_view usual_store = "default";

Status read_nodes(Books& books, std::int64_t cluster_id, ClusterTrust& trust) {
  fleet::NodeFilter filter{.cluster_id = cluster_id, .limit = nodes_at_once};
  do {
    TRY(const fleet::NodePage page, books.nodes().list(filter));
    for (const fleet::Node& node : page.rows) {
      const bool silent = node.state == fleet::NodeState::blocked || node.inventory_hash.empty();
      (silent ? trust.silent : trust.nodes).push_back({.id = node.id, .name = node.name});
    }
    filter.after = page.next;
  } while (filter.after != 0);
  return {};
}

Bytes der_of_authority(const Keyring& keyring, std::string_view sha256) {
  std::vector<const pki::Certificate*> own = {&keyring.root()};
  for (const WorkingGeneration* generation : keyring.all()) {
    own.push_back(&generation->keys().issuing);
    own.push_back(&generation->keys().ra);
    for (const pki::Certificate& between : generation->keys().between) own.push_back(&between);
  }
  for (const pki::Certificate* certificate : own)
    if (to_hex(certificate->fingerprint()) == sha256) return to_bytes(certificate->der());
  return {};
}

Result<Bytes> der_of(Context& context, Books& books, std::string_view sha256) {
  TRY(const Bytes fingerprint, from_hex(sha256));
  TRY(auto record, books.certificates().find_by_fingerprint(fingerprint));
  if (record) return std::move(record->der);
  TRY(auto foreign, books.inventories().foreign(sha256));
  if (foreign) return std::move(foreign->der);
  return der_of_authority(context.keyring, sha256);
}

void name_nodes(const std::vector<NodeName>& all, const std::set<fleet::NodeId>& holders, TrustedCertificate& named) {
  named.holders.count = holders.size();
  named.missing.count = all.size() - holders.size();
  const bool fewer_hold = named.holders.count <= named.missing.count;
  for (const NodeName& node : all) {
    const bool holds = holders.contains(node.id);
    std::vector<NodeName>& names = holds ? named.holders.named : named.missing.named;
    // A node may say that it trusts hundreds that nobody else has ever heard of.
    if (holds == fewer_hold || names.size() < most_named) names.push_back(node);
  }
}

std::tuple<std::string, std::string, std::string> place_of(const TrustedCertificate& certificate) {
  return {certificate.facts ? certificate.facts->subject : std::string(), certificate.store, certificate.sha256};
}

}  // namespace

Result<ClusterTrust> read_cluster_trust(Context& context, std::int64_t cluster_id) {
  ClusterTrust trust;
  TRY_STATUS(context.ledger.read([&](Books& books) -> Status {
    trust = {};
    TRY(const auto cluster, books.clusters().find(cluster_id));
    if (!cluster) return not_found(fmt::format("there is no cluster {}", cluster_id));
    TRY_STATUS(read_nodes(books, cluster_id, trust));
    TRY(const std::vector<fleet::NodeTrust> entries, books.inventories().trust_of_cluster(cluster_id));
    std::map<std::pair<std::string, std::string>, std::set<fleet::NodeId>> holders;
    const std::string root = to_hex(context.keyring.root().fingerprint());
    std::set<fleet::NodeId> counted;
    for (const NodeName& node : trust.nodes) counted.insert(node.id);
    bool has_root = false;
    for (const fleet::NodeTrust& each : entries) {
      // Who is shut out has no say.
      if (!counted.contains(each.node_id)) continue;
      holders[{each.entry.sha256, each.entry.store}].insert(each.node_id);
      has_root = has_root || each.entry.sha256 == root;
    }
    if (!has_root && !trust.nodes.empty()) holders[{root, std::string(usual_store)}];
    for (const auto& [key, nodes] : holders) {
      TrustedCertificate certificate{.store = key.second, .sha256 = key.first};
      TRY(certificate.facts, facts_of(context, books, certificate.sha256));
      TRY(certificate.der, der_of(context, books, certificate.sha256));
      name_nodes(trust.nodes, nodes, certificate);
      trust.certificates.push_back(std::move(certificate));
    }
    std::ranges::sort(trust.certificates, {}, place_of);
    return {};
  }));
  return trust;
}

}  // namespace chancery::hub
