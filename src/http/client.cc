#include "http/client.h"

#include <curl/curl.h>
#include <fmt/core.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/check.h"
#include "http/tls_context.h"

namespace chancery::http {
namespace {

constexpr std::size_t header_limit = 256 * 1024;
constexpr int longest_sleep_ms = 24 * 60 * 60 * 1000;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

bool add(HeaderList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) return false;
  static_cast<void>(list.release());
  list.reset(longer);
  return true;
}

// What arrives during one exchange.
struct Arrival {
  std::size_t body_limit = 0;
  std::size_t header_bytes = 0;
  bool too_long = false;
  Response response;
};

std::size_t on_body(char* data, std::size_t, std::size_t count, void* to) noexcept {
  Arrival& arrival = *static_cast<Arrival*>(to);
  if (count > arrival.body_limit - arrival.response.body.size()) {
    arrival.too_long = true;
    return 0;
  }
  try {
    append(arrival.response.body, as_bytes({data, count}));
  } catch (const std::bad_alloc&) {
    return 0;
  }
  return count;
}

std::string_view trimmed(std::string_view text) { return ascii::trimmed(text, " \t\r\n"); }

std::size_t on_header(char* data, std::size_t, std::size_t count, void* to) noexcept {
  Arrival& arrival = *static_cast<Arrival*>(to);
  const std::string_view line(data, count);
  arrival.header_bytes += count;
  if (arrival.header_bytes > header_limit) {
    arrival.too_long = true;
    return 0;
  }
  try {
    const auto colon = line.find(':');
    if (line.starts_with("HTTP/")) {
      // What came before was an interim response, such as 100 Continue.
      arrival.response.headers.clear();
    } else if (colon != std::string_view::npos) {
      arrival.response.headers.push_back(
          {std::string(trimmed(line.substr(0, colon))), std::string(trimmed(line.substr(colon + 1)))});
    }
  } catch (const std::bad_alloc&) {
    return 0;
  }
  return count;
}

CURLcode on_tls_context(CURL*, void* context, void* identity) noexcept {
  try {
    const auto shown = show_identity(static_cast<SSL_CTX*>(context), *static_cast<const TlsIdentity*>(identity));
    return shown ? CURLE_OK : CURLE_SSL_CERTPROBLEM;
  } catch (const std::bad_alloc&) {
    return CURLE_OUT_OF_MEMORY;
  }
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return ascii::is_letter_or_digit(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text,
                             [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f; });
}

// The error for a failed exchange. The URL is not told: its query may hold more than a log should.
std::unexpected<Error> failure(CURLcode code, const char* detail, const Arrival& arrival) {
  if (arrival.too_long) return invalid(fmt::format("the response is longer than {} bytes", arrival.body_limit));
  const std::string reason = *detail != '\0' ? detail : curl_easy_strerror(code);
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE: return invalid(reason);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR: return refused(reason);
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
    case CURLE_BAD_FUNCTION_ARGUMENT:
    case CURLE_UNKNOWN_OPTION: return internal(reason);
    default: return unavailable(reason);
  }
}

}  // namespace

