// The program's preview of a copy of the demo that tests may change.
import { spawn, spawnSync } from "node:child_process";
import { cp, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PROGRAM } from "./built.js";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");

/** A copy of the demo with a theme of its own, and the preview of it. */
export class Preview {
  /** Copies the site and starts the preview. */
  static async start() {
    const preview = new Preview();
    preview.root = await mkdtemp(join(tmpdir(), "guidepost-preview-"));
    for (const part of ["content", "static", "site.toml"]) {
      await cp(join(ROOT, part), join(preview.root, part), { recursive: true });
    }
    spawnSync(PROGRAM, ["theme", "eject", "--root", preview.root]);
    await preview.serve([]);
    return preview;
  }

  /** Starts the server; it is ready when it has told its address. */
  async serve(more) {
    this.child = spawn(PROGRAM, ["serve", "--root", this.root, ...more], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    this.origin = await new Promise((resolve, reject) => {
      const hear = (chunk) => {
        said += chunk;
        const url = said.match(/http:\/\/127\.0\.0\.1:\d+/);
        if (url) resolve(url[0]);
      };
      this.child.stdout.on("data", hear);
      this.child.stderr.on("data", hear);
      this.child.once("exit", (code) => reject(new Error(`the preview ended with ${code}: ${said}`)));
    });
    this.child.removeAllListeners("exit");
  }

  /** Ends the server and keeps the site. */
  async stop() {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGINT");
    await ended;
  }

  /** Starts the server again where it was. */
  again() {
    return this.serve(["--port", new URL(this.origin).port]);
  }

  /** Ends the server and removes the site. */
  async end() {
    await this.stop();
    await rm(this.root, { recursive: true });
  }

  /** The text of a file of the site. */
  read(path) {
    return readFile(join(this.root, path), "utf8");
  }

  /** Saves a file as many editors do: beside it, then in its place. */
  async save(path, text) {
    await writeFile(join(this.root, `${path}~`), text);
    await rename(join(this.root, `${path}~`), join(this.root, path));
  }

  /** Changes a text in a file; it must be there. */
  async edit(path, from, to) {
    const text = await this.read(path);
    if (!text.includes(from)) throw new Error(`no ${JSON.stringify(from)} in ${path}`);
    await this.save(path, text.replace(from, () => to));
  }
}
