import { readVerificationUri } from '@omemo-kit/omemo-core/fingerprints';
import { bareJid, bareJidOf, decodeBase64, displayLabel, encodeBase64, parseId } from '@omemo-kit/omemo-wire';
import type { Draw } from '../draw.ts';
import { expectEqual, expectThat } from '../expect-equal.ts';
import { mutateText } from '../mutate/text.ts';
import { WORDS } from '../mutate/words.ts';
import { callRefusal } from '../refusals.ts';
import { ACCEPTED, type Target } from '../target.ts';

const JIDS = [
  'alice@example.org/phone',
  'BOB@Example.NET',
  'ﬁ.ß@bücher.example',
  'a@xn--bcher-kva.example/x y',
  'a@[::1]',
  'room@muc.a/ü',
];
const BASE64 = ['', 'AA==', 'AAA=', 'AAAA', 'q80+/Q==', 'A'.repeat(64), ' A A A A ', `${'Zm9v'.repeat(30)}Zg==`];
const LETTERS = [...'aZ09.-_@/[]:éßſİΣǅＡ１．。カﾞÅΩﬁ \u0301\u0345\u200d\u3000\u202e\u00ad\udb40\udc01\ud83d\ude00'];

const KEY = 'b7f4'.repeat(16);
const URIS = [
  `xmpp:alice@example.org?omemo2-sid-27183=${KEY}`,
  `xmpp:b%C3%BCcher%5c@example.net?omemo-sid-1=05${KEY};omemo2-sid-1=${KEY};omemo2-sid-4294967295=${KEY}#top`,
  `XMPP:Alice@Example.org?message;body=hi&OMEMO2-SID-7=${KEY.toUpperCase()}`,
  `xmpp:a@b?${Array.from({ length: 129 }, (_, id) => `omemo2-sid-${id}=${KEY}`).join(';')}`,
];

/** Single values: addresses, ids, base64, labels, URIs. */
export const valueTargets: readonly Target[] = [
  target('JID', JIDS, (text) => {
    const jid = bareJidOf(text);
    expectEqual(bareJid(jid), jid);
    expectThat(jid.length <= 3_071, 'an address of any length is accepted');
  }),
  target('device id', ['0', '1', '27183', '2147483647', '4294967295'], (text) => {
    const id = parseId(text);
    expectThat(Number.isInteger(id) && id >= 0 && id < 2 ** 32, 'an id that is none is accepted');
  }),
  target('base64', BASE64, (text) => {
    const bytes = decodeBase64(text);
    expectEqual(encodeBase64(bytes), text.replace(/[ \t\r\n]/g, ''));
  }),
  target('device label', ['Phone', "Alice's 📱", 'a\u202eb', ' x '], (text) => {
    const { text: shown } = displayLabel(text);
    expectEqual(displayLabel(shown), { text: shown, altered: false });
  }),
  target('verification URI', URIS, (text) => {
    const { jid, devices } = readVerificationUri(text);
    expectEqual(bareJid(jid), jid);
    expectThat(devices.length > 0 && devices.length <= 128, 'any number of devices is accepted');
    expectThat(new Set(devices.map(({ deviceId }) => deviceId)).size === devices.length, 'a device is there twice');
    expectThat(
      devices.every(({ curve25519 }) => curve25519.length === 32),
      'a key of another length is accepted',
    );
  }),
];

function target(name: string, samples: readonly string[], read: (text: string) => void): Target {
  const all = [...samples, ...WORDS];
  return {
    name,
    open: async () => ({
      generate: (draw) => text(draw, draw.once(4) ? draw.pick(WORDS) : draw.pick(samples), all),
      run: (input) => {
        try {
          read(String(input));
          return ACCEPTED;
        } catch (error) {
          return callRefusal(error);
        }
      },
    }),
  };
}

function text(draw: Draw, sample: string, all: readonly string[]): string {
  if (draw.once(3)) return mutateText(draw, sample, all);
  const at = draw.below(sample.length + 1);
  return sample.slice(0, at) + draw.pick(LETTERS).repeat(draw.once(100) ? 5_000 : 1) + sample.slice(at + draw.below(3));
}
