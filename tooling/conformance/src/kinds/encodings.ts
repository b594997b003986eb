import { deliver, judgeDelivery } from '../delivery.ts';
import { encryptedFor } from '../encrypted-xml.ts';
import { caseKind } from '../kind.ts';
import { openPrepared, putState } from '../prepared-device.ts';
import { addressOf } from '../recorded-device.ts';

/** Correctly sealed messages in unusual protobuf encodings, to a fresh device or to one that waits for an answer. */
export const encodings = caseKind({
  name: 'encodings',
  file: ['payload_ciphertext', 'answer_payload_ciphertext'],
  cases: ['wire', 'kex', 'expect'],
  async check(entry, { file, compare, replay }) {
    const state = entry.find('state_before');
    const [own, sender] =
      state === undefined ? [file.get('bob'), file.get('alice')] : [file.get('alice'), file.get('bob')];
    const device = await openPrepared(own, sender);
    if (state !== undefined) await putState(device, { own, other: sender, state }, compare);
    const prefix = state === undefined ? '' : 'answer_';
    const { jid, deviceId: sid } = addressOf(sender);
    const encrypted = encryptedFor(device.address, {
      sid,
      kex: entry.get('kex').flag(),
      key: entry.get('wire').bytes(),
      payload: file.get(`${prefix}payload_ciphertext`).bytes(),
    });
    judgeDelivery(await deliver(device, jid, encrypted), {
      expect: entry.get('expect').oneOf('accept', 'refuse', 'either'),
      plaintext: file.get(`${prefix}plaintext`).bytes(),
      compare,
      replay,
    });
    await device.close();
  },
});
