#include "http/tls_context.h"

#include <openssl/err.h>

namespace chancery::http {
namespace {

// What OpenSSL complained about first; its queue is empty afterwards.
std::string openssl_reason() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "unknown reason";
}

}  // namespace

Result<TlsContext> make_tls_context(const TlsFiles& files) {
  ERR_clear_error();
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  if (!context) return internal("creating a TLS context: " + openssl_reason());
  SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                         SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  static constexpr unsigned char session_id_context[] = "chancery";
  if (SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(context.get(), "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM") != 1 ||
      SSL_CTX_set_session_id_context(context.get(), session_id_context, sizeof session_id_context - 1) != 1)
    return internal("configuring TLS: " + openssl_reason());
  // A key with a passphrase is an error, not a question on the terminal.
  SSL_CTX_set_default_passwd_cb(context.get(), [](char*, int, int, void*) { return 0; });
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate_file.c_str()) != 1)
    return invalid("TLS certificate " + files.certificate_file + ": " + openssl_reason());
  if (SSL_CTX_use_PrivateKey_file(context.get(), files.key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    return invalid("TLS key " + files.key_file + ": " + openssl_reason());
  if (SSL_CTX_check_private_key(context.get()) != 1)
    return invalid("TLS key " + files.key_file + " does not belong to the certificate: " + openssl_reason());
  return context;
}

}  // namespace chancery::http
