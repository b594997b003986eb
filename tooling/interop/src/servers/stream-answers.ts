import { connect } from 'node:net';
import { LOOPBACK } from './free-ports.ts';

/** Opens a client stream to the domain. Resolves when its features come; rejects with what came instead, or nothing. */
export function streamAnswers(options: {
  readonly port: number;
  readonly domain: string;
  readonly timeoutMs: number;
}): Promise<void> {
  const { port, domain, timeoutMs } = options;
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ host: LOOPBACK, port });
    const settle = (error?: Error): void => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    const namespaces = `xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'`;
    socket.setTimeout(timeoutMs, () => settle(new Error(`no stream features from port ${port}: ${text}`)));
    socket.on('connect', () =>
      socket.write(`<?xml version='1.0'?><stream:stream to='${domain}' version='1.0' ${namespaces}>`),
    );
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('</stream:features>')) settle();
    });
    socket.on('error', settle);
    socket.on('close', () => settle(new Error(`port ${port} closed the stream: ${text}`)));
  });
}
