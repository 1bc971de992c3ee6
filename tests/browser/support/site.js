// Serves one folder as a plain host would, with the strictest policy that a host may set: a page
// that needs an inline style or script, or another host, breaks here.
import { createServer } from "node:http";
import { readFile, readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";

export const POLICY = [
  "default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
  "connect-src 'self'", "manifest-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
].join("; ");

const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".ico": "image/x-icon",
  ".xml": "application/xml", ".json": "application/json", ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
};

/** Sends a file as hosts do: at once, and packed. */
function atOnce(response, _, body) {
  response.setHeader("Content-Encoding", "gzip");
  response.end(gzipSync(body));
}

/**
 * Serves `folder` on a free loopback port; the answer knows its `origin` and how to `close`. `send` is handed
 * each response with the name and the bytes of its file.
 */
export async function serve(folder, send = atOnce) {
  // The policy that the site's own file for hosts states, where it has one.
  const headers = await readFile(join(folder, "_headers"), "utf8").catch(() => "");
  const policy = headers.match(/^  Content-Security-Policy: (.*)$/m)?.[1] ?? POLICY;
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const file = path.endsWith("/") ? `${path}index.html` : path;
    let status = 200;
    let name = join(folder, file);
    let body = await readFile(name).catch(() => null);
    if (body === null) {
      status = 404;
      name = join(folder, "404.html");
      body = await readFile(name).catch(() => Buffer.from("nothing here"));
    }
    response.statusCode = status;
    response.setHeaders(new Map(Object.entries({
      "Content-Type": TYPES[extname(name)] ?? "application/octet-stream",
      "Content-Security-Policy": policy,
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": /\.[0-9a-f]{8}\.\w+$/.test(name) ? "public, max-age=31536000, immutable" : "no-cache",
    })));
    send(response, name, body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}

/** The addresses of all pages in a published folder, in order, the not-found page among them. */
export async function addresses(folder) {
  const files = await readdir(folder, { recursive: true });
  return files
    .filter((file) => file.endsWith(".html"))
    .map((file) => `/${file.replaceAll("\\", "/").replace(/(^|\/)index\.html$/, "$1")}`)
    .sort();
}
