// Writes shared/src/api/schema.d.ts, the types of the hub's REST interface, from the OpenAPI document that the server prints.
// The file is written only when it changed, so that nothing is built again for nothing.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const target = new URL("../shared/src/api/schema.d.ts", import.meta.url);
const source = ["../../api/hub.openapi.json", "../../api/chancery-admin.openapi.json"]
  .map((name) => new URL(name, import.meta.url))
  .find((url) => existsSync(url));
if (!source) {
  console.error("types: there is no OpenAPI document in api/");
  process.exit(1);
}
const text = "// Made by tools/types.mjs from api/: not to be edited.\n" + astToString(await openapiTS(source));
if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
  writeFileSync(target, text);
}
