// The table of routes as an OpenAPI 3.1 description.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <map>

#include "api/finding_rules.h"
#include "api/route_table.h"
#include "api/sentence.h"
#include "api/session_cookie.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

constexpr std::string_view introduction =
    "How the web pages, administrators and the command line talk to a running server. On the web (below /api) a "
    "session's "
    "cookie says who asks, and each change carries the session's csrf_token; on the Unix socket, whose file mode says "
    "who "
    "may connect, everybody is an administrator. x-permission says who may: view is for auditors, operate for "
    "operators "
    "and administer for administrators, each also for those after it; self is for everybody who is signed in, anyone "
    "for "
    "the others, too. Every problem is told as {\"error\": {\"code\", \"text\", \"sentences\"}}: what is meant for "
    "people "
    "comes in English, and with a rule and values for who says it in another language.";

json::object reference(std::string_view name) { return {{"$ref", "#/components/schemas/" + std::string(name)}}; }

void set_bounds(json::object& schema, const Field& field) {
  schema["minimum"] = field.least;
  if (field.most != std::numeric_limits<std::int64_t>::max()) schema["maximum"] = field.most;
}

json::object schema_of(const Field& field) {
  json::object schema;
  switch (field.type) {
    case FieldType::text: {
      schema["type"] = "string";
      json::array choices;
      for (const std::string_view choice : field.choices) choices.emplace_back(choice);
      if (!choices.empty()) schema["enum"] = std::move(choices);
      break;
    }
    case FieldType::integer:
      schema["type"] = "integer";
      set_bounds(schema, field);
      break;
    case FieldType::flag: schema["type"] = "boolean"; break;
    case FieldType::time: schema = {{"type", "string"}, {"format", "date-time"}}; break;
    case FieldType::duration: schema = {{"type", "string"}, {"pattern", "^[0-9]+[smhdwy]$|^0$"}}; break;
    case FieldType::text_list: schema = {{"type", "array"}, {"items", {{"type", "string"}}}}; break;
    case FieldType::text_map: schema = {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}}; break;
    case FieldType::object: schema = reference(field.shape->name); break;
    case FieldType::object_list: schema = {{"type", "array"}, {"items", reference(field.shape->name)}}; break;
  }
  schema["description"] = field.help;
  return schema;
}

