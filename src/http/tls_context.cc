#include "http/tls_context.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <filesystem>
#include <system_error>

namespace chancery::http {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Text = std::unique_ptr<BIO, Free>;

// What clients show is kept with their connections, so that it must not be large: three certificates with ML-DSA fit.
constexpr long client_certificates_bytes = 32 * 1024;

// What OpenSSL complained about first; its queue is empty afterwards.
std::string openssl_reason() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  // OpenSSL has no words for what the system says.
  if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
  if (ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE)
    return "there is nothing of the kind in it, in PEM";
  if (ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_BAD_PASSWORD_READ)
    return "it is encrypted, and must not be";
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "unknown reason";
}

// A key with a passphrase is an error, not a question on the terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

// The texts of a source, and how errors call them.
struct Texts {
  Text certificates;
  Text key;
  std::string unreadable;  // what is wrong with the first that is not there
  std::string certificates_name = "TLS certificate";
  std::string key_name = "TLS key";
};

Texts open(const TlsFiles& files) {
  Texts texts{.certificates = nullptr,
              .key = nullptr,
              .unreadable = {},
              .certificates_name = "TLS certificate " + files.certificate_file,
              .key_name = "TLS key " + files.key_file};
  const auto read = [&](const std::string& file, const std::string& name) {
    ERR_clear_error();
    Text text(BIO_new_file(file.c_str(), "r"));
    // A folder can be opened, and then holds nothing.
    std::error_code failed;
    std::string reason = text ? "" : openssl_reason();
    if (std::filesystem::is_directory(file, failed)) reason = "it is a folder";
    if (!reason.empty() && texts.unreadable.empty()) texts.unreadable = name + ": cannot read " + file + ": " + reason;
    return text;
  };
  texts.certificates = read(files.certificate_file, "TLS certificate");
  texts.key = read(files.key_file, "TLS key");
  return texts;
}

Texts open(const TlsIdentity& identity) {
  const auto reading = [](const auto& text) {
    return Text(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  };
  return {.certificates = reading(identity.certificates()), .key = reading(identity.key()), .unreadable = {}};
}

bool use_certificates(SSL_CTX* context, BIO* text) {
  const std::unique_ptr<X509, Free> own(PEM_read_bio_X509_AUX(text, nullptr, no_passphrase, nullptr));
  if (!own || SSL_CTX_use_certificate(context, own.get()) != 1) return false;
  while (true) {
    std::unique_ptr<X509, Free> next(PEM_read_bio_X509(text, nullptr, no_passphrase, nullptr));
    if (!next) break;
    if (SSL_CTX_add1_chain_cert(context, next.get()) != 1) return false;
  }
  // The end of the text is no error; anything else is.
  const unsigned long code = ERR_peek_last_error();
  if (ERR_GET_LIB(code) != ERR_LIB_PEM || ERR_GET_REASON(code) != PEM_R_NO_START_LINE) return false;
  ERR_clear_error();
  return true;
}

// The handshake shows that the peer owns the key. Whether the certificate is worth anything is for the application to
// say, which asks its own books, not a chain.
int accept_any(X509_STORE_CTX*, void*) { return 1; }

bool configure(SSL_CTX* context, const TlsContextOptions& options) {
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                   SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context,
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  static constexpr unsigned char session_id_context[] = "chancery";
  if (options.request_client_certificate) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context, accept_any, nullptr);
    SSL_CTX_set_max_cert_list(context, client_certificates_bytes);
    // Sessions are resumed by tickets, which hold the peer's certificate; none is kept here.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    // One is enough to come back with, and each is work.
    SSL_CTX_set_num_tickets(context, 1);
  }
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM") == 1 &&
         SSL_CTX_set_session_id_context(context, session_id_context, sizeof session_id_context - 1) == 1;
}

}  // namespace

TlsIdentity::TlsIdentity(std::string certificates, EVP_PKEY* key)
    : certificates_(std::move(certificates)), native_key_(key, EVP_PKEY_free) {
  EVP_PKEY_up_ref(key);
}

Status show_identity(SSL_CTX* context, const TlsIdentity& identity) {
  ERR_clear_error();
  const Texts texts = open(identity);
  if (!texts.certificates || !use_certificates(context, texts.certificates.get()))
    return invalid(texts.certificates_name + ": " + openssl_reason());
  if (SSL_CTX_use_PrivateKey(context, identity.native_key()) != 1)
    return invalid("the key does not belong to the TLS certificate: " + openssl_reason());
  return {};
}

Result<TlsContext> make_tls_context(const TlsSource& source, const TlsContextOptions& options) {
  ERR_clear_error();
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  if (!context) return internal("creating a TLS context: " + openssl_reason());
  if (!configure(context.get(), options)) return internal("configuring TLS: " + openssl_reason());
  const Texts texts = std::visit([](const auto& from) { return open(from); }, source);
  if (!texts.unreadable.empty()) return invalid(texts.unreadable);
  if (!texts.certificates || !use_certificates(context.get(), texts.certificates.get()))
    return invalid(texts.certificates_name + ": " + openssl_reason());
  if (!texts.key) return invalid(texts.key_name + ": cannot be read");
  const std::unique_ptr<EVP_PKEY, Free> key(PEM_read_bio_PrivateKey(texts.key.get(), nullptr, no_passphrase, nullptr));
  if (!key) return invalid(texts.key_name + ": " + openssl_reason());
  if (SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1 || SSL_CTX_check_private_key(context.get()) != 1)
    return invalid(texts.key_name + " does not belong to the certificate: " + openssl_reason());
  return context;
}

}  // namespace chancery::http
