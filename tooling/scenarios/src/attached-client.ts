import { blindTrustBeforeVerification, type ReadMessage, textBody, textOf } from '@omemo-kit/omemo-core';
import { SharedMemory } from '@omemo-kit/storage-memory';
import { type AttachedOmemo, type AttachOptions, attachOmemo, type Trouble } from '@omemo-kit/transport-stanzas';
import { onTestFinished } from 'vitest';
import type { World } from './world.ts';

/** An Omemo attached to a connection of the loopback server, and what it told. */
export class Attached {
  readonly texts: string[] = [];
  readonly ids: string[] = [];
  readonly troubles: Trouble[] = [];
  readonly attached: AttachedOmemo;

  constructor(attached: AttachedOmemo) {
    this.attached = attached;
    attached.on('trouble', (trouble) => void this.troubles.push(trouble));
    onTestFinished(() => attached.close());
  }

  static async to(world: World, jid: string, options: Partial<AttachOptions> & { memory?: SharedMemory } = {}) {
    const { memory = new SharedMemory(), ...rest } = options;
    const connection = world.server.connect(jid);
    const attached = await attachOmemo(connection, {
      store: memory.open(),
      trust: blindTrustBeforeVerification,
      limits: { preKeys: 25 },
      ...rest,
    });
    return { connection, ...{ client: new Attached(attached) }, memory };
  }

  listen(handle: (message: ReadMessage) => unknown = () => undefined): () => void {
    return this.attached.on('message', async (message) => {
      if (message.type !== 'message') return;
      await handle(message);
      this.texts.push(textOf(message.envelope!) ?? '');
      this.ids.push(message.id);
    });
  }
}

export const say = (client: Attached, to: string, text: string) =>
  client.attached.omemo.send({ to, content: [textBody(text)] });