json::object schema_of(const std::vector<Field>& fields) {
  json::object properties;
  json::array required;
  for (const Field& field : fields) {
    properties[field.name] = schema_of(field);
    if (field.required) required.emplace_back(field.name);
  }
  json::object schema{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

bool is_in_path(const Route& route, const Field& field) {
  return route.path.find("{" + std::string(field.name) + "}") != std::string_view::npos;
}

bool is_in_body(const Route& route, const Field& field) {
  return !is_in_path(route, field) && (route.method == "POST" || route.method == "PATCH" || field.only_in_body);
}

json::array parameters_of(const Route& route) {
  json::array parameters;
  for (const Field& field : route.fields) {
    if (is_in_body(route, field)) continue;
    const bool in_path = is_in_path(route, field);
    json::object schema = schema_of(field);
    schema.erase("description");
    parameters.push_back(json::object{{"name", field.name},
                                      {"in", in_path ? "path" : "query"},
                                      {"required", field.required},
                                      {"description", field.help},
                                      {"schema", std::move(schema)}});
  }
  return parameters;
}

json::object responses_of(const Route& route) {
  json::object good{{"description", "Done"}};
  if (route.answer.shape != nullptr)
    good["content"] = json::object{{"application/json", {{"schema", reference(route.answer.shape->name)}}}};
  if (route.answer.table) good["content"].as_object()["text/csv"] = json::object();
  if (route.answer.shape == nullptr && !route.answer.content_type.empty())
    good["content"] = json::object{{route.answer.content_type, json::object()}};
  json::object responses;
  responses[std::to_string(route.answer.status)] = std::move(good);
  responses["default"] = json::object{{"description", "What is wrong"},
                                      {"content", {{"application/json", {{"schema", reference("Problem")}}}}}};
  return responses;
}

json::object operation_of(const Route& route) {
  json::object operation{{"operationId", route.name}, {"summary", route.summary}};
  operation["x-permission"] = to_string(route.permission);
  if (route.permission == Permission::anyone)
    operation["security"] = json::array{json::object()};
  else if (route.method == "GET")
    operation["security"] = json::array{json::object{{"session", json::array()}}};
  if (json::array parameters = parameters_of(route); !parameters.empty())
    operation["parameters"] = std::move(parameters);
  std::vector<Field> body;
  bool required = false;
  for (const Field& field : route.fields) {
    if (!is_in_body(route, field)) continue;
    body.push_back(field);
    required = required || field.required;
  }
  if (!body.empty())
    operation["requestBody"] =
        json::object{{"required", required}, {"content", {{"application/json", {{"schema", schema_of(body)}}}}}};
  operation["responses"] = responses_of(route);
  return operation;
}

// The shape and all that it is made of.
void collect(const Shape& shape, std::map<std::string_view, const Shape*>& shapes) {
  if (!shapes.emplace(shape.name, &shape).second) return;
  for (const Field& field : shape.fields)
    if (field.shape != nullptr) collect(*field.shape, shapes);
}

// What each rule says in English, with the names of its values: for who writes the same in another language.
void add_texts(json::object& schemas) {
  json::object sentences;
  for (const SentenceRule& rule : sentence_rules()) sentences[rule.name] = rule.text;
  schemas["Sentence"].as_object()["x-texts"] = std::move(sentences);
  json::object findings;
  for (const FindingRule& rule : finding_rules())
    findings[rule.name] = json::object{{"what", rule.what}, {"fix", rule.fix}};
  schemas["Finding"].as_object()["x-texts"] = std::move(findings);
}

json::object schemas_of(const RouteTable& table) {
  std::map<std::string_view, const Shape*> shapes;
  for (const Route& route : table.routes())
    if (route.answer.shape != nullptr) collect(*route.answer.shape, shapes);
  collect(sentence_shape(), shapes);
  json::object schemas;
  for (const auto& [name, shape] : shapes) schemas[name] = schema_of(shape->fields);
  const json::array codes = {"invalid", "not_found", "conflict", "refused", "unavailable", "internal"};
  const json::object sentences{{"type", "array"}, {"items", reference(sentence_shape().name)}};
  const json::object error{
      {"type", "object"},
      {"required", json::array{"code", "text", "sentences"}},
      {"properties",
       {{"code", {{"type", "string"}, {"enum", codes}}}, {"text", {{"type", "string"}}}, {"sentences", sentences}}}};
  schemas["Problem"] =
      json::object{{"type", "object"}, {"required", json::array{"error"}}, {"properties", {{"error", error}}}};
  add_texts(schemas);
  return schemas;
}

json::object security_schemes() {
  return {{"session",
           {{"type", "apiKey"},
            {"in", "cookie"},
            {"name", session_cookie_name},
            {"description", "Set by POST /v1/session; not needed on the Unix socket"}}},
          {"csrf",
           {{"type", "apiKey"},
            {"in", "header"},
            {"name", "X-CSRF-Token"},
            {"description", "csrf_token of the session; not needed on the Unix socket"}}}};
}

// With a line for each member and element: changes of the description can be read.
void write(std::string& out, const json::value& value, std::size_t depth) {
  const std::string indent(2 * (depth + 1), ' ');
  if (const json::object* object = value.if_object(); object != nullptr && !object->empty()) {
    out += '{';
    std::string_view separator = "\n";
    for (const auto& [key, member] : *object) {
      out.append(separator).append(indent).append(json::serialize(key)).append(": ");
      write(out, member, depth + 1);
      separator = ",\n";
    }
    out.append("\n").append(2 * depth, ' ').append("}");
  } else if (const json::array* array = value.if_array(); array != nullptr && !array->empty()) {
    out += '[';
    std::string_view separator = "\n";
    for (const json::value& element : *array) {
      out.append(separator).append(indent);
      write(out, element, depth + 1);
      separator = ",\n";
    }
    out.append("\n").append(2 * depth, ' ').append("]");
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

std::string open_api_document() {
  const RouteTable& table = admin_routes();
  json::object paths;
  for (const Route& route : table.routes()) {
    std::string method(route.method);
    for (char& letter : method) letter = static_cast<char>(letter - 'A' + 'a');
    json::value& path = paths[route.path];
    if (!path.is_object()) path = json::object();
    path.as_object()[method] = operation_of(route);
  }
  const json::object document{
      {"openapi", "3.1.0"},
      {"info", {{"title", "Chancery administration"}, {"version", "1"}, {"description", introduction}}},
      {"servers", json::array{json::object{{"url", "/api"}, {"description", "The listener of the web pages"}},
                              json::object{{"url", "http://chancery"}, {"description", "The Unix socket admin.sock"}}}},
      {"security", json::array{json::object{{"session", json::array()}, {"csrf", json::array()}}}},
      {"paths", std::move(paths)},
      {"components", {{"schemas", schemas_of(table)}, {"securitySchemes", security_schemes()}}}};
  std::string text;
  write(text, document, 0);
  text += '\n';
  return text;
}

}  // namespace chancery::api
