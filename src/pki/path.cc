#include "pki/path.h"

#include <fmt/format.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>

#include "base/check.h"
#include "pki/openssl.h"

namespace chancery::pki {
namespace {

using openssl::Owned;
using openssl::X509Pointer;
using Store = Owned<X509_STORE, X509_STORE_free>;
using StoreContext = Owned<X509_STORE_CTX, X509_STORE_CTX_free>;

void free_certificates(STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); }
using X509Stack = Owned<STACK_OF(X509), free_certificates>;

// The certificates that this thread read last. OpenSSL 3.0 looks through all its decoders for the key of each that it
// reads, which is most of what a short path costs; and an authority's certificates come again and again.
class LastRead {
 public:
  X509* find(ByteView der) const {
    for (const Entry& entry : entries_)
      if (entry.native != nullptr && equal(entry.der, der)) return entry.native.get();
    return nullptr;
  }
  X509* keep(ByteView der, X509Pointer native) {
    Entry& oldest = entries_[next_];
    next_ = (next_ + 1) % entries_.size();
    oldest = {.der = to_bytes(der), .native = std::move(native)};
    return oldest.native.get();
  }

 private:
  struct Entry {
    Bytes der;
    X509Pointer native;
  };
  std::array<Entry, 8> entries_;
  std::size_t next_ = 0;
};

// The paths that this thread found last. A device asks the same of its authority's certificates for each request, and
// the signatures are good or not at any time: only the validities must still hold.
class LastFound {
 public:
  const std::vector<Certificate>* find(ByteView question, Timestamp at) {
    const auto found = std::ranges::find_if(entries_, [&](const Entry& entry) {
      return !entry.path.empty() && equal(entry.question, question) &&
             std::ranges::all_of(entry.path, [&](const Certificate& each) { return each.validity().contains(at); });
    });
    if (found == entries_.end()) return nullptr;
    std::rotate(entries_.begin(), found, found + 1);
    return &entries_.front().path;
  }
  void keep(Bytes question, const std::vector<Certificate>& path) {
    std::rotate(entries_.begin(), entries_.end() - 1, entries_.end());
    entries_.front() = {.question = std::move(question), .path = path};
  }

 private:
  struct Entry {
    Bytes question;
    std::vector<Certificate> path;
  };
  // The one that was asked for last comes first: a device's own path, which nobody asks for again, pushes no
  // authority's out.
  std::array<Entry, 4> entries_;
};

// All certificates of a question, of which each ends by itself; no certificate begins with zero.
Bytes question_of(const PathInput& input) {
  Bytes question = to_bytes(input.leaf->der());
  for (const auto* list : {input.intermediates, input.anchors}) {
    question.push_back(0);
    if (list == nullptr) continue;
    for (const Certificate& each : *list) question.insert(question.end(), each.der().begin(), each.der().end());
  }
  return question;
}

Result<X509Pointer> to_native(const Certificate& certificate) {
  thread_local LastRead last;
  X509* native = last.find(certificate.der());
  if (native == nullptr) {
    const std::uint8_t* position = certificate.der().data();
    X509Pointer read(d2i_X509(nullptr, &position, static_cast<long>(certificate.der().size())));
    openssl::forget_errors();
    if (read == nullptr)
      return invalid(fmt::format("the certificate of {} cannot be read by OpenSSL", certificate.subject().to_text()));
    // Others do not come again, and would push an authority's out.
    if (!certificate.is_ca()) return read;
    native = last.keep(certificate.der(), std::move(read));
  }
  CHECK(X509_up_ref(native) == 1);
  return X509Pointer(native);
}

Result<Certificate> from_native(X509* native) {
  std::uint8_t* encoded = nullptr;
  const int size = i2d_X509(native, &encoded);
  if (size <= 0) return openssl::failure("encode a certificate");
  const Bytes der(encoded, encoded + size);
  OPENSSL_free(encoded);
  return Certificate::from_der(der);
}

// "certificate of CN=x: certificate has expired".
std::unexpected<Error> rejected(X509_STORE_CTX* context, const Certificate& leaf) {
  const char* reason = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context));
  X509* culprit = X509_STORE_CTX_get_current_cert(context);
  std::string subject = leaf.subject().to_text();
  if (culprit != nullptr)
    if (const auto certificate = from_native(culprit)) subject = certificate->subject().to_text();
  openssl::forget_errors();
  return refused(fmt::format("certificate of {}: {}", subject, reason));
}

}  // namespace

Result<std::vector<Certificate>> verify_path(const PathInput& input) {
  CHECK(input.leaf != nullptr && input.anchors != nullptr);
  thread_local LastFound last_found;
  Bytes question = question_of(input);
  if (const auto* path = last_found.find(question, input.at)) return *path;
  const Store store(X509_STORE_new());
  const X509Stack untrusted(sk_X509_new_null());
  const StoreContext context(X509_STORE_CTX_new());
  CHECK(store != nullptr && untrusted != nullptr && context != nullptr);

  for (const Certificate& anchor : *input.anchors) {
    TRY_IN("trust anchors", const X509Pointer native, to_native(anchor));
    if (X509_STORE_add_cert(store.get(), native.get()) != 1) return openssl::failure("add a trust anchor");
  }
  if (input.intermediates != nullptr) {
    for (const Certificate& intermediate : *input.intermediates) {
      // What the leaf's owner sent along and cannot be read cannot be part of the path: skipped.
      auto native = to_native(intermediate);
      if (native) CHECK(sk_X509_push(untrusted.get(), native->release()) > 0);
    }
  }
  TRY(const X509Pointer leaf, to_native(*input.leaf));
  if (X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), untrusted.get()) != 1)
    return openssl::failure("prepare the check of a path");
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_time(parameters, input.at.time_since_epoch().count());
  if (X509_verify_cert(context.get()) != 1) return rejected(context.get(), *input.leaf);

  std::vector<Certificate> path;
  STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context.get());
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    TRY(Certificate certificate, from_native(sk_X509_value(chain, i)));
    path.push_back(std::move(certificate));
  }
  openssl::forget_errors();
  last_found.keep(std::move(question), path);
  return path;
}

}  // namespace chancery::pki
