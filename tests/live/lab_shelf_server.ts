/**
 * The program that serves a page of releases: `deno run lab_shelf_server.ts FOLDER`, where each
 * release is a folder named after its tag, and `latest` a link to one. Prints its address, then
 * what it is asked for.
 * @module
 */

const PATH = /^\/(?:latest\/download|download\/(v[\w.+-]+))\/([\w.-]+)$/;

const [folder] = Deno.args;

Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(`http://127.0.0.1:${port}`),
}, answer);

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  console.log(`GET ${pathname}`);
  const [, tag = "latest", name] = PATH.exec(pathname) ?? [];
  try {
    const file = await Deno.open(`${folder}/${tag}/${name}`);
    const { size } = await file.stat();
    return new Response(file.readable, {
      headers: { "content-length": `${size}` },
    });
  } catch {
    return new Response("Not Found", { status: 404 });
  }
}
