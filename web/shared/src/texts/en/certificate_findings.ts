// What is found wrong with a certificate, by rule (hub/src/pages/certificates/findings_of.ts).
export const certificateFindings = {
  certificate_finding: {
    revoked_in_use: {
      what: "Revoked, and still in use",
      expected: "No node uses a revoked certificate",
      found: "{{node}} uses it in slot {{slot}}, as far as the hub was told",
      fix: "It cannot be renewed. Make a new challenge on the node's page and enrol the slot anew; block the node if the device is lost.",
    },
    suspended_in_use: {
      what: "Suspended, and still in use",
      expected: "A suspended certificate is released, or revoked for good",
      found: "{{node}} uses it in slot {{slot}}, as far as the hub was told",
      fix: "Release it when its device is in order again. Otherwise revoke it with another reason and enrol the slot anew.",
    },
    expired_in_use: {
      what: "Expired, and still in use",
      expected: "Renewed before {{time}}",
      found: "{{node}} uses it in slot {{slot}}, as far as the hub was told",
      fix: "Look at the last error of the slot and renew it on the node's page. If the endpoint no longer lets it renew, enrol it anew with a challenge.",
    },
    issuer_ends_first: {
      what: "Its CA ends before it",
      expected: "{{issuer}} is valid until {{time}} at least",
      found: "{{issuer}} ends on {{end}}: from then on nobody accepts this certificate",
      fix: "Announce and activate the next generation under Authority, Generations, then renew this certificate.",
    },
    weak_signature: {
      what: "Signed with a weak algorithm",
      expected: "SHA-256 or better",
      found: "{{algorithm}}",
      fix: "Renew it: this authority signs with SHA-256 or better.",
    },
    weak_key: {
      what: "Weak key",
      expected: "RSA with 2048 bits, an elliptic curve with 256 bits, or more",
      found: "{{key}}",
      fix: "Have the device make a new key, and allow only such keys at endpoint {{endpoint}}.",
    },
    renewal_failed: {
      what: "Its renewal failed",
      expected: "The node renews it by itself",
      found: "{{error}}",
      fix: "Do away with what the error names. The node tries again by itself; its page can have it try at once.",
    },
    superseded_in_use: {
      what: "Replaced, and still in use",
      expected: "The node uses the certificate that replaced it",
      found: "{{node}} still uses this one in slot {{slot}}, as far as the hub was told",
      fix: "The node's history says why the new one was not put into service. Then renew the slot again.",
    },
    expiring: {
      what: "Ends soon",
      expected: "A new certificate before the last fifth of its life",
      found: "It ends on {{time}}, and nothing has replaced it",
      fix: "Renew it on the page of the node that uses it; where the hub knows no node, on the device itself.",
    },
    not_yet_valid: {
      what: "Not valid yet",
      expected: "Valid from the moment it was issued",
      found: "It begins on {{time}}",
      fix: "Set the clocks of this computer and of the hub, and keep them right with NTP.",
    },
    expired: {
      what: "Expired without a successor",
      expected: "Renewed in time, or not needed any more",
      found: "It ended on {{time}}, and nothing has replaced it",
      fix: "If the device is still there, enrol it anew. Otherwise there is nothing to do.",
    },
    renewal_planned: {
      what: "Ends soon, and its renewal is planned",
      expected: "A new certificate before the last fifth of its life",
      found: "It ends on {{time}}; the node renews it on {{renewal}}",
      fix: "Nothing, if the device is there at that moment. Its page can have it renew at once.",
    },
    no_names: {
      what: "A server's certificate without alternative names",
      expected: "An alternative name for each name that clients use: they ignore the common name",
      found: "Only the subject {{subject}}",
      fix: "If it serves TLS, add names on the device and allow them at endpoint {{endpoint}}, then renew. For a client's certificate nothing is missing.",
    },
  },
} as const;