class Client::Handle {
 public:
  explicit Handle(ClientOptions options) : options_(std::move(options)) {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (initialised != CURLE_OK) return;
    curl_ = curl_easy_init();
    multi_ = curl_multi_init();
  }
  ~Handle() {
    curl_easy_cleanup(curl_);
    curl_multi_cleanup(multi_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  Result<Response> send(std::string_view method, std::string_view url, const std::vector<Header>& headers,
                        ByteView body, const std::stop_token& stop) {
    if (curl_ == nullptr || multi_ == nullptr) return internal("the HTTP client could not be made");
    if (!is_token(method)) return invalid("the method is not an HTTP token");
    if (has_control(url) || url.find(' ') != std::string_view::npos)
      return invalid("the URL holds a blank or a control character");
    // libcurl would take what the system trusts.
    if (options_.ca_text && options_.ca_text->empty()) return invalid("no authority is there to trust");
    TRY(const HeaderList list, header_list(headers));
    Arrival arrival{.body_limit = options_.response_limit};
    char detail[CURL_ERROR_SIZE] = "";

    // Forgets the options.
    curl_easy_reset(curl_);
    failed_ = CURLE_OK;
    set(CURLOPT_ERRORBUFFER, detail);
    set_common();
    set(CURLOPT_URL, std::string(url).c_str());
    set(CURLOPT_HTTPHEADER, list.get());
    set(CURLOPT_WRITEFUNCTION, &on_body);
    set(CURLOPT_WRITEDATA, &arrival);
    set(CURLOPT_HEADERFUNCTION, &on_header);
    set(CURLOPT_HEADERDATA, &arrival);
    set_method(std::string(method), body);
    if (failed_ != CURLE_OK) return failure(failed_, detail, arrival);

    const CURLcode code = perform(stop);
    long status = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    // Its buffer goes with this call.
    curl_easy_setopt(curl_, CURLOPT_ERRORBUFFER, nullptr);
    if (code == CURLE_ABORTED_BY_CALLBACK) return unavailable("the request was cancelled");
    if (code != CURLE_OK) return failure(code, detail, arrival);
    arrival.response.status = static_cast<unsigned>(status);
    arrival.response.content_type = arrival.response.header("Content-Type");
    return std::move(arrival.response);
  }

 private:
  // As curl_easy_perform(), which wakes up every second to look around; this sleeps until there is something to do.
  CURLcode perform(const std::stop_token& stop) {
    const std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi_); });
    if (curl_multi_add_handle(multi_, curl_) != CURLM_OK) return CURLE_FAILED_INIT;
    CURLcode result = CURLE_OK;
    for (int running = 1; running != 0;) {
      if (stop.stop_requested()) {
        result = CURLE_ABORTED_BY_CALLBACK;
        break;
      }
      // It waits no longer than curl's own timers allow.
      if (curl_multi_perform(multi_, &running) != CURLM_OK ||
          (running != 0 && curl_multi_poll(multi_, nullptr, 0, longest_sleep_ms, nullptr) != CURLM_OK)) {
        result = CURLE_FAILED_INIT;
        break;
      }
    }
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left))
      if (message->msg == CURLMSG_DONE && result == CURLE_OK) result = message->data.result;
    curl_multi_remove_handle(multi_, curl_);
    return result;
  }

  // What curl would add by itself is switched off by a name without a value.
  static Result<HeaderList> header_list(const std::vector<Header>& headers) {
    HeaderList list;
    bool has_content_type = false;
    bool made = add(list, "Expect:");
    for (const Header& header : headers) {
      if (!is_token(header.name) || has_control(header.value))
        return invalid(fmt::format("the header '{}' has a malformed name or value", header.name));
      has_content_type = has_content_type || ascii::equal_ignoring_case(header.name, "Content-Type");
      made = made && add(list, header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
    }
    if (!has_content_type) made = made && add(list, "Content-Type:");
    if (!made) return internal("out of memory");
    return list;
  }

  void set_common() {
    set(CURLOPT_NOSIGNAL, 1L);
    // A request that ends early does not wait for a name server that does not answer.
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(options_.http_1_0 ? CURL_HTTP_VERSION_1_0 : CURL_HTTP_VERSION_1_1));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
    set_text(CURLOPT_UNIX_SOCKET_PATH, options_.unix_socket_path);
    set_text(CURLOPT_SSLCERT, options_.client_certificate_file);
    set_text(CURLOPT_SSLKEY, options_.client_key_file);
    if (options_.identity && options_.identity->native_key() != nullptr) {
      set(CURLOPT_SSL_CTX_FUNCTION, &on_tls_context);
      set(CURLOPT_SSL_CTX_DATA, &*options_.identity);
    } else if (options_.identity) {
      set_blob(CURLOPT_SSLCERT_BLOB, as_bytes(options_.identity->certificates()));
      set_blob(CURLOPT_SSLKEY_BLOB, options_.identity->key());
    }
    set_text(CURLOPT_USERAGENT, options_.user_agent);
    set_text(CURLOPT_CAINFO, options_.ca_file);
    if (options_.ca_text) set_blob(CURLOPT_CAINFO_BLOB, as_bytes(*options_.ca_text));
    // Only what is given, not also the system's directory.
    if (!options_.ca_file.empty() || options_.ca_text) set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }

  void set_method(const std::string& method, ByteView body) {
    if (method == "HEAD") return set(CURLOPT_NOBODY, 1L);
    if (method == "GET" && body.empty()) return set(CURLOPT_HTTPGET, 1L);
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    set(CURLOPT_POSTFIELDS, body.empty() ? "" : reinterpret_cast<const char*>(body.data()));
    if (method != "POST") set(CURLOPT_CUSTOMREQUEST, method.c_str());
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    if (const CURLcode code = curl_easy_setopt(curl_, option, value); failed_ == CURLE_OK) failed_ = code;
  }
  void set_text(CURLoption option, const std::string& value) {
    if (!value.empty()) set(option, value.c_str());
  }

  // Not copied: it lives as long as this.
  void set_blob(CURLoption option, ByteView value) {
    curl_blob blob{.data = const_cast<std::uint8_t*>(value.data()), .len = value.size(), .flags = CURL_BLOB_NOCOPY};
    set(option, &blob);
  }

  ClientOptions options_;
  CURLM* multi_ = nullptr;  // Keeps the connection.
  CURL* curl_ = nullptr;
  CURLcode failed_ = CURLE_OK;  // The first option that curl refused.
};

Client::Client(ClientOptions options) : handle_(std::make_unique<Handle>(std::move(options))) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<Response> Client::send(std::string_view method, std::string_view url, const std::vector<Header>& headers,
                              ByteView body, const std::stop_token& stop) {
  CHECK(handle_ != nullptr);
  return handle_->send(method, url, headers, body, stop);
}

}  // namespace chancery::http
