import { queryOptions } from "@tanstack/react-query";
import { call } from "@chancery/shared/api/client.ts";

// Keys begin with the topic whose changes concern them (live.ts).
export const overviewQuery = queryOptions({
  queryKey: ["overview"],
  queryFn: () => call("get", "/v1/overview"),
});
export const statusQuery = queryOptions({
  queryKey: ["authority", "status"],
  queryFn: () => call("get", "/v1/status"),
});
export const findingsQuery = queryOptions({
  queryKey: ["authority", "doctor"],
  queryFn: () => call("get", "/v1/doctor"),
});
export const authorityQuery = queryOptions({ queryKey: ["authority"], queryFn: () => call("get", "/v1/authority") });
export const endpointsQuery = queryOptions({
  queryKey: ["authority", "endpoints"],
  queryFn: () => call("get", "/v1/endpoints"),
});
export const endpointSettingsQuery = queryOptions({
  queryKey: ["endpoint-settings"],
  queryFn: () => call("get", "/v1/endpoint-settings"),
  staleTime: Infinity,
});
export const usersQuery = queryOptions({ queryKey: ["users"], queryFn: () => call("get", "/v1/users") });
export const crlsQuery = queryOptions({ queryKey: ["authority", "crls"], queryFn: () => call("get", "/v1/crls") });
export const clustersQuery = queryOptions({
  queryKey: ["nodes", "clusters"],
  queryFn: () => call("get", "/v1/clusters"),
});
export const clusterQuery = (id: number) =>
  queryOptions({
    queryKey: ["nodes", "cluster", id],
    queryFn: () => call("get", "/v1/clusters/{id}", { path: { id } }),
  });
export const nodeQuery = (id: number) =>
  queryOptions({ queryKey: ["nodes", "node", id], queryFn: () => call("get", "/v1/nodes/{id}", { path: { id } }) });
export const certificateQuery = (serial: string) =>
  queryOptions({
    queryKey: ["certificates", "certificate", serial],
    queryFn: () => call("get", "/v1/certificates/{serial}", { path: { serial } }),
  });
export const auditEventQuery = (sequence: number) =>
  queryOptions({
    // It never changes.
    queryKey: ["audit-event", sequence],
    queryFn: () => call("get", "/v1/audit/{sequence}", { path: { sequence } }),
    staleTime: Infinity,
  });
export const requestQuery = (id: number) =>
  queryOptions({
    queryKey: ["requests", "request", id],
    queryFn: () => call("get", "/v1/requests/{id}", { path: { id } }),
  });
