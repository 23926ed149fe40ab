// Signing in, and who may: the mock's answers.
import { ok, problem } from "./answers.mjs";

export function peopleRoutes({ fleet, changed, sessions }) {
  return [
    [
      "POST",
      "/session",
      ({ body, reply }) => {
        if (body.password === "wrong") return problem(401, "refused", "the user or the password is wrong");
        const id = Math.random().toString(36).slice(2);
        const role = { operator: "operator", auditor: "auditor" }[body.user] ?? "administrator";
        const session = {
          user: body.user,
          role,
          csrf_token: "t" + id,
          must_change_password: body.user === "new",
          expires: new Date(Date.now() + 12 * 3600e3).toISOString(),
          version: "0.2.0",
        };
        sessions.set(id, session);
        reply.setHeader("Set-Cookie", `chancery_session=${id}; HttpOnly; SameSite=Strict; Path=/api`);
        return ok(session);
      },
    ],
    ["GET", "/session", ({ session }) => ok(session)],
    [
      "DELETE",
      "/session",
      ({ request }) => {
        sessions.delete(/chancery_session=(\w+)/.exec(request.headers.cookie ?? "")?.[1]);
        return ok(undefined, 204);
      },
    ],
    [
      "POST",
      "/session/password",
      ({ session, body }) => {
        if (body.old_password === "wrong") return problem(403, "refused", "the old password is wrong");
        session.must_change_password = false;
        return ok(session);
      },
    ],
    ["GET", "/users", () => ok({ users: fleet.users })],
    [
      "POST",
      "/users",
      ({ body }) => {
        if (body.own_password === "wrong") return problem(403, "refused", "your own password is wrong");
        if (fleet.users.some((user) => user.name === body.name))
          return problem(409, "conflict", `there is a user '${body.name}' already`);
        const user = {
          name: body.name,
          role: body.role,
          created: new Date().toISOString(),
          must_change_password: true,
          disabled: false,
        };
        fleet.users.push(user);
        changed("users");
        return ok({ ...user, password: body.password ? undefined : "xkcd-9f3a-8812-aa01" }, 201);
      },
    ],
    [
      "PATCH",
      "/users/:name",
      ({ params, body }) => {
        if (body.own_password === "wrong") return problem(403, "refused", "your own password is wrong");
        const user = fleet.users.find(({ name }) => name === params.name);
        if (body.role) user.role = body.role;
        if (body.unlock) delete user.locked_until;
        if (body.disabled !== undefined) user.disabled = body.disabled;
        if (body.password) user.must_change_password = true;
        changed("users");
        return ok(user);
      },
    ],
    [
      "DELETE",
      "/users/:name",
      ({ params, body }) => {
        if (body.own_password === "wrong") return problem(403, "refused", "your own password is wrong");
        fleet.users = fleet.users.filter(({ name }) => name !== params.name);
        changed("users");
        return ok(undefined, 204);
      },
    ],
  ];
}
