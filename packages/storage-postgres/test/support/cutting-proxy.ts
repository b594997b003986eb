import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** When the connection dies that carries a commit: before the server has it, or when the server's answer comes. */
export type Cut = 'never' | 'before the server' | 'before the answer';

/** Stands between clients and the socket of a server, and cuts the connection of the next commit. */
export async function cuttingProxy(socket: string) {
  let cut: Cut = 'never';
  const proxy = createServer((client) => {
    const upstream = connect(socket);
    let dies = false;
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    client.on('data', (bytes) => {
      if (cut !== 'never' && bytes.includes('commit_batch')) {
        if (cut === 'before the server') return end();
        dies = true;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      // The server answers a statement when all of it is done, its commit included.
      if (dies) return end();
      client.write(bytes);
    });
    for (const side of [client, upstream]) side.on('error', end).on('close', end);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    address: { host: '127.0.0.1', port: (proxy.address() as AddressInfo).port },
    cutNext: (when: Cut) => {
      cut = when;
    },
    close: () => proxy.close(),
  };
}
