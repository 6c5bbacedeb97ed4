/**
 * The application that pages and API add their routes to.
 * @module
 */

import type { Hono } from "hono";
import type { Admin } from "../access/admin.ts";
import type { Connection } from "../api/connection.ts";
import type { PageView } from "./page_view.ts";

export interface AppEnv {
  Bindings: Connection;
  Variables: {
    /** Set where somebody was let in. */
    admin: Admin;
    /** Set for everything that a browser shows. */
    page: PageView;
  };
}

export type App = Hono<AppEnv>;
