import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { known, parseSearch, writeSearch } from "./filters.ts";
import { Gate } from "./shell/gate.tsx";
import { Lost } from "./shell/lost.tsx";

const list = ["sort", "descending", "columns", "text"] as const;

const root = createRootRoute({ component: Gate, notFoundComponent: Lost });

const overview = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/overview/overview_page.tsx"), "OverviewPage"),
});

const nodes = createRoute({
  getParentRoute: () => root,
  path: "/nodes",
  validateSearch: known([...list, "state", "problem", "product", "cluster"]),
  component: lazyRouteComponent(() => import("./pages/nodes/nodes_page.tsx"), "NodesPage"),
});
const newNode = createRoute({
  getParentRoute: () => root,
  path: "/nodes/new",
  component: lazyRouteComponent(() => import("./pages/nodes/new_node_page.tsx"), "NewNodePage"),
});
const node = createRoute({
  getParentRoute: () => nodes,
  path: "$id",
  component: lazyRouteComponent(() => import("./pages/nodes/node_panel.tsx"), "NodePanel"),
});

const clusters = createRoute({
  getParentRoute: () => root,
  path: "/clusters",
  validateSearch: known(["columns"]),
  component: lazyRouteComponent(() => import("./pages/clusters/clusters_page.tsx"), "ClustersPage"),
});
const cluster = createRoute({
  getParentRoute: () => root,
  path: "/clusters/$cluster",
  component: lazyRouteComponent(() => import("./pages/clusters/cluster_page.tsx"), "ClusterPage"),
});
const identity = createRoute({
  getParentRoute: () => cluster,
  path: "/",
  validateSearch: known(["columns", "text", "problem"]),
  component: lazyRouteComponent(() => import("./pages/clusters/identity_tab.tsx"), "IdentityTab"),
});
const trust = createRoute({
  getParentRoute: () => cluster,
  path: "trust",
  component: lazyRouteComponent(() => import("./pages/clusters/trust_tab.tsx"), "TrustTab"),
});
const jobs = createRoute({
  getParentRoute: () => cluster,
  path: "jobs",
  validateSearch: known(["columns", "state", "verb"]),
  component: lazyRouteComponent(() => import("./pages/clusters/jobs_tab.tsx"), "JobsTab"),
});
const clusterNodes = createRoute({
  getParentRoute: () => cluster,
  path: "nodes",
  validateSearch: known([...list, "state", "problem"]),
  component: lazyRouteComponent(() => import("./pages/clusters/nodes_tab.tsx"), "NodesTab"),
});

const certificates = createRoute({
  getParentRoute: () => root,
  path: "/certificates",
  validateSearch: known([...list, "status", "endpoint", "expires_after", "expires_before", "node", "slot", "cluster"]),
  component: lazyRouteComponent(() => import("./pages/certificates/certificates_page.tsx"), "CertificatesPage"),
});
const certificate = createRoute({
  getParentRoute: () => certificates,
  path: "$serial",
  component: lazyRouteComponent(() => import("./pages/certificates/certificate_panel.tsx"), "CertificatePanel"),
});

const requests = createRoute({
  getParentRoute: () => root,
  path: "/requests",
  validateSearch: known([...list, "state"]),
  component: lazyRouteComponent(() => import("./pages/requests/requests_page.tsx"), "RequestsPage"),
});
const request = createRoute({
  getParentRoute: () => requests,
  path: "$id",
  component: lazyRouteComponent(() => import("./pages/requests/request_panel.tsx"), "RequestPanel"),
});

const orders = createRoute({
  getParentRoute: () => root,
  path: "/orders",
  validateSearch: known(["columns", "state", "verb", "node", "cluster", "finished_after"]),
  component: lazyRouteComponent(() => import("./pages/orders/orders_page.tsx"), "OrdersPage"),
});
const order = createRoute({
  getParentRoute: () => orders,
  path: "$id",
  component: lazyRouteComponent(() => import("./pages/orders/order_panel.tsx"), "OrderPanel"),
});

const authority = createRoute({
  getParentRoute: () => root,
  path: "/authority",
  component: lazyRouteComponent(() => import("./pages/authority/authority_page.tsx"), "AuthorityPage"),
});
const generations = createRoute({
  getParentRoute: () => authority,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/authority/generations_tab.tsx"), "GenerationsTab"),
});
const endpoints = createRoute({
  getParentRoute: () => authority,
  path: "endpoints",
  validateSearch: known(["columns"]),
  component: lazyRouteComponent(() => import("./pages/authority/endpoints_tab.tsx"), "EndpointsTab"),
});
const endpoint = createRoute({
  getParentRoute: () => endpoints,
  path: "$name",
  component: lazyRouteComponent(() => import("./pages/authority/endpoint_panel.tsx"), "EndpointPanel"),
});
const challenges = createRoute({
  getParentRoute: () => authority,
  path: "challenges",
  validateSearch: known(["columns", "endpoint"]),
  component: lazyRouteComponent(() => import("./pages/authority/challenges_tab.tsx"), "ChallengesTab"),
});
const crls = createRoute({
  getParentRoute: () => authority,
  path: "crls",
  component: lazyRouteComponent(() => import("./pages/authority/crls_tab.tsx"), "CrlsTab"),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  validateSearch: known(["columns", "text", "action", "actor", "subject", "since", "until"]),
  component: lazyRouteComponent(() => import("./pages/audit/audit_page.tsx"), "AuditPage"),
});
const auditEvent = createRoute({
  getParentRoute: () => audit,
  path: "$sequence",
  component: lazyRouteComponent(() => import("./pages/audit/event_panel.tsx"), "EventPanel"),
});
const users = createRoute({
  getParentRoute: () => root,
  path: "/users",
  validateSearch: known(["columns"]),
  component: lazyRouteComponent(() => import("./pages/users/users_page.tsx"), "UsersPage"),
});
const user = createRoute({
  getParentRoute: () => users,
  path: "$name",
  component: lazyRouteComponent(() => import("./pages/users/user_panel.tsx"), "UserPanel"),
});
const account = createRoute({
  getParentRoute: () => root,
  path: "/account",
  component: lazyRouteComponent(() => import("./pages/account/account_page.tsx"), "AccountPage"),
});

const tree = root.addChildren([
  overview,
  newNode,
  nodes.addChildren([node]),
  clusters,
  cluster.addChildren([identity, trust, jobs, clusterNodes]),
  certificates.addChildren([certificate]),
  requests.addChildren([request]),
  orders.addChildren([order]),
  authority.addChildren([generations, endpoints.addChildren([endpoint]), challenges, crls]),
  audit.addChildren([auditEvent]),
  users.addChildren([user]),
  account,
]);

export function makeRouter() {
  return createRouter({
    routeTree: tree,
    parseSearch,
    stringifySearch: writeSearch,
    defaultPreload: "intent",
    scrollRestoration: false,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
