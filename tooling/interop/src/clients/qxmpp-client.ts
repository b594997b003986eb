import { InteropError } from '../interop-error.ts';
import { ChatClient, type ChatClientOptions, startChatProgram } from './chat-client.ts';
import { debian13Tree } from './debian13-tree.ts';

/**
 * QXmpp's OMEMO 2 (C++, libomemo-c), 1:1 only: it takes a room for the sender. It runs out of a tree of Debian 13, by that tree's
 * own loader and libraries, without chroot and without root.
 *
 * - It marks only its first key exchange with `kex`; until that is answered the further ones come without the attribute.
 * - It encrypts for a device no more after 106 stanzas without an answer that has content.
 */
export class QxmppClient extends ChatClient {
  /** @throws {InteropError} `peer-unavailable`: no tree, the server is not there or refuses the password. */
  static async start(options: ChatClientOptions): Promise<QxmppClient> {
    const tree = debian13Tree();
    if (typeof tree === 'string') throw new InteropError('peer-unavailable', tree);
    const { jid, port, host = '127.0.0.1', label, password, timeoutMs } = options;
    const program = [tree.loader, '--library-path', tree.libraries.join(':'), tree.program];
    const [first] = tree.libraries;
    const environment = [`QT_PLUGIN_PATH=${first}/qt6/plugins`, `QCA_PLUGIN_PATH=${first}/qca-qt6`];
    const args = [...environment, ...program, jid, host, String(port), ...(label === undefined ? [] : [label])];
    return new QxmppClient(jid, await startChatProgram({ command: 'env', args, password, timeoutMs }));
  }
}
