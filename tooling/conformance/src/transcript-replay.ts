import type { Comparison } from './comparison.ts';
import type { Replay } from './kind.ts';
import type { Recorded } from './recorded.ts';
import { addressOf, checkDevice } from './recorded-device.ts';
import { compareStoredState } from './session-of-recording.ts';
import type { TranscriptCounts } from './transcript-counts.ts';
import { replayDecryption } from './transcript-decryption.ts';
import { replayEncryption } from './transcript-encryption.ts';
import { endsOf, openTranscriptRole, otherOf, publishBundle, type TranscriptRole } from './transcript-role.ts';

/** Replays a transcript as one device: its steps by our code, everything else as recorded. */
export async function replayTranscriptAs(
  name: string,
  options: { readonly file: Recorded; readonly replay: Replay; readonly counts: TranscriptCounts },
): Promise<void> {
  const { file, replay, counts } = options;
  const role = await openTranscriptRole(name, { file, counts, deviation: replay.deviation });
  for (const [index, step] of file.get('steps').items().entries()) {
    const op = step.get('op').oneOf('encrypt', 'decrypt', 'bundle', 'restart');
    if (step.get('by').oneOf(...role.devices.names()) === name) {
      const message = step.has('message') ? ` of message ${step.get('message').count()}` : '';
      await replay.step(`as ${name}: step ${index} (${op}${message})`, (compare) =>
        OPERATIONS[op](role, step, compare),
      );
    } else if (op === 'bundle') {
      publishBundle(role.transport, step.get('bundle'));
    }
  }
  const final = file.find('final')?.findSet(name);
  if (final !== undefined) {
    await replay.step(`as ${name}: final state`, (compare) =>
      compareStoredState(compare, endsOf(role, otherOf(role)), final),
    );
  }
  await role.device.close();
}

type Operation = (role: TranscriptRole, step: Recorded, compare: Comparison) => Promise<void>;

const OPERATIONS: Record<'encrypt' | 'decrypt' | 'bundle' | 'restart', Operation> = {
  encrypt: replayEncryption,
  decrypt: replayDecryption,
  restart: ({ device }) => device.restart(),
  async bundle(role, step, compare) {
    const bundle = step.get('bundle');
    checkDevice(compare, bundle);
    compare.value('whose bundle', addressText(bundle), addressText(role.devices.get(role.name)));
    publishBundle(role.transport, bundle);
    await role.keys.change(role.device, bundle);
  },
};

function addressText(device: Recorded): string {
  const { jid, deviceId } = addressOf(device);
  return `${jid} ${deviceId}`;
}
