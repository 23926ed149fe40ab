// Rows of docs/bad-inputs.md: HTTP, and the URLs of SCEP, CA certificates and CRLs.

#include "api/bad_inputs_testing.h"

namespace chancery::api::bad_inputs {

std::vector<Case> http_cases() {
  const std::string post = "POST /scep/manual HTTP/1.1\r\nHost: ca\r\n";
  return {
      {"http-not-http", [](Bench&) { return Bench::connection("\x16\x03\x01\x02"); }},
      {"http-request-line", [](Bench&) { return Bench::connection("GET\r\n\r\n"); }},
      {"http-header", [post](Bench&) { return Bench::connection(post + "no colon\r\n\r\n"); }},
      {"http-long-line", [](Bench&) { return Bench::connection("GET /" + std::string(65536, 'a')); }},
      {"http-long-headers",
       [post](Bench&) { return Bench::connection(post + "X-Long: " + std::string(16384, 'a') + "\r\n\r\n"); }},
      {"http-long-body", [post](Bench&) { return Bench::connection(post + "Content-Length: 1048577\r\n\r\n"); }},
      {"http-long-chunked-body",
       [post](Bench&) { return Bench::connection(post + "Transfer-Encoding: chunked\r\n\r\n100001\r\n"); }},
      {"http-bad-chunk",
       [post](Bench&) { return Bench::connection(post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"); }},
      {"http-other-coding",
       [post](Bench&) { return Bench::connection(post + "Transfer-Encoding: gzip, chunked\r\n\r\n"); }},
      {"http-10-chunked",
       [](Bench&) { return Bench::connection("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"); }},
      {"http-two-lengths",
       [post](Bench&) { return Bench::connection(post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx"); }},
      {"http-length-and-chunked",
       [post](Bench&) {
         return Bench::connection(post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
       }},

      {"url-nothing-there", [](Bench& bench) { return bench.get("/nothing"); }},
      {"url-outside", [](Bench& bench) { return bench.get("/ca/../authority/root.key.pem"); }},
      {"url-unknown-ca", [](Bench& bench) { return bench.get("/ca/issuing-9.crt"); }},
      {"url-unknown-crl", [](Bench& bench) { return bench.get("/crl/9.crl"); }},
      {"url-method", [](Bench& bench) { return bench.send_device("PUT", "/crl/1.crl"); }},
      {"scep-method", [](Bench& bench) { return bench.send_device("PUT", "/scep/manual"); }},
      {"scep-no-endpoint", [](Bench& bench) { return bench.get("/scep/?operation=GetCACaps"); }},
      {"scep-unknown-endpoint", [](Bench& bench) { return bench.get("/scep/nothing?operation=GetCACaps"); }},
      {"scep-closed-endpoint", [](Bench& bench) { return bench.get("/scep/closed?operation=GetCACert"); }},
      {"scep-closed-endpoint-post", [](Bench& bench) { return bench.ask({.endpoint = "closed"}); }},
      {"scep-no-operation", [](Bench& bench) { return bench.get("/scep/manual"); }},
      {"scep-unknown-operation", [](Bench& bench) { return bench.get("/scep/manual?operation=getcacert"); }},
      {"scep-no-rollover", [](Bench& bench) { return bench.get("/scep/manual?operation=GetNextCACert"); }},
      {"scep-empty-post", [](Bench& bench) { return bench.post({}); }},
      {"scep-get-no-message", [](Bench& bench) { return bench.get("/scep/manual?operation=PKIOperation"); }},
      {"scep-get-not-base64",
       [](Bench& bench) { return bench.get("/scep/manual?operation=PKIOperation&message=MII!"); }},
      {"scep-get-cut-base64",
       [](Bench& bench) { return bench.get("/scep/manual?operation=PKIOperation&message=MIIAB"); }},
      {"scep-get-padding", [](Bench& bench) { return bench.get("/scep/manual?operation=PKIOperation&message=MI=I"); }},
      {"scep-get-bad-escape",
       [](Bench& bench) { return bench.get("/scep/manual?operation=PKIOperation&message=MI%4"); }},
  };
}

}  // namespace chancery::api::bad_inputs
