#include "device/public_files.h"

#include "files/file.h"
#include "pki/pem.h"

namespace chancery::device {
namespace {

constexpr unsigned mode = 0644;

Status write_certificates(const std::string& path, const std::vector<pki::Certificate>& certificates) {
  std::string text;
  for (const pki::Certificate& certificate : certificates) text += certificate.to_pem();
  return files::write_file_atomically(path, as_bytes(text), mode);
}

}  // namespace

Status write_authority(const std::string& folder, const agent::Authority& authority) {
  TRY_STATUS(files::make_folder(folder, 0755));
  TRY_STATUS(write_certificates(folder + "/ca.pem", authority.authorities()));
  return write_certificates(folder + "/ra.pem", authority.registration());
}

Status write_crl(const std::string& folder, const pki::Crl& crl) {
  TRY_STATUS(files::write_file_atomically(folder + "/crl.der", crl.der(), mode));
  return files::write_file_atomically(folder + "/crl.pem", as_bytes(pki::write_pem("X509 CRL", crl.der())), mode);
}

}  // namespace chancery::device
