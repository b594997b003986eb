import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { bundleEntry, type ModuleAlias } from './bundle-entry.ts';

/** Scripts and workers of the origin, and nothing else: neither inline code nor `eval` nor a connection anywhere. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Serves, on the loopback interface, one empty page and the bundles of the entries that were asked for. */
export class PageServer {
  readonly #server: Server;
  readonly #bundles = new Map<string, { readonly path: string; readonly code: Promise<string> }>();

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request.url ?? '/', response));
  }

  static async start(): Promise<PageServer> {
    const server = new PageServer();
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Bundles an entry, once, and says under which path it is served. Rejects when it cannot be bundled. */
  async serve(entry: string | URL, alias: ModuleAlias = {}): Promise<string> {
    const file = entry instanceof URL || entry.startsWith('file:') ? fileURLToPath(entry) : entry;
    const name = JSON.stringify([file, alias]);
    const code = () => bundleEntry(file, alias);
    const known = this.#bundles.get(name) ?? { path: `/bundle-${this.#bundles.size}.js`, code: code() };
    this.#bundles.set(name, known);
    await known.code;
    return known.path;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(path: string, response: ServerResponse): Promise<void> {
    const headers = {
      'content-security-policy': contentSecurityPolicy,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    };
    const bundle = [...this.#bundles.values()].find((each) => each.path === path);
    if (bundle !== undefined) {
      response.writeHead(200, { ...headers, 'content-type': 'text/javascript; charset=utf-8' });
      response.end(await bundle.code);
    } else {
      const status = path === '/' ? 200 : 404;
      response.writeHead(status, { ...headers, 'content-type': 'text/html; charset=utf-8' });
      response.end('<!doctype html><title>omemo-kit</title>');
    }
  }
}
