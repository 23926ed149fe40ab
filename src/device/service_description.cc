#include "device/service_description.h"

namespace chancery::device {

std::vector<ServicePath> service_paths(const ServiceDescription& service) {
  const ServiceDescription::Paths& paths = service.paths;
  // The key first: a service that is started in between must not find a certificate without its key.
  const ServicePath all[] = {
      {paths.key, "key.pem"},       {paths.key_reference, "key.uri"},    {paths.combined, "combined.pem"},
      {paths.chain, "chain.pem"},   {paths.full_chain, "fullchain.pem"}, {paths.certificate, "cert.pem"},
      {paths.authorities, "ca.pem"}};
  std::vector<ServicePath> wanted;
  for (const ServicePath& one : all)
    if (!one.path.empty()) wanted.push_back(one);
  return wanted;
}

}  // namespace chancery::device
