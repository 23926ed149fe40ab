// What nodes are asked to do.
export const orders = {
  verb: {
    read_inventory: "Read inventory",
    renew_slot: "Renew",
    generate_csr: "Generate CSR",
    install_certificate: "Upload certificate",
    add_trust: "Add trusted CA",
    remove_trust: "Remove trusted CA",
    reload: "Reload service",
    restart: "Restart service",
  },
  ask: {
    renew_slot:
      "{{name}} asks for a new certificate for slot {{slot}} now. It installs it, reloads the service and checks it; if the check fails, the pair of before comes back.",
    generate_csr:
      "{{name}} makes a new key and a certificate signing request for slot {{slot}}. The certificate in use stays.",
    install_certificate:
      "{{name}} installs this certificate in slot {{slot}}, if it fits the key of the last CSR. Put the CA certificates behind it. The service is reloaded.",
    reload: "{{name}} reloads the service of slot {{slot}}. Connections normally stay.",
    restart: "{{name}} restarts the service of slot {{slot}}. Its connections end, and it is away for a moment.",
    add_trust: "{{name}} will trust these CA certificates from then on. What it trusts already stays.",
    remove_trust: "{{name}} no longer trusts this CA. Peers whose certificates come from it are then refused.",
  },
  order_state: {
    queued: "Queued",
    delivered: "Under way",
    done: "Done",
    failed: "Failed",
    expired: "Time limit passed",
    cancelled: "Cancelled",
  },
} as const;
