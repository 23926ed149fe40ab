// What is done with many rows of a list at once.
export const bulk = {
  bulk: {
    select: "Select {{name}}",
    select_loaded: "Select all rows shown",
    selected_one: "{{count}} selected",
    selected_other: "{{count}} selected",
    whole_one: "The only one that matches is selected",
    whole_other: "All {{count}} that match are selected",
    select_all: "Select all that match ({{number}} or more)",
    selecting: "Selecting all that match: {{number}} so far",
    looking: "Looking at what is selected: {{number}} so far",
    stop: "Stop",
    stopped_one: "stopped: {{count}} was not begun",
    stopped_other: "stopped: {{count}} were not begun",
    clear: "Clear selection",
    actions: "Actions for the selection",
    more: "More",
    left_one: "{{count}} row left the list, and with it the selection.",
    left_other: "{{count}} rows left the list, and with it the selection.",
    nothing: "Nothing can be done with what is selected.",
    skipped_one: "{{count}} is skipped ({{why}}): {{names}}",
    skipped_other: "{{count}} are skipped ({{why}}): {{names}}",
    more_rows_one: "… and {{count}} more",
    more_rows_other: "… and {{count}} more",
    csv: "Export selection as CSV",
    pem: "Export as PEM",
    move: "Move to a cluster",
    with_earlier: "Also the earlier certificates of these devices that are still valid",
    no_cluster: "Into no cluster",
    all_slots: "All slots",
    reading: "Looking at the nodes: {{done}} of {{all}}",
  },
  bulk_ask: {
    renew_slot_one:
      "{{count}} certificate is renewed: {{names}}. Its node asks for a new one, installs it, reloads the service and checks it; if the check fails, the pair of before comes back.",
    renew_slot_other:
      "{{count}} certificates are renewed: {{names}}. Each node asks for a new one, installs it, reloads the service and checks it; where the check fails, the pair of before comes back.",
    generate_csr_one:
      "A new key and a certificate signing request are made for {{count}} slot: {{names}}. The certificate in use stays.",
    generate_csr_other:
      "New keys and certificate signing requests are made for {{count}} slots: {{names}}. The certificates in use stay.",
    reload_one:
      "The service of {{count}} slot is reloaded: {{names}}. Connections normally stay. Where no program for it is set up, the order fails.",
    reload_other:
      "The services of {{count}} slots are reloaded: {{names}}. Connections normally stay. Where no program for it is set up, the order fails.",
    restart_one:
      "The service of {{count}} slot is restarted: {{names}}. Its connections end, and it is away for a moment.",
    restart_other:
      "The services of {{count}} slots are restarted: {{names}}. Their connections end, and they are away for a moment.",
    offline_one: "{{count}} node is not connected now: what it is asked waits up to a day until it calls.",
    offline_other: "{{count}} nodes are not connected now: what they are asked waits up to a day until they call.",
    read_inventory_one: "{{names}} tells anew what it has. Nothing on it changes.",
    read_inventory_other: "{{count}} nodes tell anew what they have: {{names}}. Nothing on them changes.",
    admit_one:
      "{{names}} then may be given orders, and is watched like every other node. Its certificate stays as it is.",
    admit_other:
      "{{count}} nodes then may be given orders, and are watched like every other node: {{names}}. Their certificates stay as they are.",
    block_one:
      "The link to {{names}} ends at once, and it gets no orders any more. Its certificates stay valid until they expire or are revoked.",
    block_other:
      "The links to {{count}} nodes end at once, and they get no orders any more: {{names}}. Their certificates stay valid until they expire or are revoked.",
    remove_one:
      "The hub forgets {{names}}, its history and its orders. Its certificates stay in the ledger. If the device calls again, it appears as a waiting node.",
    remove_other:
      "The hub forgets {{count}} nodes, their history and their orders: {{names}}. Their certificates stay in the ledger. If a device calls again, it appears as a waiting node.",
    move_one: "{{names}} moves to the cluster {{cluster}}. Nothing on the device changes.",
    move_other: "{{count}} nodes move to the cluster {{cluster}}: {{names}}. Nothing on the devices changes.",
    out_one: "{{names}} is in no cluster any more. Nothing on the device changes.",
    out_other: "{{count}} nodes are in no cluster any more: {{names}}. Nothing on the devices changes.",
    revoke_one:
      "Whoever reads the CRL refuses {{count}} certificate from now on, and it cannot be renewed any more: {{names}}. This cannot be undone.",
    revoke_other:
      "Whoever reads the CRL refuses {{count}} certificates from now on, and they cannot be renewed any more: {{names}}. This cannot be undone.",
    revoke_used_one: "A node uses {{count}} of them: its link to the hub ends at once, and it has to enrol anew.",
    revoke_used_other: "Nodes use {{count}} of them: their links to the hub end at once, and they have to enrol anew.",
    suspend_one:
      "Whoever reads the CRL refuses {{count}} certificate, and it cannot be renewed, until it is released: {{names}}.",
    suspend_other:
      "Whoever reads the CRL refuses {{count}} certificates, and they cannot be renewed, until they are released: {{names}}.",
    suspend_used_one: "A node uses {{count}} of them: it has no link to the hub until then.",
    suspend_used_other: "Nodes use {{count}} of them: they have no link to the hub until then.",
    pem_one: "{{count}} certificate goes into one file: {{names}}",
    pem_other: "{{count}} certificates go into one file: {{names}}",
    approve_one: "{{count}} certificate is issued, by the policy of the endpoint. The device gets it at its next poll.",
    approve_other:
      "{{count}} certificates are issued, by the policies of their endpoints. The devices get them at their next poll.",
    reject_one: "{{count}} device gets a failure at its next poll. It has to send a new request to get a certificate.",
    reject_other:
      "{{count}} devices get a failure at their next poll. They have to send new requests to get certificates.",
    cancel_one: "{{count}} order is given up: {{names}}. A node that has begun may still end it.",
    cancel_other: "{{count}} orders are given up: {{names}}. Nodes that have begun may still end theirs.",
    take_back_one: "Nobody can enrol with {{count}} challenge any more: {{names}}",
    take_back_other: "Nobody can enrol with {{count}} challenges any more: {{names}}",
  },
  bulk_why: {
    not_admitted: "not admitted",
    unreadable: "could not be looked at",
    no_slot: "has no such slot",
    not_trusted: "does not trust it",
    admitted: "admitted already",
    expected: "has not called yet: it is admitted when it enrols",
    blocked: "blocked already",
    there: "there already",
    unused: "no node says that it uses it",
    revoked: "revoked already",
    suspended: "suspended already",
    unsigned: "not issued yet",
    decided: "decided already",
    over: "ended already",
    used: "used or expired already",
  },
} as const;
